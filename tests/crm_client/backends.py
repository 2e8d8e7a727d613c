"""Every backend that has CrmClient's face, ready for the contract tests.

A real Zoho sandbox takes part when MOTENASHI_ZOHO_SANDBOX names its data centre and ZOHO_CLIENT_ID, ZOHO_CLIENT_SECRET
and ZOHO_REFRESH_TOKEN are set. Its records stay there: use a sandbox that may be emptied.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

import pytest

from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.embedded.settings import EmbeddedCrmSettings
from crm_client.embedded.tables import metadata as crm_tables
from crm_client.zoho.api.transport import open_transport
from crm_client.zoho.api.zoho_api import ZohoApi
from crm_client.zoho.mapping.field_map import FieldMap
from crm_client.zoho.mirror.mirror import Mirror
from crm_client.zoho.mirrored_crm import MirroredCrm
from crm_client.zoho.outbox.ledger import OutboxLedger
from crm_client.zoho.outbox.pushing import Pusher
from crm_client.zoho.outbox.waiting import Waiting
from crm_client.zoho.settings import ZohoSettings
from crm_client.zoho.tables import metadata as zoho_tables
from motenashi.database import Database
from tests.fake_zoho.fake import FakeZoho

SANDBOX = "MOTENASHI_ZOHO_SANDBOX"

# The contract's own examples; what a real company would have added to its picklists.
_OPEN_LISTS = (
    ("Products", "Product_Category"),
    ("Accounts", "Industry"),
    ("Leads", "Industry"),
    ("Leads", "Lead_Source"),
    ("Leads", "Lead_Status"),
    ("Deals", "Type"),
    ("Deals", "Lead_Source"),
    ("Calls", "Call_Purpose"),
    ("Calls", "Call_Result"),
)


@contextmanager
def embedded(database: Database, now: datetime) -> Iterator[EmbeddedCrm]:
    crm_tables.create_all(database.engine)
    yield EmbeddedCrm(database, clock=lambda: now)


@contextmanager
def zoho_through_fake(database: Database, now: datetime) -> Iterator[EmbeddedCrm]:
    """Every write is in the fake Zoho before it returns; at the end nothing may be left in the outbox."""
    with FakeZoho() as zoho:
        for module, field in _OPEN_LISTS:
            zoho.admin.set_field(module, field, data_type="text")
        environment = {
            "ZOHO_CLIENT_ID": zoho.client_id,
            "ZOHO_CLIENT_SECRET": zoho.client_secret,
            "ZOHO_REFRESH_TOKEN": zoho.refresh_token,
        }
        with _zoho(database, now, ZohoSettings(fake_url=zoho.url), environment) as (crm, waiting):
            yield crm
            left = [(one.module, one.action, one.why) for one in (*waiting.stuck(), *waiting.waiting())]
            # Zoho takes no e-mail address that is none; we keep what a visitor typed.
            assert [one for one in left if "field Email, expected email" not in one[2]] == []


@contextmanager
def zoho_sandbox(database: Database, now: datetime) -> Iterator[EmbeddedCrm]:
    data_centre = os.environ.get(SANDBOX, "")
    if not data_centre:
        pytest.skip(f"no Zoho sandbox: set {SANDBOX} to its data centre, and the ZOHO_… variables")
    settings = ZohoSettings(data_centre=data_centre, environment="sandbox")  # type: ignore[arg-type]
    with _zoho(database, now, settings, os.environ) as (crm, _):
        yield crm


@contextmanager
def _zoho(
    database: Database, now: datetime, settings: ZohoSettings, environment: Mapping[str, str]
) -> Iterator[tuple[MirroredCrm, Waiting]]:
    crm_tables.create_all(database.engine)
    zoho_tables.create_all(database.engine)
    own = EmbeddedCrmSettings()
    transport = open_transport(settings, database, secret=b"s" * 32, environment=environment)
    calls = ZohoApi(transport, settings)
    field_map = FieldMap(settings, own.custom_fields)
    pusher = Pusher(database, calls, field_map, settings, embedded=own, clock=lambda: now)
    ledger = OutboxLedger(field_map, clock=lambda: now, wake=lambda: pusher.push())
    mirror = Mirror(database, calls, field_map, own, settings.sync)
    crm = MirroredCrm(
        database,
        own,
        calls=calls,
        mirror=mirror,
        field_map=field_map,
        sync=settings.sync,
        limits=settings.limits,
        ledger=ledger,
        clock=lambda: now,
    )
    try:
        yield crm, Waiting(database, field_map)
    finally:
        transport.close()


BACKENDS = {"embedded": embedded, "zoho through fake": zoho_through_fake, "zoho sandbox": zoho_sandbox}
