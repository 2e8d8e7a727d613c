"""Whom a filter finds: what bulk actions ask of the filters, and what is told when a filter can't be used."""

from __future__ import annotations

from typing import Any, Protocol

from motenashi.bulk_actions.words import BulkProblem, BulkWrong, Module, wrong
from motenashi.filters.filter import Filter, FilterTooSlow, FilterWrong


class Filters(Protocol):
    """motenashi.filters.desk.FilterDesk answers."""

    def read(self, module: str, raw: Any) -> Filter: ...
    def count(self, chosen: Filter) -> int: ...
    def ids(self, chosen: Filter, most: int) -> tuple[str, ...]: ...
    def explain(self, chosen: Filter, language: str) -> str: ...


def read_filter(filters: Filters, module: Module, raw: Any) -> Filter:
    """BulkWrong with everything that is wrong with it."""
    try:
        return filters.read(module, raw)
    except FilterWrong as error:
        told = (str(problem) for problem in error.problems)
        raise BulkWrong([BulkProblem("filter", {"en": what, "ja": what}) for what in told]) from error


def found_by(filters: Filters, chosen: Filter, most: int) -> tuple[str, ...]:
    """The ids, at least one and at most `most`; else BulkWrong says why nothing can be done with them."""
    try:
        ids = filters.ids(chosen, most + 1)
    except FilterTooSlow as error:
        raise too_slow() from error
    if not ids:
        raise wrong("filter", "No record fits this filter.", "この条件に当てはまるレコードはありません。")
    if len(ids) > most:
        raise too_many(most)
    return ids


def too_many(most: int) -> BulkWrong:
    return wrong(
        "filter",
        f"More than {most:,} records fit. Narrow the filter: nothing is done to only a part of them.",
        f"対象が{most:,}件を超えています。一部だけに実行されることはありませんので、条件を絞り込んでください。",
    )


def too_slow() -> BulkWrong:
    return wrong(
        "filter",
        "The database takes too long for this filter. Make it simpler.",
        "この条件の検索に時間がかかりすぎています。条件を簡単にしてください。",
    )
