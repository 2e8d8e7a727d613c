"""What the customer asked for in all their open mails, brought together: one wish for each way to act.

A second mail with the same wish refreshes the first; a mail that proposes other times takes the earlier ones' place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from motenashi.suggestions.advice.facts import RecordFacts
from motenashi.suggestions.intent_actions import IntentActions
from motenashi.suggestions.plain_suggestion import URGENCIES
from motenashi.suggestions.suggestion import Action, Reason, Suggestion, TimeWindow, Urgency

_THEIR_OWN = ("invitation", "proposed")
_TAKES_BACK = "farewell"  # whoever declines no longer waits for what they asked before
_STANDS_ANYWAY = frozenset({"complaint", "support", "invoice", "retention", "unsubscribe"})


@dataclass(frozen=True)
class Wish:
    """`asked`: how many mails name the first of the purposes. `asked_at`: when the newest mail came. `proposals`: the
    customer's own times, passed ones too, from the newest mail that has any."""

    action: Action
    purposes: tuple[str, ...]
    urgency: Urgency
    reasons: tuple[Reason, ...]
    respond_by: datetime
    proposals: tuple[TimeWindow, ...]
    product_ids: tuple[str, ...]
    asked: int
    asked_at: datetime
    source: str


def merged(open_wishes: Sequence[Suggestion], facts: RecordFacts, table: IntentActions) -> tuple[Wish, ...]:
    """The most pressing first; those that we have answered since are left out."""
    newest_first = sorted(open_wishes, key=lambda one: (one.created_at, one.id), reverse=True)
    waiting = [one for one in _not_taken_back(newest_first) if not answered(one, facts)]
    by_action: dict[Action, list[Suggestion]] = {}
    for one in waiting:
        by_action.setdefault(one.action, []).append(one)
    rank = _ranks(table)
    found = [_together(group, rank) for group in by_action.values() if group[0].action != "none"]
    return tuple(sorted(found, key=lambda wish: _pressing(wish, rank)))


def answered(wish: Suggestion, facts: RecordFacts) -> bool:
    """Have we been in touch about all of it since?"""
    since = {touch.purpose for touch in facts.touches if touch.ours and touch.at > wish.created_at and touch.purpose}
    return bool(wish.purposes) and set(wish.purposes) <= since


def grants(made: Suggestion, wish: Suggestion) -> bool:
    """Is this wish seen to when the suggestion is accepted? What a mail asks for besides stays open."""
    if made.action == "none":
        return False
    return bool(set(wish.purposes[:1]) & set(made.purposes)) or _TAKES_BACK in made.purposes


def _not_taken_back(newest_first: Sequence[Suggestion]) -> list[Suggestion]:
    kept: list[Suggestion] = []
    declined = False
    for one in newest_first:
        if not declined or set(one.purposes) & _STANDS_ANYWAY:
            kept.append(one)
        declined = declined or _TAKES_BACK in one.purposes
    return kept


def _ranks(table: IntentActions) -> Mapping[str, int]:
    ranks: dict[str, int] = {}
    for place, advice in enumerate(table.intents.values()):
        ranks.setdefault(advice.purpose, place)
    return ranks


def _pressing(wish: Wish, rank: Mapping[str, int]) -> tuple[int, int, datetime]:
    return URGENCIES.index(wish.urgency), rank.get(wish.purposes[0], len(rank)), wish.respond_by


def _together(newest_first: Sequence[Suggestion], rank: Mapping[str, int]) -> Wish:
    current = _without_repeats(newest_first)
    newest = newest_first[0]
    times = [_own_times(one) for one in newest_first]
    purposes = dict.fromkeys(purpose for one in current for purpose in one.purposes)
    ordered = tuple(sorted(purposes, key=lambda purpose: rank.get(purpose, len(rank)))) or ("answer",)
    return Wish(
        action=newest.action,
        purposes=ordered,
        urgency=min((one.urgency for one in current), key=URGENCIES.index),
        reasons=_reasons(current),
        respond_by=min(one.respond_by for one in current),
        proposals=next((windows for windows in times if windows), ()),
        product_ids=tuple(dict.fromkeys(product for one in current for product in one.product_ids)),
        asked=sum(ordered[0] in one.purposes for one in newest_first),
        asked_at=newest.created_at,
        source=newest.source,
    )


def _without_repeats(newest_first: Sequence[Suggestion]) -> list[Suggestion]:
    """Each purpose in its newest mail; a mail that adds none is left out."""
    said: set[str] = set()
    kept: list[Suggestion] = []
    for one in newest_first:
        if not kept or set(one.purposes) - said:
            kept.append(one)
        said |= set(one.purposes)
    return kept


def _own_times(one: Suggestion) -> tuple[TimeWindow, ...]:
    return tuple(window for window in one.windows if window.source in _THEIR_OWN)


def _reasons(current: Sequence[Suggestion]) -> tuple[Reason, ...]:
    """All of the newest mail's; of older ones only what the customer said: times and terms may have passed."""
    kept: list[Reason] = list(current[0].reasons)
    for one in current[1:]:
        kept += [
            reason
            for reason in one.reasons
            if reason.sentence and all(dict(reason.text) != dict(other.text) for other in kept)
        ]
    return tuple(kept)
