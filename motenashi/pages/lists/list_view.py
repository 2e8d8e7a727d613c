"""What the lists need to know of records: the filters' desk, as these pages see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from motenashi.filters.filter import Filter
from motenashi.filters.infos import FieldInfo, Page, Parts, SavedFilter


class ListsDesk(Protocol):
    """`motenashi.filters.desk.FilterDesk` answers it: FilterWrong for what can't be asked, FilterTooSlow for what the
    database did not answer in time."""

    def fields(self, module: str) -> Sequence[FieldInfo]: ...
    def values(self, module: str, field: str, typed: str = "", most: int = 20) -> tuple[str, ...]: ...
    def read(self, module: str, raw: Any) -> Filter: ...
    def parts(self, chosen: Filter) -> Parts: ...
    def page(
        self,
        chosen: Filter,
        *,
        sort: str = "",
        descending: bool = False,
        after: str = "",
        most: int = 50,
        columns: Sequence[str] = (),
        total: bool = True,
    ) -> Page: ...
    def explain(self, chosen: Filter, language: str) -> str: ...
    def save(self, module: str, name: str, written: Mapping[str, Any], *, owner: str, shared: bool) -> SavedFilter: ...
    def saved(self, module: str, viewer: str) -> tuple[SavedFilter, ...]: ...
    def find(self, filter_id: int, viewer: str) -> SavedFilter | None: ...
    def remove(self, filter_id: int, owner: str) -> bool: ...
