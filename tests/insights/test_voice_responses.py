"""Responses are kept once and whole, found by person and deal, and told from a reading."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from motenashi.database import Database
from motenashi.insights.voice.from_reading import with_reading
from motenashi.insights.voice.response import Response, SaidIntent, SaidKeyword, SaidProduct
from motenashi.insights.voice.responses import LONGEST_TEXT, Responses
from motenashi.insights.voice.tables import metadata
from nlp.mentions.mention import Mention
from nlp.reading import Intent, Keyword, Reading, Sentiment

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
BARE = Response(0, "mail:1", NOW, "e-mail", "mail", "mail:1", "c1", "", "a1", "d1", 0.8, "o1")
WHOLE = replace(
    BARE,
    language="ja",
    text="高いですね。",
    tone="negative",
    positive=0.1,
    negative=0.7,
    intent="purchase",
    intents=(SaidIntent("discount_request", 0.9, "高いですね。"), SaidIntent("quote_request", 0.5)),
    keywords=(
        SaidKeyword("価格", "価格", tone="negative", intent="purchase", score=0.6),
        SaidKeyword("KestrelBook", "kestrel", "competitor", "other", record_id="kestrel"),
    ),
    products=(SaidProduct("nb-14", "エアロブック14"),),
)


@pytest.fixture
def responses(database: Database) -> Iterator[Responses]:
    metadata.create_all(database.engine)
    yield Responses(database)


def test_a_response_comes_back_whole(responses: Responses) -> None:
    kept = responses.add(WHOLE)

    assert kept == replace(WHOLE, id=kept.id)
    assert responses.find(kept.id) == kept
    assert responses.of(contact_id="c1") == responses.of(deal_id="d1") == (kept,)


def test_the_same_key_is_the_same_response(responses: Responses) -> None:
    first = responses.add(WHOLE)

    assert responses.add(replace(WHOLE, tone="positive", keywords=())) == first
    assert responses.of(contact_id="c1") == (first,)


def test_a_response_needs_a_key(responses: Responses) -> None:
    with pytest.raises(ValueError, match="key"):
        responses.add(replace(WHOLE, key=""))


def test_the_newest_come_first_page_by_page(responses: Responses) -> None:
    kept = [responses.add(replace(WHOLE, key=f"mail:{n}", at=NOW + n * HOUR)) for n in range(5)]

    assert responses.of(contact_id="c1", most=2) == (kept[4], kept[3])
    assert responses.of(contact_id="c1", most=2, before=kept[3].at) == (kept[2], kept[1])
    assert responses.of() == responses.of(contact_id="c1", deal_id="another") == ()
    assert responses.find(99) is None


def test_a_very_long_text_is_an_excerpt_and_odd_letters_are_made_harmless(responses: Responses) -> None:
    long = replace(BARE, text="長\x00" * 10_000, keywords=(SaidKeyword("k" * 999, "\ud800"),))
    kept = responses.add(long)

    assert len(kept.text) <= LONGEST_TEXT
    assert "\x00" not in kept.text
    assert len(kept.keywords[0].text) == 255


def test_a_person_is_forgotten_with_every_piece(responses: Responses, database: Database) -> None:
    responses.add(WHOLE)
    responses.add(replace(WHOLE, key="mail:2", contact_id="", lead_id="l1"))
    responses.add(replace(WHOLE, key="mail:3", contact_id="", lead_id=""))

    assert responses.forget(contact_id="c1") == 1
    assert responses.forget() == 0
    with database.read() as connection:
        for table in metadata.sorted_tables:
            if table.name in ("voice_intents", "voice_keywords", "voice_products"):
                ids = select(func.count(table.c.response_id.distinct()))
                assert connection.execute(ids).scalar_one() == 2, table.name


def test_a_response_that_is_told_anew_keeps_its_id_and_nothing_else(responses: Responses) -> None:
    first = responses.add(WHOLE)
    anew = responses.put(replace(WHOLE, text="安いです。", tone="positive", keywords=(), intents=()))

    assert anew == replace(WHOLE, id=first.id, text="安いです。", tone="positive", keywords=(), intents=())
    assert responses.put(replace(WHOLE, key="mail:2")).id != first.id


def test_many_are_stored_at_once_and_those_that_were_there_stay(responses: Responses) -> None:
    first = responses.add(WHOLE)
    many = [replace(WHOLE, key=f"mail:{number}", tone="positive") for number in (1, 2, 3, 3)]

    assert responses.add_all(many) == 2
    assert responses.add_all(many) == responses.add_all([]) == 0
    assert responses.find(first.id) == first
    assert [one.tone for one in responses.of(contact_id="c1")].count("positive") == 2


def test_what_a_person_corrects_is_followed(responses: Responses) -> None:
    kept = responses.add(WHOLE)

    assert responses.correct("mail:1", intents=["complaint", "quote_request"], tone="positive")
    corrected = responses.find(kept.id)
    assert corrected is not None
    assert (corrected.tone, corrected.positive, corrected.emotion, corrected.intent) == (
        "positive",
        1.0,
        "happy",
        "complaint",
    )
    assert corrected.intents == (SaidIntent("complaint", 1.0), SaidIntent("quote_request", 1.0))
    assert [one.intent for one in corrected.keywords] == ["complaint", "complaint"]
    assert corrected.products == WHOLE.products
    assert not responses.correct("mail:9", intents=["complaint"], tone="positive")


# From a reading


READING = Reading(
    language="en",
    intents=(Intent("complaint", 0.9, "It is slow."), Intent("quote_request", 0.4, "What does it cost?")),
    text="Price\n\nIt is slow. KestrelBook was not. What does the AeroBook 14 cost, or the AeroBook?",
    body_start=7,
    sentiment=Sentiment("negative", 0.1, 0.8, "It is slow."),
    mentions=(
        Mention("competitor", "kestrel", 19, 30, "KestrelBook", 0.9, "exact"),
        Mention("product", "nb-14", 55, 66, "AeroBook 14", 1.0, "exact"),
        Mention("product", "nb-14", 80, 88, "AeroBook", 1.0, "exact"),
    ),
    keywords=(
        Keyword("It", "speed", 7, 9, 0.5, "sender", "negative"),
        Keyword("KestrelBook", "kestrelbook", 19, 30, 0.4, "us", "positive"),
    ),
)


def test_a_reading_tells_tone_intents_keywords_products_and_competitors() -> None:
    told = with_reading(BARE, READING)

    assert (told.language, told.tone, told.negative, told.intent) == ("en", "negative", 0.8, "complaint")
    assert told.text.startswith("It is slow.")
    assert [(one.label, one.sentence) for one in told.intents] == [
        ("complaint", "It is slow."),
        ("quote_request", "What does it cost?"),
    ]
    assert told.products == (SaidProduct("nb-14", "AeroBook 14"),)
    assert [(one.normal, one.kind, one.said_by, one.tone, one.intent) for one in told.keywords] == [
        ("speed", "general", "customer", "negative", "complaint"),
        ("kestrel", "competitor", "us", "positive", "complaint"),
    ]


def test_a_mail_of_a_subject_alone_still_has_words() -> None:
    assert with_reading(BARE, Reading("en", text="Call me\n\n", body_start=9)).text == "Call me"
