"""The rows of a query, a portion at a time by key, so that what is written meanwhile is met at most once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, tuple_

AT_ONCE = 2_000  # rows read, and written in one transaction


def pages(
    connection: Connection, query: Select[Any], keys: Sequence[ColumnElement[Any]], names: Sequence[str]
) -> Iterator[Sequence[RowMapping]]:
    """In the order of `keys`, which `names` names among the columns of the rows."""
    last: tuple[Any, ...] | None = None
    while True:
        further = query if last is None else query.where(_after(keys, last))
        page = connection.execute(further.order_by(*keys).limit(AT_ONCE)).mappings().all()
        if page:
            yield page
        if len(page) < AT_ONCE:
            return
        last = tuple(page[-1][name] for name in names)


def _after(keys: Sequence[ColumnElement[Any]], last: tuple[Any, ...]) -> ColumnElement[bool]:
    return keys[0] > last[0] if len(keys) == 1 else tuple_(*keys) > tuple_(*last)
