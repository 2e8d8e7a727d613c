"""Whatever channel it came by, what a customer said becomes one response, and what we said does not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from crm_client.embedded import tables as crm
from motenashi.database import Database
from motenashi.insights.voice.hearing import Hearing, response_type
from motenashi.insights.voice.tables import voice_recommendations
from motenashi.insights.voice.text_touch import Segment, TextTouch
from nlp.reading import Reading
from tests.insights.told_by_words import told_by_words
from tests.insights.voice_world import VoiceWorld, ago

COMMENT = TextTouch("fb:1", ago(3), "facebook", "comment", contact_id="c1", text="I love the price!")


@pytest.fixture
def world(database: Database) -> VoiceWorld:
    world = VoiceWorld(database)
    world.contact("c1", "a1", owner_id="o1")
    world.lead("l1", owner_id="o2")
    world.deal("d1", ("Qualification", ago(40)))
    return world


@pytest.fixture
def hearing(world: VoiceWorld) -> Hearing:
    return Hearing(world.database, world.responses, told_by_words)


def test_a_comment_becomes_a_response_about_their_only_open_deal(hearing: Hearing) -> None:
    heard = hearing.hear(COMMENT)

    assert heard is not None
    told = (heard.key, heard.channel, heard.type, heard.at, heard.account_id, heard.owner_id, heard.deal_id)
    assert told == ("touch:fb:1", "facebook", "comment", ago(3), "a1", "o1", "d1")
    assert (heard.tone, heard.emotion, heard.text, heard.deal_certainty) == ("positive", "happy", COMMENT.text, 0.95)
    assert [(word.normal, word.said_by) for word in heard.keywords] == [("price", "customer")]


def test_heard_twice_it_is_one(hearing: Hearing, world: VoiceWorld) -> None:
    first = hearing.hear(COMMENT)

    assert hearing.hear(replace(COMMENT, text="terrible")) == first
    assert world.responses.of(contact_id="c1") == (first,)


def test_a_survey_may_have_a_score_and_no_words(hearing: Hearing) -> None:
    survey = TextTouch("s:1", ago(3), "survey", "nps", lead_id="l1", score=4)
    heard = hearing.hear(survey)

    assert heard is not None
    told = (heard.type, heard.score, heard.text, heard.tone, heard.emotion, heard.intents, heard.owner_id)
    assert told == ("survey", 4, "", "neutral", "", (), "o2")

    both = hearing.hear(replace(survey, key="s:2", score=0, text="ひどいです。"))
    assert both is not None
    assert (both.score, both.tone, both.emotion, both.language) == (0, "negative", "dissatisfied", "ja")


def test_what_we_alone_said_is_no_response_but_may_recommend(hearing: Hearing, world: VoiceWorld) -> None:
    ours = replace(COMMENT, key="fb:2", signal=False, text="Have a look at the AeroBook!")

    assert hearing.hear(ours) is None
    assert hearing.hear(ours) is None
    assert world.responses.of(contact_id="c1") == ()
    with world.database.read() as connection:
        (row,) = connection.execute(select(voice_recommendations)).all()
    assert (row.product_id, row.contact_id, row.at) == ("nb-14", "c1", ago(3))


def test_a_call_is_what_they_said_with_our_keywords_marked_as_ours(hearing: Hearing, world: VoiceWorld) -> None:
    world.add(crm.crm_touchpoints, id="t1", key="zoom:1", channel="call", at=ago(3), signal=True, duration_s=600)
    talk = (
        Segment("us", "Hello, the price of the AeroBook fell."),
        Segment("customer", "KestrelBook is terrible."),
        Segment("other", "Coffee?"),
        Segment("customer", "Please send the contract."),
    )
    heard = hearing.hear(TextTouch("zoom:1", ago(3), "meeting", "transcript", contact_id="c1", segments=talk))

    assert heard is not None
    assert (heard.type, heard.channel, heard.outcome) == ("call", "meeting", "agreement_reached")
    assert heard.text == "KestrelBook is terrible.\nPlease send the contract."
    assert heard.ended_at is not None
    assert (heard.ended_at - heard.at).total_seconds() == 600
    assert {(word.normal, word.said_by, word.kind, word.intent) for word in heard.keywords} == {
        ("kestrel", "customer", "competitor", "complaint"),
        ("price", "us", "general", "complaint"),
    }
    assert heard.products == ()  # the customer named none


def test_a_call_that_tells_nothing_ended_as_our_people_noted(hearing: Hearing, world: VoiceWorld) -> None:
    logged = {"kind": "call", "contact_id": "c1", "result": "answered"}
    world.add(crm.crm_activities, id="x1", start_at=ago(3.005), note="後日かけ直します。", **logged)
    world.add(crm.crm_activities, id="x2", start_at=ago(3.001), note="問題は解決しました。", **logged)
    call = TextTouch("tel:1", ago(3), "call", "call", contact_id="c1", text="はい。", language="ja")

    heard = hearing.hear(call)
    other = hearing.hear(replace(call, key="tel:2", contact_id="", lead_id="l1"))

    assert heard is not None
    assert other is not None
    assert (heard.outcome, other.outcome) == ("problem_solved", "other")


def test_a_reader_that_is_away_leaves_nothing_half_done(world: VoiceWorld) -> None:
    def away(text: str, language: str) -> Reading:
        raise OSError

    with pytest.raises(OSError):
        Hearing(world.database, world.responses, away).hear(COMMENT)
    assert world.responses.of(contact_id="c1") == ()


@pytest.mark.parametrize(
    ("channel", "type_", "told"),
    [
        ("facebook", "wall post", "post"),
        ("facebook", "direct message", "message"),
        ("x", "reply", "post"),
        ("ticket", "comment", "ticket"),
        ("e-mail", "", "mail"),
        ("survey", "nps", "survey"),
        ("webinar", "question", "message"),
        ("portal", "comment", "comment"),
        ("chat", "transcript", "chat"),
    ],
)
def test_each_channel_has_its_kind_of_response(channel: str, type_: str, told: str) -> None:
    assert response_type(TextTouch("k", ago(1), channel, type_)) == told
