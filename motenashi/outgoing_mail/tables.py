"""The tables of outgoing mail: what waits for the SMTP server, and the development outbox."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, Integer, MetaData, String, Table, Text, text

from motenashi.database import UtcTime

metadata = MetaData()

# Mail on its way to the SMTP server. The body is wiped as soon as it is sent or given up: it may hold a code.
mail_outgoing = Table(
    "mail_outgoing",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(300), nullable=False, unique=True),
    Column("to", String(320), nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("html", Text, nullable=False),
    Column("language", String(16), nullable=False),
    Column("state", String(16), nullable=False),  # waiting, sending, sent, failed
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("due_at", UtcTime, nullable=False),  # waiting: next try; sending: until when nobody else takes it
    Column("good_until", UtcTime),
    Column("created_at", UtcTime, nullable=False),
    Column("finished_at", UtcTime),
    Column("last_error", Text, nullable=False, server_default=text("''")),
    Column("headers", JSON),  # those that only this mail has; NULL: none
    Index("mail_outgoing_due", "state", "due_at"),
)

# Where mail stays while nobody has set up an SMTP server. Development only.
mail_outbox = Table(
    "mail_outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(300), nullable=False, unique=True),
    Column("to", String(320), nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("html", Text, nullable=False),
    Column("language", String(16), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("headers", JSON),
)
