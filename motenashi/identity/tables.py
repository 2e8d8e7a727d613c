"""The tables of identity. Whoever reads them can be nobody: codes, tokens, keys and passwords are hashed."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, MetaData, String, Table, Text, false, text, true

from motenashi.database import UtcTime

metadata = MetaData()

identity_codes = Table(
    "identity_codes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(300), nullable=False, unique=True),  # the request that asked for it
    Column("conversation_id", String(200), nullable=False),
    Column("email", String(320), nullable=False),  # lower case
    Column("machine", String(64), nullable=False, server_default=text("''")),  # the network address it was asked from
    Column("code_mac", String(64), nullable=False),
    Column("tries", Integer, nullable=False, server_default=text("0")),
    Column("state", String(16), nullable=False),  # waiting, used, void
    Column("handed_over", Boolean, nullable=False, server_default=false()),  # the mail is stored and will go out
    Column("attempt", Integer, nullable=False, server_default=text("1")),
    Column("used_key", String(300), nullable=False, server_default=text("''")),  # the message that brought it back
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Index("identity_codes_conversation", "conversation_id", "email"),
    Index("identity_codes_email", "email", "created_at"),
    Index("identity_codes_machine", "machine", "created_at"),
    Index("identity_codes_created", "created_at"),
)

identity_users = Table(
    "identity_users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("email", String(320), nullable=False, unique=True),  # lower case
    Column("name", String(200), nullable=False),
    Column("role", String(32), nullable=False),
    Column("language", String(16), nullable=False, server_default=text("''")),
    Column("password_hash", Text, nullable=False),
    Column("active", Boolean, nullable=False, server_default=true()),
    Column("created_at", UtcTime, nullable=False),
    Column("last_login_at", UtcTime),
)

identity_logins = Table(
    "identity_logins",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("user_id", ForeignKey("identity_users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("created_at", UtcTime, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("machine", String(100), nullable=False, server_default=text("''")),
    Column("browser", String(300), nullable=False, server_default=text("''")),
)

# Failed logins of the last minutes, counted per address tried and per machine; shared by all processes.
identity_login_failures = Table(
    "identity_login_failures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("email", String(320), nullable=False),
    Column("machine", String(100), nullable=False),
    Column("at", UtcTime, nullable=False),
    Index("identity_login_failures_email", "email", "at"),
    Index("identity_login_failures_machine", "machine", "at"),
)

identity_api_keys = Table(
    "identity_api_keys",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("prefix", String(16), nullable=False, unique=True),  # shown in lists, names the key
    Column("key_hash", String(64), nullable=False),
    Column("name", String(200), nullable=False),
    Column("scopes", Text, nullable=False),  # words with spaces between
    Column("created_at", UtcTime, nullable=False),
    Column("last_used_at", UtcTime),
    Column("revoked_at", UtcTime),
)
