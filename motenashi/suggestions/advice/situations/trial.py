"""A trial that is too short: the customer says so, or it ends while they are still at it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from motenashi.suggestions.advice.case import Case
from motenashi.suggestions.advice.extra_fields import trial_ends
from motenashi.suggestions.advice.idea import Idea
from motenashi.suggestions.advice.ways import best_way
from motenashi.suggestions.suggestion import Reason

_ENDED_LATELY = timedelta(days=7)
_LATELY = timedelta(days=7)


def trial(case: Case, idea: Idea) -> Idea:
    """The customer's wish, with what is known of the trial."""
    return replace(idea, situation="trial", reasons=(*idea.reasons, *_end_reason(case)))


def trial_ending(case: Case) -> Idea | None:
    """Nobody asked, but the end is near (or just passed) and more time was not offered lately."""
    ends = trial_ends(case)
    if ends is None or not -_ENDED_LATELY <= ends - case.today <= timedelta(days=case.settings.trial_days):
        return None
    if _offered_lately(case, ends):
        return None
    active = case.signals_since(case.now - _LATELY)
    way, why = best_way(case, "trial_extension", "e-mail") if active else ("call", ())
    return Idea(
        action=way,
        purposes=("trial_extension",),
        reasons=(*_end_reason(case), _activity(case), *why),
        urgency="soon",
        situation="trial",
        within_hours=8,
    )


def _offered_lately(case: Case, ends: date) -> bool:
    since = ends - timedelta(days=2 * case.settings.trial_days)
    return any(
        touch.ours and touch.purpose == "trial_extension" and touch.at.astimezone(case.zone).date() >= since
        for touch in case.facts.touches
    )


def _activity(case: Case) -> Reason:
    active = case.signals_since(case.now - _LATELY)
    if not active:
        return case.sentences.reason("trial_quiet", 0.6)
    newest = active[0]
    signal = case.sentences.signal(newest.kind)
    return case.sentences.reason("trial_active", 0.6, signal=signal, date=case.day(newest.at))


def _end_reason(case: Case) -> tuple[Reason, ...]:
    ends = trial_ends(case)
    if ends is None:
        return ()
    name = "trial_ends" if ends >= case.today else "trial_ended"
    return (case.sentences.reason(name, 0.8, date=case.date(ends)),)
