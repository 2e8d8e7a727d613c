"""What was said, in a narrow form for counting: a row a response, a row a keyword, each with the number of its person.

The truth lies in the tables of the voice (`motenashi.insights.voice.tables`); these are made of it by `keep_up.py`, and
can be made again at any time. Counting different people by a small number, in the order of an index that holds all that
is asked, is what makes a report over everything take less than a second. Times are whole seconds since 1970, UTC.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, MetaData, String, Table, UniqueConstraint

from motenashi.insights.voice.tables import LONGEST_NAME, voice_responses

metadata = MetaData()

_Number = BigInteger().with_variant(Integer, "sqlite")


def _words(name: str, length: int = LONGEST_NAME) -> Column[str]:
    return Column(name, String(length), nullable=False, default="")


def _of_response() -> Column[int]:
    return Column(
        "response_id",
        _Number,
        ForeignKey(voice_responses.c.id, ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    )


# A customer: a contact, or a lead that has not become one. What a lead said counts as its contact's later on.
voice_said_people = Table(
    "voice_said_people",
    metadata,
    Column("no", _Number, primary_key=True, autoincrement=True),
    _words("contact_id"),
    _words("lead_id"),
    UniqueConstraint("contact_id", "lead_id", name="voice_said_people_who"),
    Index("voice_said_people_lead", "lead_id"),
)

# `person` is NULL where nobody knows who it was: counted as a response, never as a customer.
voice_said = Table(
    "voice_said",
    metadata,
    _of_response(),
    Column("person", _Number, ForeignKey(voice_said_people.c.no, ondelete="CASCADE")),
    Column("at_s", BigInteger, nullable=False),
    _words("channel", 32),
    _words("language", 16),
    _words("tone", 16),
    _words("emotion", 16),
    _words("intent", 16),
    Column("score", Integer),
    Index(
        "voice_said_at",
        "at_s",
        "tone",
        "person",
        "channel",
        "language",
        "emotion",
        "intent",
        "score",
        "response_id",
    ),
    # In these orders people are counted without being sorted first.
    Index("voice_said_tone", "tone", "person", "at_s", "channel", "language"),
    Index("voice_said_channel", "channel", "tone", "person", "at_s", "language"),
    Index("voice_said_intent", "intent", "tone", "person", "at_s", "channel", "language"),
    Index("voice_said_emotion", "emotion", "person", "at_s", "channel", "language"),
    Index("voice_said_person", "person", "at_s", "tone", "channel", "language", "score", "emotion", "response_id"),
)

voice_said_words = Table(
    "voice_said_words",
    metadata,
    _of_response(),
    Column("place", Integer, primary_key=True, autoincrement=False),
    _words("kind", 16),
    _words("normal"),
    Column("person", _Number),
    Column("at_s", BigInteger, nullable=False),
    _words("tone", 16),
    _words("intent", 16),
    _words("said_by", 16),
    _words("channel", 32),
    _words("language", 16),
    # In this order a report over all keywords is one walk through the index.
    Index(
        "voice_said_words_normal",
        "kind",
        "normal",
        "person",
        "at_s",
        "tone",
        "said_by",
        "intent",
        "channel",
        "language",
        "response_id",
    ),
)
_rival = voice_said_words.c.kind == "competitor"
Index(
    "voice_said_rivals_at",
    voice_said_words.c.at_s,
    voice_said_words.c.normal,
    voice_said_words.c.person,
    sqlite_where=_rival,
    postgresql_where=_rival,
)
Index(
    "voice_said_rivals_person",
    voice_said_words.c.person,
    voice_said_words.c.at_s,
    voice_said_words.c.normal,
    sqlite_where=_rival,
    postgresql_where=_rival,
)

# One row. `last_id`: responses up to here were taken in; `again_id`: up to here they were looked at again.
voice_said_state = Table(
    "voice_said_state",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("last_id", _Number, nullable=False),
    Column("again_id", _Number, nullable=False),
)
