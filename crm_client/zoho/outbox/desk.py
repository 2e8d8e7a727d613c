"""What all kinds of sending share: the database, Zoho's calls, the mapping, and how a row ends.

Every row ends in one of four ways: it is done, it waits for later, it is stuck until an operator acts, or (of a create)
it becomes an update of the record that Zoho has already.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from crm_client.embedded.changes import RecordChange
from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.errors import CrmBusy, CrmConflict, CrmError, CrmOutcomeUnknown, CrmRefused, CrmUnreachable
from crm_client.zoho.api.calls import ZohoCalls
from crm_client.zoho.mapping.field_map import FieldMap
from crm_client.zoho.outbox import delays, entries
from crm_client.zoho.outbox.entries import Row
from crm_client.zoho.outbox.links import Links
from crm_client.zoho.settings import ZohoSettings

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)  # longer than a call with all its repetitions takes
ALONE = "value_rejected"  # the trouble of a row that waits: it is sent by itself, so that it alone is to blame

# What stops every call alike: nothing is wrong with the row, and all of them wait until it is mended.
_CONNECTION = frozenset(
    {
        "wrong_client",
        "revoked_token",
        "not_connected",
        "missing_scope",
        "wrong_data_centre",
        "too_many_tokens",
        "credits_low",
        "outage",
    }
)
# What stops all records of a module alike: the operator mends the set-up once, and they go on by themselves.
_SET_UP = frozenset({"field_missing", "module_missing"})


class RoundIsOver(Exception):
    """Zoho does not answer now. The rest waits for the next round."""


@dataclass
class Desk:
    """`crm` writes without a ledger."""

    crm: EmbeddedCrm
    calls: ZohoCalls
    map: FieldMap
    settings: ZohoSettings
    clock: Callable[[], datetime]
    chance: Callable[[], float] = random.random
    told: list[RecordChange] = field(default_factory=list)
    held: list[tuple[datetime, list[int]]] = field(default_factory=list)  # until when which rows were taken
    parted: bool = False  # rows that went out together are to be tried each by itself

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction; afterwards listeners hear what it changed here."""
        with self.crm.writing("outbox") as connection:
            yield connection
        changes, self.told = self.told, []
        for change in dict.fromkeys(changes):
            self.crm.tell(change)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self.crm.reading("outbox") as connection:
            yield connection

    def claim(self, rows: Sequence[Row]) -> list[Row]:
        """Those that are ours to send now, as they are in the table now."""
        with self.writing() as connection:
            return self.claimed(connection, rows)

    def claimed(self, connection: Connection, rows: Sequence[Row]) -> list[Row]:
        now = self.clock()
        taken = entries.claim(connection, rows, now, now + LEASE)
        self.held.append((now + LEASE, [row.number for row in taken]))
        return taken

    def let_go(self) -> None:
        """A round broke off: what was taken for it and was not its turn yet need not wait until the lease is over."""
        held, self.held = self.held, []
        with self.writing() as connection:
            for until, numbers in held:
                entries.let_go(connection, numbers, until)

    @contextmanager
    def asking(self, rows: Sequence[Row], *, goes_out: bool = False) -> Iterator[None]:
        """A call about these rows. When it fails as a whole, they end here, and RoundIsOver when Zoho is away.
        `goes_out`: the call creates something, and its outcome may stay unknown."""
        try:
            yield
        except CrmError as error:
            with self.writing() as connection:
                self._failed(connection, rows, error, goes_out)
            if not _is_about_the_row(error):
                raise RoundIsOver from error
            raise CallRefused from error

    def _failed(self, connection: Connection, rows: Sequence[Row], error: CrmError, goes_out: bool) -> None:
        for row in rows:
            if not _is_about_the_row(error) or error.trouble in _SET_UP:
                self.later(connection, row, error, outcome_unknown=goes_out and isinstance(error, CrmOutcomeUnknown))
            elif len(rows) > 1:
                self.alone(connection, row, error)
            else:
                self.refused(connection, row, error)

    def alone(self, connection: Connection, row: Row, error: CrmError) -> None:
        """Of several rows nobody knows yet which is to blame: next time each goes by itself."""
        entries.give_back(connection, row.number, trouble=ALONE, why=str(error), sent_at=None)
        self.parted = True

    def refused(self, connection: Connection, row: Row, error: CrmError) -> None:
        """What Zoho said of this very record."""
        if isinstance(error, CrmUnreachable | CrmBusy):
            self.later(connection, row, error, outcome_unknown=isinstance(error, CrmOutcomeUnknown))
        elif isinstance(error, CrmConflict) and error.trouble == "record_locked":
            at = self.clock() + timedelta(seconds=delays.LOCKED_SECONDS)
            values: dict[str, Any] = {"trouble": error.trouble, "why": str(error), "next_at": at}
            entries.give_back(connection, row.number, attempts=row.attempts + 1, sent_at=None, **values)
        else:
            log.warning("row %d of the outbox is stuck: %s %s", row.number, row.action, error)
            entries.stick(connection, row.number, error.trouble or "value_rejected", str(error))

    def later(self, connection: Connection, row: Row, error: CrmError, *, outcome_unknown: bool = False) -> None:
        least = error.retry_after if isinstance(error, CrmBusy) else 0.0
        if outcome_unknown:
            least = max(least, delays.LOOK_AFTER_SECONDS)
        values: dict[str, Any] = {} if outcome_unknown else {"sent_at": row.sent_at}
        entries.give_back(
            connection,
            row.number,
            attempts=row.attempts + 1,
            next_at=self.clock() + delays.pause(row.attempts, self.chance(), least=least),
            trouble=row.trouble if row.trouble == ALONE else error.trouble or "outage",
            why=str(error),
            **values,
        )

    def raw(self, module: str, fields: Any, record: Any, links: Links) -> dict[str, Any]:
        return dict(self.map.to_raw(module, fields, record, zoho=links.zoho_id))

    def api(self, module: str) -> str:
        return self.map.api_module(module)


class CallRefused(Exception):
    """Zoho refused a whole call because of what was in it. Its rows have been seen to."""


def _is_about_the_row(error: CrmError) -> bool:
    if isinstance(error, CrmUnreachable | CrmBusy):
        return False
    return not (isinstance(error, CrmRefused) and error.trouble in _CONNECTION)
