"""A small company and what its customers say, as plain rows: stored for the reports, looked through by brute force."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Table, insert

from crm_client.embedded import tables as crm
from motenashi.database import Database
from motenashi.insights.voice import tables as voice
from motenashi.insights.voice.response import EMOTIONS
from motenashi.voice_reports import tables as reports
from motenashi.voice_reports.keep_up import Heard

TOKYO = ZoneInfo("Asia/Tokyo")
TODAY = datetime(2026, 5, 11, 3, 0, tzinfo=UTC)
TONES = ("positive", "neutral", "negative")
COARSE = ("complaint", "purchase", "inquiry", "other")
VOCABULARY = ("price", "delivery", "support", "battery", "価格", "納期", "サポート", "screen", "warranty", "noise")
RIVALS = ("r1", "r2", "r3")


@dataclass(frozen=True)
class Word:
    normal: str
    kind: str = "general"
    tone: str = "neutral"
    intent: str = "other"
    said_by: str = "customer"


@dataclass(frozen=True)
class Said:
    id: int
    at: datetime
    contact: str = ""
    lead: str = ""
    channel: str = "email"
    language: str = "en"
    tone: str = "neutral"
    emotion: str = "neutral"
    intent: str = "other"
    score: int | None = None
    words: tuple[Word, ...] = ()
    labels: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True)
class Sold:
    """A deal; `outcome` won, lost or open."""

    id: str
    contact: str
    outcome: str
    began: datetime
    ended: datetime | None
    type: str = "New Business"


@dataclass
class Voices:
    """`became`: contact of a converted lead. `industry`: of a contact's account. `ours`: when we wrote to a contact."""

    said: list[Said] = field(default_factory=list)
    deals: list[Sold] = field(default_factory=list)
    became: dict[str, str] = field(default_factory=dict)
    contacts: dict[str, str] = field(default_factory=dict)  # id: industry
    leads: list[str] = field(default_factory=list)
    left: list[tuple[str, datetime]] = field(default_factory=list)
    ours: list[tuple[str, datetime]] = field(default_factory=list)

    def who(self, one: Said) -> str:
        """The customer as the reports count them; '' for somebody unknown."""
        if one.contact:
            return one.contact
        return self.became.get(one.lead) or (f"lead {one.lead}" if one.lead else "")

    def between(self, first: datetime, end: datetime) -> list[Said]:
        return [one for one in self.said if first <= one.at < end]


def make_tables(database: Database) -> None:
    for room in (crm, voice, reports):
        room.metadata.create_all(database.engine)


def store(database: Database, voices: Voices, *, keep_up: bool = True) -> None:
    make_tables(database)
    stages = [
        {"name": outcome, "outcome": outcome, "position": place, "probability": 50}
        for place, outcome in enumerate(("open", "won", "lost"))
    ]
    with database.write() as connection:

        def fill(table: Table, rows: Sequence[dict[str, Any]]) -> None:
            if rows:
                connection.execute(insert(table), rows)

        fill(crm.crm_stages, stages)
        fill(crm.crm_accounts, [_account(industry) for industry in sorted({*voices.contacts.values()} - {""})])
        fill(crm.crm_contacts, [_contact(number, industry) for number, industry in voices.contacts.items()])
        fill(crm.crm_leads, [_lead(number, voices.became.get(number, "")) for number in voices.leads])
        fill(crm.crm_deals, [_deal(deal) for deal in voices.deals])
        fill(crm.crm_emails, [_email(place, *sent) for place, sent in enumerate(voices.ours)])
        fill(voice.voice_responses, [_response(one) for one in voices.said])
        fill(voice.voice_keywords, [row for one in voices.said for row in _words(one)])
        fill(voice.voice_intents, [row for one in voices.said for row in _intents(one)])
        fill(voice.voice_products, [row for one in voices.said for row in _products(one)])
        fill(
            voice.voice_events,
            [
                {"key": f"churn {place}", "kind": "churn", "at": at, "contact_id": contact}
                for place, (contact, at) in enumerate(voices.left)
            ],
        )
    if keep_up:
        Heard(database).keep_up()


def more_said(database: Database, said: Sequence[Said]) -> None:
    """Responses that nobody has taken in for counting."""
    with database.write() as connection:
        connection.execute(insert(voice.voice_responses), [_response(one) for one in said])


def random_voices(seed: int, *, responses: int = 160, people: int = 24, days: int = 200) -> Voices:
    """Everything that may happen, at random: unknown people, leads that became contacts, words said twice."""
    draw = random.Random(seed)
    voices = Voices(
        contacts={f"c{number:02}": draw.choice(("Retail", "IT", "")) for number in range(people)},
        leads=[f"l{number:02}" for number in range(people // 3)],
    )
    voices.became = {lead: draw.choice(list(voices.contacts)) for lead in voices.leads if draw.random() < 0.4}
    for number in range(responses):
        voices.said.append(_anything(draw, number + 1, voices, days))
    for number in range(people * 2):
        ended = TODAY - timedelta(hours=draw.randrange(days * 24))
        began = ended - timedelta(days=draw.randrange(1, 90))
        outcome = draw.choice(("won", "lost", "open"))
        contact = draw.choice([*voices.contacts, ""])
        kind = draw.choice(("New Business", "Existing Business"))
        voices.deals.append(Sold(f"d{number}", contact, outcome, began, None if outcome == "open" else ended, kind))
    gone = draw.sample(list(voices.contacts), people // 5)
    voices.left = [(contact, TODAY - timedelta(hours=draw.randrange(days * 24))) for contact in (*gone, *gone[:2])]
    voices.ours = [
        (draw.choice(list(voices.contacts)), TODAY - timedelta(hours=draw.randrange(days * 24)))
        for _ in range(people * 2)
    ]
    return voices


def _anything(draw: random.Random, number: int, voices: Voices, days: int) -> Said:
    kind = draw.random()
    words = tuple(
        Word(normal, "general", draw.choice(TONES), draw.choice(COARSE), draw.choice(("customer", "customer", "us")))
        for normal in draw.choices(VOCABULARY, k=draw.randrange(4))
    )
    if draw.random() < 0.25:
        words += (Word(draw.choice(RIVALS), "competitor", draw.choice(TONES), draw.choice(COARSE)),)
    return Said(
        number,
        TODAY - timedelta(minutes=draw.randrange(days * 24 * 60)),
        contact=draw.choice(list(voices.contacts)) if kind < 0.7 else "",
        lead=draw.choice(voices.leads) if kind >= 0.6 and kind < 0.92 else "",
        channel=draw.choice(("email", "call", "survey", "chat")),
        language=draw.choice(("en", "ja")),
        tone=draw.choice(TONES),
        emotion=draw.choice(EMOTIONS),
        intent=draw.choice(COARSE),
        score=draw.choice((None, None, *range(11))),
        words=words,
        labels=tuple(sorted(set(draw.choices(("complaint", "purchase", "thanks_ack", "cancellation"), k=2)))),
        products=("p1",) if draw.random() < 0.2 else (),
    )


def _account(industry: str) -> dict[str, Any]:
    return {"id": f"a {industry}", "name": industry, "industry": industry, "created_at": TODAY}


def _contact(number: str, industry: str) -> dict[str, Any]:
    account = f"a {industry}" if industry else ""
    return {
        "id": number,
        "first_name": "Kim",
        "last_name": number.upper(),
        "account_id": account,
        "created_at": TODAY,
    }


def _lead(number: str, contact: str) -> dict[str, Any]:
    return {"id": number, "last_name": number, "company": "x", "created_at": TODAY, "converted_contact_id": contact}


def _deal(deal: Sold) -> dict[str, Any]:
    return {
        "id": deal.id,
        "stage": deal.outcome,
        "contact_id": deal.contact,
        "type": deal.type,
        "repeat": False,
        "created_at": deal.began,
        "closed_at": deal.ended,
    }


def _email(place: int, contact: str, at: datetime) -> dict[str, Any]:
    return {"id": f"e{place}", "direction": "out", "contact_id": contact, "sent_at": at}


def _response(one: Said) -> dict[str, Any]:
    return {
        "id": one.id,
        "key": f"said {one.id}",
        "at": one.at,
        "channel": one.channel,
        "type": "mail",
        "contact_id": one.contact,
        "lead_id": one.lead,
        "deal_certainty": 0.0,
        "language": one.language,
        "text": one.text or " ".join(word.normal for word in one.words),
        "tone": one.tone,
        "positive": 0.5,
        "negative": 0.5,
        "emotion": one.emotion,
        "score": one.score,
        "intent": one.intent,
    }


def _words(one: Said) -> Iterable[dict[str, Any]]:
    for place, word in enumerate(one.words):
        yield {
            "response_id": one.id,
            "place": place,
            "text": word.normal.title(),
            "normal": word.normal,
            "kind": word.kind,
            "said_by": word.said_by,
            "tone": word.tone,
            "intent": word.intent,
            "score": 1.0,
            "record_id": word.normal if word.kind == "competitor" else "",
        }


def _intents(one: Said) -> Iterable[dict[str, Any]]:
    for place, label in enumerate(one.labels):
        yield {"response_id": one.id, "place": place, "label": label, "score": 1.0, "sentence": ""}


def _products(one: Said) -> Iterable[dict[str, Any]]:
    for place, product in enumerate(one.products):
        yield {"response_id": one.id, "place": place, "product_id": product, "text": product}
