"""Filters that people keep under a name."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, Index, Integer, MetaData, String, Table, UniqueConstraint

from motenashi.database import UtcTime

metadata = MetaData()

LONGEST_NAME = 100
_Number = BigInteger().with_variant(Integer, "sqlite")  # only SQLite's plain INTEGER counts up by itself there

saved_filters = Table(
    "saved_filters",
    metadata,
    Column("id", _Number, primary_key=True, autoincrement=True),
    Column("module", String(16), nullable=False),
    Column("name", String(LONGEST_NAME), nullable=False),
    Column("written", JSON, nullable=False),
    Column("owner", String(255), nullable=False),  # an e-mail address, in lower case
    Column("shared", Boolean, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    UniqueConstraint("owner", "module", "name", name="saved_filters_name"),
    Index("saved_filters_shared", "module", "shared"),
)
