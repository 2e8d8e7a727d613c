"""The tables of a new database, for tests that are not about migrating.

The first time in a process the real migrations run, and what they told the database is noted; later databases are told
the same in one go, which takes a tenth of the time. A database that has tables already gets the real migrations.

PostgreSQL takes long to make a hundred tables. So a test's schema is emptied when the test is over, and kept for the
next one (`used_schemas`), unless the test changed the tables themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from motenashi.database import Database
from motenashi.storage import migrate as real
from tests.used_schemas import used_schemas

_CHANGES = ("CREATE", "ALTER", "DROP", "INSERT", "UPDATE")
_told: dict[str, list[str]] = {}  # dialect -> statements


def migrate(database: Database) -> bool:
    """As motenashi.storage.migrate.migrate."""
    if real._version(database):
        return real.migrate(database)
    if database.dialect == "postgresql" and used_schemas.take(database):
        return True
    if database.dialect not in _told:
        with _noting(database) as told:
            real.migrate(database)
        _told[database.dialect] = told
        if database.dialect == "postgresql":
            used_schemas.made(database)
        return True
    with database.write() as connection:
        if database.dialect == "postgresql":
            connection.exec_driver_sql(";\n".join(_told[database.dialect]))
        else:
            for statement in _told[database.dialect]:
                connection.exec_driver_sql(statement)
    return True


@contextmanager
def _noting(database: Database) -> Iterator[list[str]]:
    told: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        if statement.lstrip().upper().startswith(_CHANGES):
            assert not parameters, "a migration tells values apart from its statement, which are not noted"
            told.append(statement.replace("%%", "%"))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield told
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
