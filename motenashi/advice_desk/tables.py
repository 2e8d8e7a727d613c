"""The tables of the advice desk: what has to be thought about again, what was learned, the switches, the leases."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

from motenashi.database import UtcTime

metadata = MetaData()

LONGEST_NAME = 255
_Number = BigInteger().with_variant(Integer, "sqlite")  # only SQLite's plain INTEGER counts up by itself there

# Records whose advice may no longer be right. A row stays until somebody has thought about it: `turn` counts how often
# it was made due, so that what changes while somebody thinks is not struck off with the old.
advice_due = Table(
    "advice_due",
    metadata,
    Column("kind", String(16), primary_key=True),
    Column("record_id", String(LONGEST_NAME), primary_key=True),
    Column("reason", String(64), nullable=False),
    Column("since", UtcTime, nullable=False),
    Column("rank", Integer, nullable=False),  # 0: something happened just now; 1: one of many
    Column("turn", Integer, nullable=False),
    Column("leased_until", UtcTime),
    Column("tries", Integer, nullable=False, default=0),
    Column("error", Text, nullable=False, default=""),  # set aside with this
    Index("advice_due_rank", "rank", "since"),
)

learned_tables = Table(
    "learned_tables",
    metadata,
    Column("id", _Number, primary_key=True, autoincrement=True),
    Column("name", String(32), nullable=False),  # actions, times
    Column("made_at", UtcTime, nullable=False),
    Column("as_of", UtcTime, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("facts", JSON, nullable=False),
    Index("learned_tables_name", "name", "id"),
)

advice_switches = Table(
    "advice_switches",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("on", Boolean, nullable=False),
    Column("turned_by", String(LONGEST_NAME), nullable=False),
    Column("turned_at", UtcTime, nullable=False),
)

# What only one process may do at a time, and until when nobody else may begin.
advice_leases = Table(
    "advice_leases",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("holder", String(64), nullable=False),
    Column("until", UtcTime, nullable=False),
    Column("finished_at", UtcTime),
)

# One row: how it stands with learning, for whoever looks at it from another process.
learning_states = Table(
    "learning_states",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("wanted_at", UtcTime),
    Column("began_at", UtcTime),
    Column("step", String(64), nullable=False, default=""),
    Column("share", Float(53), nullable=False, default=0.0),
    Column("ended_at", UtcTime),
    Column("trouble", Text, nullable=False, default=""),
    Column("done", JSON),  # what the last success rested on
)
