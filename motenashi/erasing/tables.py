"""That somebody was erased, without who: enough to show that it was done, when, by whom, and what the search found."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Integer, MetaData, String, Table

from motenashi.database import UtcTime

metadata = MetaData()

erasures = Table(
    "erasures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column(
        "mark", String(64), nullable=False, index=True
    ),  # keyed digest of record's kind and id: who asks for it knows whom
    Column("at", UtcTime, nullable=False),
    Column("by", String(320), nullable=False),
    Column("deleted", JSON, nullable=False),  # table -> rows
    Column("searched", Integer, nullable=False),  # columns
    Column("found", JSON, nullable=False),  # what the search found: [[table, column, rows]]
)
