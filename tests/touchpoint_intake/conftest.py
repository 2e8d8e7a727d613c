"""A room for tests: the intake on a CRM with some people, on each kind of database."""

from __future__ import annotations

import pytest

from motenashi.database import Database
from tests.touchpoint_intake.intake_room import Room


@pytest.fixture
def room(database: Database) -> Room:
    return Room(database)


@pytest.fixture
def simple_room(sqlite_database: Database) -> Room:
    return Room(sqlite_database)
