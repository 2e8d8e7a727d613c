"""The different texts in a column, where they are few: read anew for each filter where an index makes that quick,
otherwise remembered for a short while."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Column, Connection, Integer, String, Table, func, literal, select, type_coerce

from motenashi.filters.known_kind import known_as

MOST_TEXTS = 500
MOST_STEPS = 3_000  # from text to text through an index; beyond, going through the rows is as quick
REMEMBERED_SECONDS = 20.0


class Vocabularies:
    """For one database."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._remembered: dict[Column[Any], tuple[float, tuple[str, ...] | None]] = {}

    def texts(self, connection: Connection, found: Column[Any]) -> tuple[str, ...] | None:
        """In no order; None when they are too many (MOST_STEPS in an index, MOST_TEXTS elsewhere)."""
        if is_indexed(found):
            texts = stepping(connection, found)
            return tuple(texts) if len(texts) <= MOST_STEPS else None
        known = self._remembered.get(found)
        if known is None or known[0] < self._monotonic() - REMEMBERED_SECONDS:
            query = select(type_coerce(found, String)).distinct().limit(MOST_TEXTS + 1)
            known = (self._monotonic(), _few([text for (text,) in connection.execute(query) if text is not None]))
            self._remembered[found] = known
        return known[1]


def _few(texts: list[str]) -> tuple[str, ...] | None:
    return tuple(texts) if len(texts) <= MOST_TEXTS else None


def is_indexed(found: Column[Any]) -> bool:
    """Does an index (or the primary key) begin with it?"""
    table = known_as(Table, found.table)
    begins = [next(iter(index.columns)) for index in table.indexes] + list(table.primary_key.columns)[:1]
    return any(first is found for first in begins)


def stepping(connection: Connection, found: Column[Any]) -> list[str]:
    """From each text to the next one through the index: as many small look-ups as there are texts."""
    plain = type_coerce(found, String)
    first = select(func.min(plain).label("text"), literal(1, Integer).label("number"))
    steps = first.cte("steps", recursive=True)
    following = select(func.min(plain)).where(plain > steps.c.text).scalar_subquery()
    more = select(following, steps.c.number + 1).where(steps.c.text.is_not(None), steps.c.number <= MOST_STEPS + 1)
    query = select(steps.union_all(more).c.text)
    return [text for (text,) in connection.execute(query) if text is not None]
