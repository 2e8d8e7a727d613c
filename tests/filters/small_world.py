"""Small random worlds for filters: rows of every table, full of texts that are awkward to compare, and a plain-Python
view of them that answers what a field holds. Nothing here knows how filters do it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import Table, delete, insert

from crm_client.embedded import tables as crm
from motenashi.database import Database
from motenashi.insights.voice import tables as voice

NOW = datetime(2026, 11, 3, 1, 30, 15, 250_000, tzinfo=UTC)  # a Tuesday, 10:30 in Tokyo
Row = dict[str, Any]
World = Mapping[str, list[Row]]

TEXTS = (
    "",
    " ",
    "price",
    "Price",
    "ｐｒｉｃｅ",
    "the  PRICE　list",
    "価格",
    "ﾌﾟﾗｲｽ",
    "プライス",
    "Straße",
    "STRASSE",
    "ΣΑΣ ς",
    "İstanbul",
    "100%_a\\b",
    "it's",
    "3",
    "Éa",
    "\t tab",
)
KEYWORDS = ("price", "価格", "delivery", "north field", "納期")
STAGES = (("New", "open"), ("Won", "won"), ("失注", "lost"))

_texts = st.sampled_from(TEXTS)
_moments = st.one_of(
    st.sampled_from(
        [
            NOW,
            NOW - timedelta(days=7),
            NOW - timedelta(days=7, microseconds=1),
            NOW + timedelta(days=1),
            datetime(2026, 11, 2, 15, 0, tzinfo=UTC),  # midnight in Tokyo
            datetime(2026, 11, 2, 14, 59, 59, 999_999, tzinfo=UTC),
        ]
    ),
    st.integers(0, 40 * 86_400).map(lambda seconds: NOW - timedelta(seconds=seconds)),
)
_maybe = st.one_of(st.none(), _moments)
_days = st.one_of(st.none(), st.integers(-20, 20).map(lambda days: date(2026, 11, 3) + timedelta(days=days)))
_counts = st.one_of(st.none(), st.integers(-3, 12))
_extras = st.one_of(
    st.none(),
    st.fixed_dictionaries(
        {},
        optional={
            "Tier": st.one_of(_texts, st.none(), st.just(3), st.just(True), st.just([])),
            "Seats": st.one_of(st.integers(-2, 9), st.sampled_from(["4", "４", "", "many", 2.5, True, None])),
            "Opt_In": st.one_of(st.booleans(), st.sampled_from(["true", "", "yes"])),
            "Day": st.sampled_from(["2026-11-03", "2026-10-27", "2026-12-01"]),
            "Tags": st.one_of(st.lists(st.sampled_from(["a", "Ａ", "b", "c d"]), max_size=3), st.just("a"), st.none()),
        },
    ),
)


def _id(letter: str, most: int) -> st.SearchStrategy[str]:
    """One of a few ids, of somebody who may not be there; or nobody."""
    return st.sampled_from(["", *(f"{letter}{number}" for number in range(most + 1))])


def _rows(fields: Mapping[str, st.SearchStrategy[Any]], most: int, letter: str = "") -> st.SearchStrategy[list[Row]]:
    def numbered(rows: list[Row]) -> list[Row]:
        return [{"id": f"{letter}{place}" if letter else place + 1, **row} for place, row in enumerate(rows)]

    return st.lists(st.fixed_dictionaries(dict(fields)), max_size=most).map(numbered)


_channels = st.sampled_from(["email", "e-mail", "Webinar", "webinar", "visit", "odd"])
_scores = st.one_of(st.none(), st.integers(0, 10))
_owned = {"owner_id": _id("o", 2)}
_people = {"contact_id": _id("c", 4), "lead_id": _id("l", 2), "deal_id": _id("d", 3)}
_tones = st.sampled_from(["positive", "neutral", "negative"])
_intents = st.sampled_from(["purchase", "complaint", "inquiry", "other"])


@cache
@st.composite
def worlds(draw: st.DrawFn) -> World:
    """All rows of a small company."""
    made = {
        "crm_owners": draw(_rows({"name": _texts, "email": _texts, "active": st.booleans()}, 2, "o")),
        "crm_stages": [{"name": name, "outcome": outcome, "position": place, "probability": 10 * place}
                       for place, (name, outcome) in enumerate(STAGES)],
        "crm_accounts": draw(_rows({"name": _texts, "industry": _texts, "employees": _counts, "created_at": _moments,
                                    "extra": _extras, **_owned}, 3, "a")),
        "crm_contacts": draw(_rows({"last_name": _texts, "first_name": _texts, "email": _texts, "title": _texts,
                                    "language": st.sampled_from(["", "en", "ja"]), "account_id": _id("a", 3),
                                    "created_at": _moments, "extra": _extras, **_owned}, 5, "c")),
        "crm_leads": draw(_rows({"last_name": _texts, "company": _texts, "status": _texts, "created_at": _moments,
                                 "converted_deal_id": _id("d", 2), **_owned}, 3, "l")),
        "crm_deals": draw(_rows({"name": _texts, "stage": st.sampled_from(["New", "Won", "失注", "gone"]),
                                 "account_id": _id("a", 3), "contact_id": _id("c", 4), "amount": _counts,
                                 "repeat": st.booleans(), "expected_close": _days, "created_at": _moments,
                                 "closed_at": _maybe, **_owned}, 4, "d")),
        "crm_touchpoints": draw(_rows({"channel": _channels,
                                       "at": _moments, "signal": st.booleans(), "pages": _counts, "title": _texts,
                                       "status": _texts, **_people}, 6, "t")),
        "voice_responses": draw(_rows({"at": _moments, "channel": st.sampled_from(["email", "chat"]), "tone": _tones,
                                       "emotion": st.sampled_from(["", "happy"]), "score": _scores,
                                       "text": _texts, "intent": _intents, "account_id": _id("a", 3), **_people}, 6)),
        "voice_events": draw(_rows({"kind": st.sampled_from(["churn", "deal_won"]), "at": _moments, "detail": _texts,
                                    "account_id": _id("a", 3), **_people}, 4)),
    }  # fmt: skip
    for table, letter in (("crm_accounts", "a"), ("crm_contacts", "c")):
        made[table] += [{**_TYPICAL[table], "id": f"{letter}9{place}"} for place in range(4)]
    return {**made, **_parts(draw, made)}


# Enough of them that each custom field is of the kind that most of its values are.
_EXTRA = {"Tier": "Price", "Seats": 4, "Opt_In": True, "Day": "2026-11-03", "Tags": ["a", "b"]}
_TYPICAL: Mapping[str, Row] = {
    "crm_accounts": {"name": "", "industry": "", "employees": None, "created_at": NOW, "extra": _EXTRA, "owner_id": ""},
    "crm_contacts": {"last_name": "", "first_name": "", "email": "", "title": "", "language": "", "account_id": "",
                     "created_at": NOW, "extra": _EXTRA, "owner_id": ""},
}  # fmt: skip


def _parts(draw: st.DrawFn, made: World) -> World:
    responses = [row["id"] for row in made["voice_responses"]]
    events = [row["id"] for row in made["voice_events"]]
    keyword = {
        "normal": st.sampled_from(KEYWORDS),
        "text": _texts,
        "kind": st.sampled_from(["general", "competitor"]),
        "said_by": st.sampled_from(["customer", "us"]),
        "tone": _tones,
        "intent": _intents,
    }
    labels = st.fixed_dictionaries({"label": st.sampled_from(["order", "thanks", "return"])})
    named = st.fixed_dictionaries({"product_id": st.sampled_from(["p1", "p2"]), "text": _texts})

    def of_each(rows: st.SearchStrategy[Row]) -> list[Row]:
        return [
            {"response_id": response, "place": place, **row}
            for response in responses
            for place, row in enumerate(draw(st.lists(rows, max_size=3)))
        ]

    pairs = [(event, response) for event in events for response in responses]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=5)) if pairs else []
    return {
        "voice_keywords": of_each(st.fixed_dictionaries(keyword)),
        "voice_intents": of_each(labels),
        "voice_products": of_each(named),
        "voice_event_responses": [
            {
                "event_id": event,
                "response_id": response,
                "relation": draw(st.sampled_from(["during", "after"])),
                "seconds": draw(st.integers(0, 10 * 86_400)),
            }
            for event, response in chosen
        ],
    }


TABLES: Mapping[str, Table] = {**crm.metadata.tables, **voice.metadata.tables}
_IN_ORDER = (
    "crm_owners", "crm_stages", "crm_accounts", "crm_contacts", "crm_leads", "crm_deals", "crm_touchpoints",
    "voice_responses", "voice_events", "voice_keywords", "voice_intents", "voice_products", "voice_event_responses",
)  # fmt: skip
_DEFAULTS: Mapping[str, Row] = {
    "crm_owners": {"time_zone": "Asia/Tokyo"},
    "crm_leads": {"converted_contact_id": ""},
    "voice_responses": {"deal_certainty": 0.0, "positive": 0.0, "negative": 0.0},
    "voice_intents": {"score": 1.0, "sentence": ""},
    "voice_keywords": {"score": 1.0},
}


def make_tables(database: Database) -> None:
    crm.metadata.create_all(database.engine)
    voice.metadata.create_all(database.engine)


def store(database: Database, world: World) -> None:
    """Instead of everything that was there."""
    with database.write() as connection:
        for name in reversed(_IN_ORDER):
            connection.execute(delete(TABLES[name]))
        for name in _IN_ORDER:
            for row in world[name]:
                more = dict(_DEFAULTS.get(name, {}))
                if name in ("voice_responses", "voice_events"):
                    more["key"] = f"k{row['id']}"
                connection.execute(insert(TABLES[name]).values({**more, **row}))
