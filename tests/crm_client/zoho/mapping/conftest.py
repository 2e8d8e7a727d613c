"""A fake Zoho and the calls to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crm_client.zoho.api.transport import open_transport
from crm_client.zoho.api.zoho_api import ZohoApi
from crm_client.zoho.settings import ZohoSettings
from crm_client.zoho.tables import metadata
from motenashi.database import Database
from tests.fake_zoho.fixtures import FakeZoho, fake_zoho

__all__ = ["fake_zoho"]


@pytest.fixture
def zoho_calls(fake_zoho: FakeZoho, sqlite_database: Database) -> Iterator[ZohoApi]:
    metadata.create_all(sqlite_database.engine)
    settings = ZohoSettings(fake_url=fake_zoho.url)
    environment = {
        settings.client_id_env: fake_zoho.client_id,
        settings.client_secret_env: fake_zoho.client_secret,
        settings.refresh_token_env: fake_zoho.refresh_token,
    }
    secret = b"a secret of thirty-two letters.."
    transport = open_transport(
        settings, sqlite_database, secret=secret, environment=environment, clock=fake_zoho.clock.now
    )
    try:
        yield ZohoApi(transport, settings)
    finally:
        transport.close()
