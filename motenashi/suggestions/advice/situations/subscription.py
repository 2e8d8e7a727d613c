"""A subscription: its renewal as the term ends, judged by how much is used; an upgrade when more is wanted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from motenashi.suggestions.advice.case import Case
from motenashi.suggestions.advice.extra_fields import term, told_term
from motenashi.suggestions.advice.facts import Term
from motenashi.suggestions.advice.idea import Idea
from motenashi.suggestions.advice.ways import best_way
from motenashi.suggestions.suggestion import Action, Reason, Urgency

_ENDED_LATELY = timedelta(days=30)
_NEAR = timedelta(days=14)
_PURPOSES = frozenset({"renewal", "upgrade"})


def subscription(case: Case, idea: Idea) -> Idea:
    """The customer's wish to go on or to have more, with what is known of the term."""
    known = term(case)
    reasons = (*_term_reasons(case, known), *_usage_reasons(case, known)) if known else ()
    return replace(idea, situation="subscription", reasons=(*idea.reasons, *reasons))


def term_ending(case: Case) -> Idea | None:
    """Nobody asked, but the term ends soon (or more is needed than was bought) and it was not talked about lately."""
    known = term(case)
    if known is None or _talked_about_lately(case):
        return None
    left = known.ends - case.today
    if left > _NEAR and _something_surely_better(case):
        return None
    ending = -_ENDED_LATELY <= left <= timedelta(days=case.settings.renewal_days)
    full = known.usage is not None and known.usage >= case.settings.upgrade_usage
    if not ending and not (full and left > timedelta(0)):
        return None
    own, purposes = _plan(case, known, ending=ending, full=full)
    # Somebody who hardly uses what they have is rung whatever works with others.
    way, why = (own, ()) if own == "call" else best_way(case, purposes[0], own)
    urgency: Urgency = "soon" if ending and left <= _NEAR else "normal"
    return Idea(
        action=way,
        purposes=purposes,
        reasons=(*_term_reasons(case, known), *_usage_reasons(case, known), *why),
        urgency=urgency,
        situation="subscription",
        product_ids=known.product_ids,
    )


def _something_surely_better(case: Case) -> bool:
    """There is time left, and history says that something else leads on first."""
    best = next(iter(case.ranked), None)
    return best is not None and best.low > 1 and best.purpose not in _PURPOSES


def _plan(case: Case, known: Term, *, ending: bool, full: bool) -> tuple[Action, tuple[str, ...]]:
    if full:
        return "e-mail", ("renewal", "upgrade") if ending else ("upgrade",)
    if known.usage is not None and known.usage < case.settings.low_usage:
        return "call", ("renewal",)
    return "e-mail", ("renewal",)


def _talked_about_lately(case: Case) -> bool:
    since = case.now - timedelta(days=2 * case.settings.usual_gap_days)
    return any(touch.ours and touch.purpose in _PURPOSES and touch.at >= since for touch in case.facts.touches)


def _term_reasons(case: Case, known: Term) -> tuple[Reason, ...]:
    days, ends = (known.ends - case.today).days, case.date(known.ends)
    if told_term(case) is None:  # a deal's expected close is no end of a term, so it is not called one
        return (case.sentences.reason("renewal_expected", 0.6, date=ends),)
    if days < 0:
        return (case.sentences.reason("term_ended", 0.8, date=ends),)
    told = case.sentences.reason("term_ends", 0.8 if days <= case.settings.renewal_days else 0.2, date=ends, days=days)
    return (told,)


def _usage_reasons(case: Case, known: Term) -> tuple[Reason, ...]:
    if known.usage is None:
        return ()
    name = "usage"
    if known.usage >= case.settings.upgrade_usage:
        name = "usage_high"
    elif known.usage < case.settings.low_usage:
        name = "usage_low"
    return (case.sentences.reason(name, 0.5, share=round(known.usage * 100)),)
