"""The tables of best times: what was learned of each person, somebody's word against it, reminders."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, MetaData, String, Table

from motenashi.database import UtcTime

metadata = MetaData()

LONGEST_NAME = 255
_Number = BigInteger().with_variant(Integer, "sqlite")  # only SQLite's plain INTEGER counts up by itself there


def _person() -> tuple[Column[str], Column[str]]:
    kind: Column[str] = Column("kind", String(16), primary_key=True)  # contact, lead
    return kind, Column("person_id", String(LONGEST_NAME), primary_key=True)


best_times = Table(
    "best_times",
    metadata,
    *_person(),
    Column("channel", String(16), primary_key=True),  # call, email
    Column("times", JSON, nullable=False),
    Column("learned_at", UtcTime, nullable=False),
)

time_overrides = Table(
    "time_overrides",
    metadata,
    *_person(),
    Column("weekdays", JSON, nullable=False),
    Column("from_hour", Integer, nullable=False),
    Column("to_hour", Integer, nullable=False),
    Column("set_by", String(LONGEST_NAME), nullable=False),
    Column("set_at", UtcTime, nullable=False),
)

time_reminders = Table(
    "time_reminders",
    metadata,
    Column("id", _Number, primary_key=True, autoincrement=True),
    Column("kind", String(16), nullable=False),
    Column("person_id", String(LONGEST_NAME), nullable=False),
    Column("owner_id", String(LONGEST_NAME), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("seen_at", UtcTime),  # NULL: still to be shown
    Column("cancelled_at", UtcTime),
    Index("time_reminders_owner", "owner_id", "due_at"),
    Index("time_reminders_person", "kind", "person_id"),
)
