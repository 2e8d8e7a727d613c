"""The tables of conversations: where each stands, what was said, and answers that are still on their way."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, MetaData, String, Table, Text, UniqueConstraint, text

from motenashi.database import UtcTime

metadata = MetaData()

# Whether a chat with somebody we know is a touchpoint as it stands. 0: nobody known yet; every turn begins it anew.
TO_NOTE, NOTED = 1, 2

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(200), primary_key=True),
    Column("bot", String(64), nullable=False),
    Column("channel", String(32), nullable=False),
    Column("state", Text, nullable=False),  # the session, as JSON
    Column("version", Integer, nullable=False),  # counts turns; whoever writes second notices
    Column("last_seq", Integer, nullable=False),
    Column("recent", Text, nullable=False),  # the last deliveries, as JSON: see session_store
    Column("flow_set", String(16), nullable=False),
    Column("email", String(320), nullable=False, server_default=""),
    Column("created_at", UtcTime, nullable=False),
    Column("last_at", UtcTime, nullable=False),
    Column("wake_at", UtcTime),
    Column("noted", Integer, nullable=False, server_default=text("0")),  # in the CRM's timeline: 0, TO_NOTE, NOTED
    Column("channel_data", Text, nullable=False),  # the channel, as JSON, to wake the conversation with
)
Index("conversations_wake", conversations.c.wake_at, sqlite_where=conversations.c.wake_at.is_not(None))
Index("conversations_email", conversations.c.email)
Index("conversations_created", conversations.c.created_at)
Index(
    "conversations_to_note",
    conversations.c.noted,
    sqlite_where=conversations.c.noted == TO_NOTE,
    postgresql_where=conversations.c.noted == TO_NOTE,
)
Index("conversations_flow_set", conversations.c.flow_set)

entries = Table(
    "conversation_entries",
    metadata,
    Column("conversation_id", String(200), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("author", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("delivery_id", String(200)),
    Column("reply", Text),  # a bot's whole reply, as JSON
    UniqueConstraint("conversation_id", "delivery_id", "author"),
    sqlite_with_rowid=False,  # its key is its order: one tree less to write in every turn
)

late_answers = Table(
    "late_answers",
    metadata,
    Column("conversation_id", String(200), primary_key=True),
    Column("delivery_id", String(200), primary_key=True),
    Column("message", Text, nullable=False),
    Column("channel", String(32), nullable=False),
    Column("data", Text, nullable=False),  # where to, as JSON
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_try_at", UtcTime, nullable=False),
    Column("last_error", Text, nullable=False, server_default=""),
)
Index("late_answers_next", late_answers.c.next_try_at)

flow_sets = Table(
    "flow_sets",
    metadata,
    Column("version", String(16), primary_key=True),
    Column("sources", Text, nullable=False),  # file -> YAML, as JSON
    Column("live_at", UtcTime, nullable=False),
)
