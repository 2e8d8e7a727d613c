"""A CRM whose truth is a fake Zoho, on each kind of database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from motenashi.database import Database
from tests.crm_client.zoho.mirrored.mirrored_world import MirroredWorld, mirrored_world
from tests.fake_zoho.fixtures import FakeZoho, fake_zoho

__all__ = ["fake_zoho"]


@pytest.fixture
def world(fake_zoho: FakeZoho, database: Database) -> Iterator[MirroredWorld]:
    with mirrored_world(fake_zoho, database) as world:
        yield world


@pytest.fixture
def sqlite_world(fake_zoho: FakeZoho, sqlite_database: Database) -> Iterator[MirroredWorld]:
    """For tests where the kind of database cannot matter."""
    with mirrored_world(fake_zoho, sqlite_database) as world:
        yield world
