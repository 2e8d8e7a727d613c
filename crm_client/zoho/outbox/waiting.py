"""What waits for Zoho and why, for the operator; and what he can do about it.

A stuck row holds back what its record changed later, and (a creation) the records that name it. Trying again sends the
record as it stands then, so mending the record and trying again is the usual way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from crm_client.embedded.store import Store, utc_now
from crm_client.zoho.mapping.field_map import FieldMap
from crm_client.zoho.outbox import conflicts, entries, records_here
from crm_client.zoho.outbox.conflicts import Conflict
from crm_client.zoho.outbox.entries import CREATE, SENDING, STUCK, WAITING, Row
from crm_client.zoho.outbox.pushing import needs
from crm_client.zoho.outbox.references import not_there_yet
from motenashi.database import Database

MOST = 100


@dataclass(frozen=True)
class Waits:
    """A row of the outbox for a person to read. `name`: what the record is called. `fields`: our names of those that
    change. `trouble` as in troubles.py. `behind`: rows of the same record that wait behind it. `waits_for`: (module,
    id) of records that must be in Zoho first."""

    number: int
    module: str
    local_id: str
    name: str
    action: str
    fields: tuple[str, ...]
    by: str
    at: datetime
    state: str
    attempts: int
    next_at: datetime | None
    trouble: str
    why: str
    behind: int = 0
    waits_for: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Counts:
    """Rows by state; `oldest`: when the oldest of all was written."""

    waiting: int
    sending: int
    stuck: int
    oldest: datetime | None


@dataclass(frozen=True)
class GivenUp:
    """What was taken out of the outbox: rows, and (of a creation) how many records that name it go without it."""

    rows: int
    named_by: int = 0


class Waiting:
    def __init__(
        self,
        database: Database,
        field_map: FieldMap,
        *,
        clock: Callable[[], datetime] = utc_now,
        wake: Callable[[], object] = lambda: None,
    ) -> None:
        """`wake` is called when something may go out again."""
        self._store = Store(database, clock=clock)
        self._map = field_map
        self._wake = wake

    def counts(self) -> Counts:
        with self._store.reading("outbox") as connection:
            found = entries.counts(connection)
            first = entries.listed(connection, (WAITING, SENDING, STUCK), 1)
        oldest = first[0].at if first else None
        return Counts(found.get(WAITING, 0), found.get(SENDING, 0), found.get(STUCK, 0), oldest)

    def stuck(self, most: int = MOST) -> Sequence[Waits]:
        """The oldest first."""
        return self._listed((STUCK,), most)

    def waiting(self, most: int = MOST) -> Sequence[Waits]:
        """The oldest first, with what each waits for."""
        return self._listed((WAITING, SENDING), most)

    def conflicts(self, most: int = MOST) -> Sequence[Conflict]:
        """The newest first."""
        with self._store.reading("outbox") as connection:
            return conflicts.latest(connection, most)

    def forget_conflicts(self, before: datetime) -> int:
        """Those of before then; how many."""
        with self._store.writing("outbox") as connection:
            return conflicts.forget(connection, before)

    def try_again(self, number: int) -> bool:
        """At once. False when it is not in the outbox any more, or on its way just now."""
        with self._store.writing("outbox") as connection:
            row = entries.numbered(connection, number, to_change=True)
            if row is None or row.state == SENDING:
                return False
            entries.give_back(connection, number, next_at=None, attempts=0, trouble="", why="")
        self._wake()
        return True

    def would_give_up(self, number: int) -> GivenUp:
        """What `give_up` would take out, to be said before."""
        with self._store.reading("outbox") as connection:
            row = entries.numbered(connection, number)
            return GivenUp(0) if row is None else self._with_it(connection, row)[1]

    def give_up(self, number: int) -> GivenUp:
        """Zoho will not be told. Of a creation, all that waits for its record goes with it, and what names the record
        goes to Zoho without naming it; the record stays here, and its next change tries to create it anew. Nothing
        while it is on its way."""
        with self._store.writing("outbox") as connection:
            row = entries.numbered(connection, number, to_change=True)
            if row is None or row.state == SENDING:
                return GivenUp(0)
            numbers, given_up = self._with_it(connection, row)
            entries.done(connection, numbers)
        self._wake()
        return given_up

    def _with_it(self, connection: Connection, row: Row) -> tuple[list[int], GivenUp]:
        if row.action != CREATE:
            return [row.number], GivenUp(1)
        numbers = [one.number for one in entries.of_record(connection, *row.record) if one.number >= row.number]
        others = entries.listed(connection, (WAITING, SENDING, STUCK), 10 * MOST)
        named_by = {one.record for one in others if row.record in set(needs(connection, self._map, one))}
        return numbers, GivenUp(len(numbers), len(named_by - {row.record}))

    def _listed(self, states: Sequence[str], most: int) -> tuple[Waits, ...]:
        with self._store.reading("outbox") as connection:
            return tuple(self._shown(connection, row) for row in entries.listed(connection, states, most))

    def _shown(self, connection: Connection, row: Row) -> Waits:
        record = records_here.read(connection, row.module, row.local_id)
        later = [one for one in entries.of_record(connection, *row.record) if one.number > row.number]
        return Waits(
            row.number,
            row.module,
            row.local_id,
            name_of(record),
            row.action,
            tuple(row.fields) if row.action != CREATE else (),
            row.by,
            row.at,
            row.state,
            row.attempts,
            row.next_at,
            row.trouble,
            row.why,
            len(later),
            tuple(sorted(not_there_yet(connection, set(needs(connection, self._map, row))))),
        )


def name_of(record: Any) -> str:
    """What a person calls it; '' for one that is gone."""
    for field in ("name", "subject", "title", "name_en"):
        if found := getattr(record, field, ""):
            return str(found) if isinstance(found, str) else str(record.name_en)
    names: Mapping[str, str] = {field: getattr(record, field, "") for field in ("last_name", "first_name")}
    return " ".join(value for value in names.values() if value)
