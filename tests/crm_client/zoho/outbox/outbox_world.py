"""A CRM whose writes go to a fake Zoho, for tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crm_client.embedded.changes import RecordChange
from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.embedded.settings import EmbeddedCrmSettings
from crm_client.embedded.tables import metadata as crm_tables
from crm_client.records import Activity, Contact, Deal, Lead, Owner
from crm_client.zoho.api.transport import Transport, open_transport
from crm_client.zoho.api.zoho_api import ZohoApi
from crm_client.zoho.mapping.field_map import FieldMap
from crm_client.zoho.outbox import entries
from crm_client.zoho.outbox.entries import Row
from crm_client.zoho.outbox.ledger import OutboxLedger
from crm_client.zoho.outbox.links import Link, by_local_id
from crm_client.zoho.outbox.pushing import Pushed, Pusher
from crm_client.zoho.outbox.waiting import Waiting
from crm_client.zoho.settings import ZohoLimits, ZohoSettings, ZohoSync
from crm_client.zoho.tables import metadata as zoho_tables
from motenashi.database import Database
from tests.fake_zoho.fake import FakeZoho
from tests.fake_zoho.store import API_USER

EMBEDDED = EmbeddedCrmSettings()


@dataclass
class OutboxWorld:
    """`crm` writes with a ledger, `zoho` is the other side. Nothing is sent before `push`."""

    zoho: FakeZoho
    database: Database
    settings: ZohoSettings
    calls: ZohoApi

    def __post_init__(self) -> None:
        self.woken = 0
        self.changes: list[RecordChange] = []
        self.field_map = FieldMap(self.settings, EMBEDDED.custom_fields)
        self.ledger = OutboxLedger(self.field_map, clock=self.now, wake=self.wake)
        self.crm = EmbeddedCrm(self.database, EMBEDDED, clock=self.now, ledger=self.ledger)
        self.mirrored = EmbeddedCrm(self.database, EMBEDDED, clock=self.now)
        self.pusher = self.another_pusher()
        self.waiting = Waiting(self.database, self.field_map, clock=self.now, wake=self.wake)

    def another_pusher(self, **more: Any) -> Pusher:
        given: dict[str, Any] = {"calls": self.calls, "settings": self.settings} | more
        return Pusher(
            self.database,
            given["calls"],
            self.field_map,
            given["settings"],
            embedded=EMBEDDED,
            clock=self.now,
            on_change=self.changes.append,
            chance=lambda: 0.0,
        )

    def wake(self) -> None:
        self.woken += 1

    def now(self) -> datetime:
        return self.zoho.clock.now()

    def push(self) -> Pushed:
        return self.pusher.push()

    def push_until_quiet(self, rounds: int = 12) -> Pushed:
        """As a worker does, with time going on between the rounds."""
        pushed = self.push()
        for _ in range(rounds):
            if not pushed.waiting:
                break
            self.zoho.advance(400)
            pushed = self.push()
        return pushed

    def rows(self) -> list[Row]:
        with self.database.read() as connection:
            return entries.listed(connection, ("waiting", "sending", "stuck"), 1_000)

    def link(self, module: str, local_id: str) -> Link:
        with self.database.read() as connection:
            found = by_local_id(connection, module, local_id)
        assert found is not None
        return found

    def there(self, module: str, local_id: str) -> dict[str, Any]:
        """Zoho's record of ours."""
        raw = self.zoho.store.get(self.field_map.api_module(module), self.link(module, local_id).zoho_id)
        assert raw is not None
        return raw

    # Records that both sides have

    def contact(self, **fields: Any) -> Contact:
        given = {"last_name": "Mori", "email": "mori@kita.example", **fields}
        contact = self.crm.save_contact(Contact("", **given))
        self.push()
        self.zoho.advance(2)
        return contact

    def deal(self, **fields: Any) -> Deal:
        deal = self.crm.save_deal(Deal("", "Kita ovens", "Qualification", **fields), at=self.now())
        self.push()
        self.zoho.advance(2)
        return deal

    def lead(self, **fields: Any) -> Lead:
        return self.crm.save_lead(Lead("", "Aoki", "Minami Cafe", **fields))

    def call(self, **fields: Any) -> Activity:
        return self.crm.save_activity(Activity("", "call", "Ring", self.now().replace(microsecond=0), **fields))


@contextmanager
def outbox_world(zoho: FakeZoho, database: Database, **choices: Any) -> Iterator[OutboxWorld]:
    crm_tables.create_all(database.engine)
    zoho_tables.create_all(database.engine)
    settings = ZohoSettings(fake_url=zoho.url, **choices)
    transport = transport_to(zoho, database, settings)
    world = OutboxWorld(zoho, database, settings, ZohoApi(transport, settings))
    world.mirrored.save_owner(Owner(API_USER, "Sato", "sato@shop.example"))
    try:
        yield world
    finally:
        transport.close()


def transport_to(zoho: FakeZoho, database: Database, settings: ZohoSettings) -> Transport:
    environment = {
        "ZOHO_CLIENT_ID": zoho.client_id,
        "ZOHO_CLIENT_SECRET": zoho.client_secret,
        "ZOHO_REFRESH_TOKEN": zoho.refresh_token,
    }
    # Waiting between the tries of one call is the transport's own affair and tested there.
    return open_transport(
        settings,
        database,
        secret=b"a secret of thirty-two letters!!",
        environment=environment,
        clock=zoho.clock.now,
        sleep=lambda seconds: None,
    )


def choices(conflicts: str = "newest", **more: Any) -> dict[str, Any]:
    return {"sync": ZohoSync(conflicts=conflicts), "limits": ZohoLimits(), **more}  # type: ignore[arg-type]
