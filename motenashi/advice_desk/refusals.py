"""Actions that somebody said are wrong for a record: others are suggested, until we have been in touch again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from motenashi.advice_desk.rests import REMEMBERED, WRONG_ACTION
from motenashi.suggestions.advice.facts import RecordFacts
from motenashi.suggestions.next_best_action.deal_advice import DealAdvice, RankedAction
from motenashi.suggestions.suggestion import Suggestion

Refused = frozenset[tuple[str, tuple[str, ...]]]  # action, and its purpose if it has one
_ACTION_OF = {"call": "call", "event": "event", "email": "e-mail"}


def refused_actions(dismissed: Sequence[Suggestion], facts: RecordFacts, *, now: datetime) -> Refused:
    """Actions that somebody said are wrong here, until we have been in touch again."""
    last = facts.last(ours=True)
    return frozenset(
        (one.action, one.purposes[:1])
        for one in dismissed
        if one.closed_why in WRONG_ACTION and one.closed_at is not None
        if one.closed_at > now - REMEMBERED and (last is None or last.at < one.closed_at)
    )


def without_refused(learned: DealAdvice | None, refused: Refused) -> DealAdvice | None:
    """What was learned, without those; all of it when nothing else is left."""
    if learned is None or not refused:
        return learned
    left = tuple(one for one in learned.ranked if _name(one) not in refused)
    return replace(learned, ranked=left) if left else learned


def _name(one: RankedAction) -> tuple[str, tuple[str, ...]]:
    return _ACTION_OF.get(one.kind, one.kind), (one.purpose,) if one.purpose else ()
