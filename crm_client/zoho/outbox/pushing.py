"""What waits in the outbox goes to Zoho: each record's changes in their order, a record after those it names.

Any number of processes may push at once. When Zoho does not answer, the round is over and everything waits for the
next one; when it refuses one record, that one is stuck and all others go on.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import Connection

from crm_client.embedded.changes import OnChange
from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.embedded.settings import EmbeddedCrmSettings
from crm_client.embedded.store import utc_now
from crm_client.zoho.api.calls import ZohoCalls
from crm_client.zoho.mapping.field_map import MIRRORED, FieldMap
from crm_client.zoho.outbox import entries, records_here
from crm_client.zoho.outbox.creating import BATCH, Creating
from crm_client.zoho.outbox.deleting import Deleting
from crm_client.zoho.outbox.desk import ALONE, Desk, RoundIsOver
from crm_client.zoho.outbox.entries import CREATE, DELETE, EMAIL, PRODUCTS, SENDING, STUCK, UPDATE, WAITING, Row
from crm_client.zoho.outbox.ledger import PRODUCT_IDS
from crm_client.zoho.outbox.lines import Lines
from crm_client.zoho.outbox.mails import Mails, whose
from crm_client.zoho.outbox.references import named, not_there_yet
from crm_client.zoho.outbox.updating import Updating
from crm_client.zoho.settings import ZohoSettings
from motenashi.database import Database

log = logging.getLogger(__name__)

PAGE = 200  # rows looked at together

_ACTIONS = (CREATE, UPDATE, PRODUCTS, EMAIL, DELETE)
_MODULES = (*MIRRORED, "emails")


@dataclass(frozen=True)
class Pushed:
    """`sent`: rows that are settled, by whatever means; `waiting` and `stuck`: rows that are in the outbox now."""

    sent: int
    waiting: int
    stuck: int
    away: bool = False  # Zoho did not answer, and the round ended early


class Pusher:
    """One for each process; `push` is not to be called by two threads of it at once."""

    def __init__(
        self,
        database: Database,
        calls: ZohoCalls,
        field_map: FieldMap,
        settings: ZohoSettings,
        *,
        embedded: EmbeddedCrmSettings | None = None,
        clock: Callable[[], datetime] = utc_now,
        on_change: OnChange | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """`on_change` is told where Zoho's value replaced ours. `chance`: 0 to 1, for pauses that differ."""
        crm = EmbeddedCrm(database, embedded, clock=clock, on_change=on_change)
        self._desk = Desk(crm, calls, field_map, settings, clock, chance)
        self._creating = Creating(self._desk)
        self._updating = Updating(self._desk)
        self._deleting = Deleting(self._desk)
        self._lines = Lines(self._desk)
        self._mails = Mails(self._desk)

    def push(self) -> Pushed:
        """Everything that may go out now. CrmUnreachable and CrmBusy only when our own database is away."""
        sent, away = 0, False
        self._desk.held.clear()
        try:
            for settled in self._passes():
                sent += settled
        except RoundIsOver as over:
            away = True
            log.warning("the outbox waits: %s", over.__cause__)
            self._desk.let_go()
        with self._desk.reading() as connection:
            counts = entries.counts(connection)
        return Pushed(sent, counts.get(WAITING, 0) + counts.get(SENDING, 0), counts.get(STUCK, 0), away)

    def _passes(self) -> Iterator[int]:
        """Again and again, since what is settled lets others follow, until a pass settles nothing."""
        while True:
            settled = 0
            self._desk.parted = False
            for rows in self._pages():
                for group in _groups(rows):
                    done = self._send(group)
                    settled += done
                    yield done
            if not settled and not self._desk.parted:
                return

    def _pages(self) -> Iterator[list[Row]]:
        after = 0
        while True:
            with self._desk.reading() as connection:
                rows = entries.heads(connection, self._desk.clock(), after=after, most=PAGE)
            if not rows:
                return
            yield rows
            after = rows[-1].number

    def _send(self, rows: Sequence[Row]) -> int:
        with self._desk.reading() as connection:
            rows = self._free(connection, rows)
        if not rows:
            return 0
        module, action = rows[0].module, rows[0].action
        if action == CREATE:
            return self._creating.send(module, rows)
        if action == UPDATE:
            return self._updating.send(module, rows)
        if action == DELETE:
            return self._deleting.send(module, rows)
        one = self._lines if action == PRODUCTS else self._mails
        return sum(one.send(row) for row in rows)

    def _free(self, connection: Connection, rows: Sequence[Row]) -> list[Row]:
        """Without those that name records which are on their way to Zoho themselves."""
        wanted = {row.number: set(self._names(connection, row)) for row in rows}
        missing = not_there_yet(connection, set().union(*wanted.values()))
        return [row for row in rows if not wanted[row.number] & missing]

    def _names(self, connection: Connection, row: Row) -> Iterator[tuple[str, str]]:
        return needs(connection, self._desk.map, row)


def needs(connection: Connection, field_map: FieldMap, row: Row) -> Iterator[tuple[str, str]]:
    """(our module, our id) of the records that Zoho must have before this row can go out."""
    if row.action == UPDATE:
        yield from named(row.module, row.fields)
    elif row.action == PRODUCTS:
        for side in (row.before, row.fields):
            yield from (("products", one) for one in side.get(PRODUCT_IDS) or ())
    elif row.action == EMAIL:
        mail = records_here.read(connection, "emails", row.local_id)
        found = whose(connection, mail) if mail is not None else ("", "")
        yield from [found] if found[0] else []
    elif row.action == CREATE:
        record = records_here.read(connection, row.module, row.local_id)
        if record is not None:
            yield from field_map.refers_to(row.module, field_map.writable(row.module), record)


def _groups(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Rows that can go out in one call: creations first, what is named before what names it."""

    def kind(row: Row) -> tuple[int, int]:
        return _ACTIONS.index(row.action), _MODULES.index(row.module)

    for _, group in groupby(sorted(rows, key=lambda row: (*kind(row), row.number)), key=kind):
        together = []
        for row in group:
            if row.trouble == ALONE:
                yield [row]
            else:
                together.append(row)
        for start in range(0, len(together), BATCH):
            yield together[start : start + BATCH]
