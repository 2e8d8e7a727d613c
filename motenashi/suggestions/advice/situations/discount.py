"""A discount: offered when a negotiation drags; the idea is withdrawn when the deal runs smoothly, and that is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from crm_client.records import Outcome
from motenashi.suggestions.advice.case import ACTION_OF, Case
from motenashi.suggestions.advice.idea import Idea
from motenashi.suggestions.next_best_action.deal_advice import RankedAction
from motenashi.suggestions.suggestion import Reason

PURPOSE = "discount"
_OFTEN_ENOUGH = 2  # a price that was talked about twice at this stage does not move by a third time


def discount(case: Case, idea: Idea) -> Idea:
    """The customer asks for a better price."""
    reasons = list(idea.reasons)
    if case.learned and case.learned.smooth and idea.asked:
        reasons.append(case.sentences.reason("discount_asked_smooth", 0.3))
    if given := _talked_about(case):
        reasons.append(case.sentences.reason("discount_given", 0.4, count=given))
    return replace(idea, situation="discount", reasons=tuple(reasons))


def negotiation_drags(case: Case) -> Idea | None:
    """Nobody asked, but the deal is late on its way, slower there than others, and hardly a price was talked about."""
    learned = case.learned
    if learned is None or not learned.slow or learned.smooth or not _late_stage(case):
        return None
    if _talked_about(case) >= _OFTEN_ENOUGH:
        return None
    ways = [one for one in case.ranked if one.purpose == PURPOSE]
    best = max(ways, key=lambda one: one.p, default=None)
    if best is not None and (best.high < 1 or _beaten(best, case.ranked)):
        return None
    action = ACTION_OF[best.kind] if best else "call"
    if not case.allows(action):
        return None
    return Idea(action, (PURPOSE,), (case.sentences.reason("discount_drags", 0.6),), situation=PURPOSE)


def without_discount(case: Case) -> tuple[RankedAction, ...]:
    """What was learned, without discounts where the deal needs none."""
    if case.learned and case.learned.smooth:
        return tuple(one for one in case.ranked if one.purpose != PURPOSE)
    return case.ranked


def withdrawn(case: Case, idea: Idea) -> tuple[Reason, ...]:
    """That no discount is suggested (or no longer), where one would have been expected."""
    if case.learned is None or not case.learned.smooth or PURPOSE in idea.purposes:
        return ()
    if case.facts.standing == PURPOSE:
        return (case.sentences.reason("discount_taken_back", 0.6),)
    if case.ranked and case.ranked[0].purpose == PURPOSE:
        return (case.sentences.reason("discount_withdrawn", 0.5),)
    return ()


def _beaten(best: RankedAction, ranked: Sequence[RankedAction]) -> bool:
    """Is something else surely better, not only believed so?"""
    return any(one.low > best.high for one in ranked if one.purpose != PURPOSE)


def _late_stage(case: Case) -> bool:
    """In the later half of the open stages, in the order of the picklist; names say nothing."""
    stages = sorted(
        (stage for stage in case.facts.stages if stage.outcome == Outcome.OPEN), key=lambda stage: stage.position
    )
    names = [stage.name for stage in stages]
    stage = case.facts.deal.stage if case.facts.deal else ""
    return stage in names and names.index(stage) >= len(names) / 2


def _talked_about(case: Case) -> int:
    return sum(case.repeated(action, PURPOSE) for action in ("call", "event", "e-mail"))
