"""The tables of what other tools told: every row that came, texts on their way to the voice, refusals, daily counts.

Look-up keys and the payload stand in a row only while its person is not known.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    text,
)

from motenashi.database import UtcTime

metadata = MetaData()

LONGEST_NAME = 255
_Number = BigInteger().with_variant(Integer, "sqlite")  # only SQLite's plain INTEGER counts up by itself there

# What became of a row. TAKEN: on disk here, on its way into the CRM.
TAKEN, STORED, WAITING, ASIDE, REFUSED = "taken", "stored", "waiting", "aside", "refused"


class OpenState(TypeDecorator[str]):
    """NULL for what is stored: an index over the few others is small, and both databases use it."""

    impl = String(16)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        return None if value == STORED else value

    def process_result_value(self, value: str | None, dialect: Any) -> str:
        return value or STORED


def _words(name: str, length: int = LONGEST_NAME) -> Column[str]:
    return Column(name, String(length), nullable=False, server_default="")


touchpoint_intake = Table(
    "touchpoint_intake",
    metadata,
    Column("number", _Number, primary_key=True, autoincrement=True),
    Column("source", String(64), nullable=False),
    Column("id", String(180), nullable=False),
    Column("state", OpenState),
    Column("hash", String(32), nullable=False),  # of the content, without the status
    Column("version", Integer, nullable=False, server_default=text("1")),  # counts changes; who writes second notices
    _words("channel", 32),
    _words("status", 32),
    Column("changed_at", UtcTime, nullable=False),  # since when the status holds
    Column("sequence", BigInteger),
    _words("contact_id"),
    _words("lead_id"),
    _words("touchpoint_id"),
    _words("problem", 2_000),
    Column("received_at", UtcTime, nullable=False),
    # While it waits:
    Column("looked_at", UtcTime),
    Column("email_key", String(320)),
    Column("phone_key", String(32)),
    Column("external_key", String(LONGEST_NAME)),
    Column("wanted_contact_id", String(LONGEST_NAME)),
    Column("wanted_lead_id", String(LONGEST_NAME)),
    Column("payload", Text),
    Index("touchpoint_intake_row", "source", "id", unique=True),
)
_OPEN = touchpoint_intake.c.state.is_not(None)
Index(
    "touchpoint_intake_open",
    touchpoint_intake.c.state,
    touchpoint_intake.c.looked_at,
    touchpoint_intake.c.number,
    sqlite_where=_OPEN,
    postgresql_where=_OPEN,
)
KEY_COLUMNS = ("email_key", "phone_key", "external_key", "wanted_contact_id", "wanted_lead_id")
for _name in KEY_COLUMNS:
    _given = touchpoint_intake.c[_name].is_not(None)
    Index(f"touchpoint_intake_{_name}", touchpoint_intake.c[_name], sqlite_where=_given, postgresql_where=_given)

# Who somebody of another tool is. `external_key`: system:id; `=email:…` and `=phone:…` were assigned by hand.
touchpoint_external_ids = Table(
    "touchpoint_external_ids",
    metadata,
    Column("external_key", String(LONGEST_NAME + 80), primary_key=True),
    _words("contact_id"),
    _words("lead_id"),
    Column("sure", Boolean, nullable=False),  # learned by an id, a mail address or by hand, not by a phone number
    Column("learned_at", UtcTime, nullable=False),
)

# What was said, until the voice of the customer has taken it.
touchpoint_texts = Table(
    "touchpoint_texts",
    metadata,
    Column("key", String(LONGEST_NAME), primary_key=True),
    _words("contact_id"),
    _words("lead_id"),
    Column("payload", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("next_try_at", UtcTime, nullable=False),
    _words("error", 500),
    Index("touchpoint_texts_next", "next_try_at"),
)

touchpoint_refusals = Table(
    "touchpoint_refusals",
    metadata,
    Column("number", _Number, primary_key=True, autoincrement=True),
    Column("mark", String(32), nullable=False, unique=True),  # the same row refused for the same reasons is one
    _words("source", 64),
    _words("id", 180),
    Column("problems", Text, nullable=False),
    Column("payload", Text, nullable=False),  # how it begins
    Column("times", Integer, nullable=False, server_default=text("1")),
    Column("received_at", UtcTime, nullable=False),  # the last time
    Index("touchpoint_refusals_row", "source", "id"),
    Index("touchpoint_refusals_at", "received_at"),
)

# How many rows of a day (of the house's zone) came from where, and what became of them at first.
touchpoint_counts = Table(
    "touchpoint_counts",
    metadata,
    Column("day", Date, primary_key=True),
    Column("source", String(64), primary_key=True),
    Column("channel", String(32), primary_key=True),
    Column("result", String(16), primary_key=True),
    Column("rows", BigInteger, nullable=False),
)
