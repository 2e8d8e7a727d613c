"""Calls and events that stand in the diary with this customer: ahead, or passed undone."""

from __future__ import annotations

from datetime import datetime, timedelta

from crm_client.records import Activity
from motenashi.suggestions.advice.case import Case, utc
from motenashi.suggestions.advice.effects import noun
from motenashi.suggestions.advice.moments import ByLanguage, clock
from motenashi.suggestions.suggestion import Action, TimeWindow, Words

_USUAL = timedelta(hours=1)
_APPOINTMENTS = frozenset({"demo", "meeting"})


def ahead(case: Case) -> tuple[Activity, ...]:
    """Not over yet, the next one first."""
    coming = (one for one in _open(case) if utc(ends(one)) > utc(case.now))
    return tuple(sorted(coming, key=lambda one: utc(one.start_at)))


def overdue(case: Case) -> Activity | None:
    """The newest one that passed undone, if it is not long ago."""
    since = utc(case.now) - timedelta(days=case.settings.overdue_days)
    passed = [one for one in _open(case) if since <= utc(ends(one)) <= utc(case.now)]
    return max(passed, key=lambda one: utc(one.start_at), default=None)


def _open(case: Case) -> list[Activity]:
    return [one for one in case.facts.planned if one.status == "open" and one.kind in ("call", "event")]


def ends(one: Activity) -> datetime:
    return one.end_at or one.start_at + _USUAL


def settled_by(case: Case, purposes: tuple[str, ...], proposals: tuple[TimeWindow, ...]) -> Activity | None:
    """The event ahead that gives the customer the appointment they ask for: of that purpose, or at a time of theirs."""
    if not set(purposes) <= _APPOINTMENTS:
        return None
    for one in ahead(case):
        at_their_time = any(utc(time.start) <= utc(one.start_at) < utc(time.end) for time in proposals)
        if one.kind == "event" and (at_their_time or (one.purpose in purposes and not proposals)):
            return one
    return None


def to_be_moved(case: Case) -> Activity | None:
    """The appointment that a wish for another date is about: the next one, or else the last one that passed undone."""
    events = [one for one in ahead(case) if one.kind == "event"]
    passed = overdue(case)
    return next(iter(events), passed if passed and passed.kind == "event" else None)


def what(case: Case, one: Activity) -> Words:
    action: Action = "call" if one.kind == "call" else "event"
    return noun(case, action, one.purpose)


def time_of(case: Case, one: Activity) -> str:
    return clock(one.start_at.astimezone(case.zone))


def date_of(case: Case, one: Activity) -> ByLanguage:
    return case.day(one.start_at)
