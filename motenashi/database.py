"""The one SQL database, as every room is handed it.

`read()` gives a connection that never blocks a writer nor waits for one, and each of whose statements sees one moment;
`write()` gives a transaction that is on disk when the block ends without an exception. Which database answers, and
how it is opened, is storage's work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, DateTime, Engine, Executable, Table, TypeDecorator
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError


class Database:
    """A SQLAlchemy engine with the two ways in that rooms may use."""

    def __init__(
        self,
        engine: Engine,
        reading: Engine | None = None,
        in_turn: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        """`reading`: an engine whose connections stay in autocommit. Without it those of `engine` are switched.
        `in_turn`: how writers wait for each other, where the database itself does not see to it well."""
        self.engine = engine
        self._in_turn = in_turn
        self._reading = reading or engine.execution_options(isolation_level="AUTOCOMMIT")
        self.dialect: str = engine.dialect.name  # 'sqlite' or 'postgresql'

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with self._reading.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: all of it happens or nothing. On SQLite it takes the write lock at once (BEGIN IMMEDIATE),
        so that two writers wait for each other instead of failing half-way."""
        with self._in_turn(), self.engine.begin() as connection:
            yield connection

    def insert_or_ignore(self, table: Table, row: Mapping[str, Any]) -> Executable:
        """An insert that changes nothing when a row with that key is there already."""
        if self.dialect == "postgresql":
            return postgresql.insert(table).values(row).on_conflict_do_nothing()
        return sqlite.insert(table).values(row).on_conflict_do_nothing()


def is_busy(error: OperationalError) -> bool:
    """Did the database refuse because somebody else holds the lock (and a later try may well work)?"""
    return "locked" in str(error.orig) or "busy" in str(error.orig)


class UtcTime(TypeDecorator[datetime]):
    """A moment. Aware datetimes go in and come out in UTC; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
