"""What tests of bulk actions may ask for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from motenashi.database import Database
from tests.bulk_actions.bulk_world import BulkWorld, PickyMailServer, mail_server


@pytest.fixture
def server() -> Iterator[PickyMailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture
def world(database: Database, server: PickyMailServer) -> BulkWorld:
    """With a mail server, on each kind of database."""
    return BulkWorld(database, server)


@pytest.fixture
def quiet_world(sqlite_database: Database) -> BulkWorld:
    """Without a mail server: what would be sent lies in the outbox."""
    return BulkWorld(sqlite_database)
