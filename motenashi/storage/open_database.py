"""Open the database that the settings name: SQLite (WAL) by default, PostgreSQL by DATABASE_URL."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

from motenashi.database import Database
from motenashi.storage.write_queue import WriteQueue

# A writer waits this long for another one before the database counts as locked.
BUSY_SECONDS = 3.0
# Errors end in logs; what was to be written (addresses, conversations) has no business there.
SILENT = True


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
    queue = WriteQueue(BUSY_SECONDS)
    engine = _sqlite_engine(url, timeout=0)  # who waits for the writers' lock is the queue's business

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # SQLAlchemy tells of a beginning also where reads commit by themselves; those must never wait for a writer.
        if connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
            queue.begin(lambda: connection.exec_driver_sql("BEGIN IMMEDIATE"))

    if not file or file == ":memory:":  # every connection would see a database of its own
        return Database(engine, in_turn=queue.in_turn)
    # Customers' data and conversations: a folder that we make is for its owner's eyes.
    Path(file).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    reading = _sqlite_engine(url, timeout=BUSY_SECONDS, isolation_level="AUTOCOMMIT", skip_autocommit_rollback=True)

    @event.listens_for(engine, "engine_disposed")
    def dispose(_engine: Engine) -> None:
        reading.dispose()

    return Database(engine, reading, queue.in_turn)


def _sqlite_engine(url: str, *, timeout: float, **choices: Any) -> Engine:
    connect = {"timeout": timeout, "check_same_thread": False}
    engine = create_engine(url, connect_args=connect, pool_size=20, hide_parameters=SILENT, **choices)

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: Any) -> None:
        # The driver must not begin transactions by itself: a write begins with the lock.
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout={int(BUSY_SECONDS * 1000)}",  # for what follows here, which may meet a recovery
            "journal_mode=WAL",
            "synchronous=FULL",  # an answered turn survives a power cut, not only a killed process
            "foreign_keys=ON",
            "temp_store=MEMORY",
            "cache_size=-2000",  # KiB a connection; there are as many as busy threads
            "journal_size_limit=67108864",
            f"busy_timeout={int(timeout * 1000)}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    return engine


def _postgresql(url: str) -> Engine:
    connect = {"connect_timeout": 5}
    engine = create_engine(
        url, connect_args=connect, pool_size=20, max_overflow=20, pool_pre_ping=True, hide_parameters=SILENT
    )

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = {int(BUSY_SECONDS * 1000)}")
        connection.commit()

    return engine
