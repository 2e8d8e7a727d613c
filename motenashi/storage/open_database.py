"""Open the database that the settings name: SQLite (WAL) by default, PostgreSQL by DATABASE_URL."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

from motenashi.database import Database

# A writer waits this long for another one before the database counts as locked.
BUSY_SECONDS = 3.0


def open_database(url: str) -> Database:
    """A pooled database. `url` is a SQLAlchemy URL; postgres:// and postgresql:// mean psycopg.

    ValueError for a URL of another kind of database.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(url, parsed.database)
    if parsed.get_backend_name() in ("postgresql", "postgres"):
        return Database(_postgresql(parsed.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)))
    raise ValueError(f"DATABASE_URL names {parsed.get_backend_name()}; sqlite and postgresql are what we know")


def _sqlite(url: str, file: str | None) -> Database:
    if not file or file == ":memory:":  # every connection would see a database of its own
        return Database(_sqlite_engine(url))
    Path(file).parent.mkdir(parents=True, exist_ok=True)
    engine = _sqlite_engine(url)
    # Switching a connection to autocommit and back costs nearly half as much as a small read; these stay as they are.
    reading = _sqlite_engine(url, isolation_level="AUTOCOMMIT", skip_autocommit_rollback=True)

    @event.listens_for(engine, "engine_disposed")
    def dispose(_engine: Engine) -> None:
        reading.dispose()

    return Database(engine, reading)


def _sqlite_engine(url: str, **choices: Any) -> Engine:
    engine = create_engine(
        url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False}, pool_size=20, **choices
    )

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: Any) -> None:
        # The driver must not begin transactions by itself: a write begins with the lock (see `begin` below).
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",  # an answered turn survives a power cut, not only a killed process
            "foreign_keys=ON",
            "temp_store=MEMORY",
            "cache_size=-2000",  # KiB a connection; there are as many as busy threads
            "journal_size_limit=67108864",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # SQLAlchemy tells of a beginning also where reads commit by themselves; those must never wait for a writer.
        if not choices and connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _postgresql(url: str) -> Engine:
    engine = create_engine(url, pool_size=20, max_overflow=20, pool_pre_ping=True, connect_args={"connect_timeout": 5})

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = {int(BUSY_SECONDS * 1000)}")
        connection.commit()

    return engine
