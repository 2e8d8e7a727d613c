"""A customer without an open deal: left in peace, but not forgotten."""

from __future__ import annotations

from datetime import timedelta

from motenashi.suggestions.advice import rests
from motenashi.suggestions.advice.case import Case, utc
from motenashi.suggestions.advice.idea import Idea, Rest
from motenashi.suggestions.advice.rhythm import last_signal, other_way


def next_for_customer(case: Case) -> Idea | Rest:
    """A word after a long silence; where nothing at all is recorded nothing is made up."""
    heard = [touch.at for touch in case.facts.touches[:1]]
    last = max([*heard, *([case.last_contact_at] if case.last_contact_at else [])], key=utc, default=None)
    if last is None:
        return rests.nothing_recorded(case)
    due = last + timedelta(days=case.settings.silence_days)
    told = case.sentences.reason("silence", 0.5, date=case.day(last))
    if utc(due) > utc(case.now):
        return rests.until_due(case, due, *last_signal(case))
    return Idea(other_way(case), ("follow_up",), (told, *last_signal(case)))
