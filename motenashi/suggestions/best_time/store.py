"""The store of best times: read by pages, written by the worker; overrides and reminders by people. No numpy here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Connection, Row, Table, and_, delete, insert, not_, or_, select, update

from motenashi.database import Database
from motenashi.suggestions.best_time.best_times import BestTimes, Reminder, Slot, TimeOverride
from motenashi.suggestions.best_time.tables import best_times, time_overrides, time_reminders

PersonKind = Literal["contact", "lead"]
_AT_ONCE: Final = 200  # databases take only so many values in one statement
_TABLES: Final = (best_times, time_overrides, time_reminders)
_WAITING: Final = and_(time_reminders.c.seen_at.is_(None), time_reminders.c.cancelled_at.is_(None))


class BestTimesStore:
    """All methods raise SQLAlchemy's DBAPIError when the database is away; nothing is half done then."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # What was learned

    def save_many(self, kind: PersonKind, several: Iterable[BestTimes]) -> int:
        """Each goes in place of what was there for its person and channel; says how many there were."""
        rows = {(one.person_id, one.channel): _row(kind, one) for one in several}
        values = list(rows.values())
        for first in range(0, len(values), _AT_ONCE):
            with self._database.write() as connection:
                _replace(connection, kind, values[first : first + _AT_ONCE])
        return len(values)

    def find(self, kind: PersonKind, person_id: str, channel: str) -> BestTimes | None:
        query = select(best_times).where(_is(best_times, kind, person_id), best_times.c.channel == channel)
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return _times(row) if row else None

    # Somebody's word against it

    def override(self, kind: PersonKind, person_id: str, override: TimeOverride) -> None:
        """It holds until it is cleared, or another one comes."""
        row = {
            "kind": kind,
            "person_id": person_id,
            "weekdays": sorted(set(override.weekdays)),
            "from_hour": override.from_hour,
            "to_hour": override.to_hour,
            "set_by": override.by,
            "set_at": override.at,
        }
        with self._database.write() as connection:
            connection.execute(delete(time_overrides).where(_is(time_overrides, kind, person_id)))
            connection.execute(insert(time_overrides).values(row))

    def clear_override(self, kind: PersonKind, person_id: str) -> bool:
        """False when there was none."""
        with self._database.write() as connection:
            found = connection.execute(delete(time_overrides).where(_is(time_overrides, kind, person_id)))
            return found.rowcount == 1

    def find_override(self, kind: PersonKind, person_id: str) -> TimeOverride | None:
        with self._database.read() as connection:
            row = connection.execute(select(time_overrides).where(_is(time_overrides, kind, person_id))).first()
        return TimeOverride(tuple(row.weekdays), row.from_hour, row.to_hour, row.set_by, row.set_at) if row else None

    # Reminders

    def remind(
        self, kind: PersonKind, person_id: str, *, owner_id: str, channel: str, due_at: datetime, now: datetime
    ) -> Reminder:
        """An owner is reminded once of a person and channel: a new reminder goes in place of the one that waits. What
        this owner has seen or cancelled before is deleted on the way."""
        row: dict[str, Any] = {"kind": kind, "person_id": person_id, "owner_id": owner_id}
        row |= {"channel": channel, "due_at": due_at}
        waits = and_(_is(time_reminders, kind, person_id), time_reminders.c.owner_id == owner_id, _WAITING)
        with self._database.write() as connection:
            same = and_(waits, time_reminders.c.channel == channel)
            connection.execute(update(time_reminders).where(same).values(cancelled_at=now))
            connection.execute(delete(time_reminders).where(time_reminders.c.owner_id == owner_id, not_(_WAITING)))
            made = connection.execute(insert(time_reminders).values(row)).inserted_primary_key
        return Reminder(id=int(made[0]) if made else 0, **row)

    def cancel_reminder(self, kind: PersonKind, person_id: str, *, owner_id: str, now: datetime) -> int:
        """All of this owner's that wait for this person; says how many there were."""
        waits = and_(_is(time_reminders, kind, person_id), time_reminders.c.owner_id == owner_id, _WAITING)
        with self._database.write() as connection:
            return connection.execute(update(time_reminders).where(waits).values(cancelled_at=now)).rowcount

    def next_reminder(self, kind: PersonKind, person_id: str, *, owner_id: str = "") -> Reminder | None:
        """The first that waits, of this owner or ('') of anybody."""
        whose = [time_reminders.c.owner_id == owner_id] if owner_id else []
        found = self._reminders([_is(time_reminders, kind, person_id), *whose], most=1)
        return found[0] if found else None

    def due_reminders(self, owner_id: str, *, now: datetime, most: int = 50) -> tuple[Reminder, ...]:
        """What this owner should see now, the earliest first."""
        return self._reminders([time_reminders.c.owner_id == owner_id, time_reminders.c.due_at <= now], most)

    def _reminders(self, wanted: Sequence[ColumnElement[bool]], most: int) -> tuple[Reminder, ...]:
        query = select(time_reminders).where(*wanted, _WAITING)
        ordered = query.order_by(time_reminders.c.due_at, time_reminders.c.id).limit(most)
        with self._database.read() as connection:
            return tuple(_reminder(row) for row in connection.execute(ordered))

    def seen(self, reminder_id: int, *, owner_id: str, now: datetime) -> bool:
        """False when there is no such reminder of this owner that waits."""
        mine = and_(time_reminders.c.id == reminder_id, time_reminders.c.owner_id == owner_id, _WAITING)
        with self._database.write() as connection:
            return connection.execute(update(time_reminders).where(mine).values(seen_at=now)).rowcount == 1

    # Everything of a person

    def forget(self, *, contact_id: str = "", lead_id: str = "") -> int:
        """Delete all that is known of them here; says how many rows that were."""
        with self._database.write() as connection:
            return sum(
                connection.execute(
                    delete(table).where(or_(_named(table, "contact", contact_id), _named(table, "lead", lead_id)))
                ).rowcount
                for table in _TABLES
            )


def _is(table: Table, kind: str, person_id: str) -> ColumnElement[bool]:
    return and_(table.c.kind == kind, table.c.person_id == person_id)


def _named(table: Table, kind: str, person_id: str) -> ColumnElement[bool]:
    return and_(_is(table, kind, person_id), table.c.person_id != "")


def _replace(connection: Connection, kind: PersonKind, rows: Sequence[Mapping[str, Any]]) -> None:
    for channel in {row["channel"] for row in rows}:
        theirs = [row["person_id"] for row in rows if row["channel"] == channel]
        same = and_(best_times.c.kind == kind, best_times.c.channel == channel, best_times.c.person_id.in_(theirs))
        connection.execute(delete(best_times).where(same))
    connection.execute(insert(best_times), [dict(row) for row in rows])


def _row(kind: PersonKind, one: BestTimes) -> dict[str, Any]:
    """Slots as short lists: there are many people, and 45 hours in an ordinary week."""
    times = {
        "slots": [_short(slot) for slot in one.slots],
        "preference": one.preference,
        "attempts": one.attempts,
        "answered": one.answered,
        "signals": [list(signal) for signal in one.signals],
        "time_zone": one.time_zone,
    }
    return {
        "kind": kind,
        "person_id": one.person_id,
        "channel": one.channel,
        "times": times,
        "learned_at": one.learned_at,
    }


def _short(slot: Slot) -> list[float]:
    return [slot.weekday, slot.hour, round(slot.p, 4), round(slot.low, 4), round(slot.high, 4), slot.stars]


def _times(row: Row[Any]) -> BestTimes:
    times = dict(row.times)
    slots = tuple(Slot(int(day), int(hour), p, low, high, stars) for day, hour, p, low, high, stars in times["slots"])
    signals = tuple((str(name), int(count)) for name, count in times["signals"])
    known = {name: times[name] for name in ("preference", "attempts", "answered", "time_zone")}
    return BestTimes(
        person_id=row.person_id,
        channel=row.channel,
        slots=slots,
        signals=signals,
        learned_at=row.learned_at,
        **known,
    )


def _reminder(row: Row[Any]) -> Reminder:
    return Reminder(row.id, row.kind, row.person_id, row.owner_id, row.channel, row.due_at)
