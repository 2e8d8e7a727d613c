"""Which records have to be thought about again, and who is at it. Safe with several workers; nothing is lost by a kill.

A record stands here once, whatever made it due. A worker takes some for a while; what it does not finish in time goes
to another. What becomes due again while somebody thinks about it stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, delete, func, or_, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from motenashi.advice_desk.tables import LONGEST_NAME
from motenashi.advice_desk.tables import advice_due as table
from motenashi.advice_desk.words import RecordKind
from motenashi.clean_text import clean_text
from motenashi.database import Database

JUST_NOW, IN_TIME = 0, 1  # ranks: something happened, or one of many
LEASE = timedelta(minutes=3)
MOST_TRIES = 5
FIRST_PAUSE = timedelta(seconds=10)
# Of the many that are not urgent so few are taken together, so that what happens meanwhile waits a second and no more.
MOST_IN_TIME = 100
_AT_ONCE = 400
_LONGEST_ERROR = 500

Record = tuple[RecordKind, str]


@dataclass(frozen=True)
class DueRecord:
    """`turn` tells this time from the next."""

    kind: RecordKind
    record_id: str
    reason: str
    since: datetime
    turn: int
    tries: int = 0
    error: str = ""

    @property
    def record(self) -> Record:
        return self.kind, self.record_id


class Due:
    """DBAPIError when the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, records: Iterable[Record], reason: str, *, now: datetime, rank: int = JUST_NOW) -> int:
        """These have to be thought about; how many there were. `since` stays that of the first unheard reason."""
        rows = [
            {
                "kind": kind,
                "record_id": record_id,
                "reason": reason,
                "since": now,
                "rank": rank,
                "turn": 1,
                "leased_until": None,
                "tries": 0,
                "error": "",
            }
            for kind, record_id in dict.fromkeys(records)
            if record_id and len(record_id) <= LONGEST_NAME
        ]
        for start in range(0, len(rows), _AT_ONCE):
            with self._database.write() as connection:
                connection.execute(_adding(self._database.dialect), rows[start : start + _AT_ONCE])
        return len(rows)

    def take(self, most: int, *, now: datetime) -> tuple[DueRecord, ...]:
        """At most that many, what happened just now first, then the oldest; where nothing did, a few of the others.
        Nobody else gets them for a while."""
        query = select(table).where(_free(now)).order_by(table.c.rank, table.c.since, table.c.record_id, table.c.kind)
        with self._database.read() as connection:  # nearly always there is nothing, and then nobody waits for a lock
            first = connection.execute(query.limit(1)).first()
        if first is None:
            return ()
        query = query.limit(most if first.rank == JUST_NOW else min(most, MOST_IN_TIME))
        with self._database.write() as connection:
            found = [_record(row) for row in connection.execute(_locked(query, self._database.dialect))]
            for part in _parts(found):
                values = {"leased_until": now + LEASE, "tries": table.c.tries + 1}
                connection.execute(update(table).where(_these(part)).values(values))
        return tuple(found)

    def done(self, records: Sequence[DueRecord]) -> None:
        """Strike these off; what became due again meanwhile stays, and may be taken at once."""
        with self._database.write() as connection:
            for part in _parts(records):
                turns = tuple_(table.c.kind, table.c.record_id, table.c.turn)
                same = turns.in_([(one.kind, one.record_id, one.turn) for one in part])
                connection.execute(delete(table).where(same))
                connection.execute(update(table).where(_these(part)).values(leased_until=None))

    def give_back(self, records: Sequence[DueRecord]) -> None:
        """Not their fault: the database or the CRM is away. They may be taken again at once, and no try is used up."""
        with self._database.write() as connection:
            for part in _parts(records):
                back = {"leased_until": None, "tries": case((table.c.tries > 0, table.c.tries - 1), else_=0)}
                connection.execute(update(table).where(_these(part)).values(back))

    def failed(self, record: DueRecord, error: str, *, now: datetime) -> bool:
        """Try it again later, with growing pauses. False: after too many tries it is set aside, until something new
        happens with it."""
        pause = FIRST_PAUSE * 3**record.tries
        told = {"leased_until": now + pause, "error": clean_text(error)[:_LONGEST_ERROR]}
        with self._database.write() as connection:
            same = table.c.turn == record.turn
            if connection.execute(update(table).where(_these([record]), same).values(told)).rowcount == 0:
                connection.execute(update(table).where(_these([record])).values(leased_until=None))
        return record.tries + 1 < MOST_TRIES

    def waits(self, kind: RecordKind, record_id: str) -> bool:
        """Will somebody think about this record soon?"""
        here = and_(table.c.kind == kind, table.c.record_id == record_id, table.c.tries < MOST_TRIES)
        with self._database.read() as connection:
            return connection.execute(select(table.c.turn).where(here)).first() is not None

    def is_set_aside(self, kind: RecordKind, record_id: str) -> bool:
        here = and_(table.c.kind == kind, table.c.record_id == record_id, table.c.tries >= MOST_TRIES)
        with self._database.read() as connection:
            return connection.execute(select(table.c.turn).where(here)).first() is not None

    def counts(self) -> tuple[int, int]:
        """How many wait, and how many were set aside."""
        aside = func.sum(case((table.c.tries >= MOST_TRIES, 1), else_=0))
        with self._database.read() as connection:
            total, set_aside = connection.execute(select(func.count(), aside).select_from(table)).one()
        return int(total) - int(set_aside or 0), int(set_aside or 0)

    def set_aside(self, most: int = 100) -> tuple[DueRecord, ...]:
        """Those that could not be thought about, with the error."""
        query = select(table).where(table.c.tries >= MOST_TRIES).order_by(table.c.since).limit(most)
        with self._database.read() as connection:
            return tuple(_record(row) for row in connection.execute(query))


def _adding(dialect: str) -> Any:
    fresh = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    can_wait = table.c.rank < fresh.excluded.rank
    again = {
        "reason": case((can_wait, table.c.reason), else_=fresh.excluded.reason),
        "rank": case((can_wait, table.c.rank), else_=fresh.excluded.rank),
        "turn": table.c.turn + 1,
        "tries": 0,
        "error": "",
    }
    return fresh.on_conflict_do_update(index_elements=["kind", "record_id"], set_=again)


def _free(now: datetime) -> ColumnElement[bool]:
    not_taken = or_(table.c.leased_until.is_(None), table.c.leased_until <= now)
    return and_(not_taken, table.c.tries < MOST_TRIES)


def _locked(query: Select[Any], dialect: str) -> Select[Any]:
    return query.with_for_update(skip_locked=True) if dialect == "postgresql" else query


def _these(records: Sequence[DueRecord]) -> ColumnElement[bool]:
    return tuple_(table.c.kind, table.c.record_id).in_([one.record for one in records])


def _parts(records: Sequence[DueRecord]) -> Iterator[Sequence[DueRecord]]:
    return (records[start : start + _AT_ONCE] for start in range(0, len(records), _AT_ONCE))


def _record(row: Any) -> DueRecord:
    return DueRecord(row.kind, row.record_id, row.reason, row.since, row.turn, row.tries, row.error)
