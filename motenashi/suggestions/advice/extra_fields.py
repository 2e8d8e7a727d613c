"""Dates and shares that a company keeps in fields of its own: when a trial or a term ends, how much is in use.

What can't be read there is told, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from motenashi.clean_text import plain_line
from motenashi.suggestions.advice.case import Case
from motenashi.suggestions.advice.facts import Term
from motenashi.suggestions.suggestion import Reason

_LONGEST = 60


def trial_ends(case: Case) -> date | None:
    return case.facts.trial_ends or next((_date(raw) for _, raw in _found(case, case.settings.trial_end_fields)), None)


def told_term(case: Case) -> Term | None:
    """Handed in; else from the record's own fields."""
    told = case.facts.term
    if told is not None:
        return told if told.usage is not None else replace(told, usage=usage(case))
    ends = next((_date(raw) for _, raw in _found(case, case.settings.term_end_fields)), None)
    return Term(ends, usage(case)) if ends is not None else None


def term(case: Case) -> Term | None:
    """As told; else a renewal deal's expected close stands in for the end of the term."""
    deal, told = case.facts.deal, told_term(case)
    if told is None and deal is not None and deal.type == "Renewal" and deal.expected_close is not None:
        return Term(deal.expected_close, usage(case))
    return told


def usage(case: Case) -> float | None:
    share = next((_percent(raw) for _, raw in _found(case, case.settings.usage_fields)), None)
    return None if share is None else share / 100


def unreadable(case: Case) -> tuple[Reason, ...]:
    """One sentence for each field whose value can't be read."""
    settings = case.settings
    dates = [*_found(case, settings.trial_end_fields), *_found(case, settings.term_end_fields)]
    wrong = [(name, raw) for name, raw in dates if _date(raw) is None]
    wrong += [(name, raw) for name, raw in _found(case, settings.usage_fields) if _percent(raw) is None]
    return tuple(
        case.sentences.reason("unreadable", 0.1, field=name, text=plain_line(str(raw))[:_LONGEST])
        for name, raw in wrong
    )


def _found(case: Case, names: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    facts = case.facts
    records = (facts.deal, facts.contact, facts.lead, facts.account)
    extras: list[Mapping[str, Any]] = [record.extra for record in records if record is not None]
    return ((name, extra[name]) for name in names for extra in extras if extra.get(name) not in (None, ""))


def _date(raw: Any) -> date | None:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    try:
        return datetime.fromisoformat(str(raw).strip()).date()
    except ValueError:
        return None


def _percent(raw: Any) -> float | None:
    try:
        share = float(str(raw).strip().rstrip("%％"))
    except ValueError:
        return None
    return share if 0 <= share <= 1000 else None  # neither is "nan"
