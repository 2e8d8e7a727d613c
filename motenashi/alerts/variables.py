"""What a rule may ask about: every variable with its type, and the words it can hold where they are few."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from crm_client.touch_channels import CHANNELS
from motenashi.insights.voice.response import EMOTIONS

Kind = Literal["text", "number", "list", "time", "boolean"]
When = Literal["response", "event"]

TONES = ("positive", "neutral", "negative")
INTENTS = ("complaint", "purchase", "inquiry", "other")
EVENTS = (
    "churn",
    "lead_converted",
    "lead_junk",
    "deal_won",
    "deal_lost",
    "recommendation_bought",
    "call_outcome",
)


@dataclass(frozen=True)
class Variable:
    """`words`: the values it can have, where they are few; `meaning` for the documentation."""

    kind: Kind
    meaning: str
    words: tuple[str, ...] = ()


_PERSON: Mapping[str, Variable] = {
    "person.kind": Variable("text", "who said it: contact or lead; empty for somebody unknown", ("contact", "lead")),
    "person.id": Variable("text", "the record's id"),
    "person.name": Variable("text", "their name"),
    "person.email": Variable("text", "their address"),
    "person.language": Variable("text", "en or ja"),
    "account.name": Variable("text", "the company"),
    "account.industry": Variable("text", "its industry"),
    "account.employees": Variable("number", "how many people work there"),
    "deal.id": Variable("text", "the deal it is about; empty without one"),
    "deal.name": Variable("text", "its name"),
    "deal.stage": Variable("text", "its stage"),
    "deal.outcome": Variable("text", "what the stage means", ("open", "won", "lost")),
    "deal.type": Variable("text", "its type"),
    "deal.amount": Variable("number", "its amount, in the currency's smallest part"),
    "owner.name": Variable("text", "who of ours is responsible"),
    "owner.email": Variable("text", "their address"),
    "at": Variable("time", "when it was said, or when it happened"),
}
_RESPONSE: Mapping[str, Variable] = {
    "tone": Variable("text", "the tone of it", TONES),
    "emotion": Variable("text", "the emotion in it", EMOTIONS),
    "intent": Variable("text", "what was wanted, coarsely", INTENTS),
    "intents": Variable("list", "every intent that was read, by its label"),
    "keywords": Variable("list", "keywords, in the form for counting; what our people said left out"),
    "our_keywords": Variable("list", "keywords that our people said"),
    "competitors": Variable("list", "competitors named, by the id in config.yaml"),
    "products": Variable("list", "products named, by their id in the CRM"),
    "channel": Variable("text", "the channel", CHANNELS),
    "type": Variable("text", "mail, chat, call, survey, ticket …"),
    "language": Variable("text", "the language it was said in"),
    "score": Variable("number", "the score of a survey, 0 to 10; empty without one"),
    "text": Variable("text", "the words themselves"),
}
_EVENT: Mapping[str, Variable] = {
    "event": Variable("text", "what happened", EVENTS),
    "detail": Variable("text", "the outcome of a call, the product bought"),
}
VARIABLES: Mapping[When, Mapping[str, Variable]] = {
    "response": {**_RESPONSE, **_PERSON},
    "event": {**_EVENT, **_PERSON},
}
