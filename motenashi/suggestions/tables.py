"""The tables of suggestions: what was suggested, what happened with it, what became of it; who is away until when."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from motenashi.database import UtcTime

metadata = MetaData()

LONGEST_NAME = 255
_Number = BigInteger().with_variant(Integer, "sqlite")  # only SQLite's plain INTEGER counts up by itself there


def _words(name: str, length: int = LONGEST_NAME) -> Column[str]:
    return Column(name, String(length), nullable=False, default="")


_JsonOrNull = JSON(none_as_null=True)

suggestions = Table(
    "suggestions",
    metadata,
    Column("id", _Number, primary_key=True, autoincrement=True),
    Column("key", String(LONGEST_NAME), nullable=False, unique=True),
    _words("contact_id"),
    _words("lead_id"),
    _words("deal_id"),
    Column("deal_certainty", Float(53), nullable=False),
    _words("owner_id"),
    _words("language", 16),
    _words("action", 16),
    _words("urgency", 16),
    Column("purposes", JSON, nullable=False),
    Column("title", JSON, nullable=False),
    Column("windows", JSON, nullable=False),  # with the zone each was told in
    Column("reasons", JSON, nullable=False),
    Column("product_ids", JSON, nullable=False),
    Column("respond_by", UtcTime, nullable=False),
    Column("not_before", UtcTime),
    _words("made_by", 64),
    _words("source"),
    Column("created_at", UtcTime, nullable=False),
    _words("state", 16),  # open, done, dismissed, replaced
    Column("closed_at", UtcTime),
    _words("closed_by"),
    Column("closed_why", Text, nullable=False, default=""),
    Column("situation", String(64), nullable=False, server_default=""),
    Column("effect", _JsonOrNull),
    Column("alternatives", _JsonOrNull),
    Column("draft", _JsonOrNull),
    Column("gain", Float(53), nullable=False, server_default="0"),
    Column("probability", Float(53), nullable=False, server_default="1"),
    Column("snoozed_until", UtcTime),
    Column("answers", _JsonOrNull),
    Column("purpose", String(LONGEST_NAME), nullable=False, server_default=""),  # the main one, to count by
    Column("promised", Float(53)),  # the effect's p, to count by
    Column("current_of", String(LONGEST_NAME + 16)),  # "deal:d1" while it is the open advice of a record
    Column("review_at", UtcTime),  # when its record has to be thought about again; NULL: somebody saw to that
    Column("settled_at", UtcTime),  # when it was clear what came of it
    Index("suggestions_current", "current_of", unique=True),
    Index("suggestions_review", "review_at"),
    Index("suggestions_settled", "made_by", "settled_at"),
    Index("suggestions_contact", "contact_id", "state"),
    Index("suggestions_lead", "lead_id", "state"),
    Index("suggestions_deal", "deal_id", "state"),
    Index("suggestions_owner", "owner_id", "state", "respond_by"),
    Index("suggestions_source", "source"),
)

# What happened with a suggestion. `once` makes repetitions one: the day for what is counted by the day, else "" or what
# tells one from the next.
suggestion_events = Table(
    "suggestion_events",
    metadata,
    Column("id", _Number, primary_key=True, autoincrement=True),
    Column("suggestion_id", _Number, nullable=False),
    Column("what", String(16), nullable=False),
    Column("once", String(64), nullable=False),
    Column("at", UtcTime, nullable=False),
    _words("by"),
    Column("data", JSON, nullable=False),
    UniqueConstraint("suggestion_id", "what", "once", name="suggestion_events_once"),
    Index("suggestion_events_what", "what", "at"),
)

# Somebody is away: nothing is worth trying before `until` (NULL: they did not say when they are back).
absences = Table(
    "absences",
    metadata,
    Column("id", _Number, primary_key=True, autoincrement=True),
    Column("key", String(LONGEST_NAME), nullable=False, unique=True),
    _words("contact_id"),
    _words("lead_id"),
    Column("until", UtcTime),
    Column("sentence", Text, nullable=False),
    Column("noted_at", UtcTime, nullable=False),
    Index("absences_contact", "contact_id", "until"),
    Index("absences_lead", "lead_id", "until"),
)
