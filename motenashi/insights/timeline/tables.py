"""The table of the usual gaps: one row a module, written once a week."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, MetaData, String, Table

from motenashi.database import UtcTime

metadata = MetaData()

# `mean_us` of all gaps of all persons of the module; NULL where nobody has two entries.
timeline_rhythms = Table(
    "timeline_rhythms",
    metadata,
    Column("module", String(16), primary_key=True),
    Column("mean_us", Float(53), nullable=True),
    Column("gaps", BigInteger, nullable=False),
    Column("persons", BigInteger, nullable=False),
    Column("computed_at", UtcTime(), nullable=False),
)
