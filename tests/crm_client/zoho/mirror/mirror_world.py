"""A Zoho with some people in it, and a mirror of it, for tests."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from crm_client.embedded.changes import RecordChange
from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.embedded.settings import EmbeddedCrmSettings
from crm_client.embedded.tables import metadata as crm_tables
from crm_client.zoho.api.transport import Transport, open_transport
from crm_client.zoho.api.zoho_api import ZohoApi
from crm_client.zoho.mapping.field_map import FieldMap
from crm_client.zoho.mirror.channels import Channels
from crm_client.zoho.mirror.mirror import Mirror
from crm_client.zoho.settings import ZohoLimits, ZohoSettings
from crm_client.zoho.tables import metadata as zoho_tables
from crm_client.zoho.tables import zoho_links, zoho_outbox, zoho_sync
from motenashi.database import Database
from tests.fake_zoho.fake import FakeZoho

SECRET = b"a secret of thirty-two letters.."
COLLEAGUE_IN_ZOHO = "4876876000000000012"


class MirrorWorld:
    """`zoho` is the other side, `mirror` what is tested, `crm` how others read the result."""

    def __init__(self, zoho: FakeZoho, database: Database, transport: Transport, settings: ZohoSettings) -> None:
        self.zoho = zoho
        self.database = database
        self.changes: list[RecordChange] = []
        self.calls = ZohoApi(transport, settings)
        self.embedded = EmbeddedCrmSettings()
        self.crm = EmbeddedCrm(database, self.embedded, clock=self.now)
        self.field_map = FieldMap(settings)
        self.mirror = self.another()

    def another(self, **more: Any) -> Mirror:
        """A mirror as a process that was just started has it."""
        given = {"on_change": self.changes.append, "pause": self.zoho.advance} | more
        return Mirror(
            self.database, self.calls, self.field_map, self.embedded, ZohoSettings().sync, clock=self.now, **given
        )

    def channels(self, notify_url: str = "https://hooks.shop.example/channels/crm/zoho") -> Channels:
        sync = dataclasses.replace(ZohoSettings().sync, notify_url=notify_url)
        return Channels(self.database, self.calls, self.field_map, sync, secret=SECRET)

    def now(self) -> datetime:
        return self.zoho.clock.now()

    def filled(self) -> None:
        self.mirror.fill()
        self.changes.clear()

    def person(self, **fields: Any) -> str:
        """A contact in Zoho."""
        return self.zoho.store.put("Contacts", {"Last_Name": "Mori", "Email": "mori@kita.example"} | fields)

    def deal(self, **fields: Any) -> str:
        return self.zoho.store.put(
            "Deals",
            {"Deal_Name": "Kita ovens", "Stage": "Qualification", "Closing_Date": "2027-03-31", "Amount": 540000}
            | fields,
        )

    def changed_later(self, module: str, record_id: str, fields: Mapping[str, Any]) -> None:
        """Zoho's times are whole seconds."""
        self.zoho.advance(2)
        self.zoho.store.change(module, record_id, fields)

    def raw(self, module: str, record_id: str) -> dict[str, Any]:
        """The record as the API gives it."""
        fields = (*self.field_map.fields_to_read(module), "Modified_By")
        found = self.calls.records(self.field_map.api_module(module), [record_id], fields)
        return dict(found[0])

    def wait_in_outbox(self, module: str, local_id: str, action: str, **values: Any) -> None:
        row = {"module": module, "local_id": local_id, "action": action, "at": self.now(), "state": "waiting"}
        with self.database.write() as connection:
            connection.execute(zoho_outbox.insert().values(**row, **values))

    def empty_outbox(self) -> None:
        with self.database.write() as connection:
            connection.execute(zoho_outbox.delete())

    def link(self, module: str, zoho_id: str) -> Any:
        with self.database.read() as connection:
            wanted = (zoho_links.c.module == module) & (zoho_links.c.zoho_id == zoho_id)
            return connection.execute(select(zoho_links).where(wanted)).first()

    def links(self) -> int:
        with self.database.read() as connection:
            return int(connection.scalar(select(func.count()).select_from(zoho_links)) or 0)

    def made_here(self, module: str, zoho_id: str, local_id: str) -> None:
        """The record was made here and Zoho has it: it has two ids."""
        with self.database.write() as connection:
            row = {"module": module, "local_id": local_id, "zoho_id": zoho_id}
            connection.execute(zoho_links.insert().values(row))

    def set_sync(self, module: str, **values: Any) -> None:
        with self.database.write() as connection:
            connection.execute(update(zoho_sync).where(zoho_sync.c.module == module).values(**values))


@contextmanager
def mirror_world(zoho: FakeZoho, database: Database) -> Iterator[MirrorWorld]:
    crm_tables.create_all(database.engine)
    zoho_tables.create_all(database.engine)
    settings = ZohoSettings(fake_url=zoho.url, limits=ZohoLimits(credits_a_day=1_000_000))
    environment = {
        settings.client_id_env: zoho.client_id,
        settings.client_secret_env: zoho.client_secret,
        settings.refresh_token_env: zoho.refresh_token,
    }
    transport = open_transport(
        settings,
        database,
        secret=SECRET,
        environment=environment,
        clock=zoho.clock.now,
        sleep=zoho.advance,
    )
    try:
        yield MirrorWorld(zoho, database, transport, settings)
    finally:
        transport.close()
