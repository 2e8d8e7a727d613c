"""The tables of mail that came in. The bytes lie apart: a change of state must not write them again."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, LargeBinary, MetaData, String, Table, Text, text

from motenashi.database import UtcTime

metadata = MetaData()

inbound_mails = Table(
    "inbound_mails",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(64), nullable=False, unique=True),  # which deliveries are the same mail: mail_marks.py
    Column("message_id", Text, nullable=False, server_default=text("''")),  # without < >; '' when there is none
    Column("content", String(64), nullable=False),  # digest of what lies below the headers
    Column("source", Text, nullable=False),  # http, imap:<mailbox>, import, page
    Column("received_at", UtcTime, nullable=False),
    Column("size", Integer, nullable=False),
    Column("state", String(16), nullable=False),  # waiting, read, set_aside, skipped
    Column("why", String(32), nullable=False, server_default=text("''")),  # skipped: loop, bounce, copy ...
    Column("tries", Integer, nullable=False, server_default=text("0")),
    Column("due_at", UtcTime, nullable=False),  # waiting: when it may be claimed; a claim moves it to its own end
    Column("error", Text, nullable=False, server_default=text("''")),  # for people, calm
    Column("cause", Text, nullable=False, server_default=text("''")),  # for technicians, without personal data
    Column("read_at", UtcTime),
    Column("sender", Text, nullable=False, server_default=text("''")),
    Column("subject", Text, nullable=False, server_default=text("''")),
    Column("sent_at", UtcTime),
    Column("summary", JSON),  # what a line of a list shows of the reading
    Column("links", JSON),  # whom it was linked to, how sure, and why
    Column("reading", JSON),
    Index("inbound_mails_due", "state", "due_at"),
    Index("inbound_mails_received", "received_at"),
    Index("inbound_mails_message_id", "message_id"),
    # SQLite would give the number of a mail that was thrown away to the next one, and what CRM, responses and
    # suggestions keep under "mail:<id>" would be taken for that one's.
    sqlite_autoincrement=True,
)

# The bytes as they came, packed with zlib; of a mail that was too large only its headers.
inbound_raw_mails = Table(
    "inbound_raw_mails",
    metadata,
    Column("mail_id", Integer, primary_key=True, autoincrement=False),
    Column("packed", LargeBinary, nullable=False),
)

# How far each IMAP mailbox is read, and how it stands with it.
inbound_mailboxes = Table(
    "inbound_mailboxes",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("uid_validity", BigInteger, nullable=False, server_default=text("0")),
    Column("last_uid", BigInteger, nullable=False, server_default=text("0")),
    Column("state", String(16), nullable=False, server_default=text("''")),  # connected, away, refused
    Column("trouble", Text, nullable=False, server_default=text("''")),
    Column("changed_at", UtcTime, nullable=False),
    Column("looked_at", UtcTime),  # when it was last known to hold nothing that we have not
)
