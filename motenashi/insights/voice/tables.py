"""The tables of the voice of the customer: responses, and the intents, keywords and products in them.

Parts lie in tables of their own, each with person and time of its response, so that a filter on any of them is one
look-up in an index.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Index, Integer, MetaData, String, Table, Text, text

from motenashi.database import UtcTime

metadata = MetaData()

LONGEST_NAME = 255  # of ids, labels and keywords
_ASKED = ("at", "tone", "emotion", "intent", "channel", "language", "score")
_Number = BigInteger().with_variant(Integer, "sqlite")  # only SQLite's plain INTEGER counts up by itself there


def _words(name: str, length: int = LONGEST_NAME) -> Column[str]:
    return Column(name, String(length), nullable=False, default="")


def _of_response() -> Column[int]:
    return Column(
        "response_id", _Number, ForeignKey("voice_responses.id", ondelete="CASCADE"), primary_key=True, nullable=False
    )


def _place() -> Column[int]:
    return Column("place", Integer, primary_key=True, autoincrement=False)


voice_responses = Table(
    "voice_responses",
    metadata,
    Column("id", _Number, primary_key=True, autoincrement=True),
    Column("key", String(LONGEST_NAME), nullable=False, unique=True),
    Column("at", UtcTime, nullable=False),
    _words("channel", 32),
    _words("type", 32),
    _words("source"),
    _words("contact_id"),
    _words("lead_id"),
    _words("account_id"),
    _words("deal_id"),
    Column("deal_certainty", Float(53), nullable=False),
    _words("owner_id"),
    _words("language", 16),
    Column("text", Text, nullable=False),
    _words("tone", 16),
    Column("positive", Float(53), nullable=False),
    Column("negative", Float(53), nullable=False),
    Column("emotion", String(16), nullable=False, server_default=""),
    Column("score", Integer),  # NPS: 0 to 10
    _words("intent", 16),
    Column("assurance", String(16), nullable=False, server_default=""),
    Column("ended_at", UtcTime),
    Column("outcome", String(32), nullable=False, server_default=""),
    # The text as motenashi.conversation.folding.fold leaves it, to search in; NULL where nobody has folded it yet.
    Column("text_folded", Text),
    # All that a filter asks of a response beside its text lies in these, so that a whole list of people is found
    # without looking at one row.
    Index("voice_responses_contact", "contact_id", *_ASKED),
    Index("voice_responses_lead", "lead_id", *_ASKED),
    Index("voice_responses_account", "account_id", *_ASKED),
    Index("voice_responses_deal", "deal_id", *_ASKED),
    Index("voice_responses_at", "at"),
)

voice_intents = Table(
    "voice_intents",
    metadata,
    _of_response(),
    _place(),
    _words("label", 64),
    Column("score", Float(53), nullable=False),
    Column("sentence", Text, nullable=False),
    Index("voice_intents_label", "label", "response_id"),
)

voice_keywords = Table(
    "voice_keywords",
    metadata,
    _of_response(),
    _place(),
    _words("text"),
    _words("normal"),
    _words("kind", 16),
    _words("said_by", 16),
    _words("tone", 16),
    _words("intent", 16),
    Column("score", Float(53), nullable=False),
    _words("record_id"),
    Index("voice_keywords_normal", "normal", "response_id", "kind", "tone", "said_by", "intent"),
    Index("voice_keywords_said", "said_by", "tone", "intent", "kind", "response_id"),
    Index("voice_keywords_response", "response_id", "kind", "normal", "tone", "said_by", "intent"),
    Index(
        "voice_keywords_rivals",
        "normal",
        "response_id",
        "tone",
        sqlite_where=text("kind = 'competitor'"),
        postgresql_where=text("kind = 'competitor'"),
    ),
    Index("voice_keywords_record", "record_id", "response_id"),
)

voice_products = Table(
    "voice_products",
    metadata,
    _of_response(),
    _place(),
    _words("product_id"),
    _words("text"),
    Index("voice_products_product", "product_id", "response_id"),
)

# Something that came of it, told by the CRM: churn, lead_converted, lead_junk, deal_won, deal_lost,
# recommendation_bought, call_outcome. `detail`: the outcome of a call, the product bought.
voice_events = Table(
    "voice_events",
    metadata,
    Column("id", _Number, primary_key=True, autoincrement=True),
    Column("key", String(LONGEST_NAME), nullable=False, unique=True),
    _words("kind", 32),
    Column("at", UtcTime, nullable=False),
    _words("contact_id"),
    _words("lead_id"),
    _words("account_id"),
    _words("deal_id"),
    _words("owner_id"),
    _words("detail"),
    Index("voice_events_contact", "contact_id", "at", "kind"),
    Index("voice_events_lead", "lead_id", "at", "kind"),
    Index("voice_events_account", "account_id", "at", "kind"),
    Index("voice_events_deal", "deal_id", "at", "kind"),
    Index("voice_events_kind", "kind", "at"),
)

# The responses that such an event happened in, or came after; `seconds` from the response to the event.
voice_event_responses = Table(
    "voice_event_responses",
    metadata,
    Column(
        "event_id", _Number, ForeignKey("voice_events.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    ),
    Column(
        "response_id",
        _Number,
        ForeignKey("voice_responses.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    _words("relation", 16),  # during, after
    Column("seconds", BigInteger, nullable=False),
    Index("voice_event_responses_response", "response_id", "event_id", "relation", "seconds"),
)

# What was listened to already, and how far (`at`: the last words heard): so that nothing is read twice for nothing.
voice_heard = Table(
    "voice_heard",
    metadata,
    Column("key", String(LONGEST_NAME), primary_key=True),
    Column("at", UtcTime, nullable=False),
    _words("contact_id"),
    _words("lead_id"),
    Index("voice_heard_contact", "contact_id"),
    Index("voice_heard_lead", "lead_id"),
)

# A product of ours that we named to somebody: on a card in a chat, in a mail of ours, in a call.
voice_recommendations = Table(
    "voice_recommendations",
    metadata,
    Column("key", String(LONGEST_NAME), primary_key=True),
    _words("product_id"),
    Column("at", UtcTime, nullable=False),
    _words("contact_id"),
    _words("lead_id"),
    _words("source"),
    Index("voice_recommendations_product", "product_id", "at"),
    Index("voice_recommendations_contact", "contact_id"),
    Index("voice_recommendations_lead", "lead_id"),
)
