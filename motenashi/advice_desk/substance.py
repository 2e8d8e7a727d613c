"""Is a suggestion made anew the same as the one that stands? If so, it stays: nobody's list changes without a cause."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from motenashi.suggestions.suggestion import Suggestion
from motenashi.suggestions.suggestion_rows import changing_columns

_OUR_OWN = frozenset({"hours", "best_time"})  # times that move along with the clock
_NEAR = timedelta(hours=12)
_SAME_CHANCE = 0.05


def same_in_substance(old: Suggestion, new: Suggestion, *, now: datetime) -> bool:
    """The same thing to do, for the same reasons in the main, at a time that still fits."""
    if _what(old) != _what(new):
        return False
    if old.snoozed_until is not None and old.snoozed_until > now:
        return True
    if old.action == "none":
        return old.windows[0].start > now and abs(old.windows[0].start - new.windows[0].start) < _NEAR
    return _same_time(old, new, now) and _same_promise(old, new)


def told_anew(old: Suggestion, new: Suggestion) -> bool:
    """Do reasons, draft, alternatives or gain differ?"""
    return changing_columns(old) != changing_columns(new)


def _what(one: Suggestion) -> tuple[Any, ...]:
    about = one.about
    people = (about.contact_id, about.lead_id, about.deal_id, about.owner_id, about.language)
    return (one.action, one.purposes, one.situation, one.urgency, people, sorted(one.answers), one.not_before)


def _same_time(old: Suggestion, new: Suggestion, now: datetime) -> bool:
    """The customer's own times must be the very same; ours may have moved a little, but not run out."""
    best_old, best_new = old.windows[0], new.windows[0]
    if best_old.source not in _OUR_OWN or best_new.source not in _OUR_OWN:
        theirs = [(window.start, window.end) for window in old.windows if window.end > now]
        return bool(theirs) and theirs == [(window.start, window.end) for window in new.windows if window.end > now]
    if best_old.end <= now or best_old.source != best_new.source:
        return False
    return abs(max(best_old.start, now) - max(best_new.start, now)) < _NEAR


def _same_promise(old: Suggestion, new: Suggestion) -> bool:
    if old.effect is None or new.effect is None:
        return old.effect is new.effect
    return abs(old.effect.p - new.effect.p) <= _SAME_CHANCE
