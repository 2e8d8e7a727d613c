"""What is believed of an action, as numbers and in honest words."""

from __future__ import annotations

from motenashi.suggestions.advice.case import ACTION_OF, Case
from motenashi.suggestions.advice.sentences import Value, first_upper
from motenashi.suggestions.next_best_action.deal_advice import RankedAction
from motenashi.suggestions.suggestion import Action, Effect, Reason, Words

_CLEAR, _UNCLEAR, _BELIEVED, _THIN = 0.7, 0.4, 0.3, 0.35


def effect_of(ranked: RankedAction | None) -> Effect | None:
    if ranked is None:
        return None
    return Effect(
        ranked.p, ranked.base, ranked.lift, ranked.low, ranked.high, ranked.taken, ranked.advanced, ranked.like
    )


def is_clear(ranked: RankedAction) -> bool:
    """Does the interval leave out "no effect"?"""
    return ranked.low > 1 or ranked.high < 1


def effect_reasons(case: Case, ranked: RankedAction | None, *, asked: bool) -> tuple[Reason, ...]:
    """One sentence about the effect, and one about how much it rests on where that is little. What the customer asked
    for rests on nothing but that."""
    if asked and ranked is None:
        return ()
    if case.learned is None:
        return (case.sentences.reason("not_learned", 0.1),)
    told = (_effect_reason(case, ranked),) if ranked else ()
    return (*told, *_thin(case))


def _effect_reason(case: Case, ranked: RankedAction) -> Reason:
    action = noun(case, ACTION_OF[ranked.kind], ranked.purpose)
    lift, low, high = (_factor(value) for value in (ranked.lift, ranked.low, ranked.high))
    if not ranked.taken:
        return case.sentences.reason(
            "effect_never_taken",
            _BELIEVED,
            action=action,
            action_first=first_upper(action),
            lift=lift,
            low=low,
            high=high,
        )
    like = case.sentences.like_this(ranked.like)
    counts: dict[str, Value] = {
        "like": like,
        "action": action,
        "taken": ranked.taken,
        "advanced": ranked.advanced,
        "low": low,
        "high": high,
    }
    if is_clear(ranked):
        return case.sentences.reason("effect_clear", _CLEAR, **counts, lift=lift)
    return case.sentences.reason("effect_unclear", _UNCLEAR, **counts)


def _thin(case: Case) -> tuple[Reason, ...]:
    evidence = case.learned.evidence if case.learned else 0
    if evidence == 0:
        return (case.sentences.reason("nothing_known", _THIN),)
    if evidence < case.settings.thin_evidence:
        return (case.sentences.reason("thin", _THIN, evidence=evidence),)
    return ()


def noun(case: Case, action: Action, purpose: str) -> Words:
    """A call about the quote, in the middle of a sentence."""
    return {language: case.purposes.noun(action, purpose, language) for language in ("en", "ja")}


def gain_of(case: Case, effect: Effect | None) -> float:
    """Money expected from acting now and not as usual: amount x chance added x chance to win; 0 where the amount or
    either chance is unknown. In the deal's own currency and unit, so sums of two currencies are not comparable."""
    deal = case.facts.deal
    if effect is None or deal is None or deal.amount is None or case.closed:
        return 0.0
    return round(deal.amount * max(0.0, effect.p - effect.base) * _win_chance(case), 2)


def _win_chance(case: Case) -> float:
    if case.learned is not None and case.learned.win_chance is not None:
        return case.learned.win_chance
    stage = case.facts.deal.stage if case.facts.deal else ""
    return next((known.probability / 100 for known in case.facts.stages if known.name == stage), 0.0)


def _factor(value: float) -> str:
    if 0.95 <= value < 1.05:  # so that what is above 1 does not read as 1
        return f"{value:.2f}"
    return f"{value:.1f}" if value < 9.95 else f"{value:.0f}"
