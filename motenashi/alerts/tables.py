"""The tables of alerts: how far the voice was looked through, and every alert that was raised."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, MetaData, String, Table, Text

from motenashi.database import UtcTime

metadata = MetaData()
_Number = BigInteger().with_variant(Integer, "sqlite")

# One row for responses and one for voice events: the highest id that was looked at, and the ids below it that were not
# there. Two writers at once may store the higher one first.
alert_places = Table(
    "alert_places",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("last_id", BigInteger, nullable=False),
    Column("holes", JSON, nullable=False),
)

alerts_raised = Table(
    "alerts_raised",
    metadata,
    Column("id", _Number, primary_key=True, autoincrement=True),
    Column("key", String(160), nullable=False, unique=True),  # the rule and what it was raised by
    Column("rule", String(64), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("source", String(16), nullable=False),  # response, event
    Column("source_id", BigInteger, nullable=False),
    Column("contact_id", String(255), nullable=False, default=""),
    Column("lead_id", String(255), nullable=False, default=""),
    Column("deal_id", String(255), nullable=False, default=""),
    Column("state", String(16), nullable=False),  # waiting, done, failed, quiet
    Column("tries", Integer, nullable=False, default=0),
    Column("due_at", UtcTime, nullable=False),  # waiting: when it may be claimed; a claim moves it on
    Column("done", JSON, nullable=False),  # what came of each action: [{"action", "ok", "words"}]
    Column("error", Text, nullable=False, default=""),
    Index("alerts_raised_due", "state", "due_at"),
    Index("alerts_raised_at", "at"),
    Index("alerts_raised_contact", "rule", "contact_id", "at"),
    Index("alerts_raised_lead", "rule", "lead_id", "at"),
)
