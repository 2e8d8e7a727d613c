"""What the tests of tokens and transport stand on: a database with Zoho's tables, a clock in the hand, a fake Zoho."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from crm_client.zoho.api.transport import Transport, open_transport
from crm_client.zoho.settings import ZohoSettings
from crm_client.zoho.tables import metadata
from motenashi.database import Database
from tests.fake_zoho.fake import FakeZoho
from tests.fake_zoho.fixtures import fake_zoho

__all__ = ["fake_zoho"]

SECRET = b"a secret of the house, for tests"


@dataclass
class Clock:
    """Stands still until it is moved; so does the time that sleepers think has passed."""

    now: datetime = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **how: float) -> None:
        self.now += timedelta(**how)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def zoho_database(database: Database) -> Database:
    """With Zoho's tables, once for each kind of database."""
    metadata.create_all(database.engine)
    return database


@pytest.fixture
def zoho_sqlite(sqlite_database: Database) -> Database:
    metadata.create_all(sqlite_database.engine)
    return sqlite_database


def environment_of(fake: FakeZoho, refresh_token: str | None = None) -> dict[str, str]:
    return {
        "ZOHO_CLIENT_ID": fake.client_id,
        "ZOHO_CLIENT_SECRET": fake.client_secret,
        "ZOHO_REFRESH_TOKEN": fake.refresh_token if refresh_token is None else refresh_token,
    }


Opener = Callable[..., Transport]


@pytest.fixture
def opened(fake_zoho: FakeZoho, clock: Clock) -> Iterator[Opener]:
    """`opened(database, settings=…, environment=…)`: a transport to the fake, as one process has it."""
    transports: list[Transport] = []

    def open_one(
        database: Database,
        settings: ZohoSettings | None = None,
        environment: dict[str, str] | None = None,
        secret: bytes = SECRET,
    ) -> Transport:
        transport = open_transport(
            replace(settings or ZohoSettings(), fake_url=fake_zoho.url),
            database,
            secret=secret,
            environment=environment_of(fake_zoho) if environment is None else environment,
            clock=clock,
            sleep=clock.sleep,
        )
        transports.append(transport)
        return transport

    yield open_one
    for transport in transports:
        transport.close()
