"""The calls over the real transport to a fake Zoho."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from crm_client.zoho.api.transport import Transport, open_transport
from crm_client.zoho.api.zoho_api import ZohoApi
from crm_client.zoho.settings import ZohoSettings
from crm_client.zoho.tables import metadata
from motenashi.database import Database
from tests.fake_zoho.fake import FakeZoho
from tests.fake_zoho.fixtures import fake_zoho

__all__ = ["fake_zoho"]


@pytest.fixture
def open_calls(fake_zoho: FakeZoho, sqlite_database: Database) -> Iterator[Callable[..., ZohoApi]]:
    """`open_calls(modules=…)`: with these settings. Pauses between tries are left out."""
    metadata.create_all(sqlite_database.engine)
    transports: list[Transport] = []

    def open_one(**settings: Any) -> ZohoApi:
        chosen = ZohoSettings(fake_url=fake_zoho.url, **settings)
        environment = {
            "ZOHO_CLIENT_ID": fake_zoho.client_id,
            "ZOHO_CLIENT_SECRET": fake_zoho.client_secret,
            "ZOHO_REFRESH_TOKEN": fake_zoho.refresh_token,
        }
        secret = b"a secret of the house, for tests"
        transport = open_transport(
            chosen, sqlite_database, secret=secret, environment=environment, sleep=lambda seconds: None
        )
        transports.append(transport)
        return ZohoApi(transport, chosen)

    yield open_one
    for transport in transports:
        transport.close()


@pytest.fixture
def zoho_calls(open_calls: Callable[..., ZohoApi]) -> ZohoApi:
    return open_calls()
