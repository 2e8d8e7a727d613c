"""What demonstrations and meetings have in common: hours that led to wins, and appointments that are moved."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from motenashi.suggestions.advice import planned
from motenashi.suggestions.advice.case import Case
from motenashi.suggestions.advice.facts import HeldHour
from motenashi.suggestions.advice.idea import Idea
from motenashi.suggestions.advice.moments import weekday_word
from motenashi.suggestions.advice.weekly_hours import HourOfWeek, next_dates
from motenashi.suggestions.suggestion import Reason
from motenashi.suggestions.windows import after_business_time

LEAST_HELD = 10  # below this many appointments no hour is told from another
_LEAST_IN_HOUR = 3
_PRIOR = 4.0  # an hour's share of wins is drawn towards the whole's by so many appointments
_MOST_HOURS = 3


def arranged(case: Case, idea: Idea, kind: str) -> Idea:
    """The idea with times from past appointments of this kind, where the customer proposed none."""
    if idea.action != "event":
        return idea
    if "reschedule" in idea.purposes:
        idea = _moved(case, idea)
    if idea.proposals or case.override is not None:
        return idea
    best = winning_hours(case.facts.held.get(kind, ()))
    if not best:
        return idea
    notice = timedelta(hours=case.settings.event_notice_hours)
    _, ready = after_business_time(case.hours, case.back_at or case.now, notice, case.department)
    found = next_dates(
        [HourOfWeek(one.weekday, one.hour, one.hour + 1, value) for one, value in best],
        case.hours,
        case.department,
        begins=ready,
        before=case.now + timedelta(days=case.settings.days_ahead),
        source="best_time",
    )
    if not found:
        return idea
    first = found[0].start.astimezone(case.zone)
    chosen = next(one for one, _ in best if (one.weekday, one.hour) == (first.weekday(), first.hour))
    reason = _held_reason(case, chosen, kind)
    return replace(idea, proposals=found[:_MOST_HOURS], reasons=(*idea.reasons, reason))


def winning_hours(held: tuple[HeldHour, ...]) -> list[tuple[HeldHour, float]]:
    """The hours after which deals were won more often than after others, best first; [] where too few are known."""
    total, won = sum(one.held for one in held), sum(one.won for one in held)
    if total < LEAST_HELD:
        return []
    usual = won / total
    rated = [(one, (one.won + _PRIOR * usual) / (one.held + _PRIOR)) for one in held if one.held >= _LEAST_IN_HOUR]
    above = [(one, rate) for one, rate in rated if rate > usual]
    return sorted(above, key=lambda each: -each[1])[:_MOST_HOURS]


def _held_reason(case: Case, chosen: HeldHour, kind: str) -> Reason:
    held = case.facts.held[kind]
    name = case.purposes.find(kind).name
    return case.sentences.reason(
        "held_hours",
        0.5,
        kind=name,
        held=chosen.held,
        won=chosen.won,
        weekday=lambda language: weekday_word(chosen.weekday, language),
        hour=chosen.hour,
        all_held=sum(one.held for one in held),
        all_won=sum(one.won for one in held),
    )


def _moved(case: Case, idea: Idea) -> Idea:
    """Which appointment it is about, and that its own time is none of the new ones."""
    old = planned.to_be_moved(case)
    if old is None:
        return idea
    new = tuple(
        window
        for window in idea.proposals
        if not window.start <= old.start_at < window.end or window.source != "proposed"
    )
    reason = case.sentences.reason("moved", 0.6, date=planned.date_of(case, old), time=planned.time_of(case, old))
    return replace(idea, proposals=new, reasons=(*idea.reasons, reason))
