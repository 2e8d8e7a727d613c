"""Zoho CRM, put together: the calls, the mirror, the outbox, the notifications, and the CRM that stands on them.

Only a house with `crm.backend: zoho` imports this.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, and_, or_, select, update

from crm_client.embedded.changes import OnChange, RecordChange
from crm_client.embedded.record_rows import ACTIVITIES, NOTES, Kind
from crm_client.embedded.store import as_crm_errors
from crm_client.embedded.tables import crm_deals
from crm_client.errors import CrmError
from crm_client.records import Contact, Lead
from crm_client.zoho.api.connecting import ConnectionState, connection_state
from crm_client.zoho.api.transport import Transport, open_transport
from crm_client.zoho.api.zoho_api import ZohoApi
from crm_client.zoho.mapping.doctor import check_at_start
from crm_client.zoho.mapping.examinations import Examinations
from crm_client.zoho.mapping.field_map import FieldMap, module_of
from crm_client.zoho.mirror.channels import Channels
from crm_client.zoho.mirror.mirror import Mirror
from crm_client.zoho.mirrored_crm import MirroredCrm
from crm_client.zoho.outbox import entries
from crm_client.zoho.outbox.ledger import OutboxLedger
from crm_client.zoho.outbox.looking_back import NATURAL_KEYS
from crm_client.zoho.outbox.pushing import Pusher
from crm_client.zoho.outbox.waiting import Waiting
from crm_client.zoho.tables import zoho_links, zoho_outbox
from motenashi.database import Database
from motenashi.erasing.whose import Whose
from motenashi.jobs.leader import job_leases
from motenashi.settings import Settings

log = logging.getLogger(__name__)

SENDING_LEASE, MIRROR_LEASE = "zoho outbox", "zoho mirror"
LOOK_AT_FIELDS_EVERY = timedelta(days=1)


@dataclass
class ZohoRoom:
    """`crm` is the CrmClient of the house. The worker's threads call what is below `due`."""

    settings: Settings
    database: Database
    transport: Transport
    calls: ZohoApi
    field_map: FieldMap
    mirror: Mirror
    channels: Channels
    pusher: Pusher
    waiting: Waiting
    ledger: OutboxLedger
    examinations: Examinations
    crm: MirroredCrm
    _polled_at: datetime | None = None
    _looked_at_fields: datetime | None = None
    _asking: threading.Lock = field(default_factory=threading.Lock)

    def close(self) -> None:
        """When this process ends: what was counted of Zoho's credits is written down, connections end."""
        self.transport.close()

    def connection(self) -> ConnectionState:
        """How we stand with Zoho, as it is stored; nothing is asked."""
        return connection_state(self.database, self.settings.crm.zoho, os.environ)

    def is_kept_up(self, now: datetime) -> bool:
        """Does a worker hold the lease of keeping the mirror up to date?"""
        query = select(job_leases.c.until).where(job_leases.c.name == MIRROR_LEASE)
        with as_crm_errors("who keeps the mirror"), self.database.read() as connection:
            until = connection.execute(query).scalar()
        return until is not None and until > now

    def fill_when_new(self) -> None:
        """The first fill, or the rest of it. CrmError: it goes on the next time."""
        if self.connection().connected and not self.mirror.freshness().filled and self.calls.can_work():
            filled = self.mirror.fill()
            log.info("the mirror of Zoho was filled: %s", filled)

    def poll_when_due(self, now: datetime) -> None:
        sync = self.settings.crm.zoho.sync
        every = sync.poll_seconds if self.channels.open_until(now) else sync.poll_seconds_alone
        if self._polled_at is not None and now - self._polled_at < timedelta(seconds=every):
            return
        if self.connection().connected and self.calls.can_work() and self.mirror.freshness().filled:
            self.mirror.poll()
            self._polled_at = now

    def take_hints(self) -> None:
        if self.connection().connected:
            self.mirror.take_hints()

    def take_details(self) -> None:
        """Products and stage histories of deals that came in."""
        if self.connection().connected and self.calls.can_work():
            self.mirror.take_details()

    def ensure_channels(self, now: datetime) -> None:
        if self.connection().connected:
            self.channels.ensure(now)

    def look_at_fields(self, now: datetime) -> None:
        """Once a day and at the start: does Zoho still have the fields that we map? What is missing is told and left
        out."""
        if not self.connection().connected or not self.calls.can_work():
            return
        if self._looked_at_fields is not None and now - self._looked_at_fields < LOOK_AT_FIELDS_EVERY:
            return
        self.field_map.learn_organisation(self.calls.organisation())
        findings = check_at_start(self.calls, self.field_map, self.settings.crm.zoho)
        self._looked_at_fields = now
        for one in findings:
            log.warning("zoho doctor: %s %s", one.what, one.what_to_do)
        if findings:
            self.examinations.keep(findings, now)

    def tidy(self, now: datetime) -> None:
        self.channels.forget_old(now)

    def ask_now(self) -> bool:
        """Ask for all changes, beside what this process does otherwise. False when somebody here is asking already."""
        if not self._asking.acquire(blocking=False):
            return False
        threading.Thread(target=self._ask, name="zoho: asked by hand", daemon=True).start()
        return True

    def _ask(self) -> None:
        try:
            self.mirror.poll(deletions=True)
        except CrmError as error:
            log.warning("asking Zoho for changes failed: %s", type(error).__name__)
        finally:
            self._asking.release()

    def erasing(self, connection: Connection, who: Whose) -> None:
        """Somebody is about to be erased here: Zoho is to delete them, too, with what was written about them, and until
        it has, nothing of theirs is kept but which records these are."""
        gone: list[tuple[str, Any]] = [("contacts", Contact(one, "")) for one in sorted(who.contact_ids)]
        gone += [("leads", Lead(one, "", "")) for one in sorted(who.lead_ids)]
        for module, record in (*_written_about(connection, who), *gone):
            self.ledger.noted(connection, module, record, None)
            link = (zoho_links.c.module == module, zoho_links.c.local_id == record.id)
            connection.execute(update(zoho_links).where(*link).values(base=None))
            _keep_what_finds_it(connection, module, record.id)
        _take_out_of_deals(connection, who)


def _keep_what_finds_it(connection: Connection, module: str, local_id: str) -> None:
    """A creation whose answer is still out is looked for in Zoho by these values, and by nothing else."""
    for row in entries.of_record(connection, module, local_id, to_change=True):
        if row.action == entries.CREATE and row.fields:
            names = [name for name in NATURAL_KEYS[module] if "email" not in name]  # an address would still name them
            kept = {name: value for name, value in row.fields.items() if name in names}
            connection.execute(update(zoho_outbox).where(zoho_outbox.c.number == row.number).values(fields=kept))


def _written_about(connection: Connection, who: Whose) -> list[tuple[str, Any]]:
    """Their calls, events, tasks and notes. (E-mails that Zoho has beside a person go with them.)"""
    found: list[tuple[str, Any]] = []
    kinds: tuple[Kind[Any], ...] = (ACTIVITIES, NOTES)
    for kind in kinds:
        of_them = or_(
            kind.table.c.contact_id.in_(sorted(who.contact_ids)), kind.table.c.lead_id.in_(sorted(who.lead_ids))
        )
        rows = connection.execute(select(*kind.columns).where(of_them).order_by(kind.table.c.id))
        found += [(module_of(record), record) for record in (kind.record(*row) for row in rows)]
    return found


def _take_out_of_deals(connection: Connection, who: Whose) -> None:
    """What both sides last agreed on says no more whose deals these were; Zoho empties look-ups to who is deleted."""
    deals = select(crm_deals.c.id).where(crm_deals.c.contact_id.in_(sorted(who.contact_ids)))
    theirs = and_(zoho_links.c.module == "deals", zoho_links.c.local_id.in_(deals))
    for local_id, base in connection.execute(select(zoho_links.c.local_id, zoho_links.c.base).where(theirs)).all():
        link = (zoho_links.c.module == "deals", zoho_links.c.local_id == local_id)
        connection.execute(update(zoho_links).where(*link).values(base={**(base or {}), "contact_id": ""}))


def build_zoho_room(
    settings: Settings,
    database: Database,
    secret_key: bytes,
    *,
    on_change: OnChange | None = None,
    on_changes: Callable[[Sequence[RecordChange]], object] | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> ZohoRoom:
    """Nothing is asked of Zoho yet. `on_changes` is told of many changes at once, which a first fill brings."""
    zoho, embedded = settings.crm.zoho, settings.crm.embedded
    transport = open_transport(zoho, database, secret=secret_key, environment=os.environ, clock=clock)
    calls = ZohoApi(transport, zoho)
    field_map = FieldMap(zoho, embedded.custom_fields, zone=ZoneInfo(settings.turns.time_zone), clock=clock)
    mirror = Mirror(
        database, calls, field_map, embedded, zoho.sync, clock=clock, on_change=on_change, on_changes=on_changes
    )
    ledger = OutboxLedger(field_map, clock=clock)
    return ZohoRoom(
        settings=settings,
        database=database,
        transport=transport,
        calls=calls,
        field_map=field_map,
        mirror=mirror,
        channels=Channels(database, calls, field_map, zoho.sync, secret=secret_key),
        pusher=Pusher(database, calls, field_map, zoho, embedded=embedded, clock=clock, on_change=on_change),
        waiting=Waiting(database, field_map, clock=clock),
        ledger=ledger,
        examinations=Examinations(database),
        crm=MirroredCrm(
            database,
            embedded,
            clock=clock,
            on_change=on_change,
            ledger=ledger,
            calls=calls,
            mirror=mirror,
            field_map=field_map,
            sync=zoho.sync,
            limits=zoho.limits,
        ),
    )
