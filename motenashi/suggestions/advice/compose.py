"""From an idea (or from doing nothing) to the suggestion that people see: time, words, numbers, draft."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from motenashi.suggestions.advice.alternatives import alternatives
from motenashi.suggestions.advice.case import Case
from motenashi.suggestions.advice.drafts.make_draft import make_draft
from motenashi.suggestions.advice.effects import effect_of, effect_reasons, gain_of
from motenashi.suggestions.advice.extra_fields import unreadable
from motenashi.suggestions.advice.idea import Idea, Rest
from motenashi.suggestions.advice.moments import when_words
from motenashi.suggestions.advice.names import who
from motenashi.suggestions.advice.situations.discount import withdrawn
from motenashi.suggestions.advice.templates import LANGUAGES
from motenashi.suggestions.advice.timing import Timing, timing
from motenashi.suggestions.suggestion import Reason, Suggestion, TimeWindow, Urgency, Words

MOST_REASONS = 10
_DUE_SPAN = timedelta(hours=1)


def of_idea(case: Case, idea: Idea, *, key: str, probability: float) -> Suggestion:
    when = timing(case, idea)
    ranked = case.rank_of(idea.action, idea.purpose)
    effect = effect_of(ranked)
    reasons = (
        *idea.reasons,
        *when.reasons,
        *(effect_reasons(case, ranked, asked=idea.asked) if case.facts.kind == "deal" or case.learned else ()),
        *(withdrawn(case, idea) if idea.action != "update" else ()),
        *unreadable(case),
    )
    return Suggestion(
        id=0,
        key=key,
        about=case.facts.about,
        action=idea.action,
        purposes=idea.purposes,
        urgency=_urgency(case, idea, when),
        title=_title(case, idea, when),
        windows=when.windows,
        reasons=weightiest(reasons),
        created_at=case.now,
        respond_by=when.respond_by,
        product_ids=idea.product_ids,
        not_before=when.not_before,
        made_by="advice",
        source=idea.source,
        situation=idea.situation,
        effect=effect,
        alternatives=alternatives(case, idea),
        draft=make_draft(case, idea, when.windows),
        gain=gain_of(case, effect),
        probability=probability,
    )


def of_rest(case: Case, rest: Rest, *, key: str) -> Suggestion:
    """Nothing to do; the window is when that changes."""
    ends = rest.ends or rest.due + _DUE_SPAN
    return Suggestion(
        id=0,
        key=key,
        about=case.facts.about,
        action="none",
        purposes=(),
        urgency="normal",
        title=rest.title,
        windows=(TimeWindow(rest.due, ends),),
        reasons=weightiest((*rest.reasons, *unreadable(case))),
        created_at=case.now,
        respond_by=ends if rest.ends else rest.due,
        not_before=case.back_at,
        made_by="advice",
        situation=rest.situation,
        alternatives=alternatives(case, None) if not case.closed else (),
    )


def weightiest(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Each sentence once, the weightiest first; equal ones in their order."""
    kept: dict[tuple[str, str], Reason] = {}
    for reason in reasons:
        kept.setdefault((reason.text.get("en", ""), reason.sentence), reason)
    return tuple(sorted(kept.values(), key=lambda reason: -reason.weight)[:MOST_REASONS])


def _title(case: Case, idea: Idea, when: Timing) -> Words:
    return {language: _title_in(case, idea, when, language) for language in LANGUAGES}


def _title_in(case: Case, idea: Idea, when: Timing, language: str) -> str:
    window = when.windows[0]
    # A time that has passed is no time to name.
    by = window.end if when.respond_by <= case.now else when.respond_by
    values = {
        "who": who(case.facts, language),
        "when": when_words(window, by, case.zone, case.now, language, exact=idea.action == "event"),
        "products": case.product_names(case.products(idea.product_ids), language),
    }
    return case.purposes.title(idea.action, idea.purpose, language, **values)


_SOONER: dict[Urgency, Urgency] = {"normal": "soon", "soon": "urgent", "urgent": "urgent"}


def _urgency(case: Case, idea: Idea, when: Timing) -> Urgency:
    """A customer whom we keep waiting gains urgency."""
    late = idea.asked and when.respond_by <= case.now
    return _SOONER[idea.urgency] if late else idea.urgency
