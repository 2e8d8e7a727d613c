"""The words of the voice of the customer: a response is one piece of feedback, by whatever channel it came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Tone = Literal["positive", "neutral", "negative"]
# What a customer feels, as far as words show it.
EMOTIONS = ("happy", "enthusiastic", "grateful", "trusting", "confused", "dissatisfied", "disappointed", "neutral")

# What a response was within its channel. Of meetings and calls: call; of any other channel's words: message.
RESPONSE_TYPES = ("mail", "forwarded mail", "chat", "call", "survey", "ticket", "post", "comment", "message")

# What may come of a response: `voice_events.kind`.
EVENT_KINDS = (
    "deal_won",
    "deal_lost",
    "lead_converted",
    "lead_junk",
    "churn",
    "recommendation_bought",
    "call_outcome",
)
RELATIONS = ("during", "after")
CALL_OUTCOMES = ("problem_solved", "agreement_reached", "call_back", "no_interest", "other")

CoarseIntent = str  # complaint, purchase, inquiry or other: nlp.labels.coarse_class
SaidBy = Literal["customer", "us", "other"]


@dataclass(frozen=True)
class SaidIntent:
    """One intent, how sure (0 to 1), and the sentence that gave it."""

    label: str
    score: float
    sentence: str = ""


@dataclass(frozen=True)
class SaidKeyword:
    """`normal` is the form for counting, `score` how much it matters here (0 to 1), `intent` that of its response.

    `kind`: general, or competitor for a rival's name; `record_id` is then the rival's id in the catalogue.
    """

    text: str
    normal: str
    kind: Literal["general", "competitor"] = "general"
    said_by: SaidBy = "customer"
    tone: Tone = "neutral"
    intent: CoarseIntent = "other"
    score: float = 1.0
    record_id: str = ""


@dataclass(frozen=True)
class SaidProduct:
    """A product of ours that was named: its id in the CRM, and the words."""

    product_id: str
    text: str


@dataclass(frozen=True)
class Response:
    """Who said what, when and how. `id` 0: not stored yet. `key`: the same key again is the same response.

    `source` names what it was read from ("mail:12"). `deal_certainty` says how sure the deal is, 0 to 1. `positive` and
    `negative` are how sure either tone is. `text` is an excerpt of the customer's own words.

    `assurance` says how sure it is who spoke, where anybody might have (chats): claimed or verified. Talks (calls,
    chats) have an end, and calls an `outcome`, one of CALL_OUTCOMES.
    """

    id: int
    key: str
    at: datetime
    channel: str  # one of the thirteen channels of touchpoints
    type: str  # what it was within the channel: mail, forwarded mail ...
    source: str = ""
    contact_id: str = ""
    lead_id: str = ""
    account_id: str = ""
    deal_id: str = ""
    deal_certainty: float = 0.0
    owner_id: str = ""
    language: str = ""
    text: str = ""
    tone: Tone = "neutral"
    positive: float = 0.0
    negative: float = 0.0
    emotion: str = ""  # one of EMOTIONS; '' where nobody has looked yet
    score: int | None = None  # of a survey that asks how likely a recommendation is: 0 to 10
    intent: CoarseIntent = "other"
    intents: tuple[SaidIntent, ...] = ()
    keywords: tuple[SaidKeyword, ...] = ()
    products: tuple[SaidProduct, ...] = ()
    assurance: str = ""
    ended_at: datetime | None = None
    outcome: str = ""
