"""A connection that filters ask on: it gives up after a while, and knows what a filter's SQL needs."""

from __future__ import annotations

import math
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import re2
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from motenashi.database import Database
from motenashi.filters.filter import FilterTooSlow
from motenashi.filters.known_kind import known_as
from motenashi.flow_engine.criteria_subjects import Mismatch, as_number, as_text
from motenashi.flow_engine.criteria_values import REGEX

_EVERY = 20_000  # of SQLite's steps between two looks at the clock
_WORK_MEMORY = "64MB"  # for hashing the ids that a list leaves; the server's own 4 MB would make it compare one by one
_BIGGEST = 2**63  # what the database keeps as a whole number
_CANCELLED = "57014"  # PostgreSQL: a statement took longer than statement_timeout


@contextmanager
def asking(database: Database, seconds: float) -> Iterator[Connection]:
    """A reading connection. FilterTooSlow when one statement takes longer than `seconds`."""
    with database.read() as connection:
        try:
            with _sqlite(connection, seconds) if database.dialect == "sqlite" else _postgresql(connection, seconds):
                yield connection
        except DBAPIError as error:
            if _was_stopped(error):
                raise FilterTooSlow(f"the database did not answer within {seconds:g} seconds") from error
            raise


@contextmanager
def _sqlite(connection: Connection, seconds: float) -> Iterator[None]:
    driver = known_as(sqlite3.Connection, connection.connection.driver_connection)
    clock = connection.info.get("filters")
    if clock is None:  # once for each connection of the pool
        clock = connection.info["filters"] = _Clock(driver)
        for name, count, function in _FUNCTIONS:
            driver.create_function(name, count, clock.watching(function), deterministic=True)
    clock.until = time.monotonic() + seconds
    driver.set_progress_handler(clock.is_late, _EVERY)
    try:
        yield
    finally:
        driver.set_progress_handler(None, 0)
        clock.until = math.inf


class _Clock:
    """When a statement has to end. SQLite counts steps, and one of our functions on a long text is one step."""

    def __init__(self, driver: sqlite3.Connection) -> None:
        self.until = math.inf
        self._driver = driver

    def is_late(self) -> int:
        return int(time.monotonic() > self.until)

    def watching(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*values: Any) -> Any:
            if self.is_late():
                self._driver.interrupt()  # heard before the next row
            return function(*values)

        return watched


@contextmanager
def _postgresql(connection: Connection, seconds: float) -> Iterator[None]:
    # Compiling to machine code takes longer than most filters.
    settings = {"statement_timeout": f"{int(seconds * 1000)}", "jit": "off", "work_mem": _WORK_MEMORY}
    chosen = ", ".join(f"set_config('{name}', '{value}', false)" for name, value in settings.items())
    connection.execute(text(f"SELECT {chosen}"))
    try:
        yield
    finally:
        connection.execute(text("; ".join(f"RESET {name}" for name in settings)))


def _was_stopped(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) == _CANCELLED or "interrupted" in str(error.orig)


def _fold(value: Any) -> str:
    """As the criteria of flows compare texts. None is ''."""
    return as_text(value)


def _found(pattern: str, folded: bytes | None) -> int:
    return int(folded is not None and _expression(pattern).search(folded) is not None)


@lru_cache(maxsize=64)
def _expression(pattern: str) -> Any:
    """As the criteria of flows read it, but for bytes of UTF-8: those come out of the database without a detour."""
    asked = REGEX.read(pattern)
    return re2.compile(pattern.encode(), asked.options)


def _number(value: Any) -> int | float | None:
    try:
        number = as_number(value)
    except Mismatch:
        return None
    return float(number) if number is not None and abs(number) >= _BIGGEST else number


@lru_cache(maxsize=16)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _local(moment: str | None, zone: str) -> int | None:
    """'2026-05-01 09:30:00' in UTC as seconds since 1970 on a zone's clocks."""
    if moment is None:
        return None
    local = datetime.fromisoformat(moment).replace(tzinfo=UTC).astimezone(_zone(zone))
    return int(local.replace(tzinfo=UTC).timestamp())


_FUNCTIONS = (
    ("motenashi_fold", 1, _fold),
    ("motenashi_found", 2, _found),
    ("motenashi_number", 1, _number),
    ("motenashi_local", 2, _local),
)
