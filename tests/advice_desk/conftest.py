"""The world in which the tests of the advice desk play, once for each kind of database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from motenashi.database import Database
from tests.advice_desk.desk_world import DeskWorld


@pytest.fixture
def world(database: Database) -> Iterator[DeskWorld]:
    yield DeskWorld(database)


@pytest.fixture
def sqlite_world(sqlite_database: Database) -> Iterator[DeskWorld]:
    """The same on SQLite alone, for what takes seconds and where the kind of database can't matter."""
    yield DeskWorld(sqlite_database)
