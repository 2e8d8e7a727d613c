"""The worker's ear: texts that wait, chats that are over, mails of ours; what goes wrong with one stops no other."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import OperationalError

from crm_client.embedded import tables as crm
from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.embedded.settings import EmbeddedCrmSettings
from crm_client.records import Deal, Outcome, Product, Stage
from motenashi.database import Database
from motenashi.insights.voice.settings import VoiceSettings
from motenashi.insights.voice.tables import voice_events, voice_recommendations
from motenashi.insights.voice.text_touch import TextTouch
from motenashi.reading_desk.settings import ReadingSettings
from motenashi.suggestions.tables import suggestion_events, suggestions
from motenashi.voice_room import VoiceRoom, accepted_suggestions, build_voice_room
from motenashi.voice_worker import Finding, Listening, look_at_our_mails
from tests.insights.told_by_words import told_by_words
from tests.migrated import migrate

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
TEXT = TextTouch("fb:1", NOW, "facebook", "comment", contact_id="c1", text="I love it")
AEROBOOK = Product("nb-14", "NB-14", "AeroBook 14", "エアロブック14", "notebooks", 1000)


@pytest.fixture
def products() -> list[Product]:
    return [AEROBOOK]


@pytest.fixture
def room(database: Database, products: list[Product]) -> VoiceRoom:
    migrate(database)
    return build_voice_room(
        VoiceSettings(), database, told_by_words, reading=ReadingSettings(), products=lambda: products
    )


class Handing:
    """Hands one text on at each look, and then stops the worker; `fails` at the first."""

    def __init__(self, fails: Exception | None = None) -> None:
        self.fails = [fails] if fails else []
        self.stop = threading.Event()
        self.looks = 0

    def __call__(self, on_text: Callable[[TextTouch], object], now: datetime) -> int:
        self.looks += 1
        if self.fails:
            raise self.fails.pop()
        on_text(TEXT)
        self.stop.set()
        return 1


class Clock:
    """Goes on a minute whenever somebody looks."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


@pytest.mark.parametrize(
    "trouble", [None, OperationalError("", {}, Exception()), ValueError()], ids=["none", "away", "words"]
)
def test_texts_that_wait_are_heard_whatever_went_wrong_before(
    room: VoiceRoom, trouble: Exception | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("motenashi.voice_worker.LOOK_EVERY", 0.01)
    handing = Handing(trouble)

    Listening(room, handing, clock=Clock()).run(handing.stop)

    assert handing.looks == (2 if trouble else 1)
    (one,) = room.responses.of(contact_id="c1")
    assert (one.key, one.tone) == ("touch:fb:1", "positive")


def test_old_mail_is_heard_beside_it(room: VoiceRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("motenashi.voice_worker.LOOK_EVERY", 0.01)
    handing, heard = Handing(OperationalError("", {}, Exception())), list[datetime]()

    def hear_some(now: datetime) -> int:
        heard.append(now)
        return 1

    Listening(room, handing, hear_some, clock=Clock()).run(handing.stop)

    assert len(heard) == 2  # at each look, and whatever went wrong with the texts


def test_our_mails_are_looked_through_with_the_products_of_now(
    room: VoiceRoom, database: Database, products: list[Product]
) -> None:
    for number, text in enumerate(("The AeroBook 14 fits.", "タワーサーブT150はいかがでしょうか。")):
        mail = {"id": f"e{number}", "direction": "out", "sent_at": NOW, "contact_id": "c1", "text": text}
        with database.write() as connection:
            connection.execute(insert(crm.crm_emails).values(mail))
        assert look_at_our_mails(room) == 1
        products.append(Product("sv-t150", "SV-T150", "TowerServe T150", "タワーサーブT150", "servers", 1000))

    assert look_at_our_mails(room) == 0
    with database.read() as connection:
        found = connection.scalars(select(voice_recommendations.c.product_id).order_by("product_id")).all()
    assert found == ["nb-14", "sv-t150"]


def test_products_of_suggestions_that_were_taken_up_were_recommended(room: VoiceRoom, database: Database) -> None:
    empty = {"purposes": [], "title": {}, "windows": [], "reasons": [], "deal_certainty": 0.0}
    for number, what in ((1, "accepted"), (2, "shown")):
        row = {"id": number, "key": f"k{number}", "contact_id": "c1", "product_ids": ["nb-14", "sv-t150"], **empty}
        with database.write() as connection:
            connection.execute(insert(suggestions).values(respond_by=NOW, created_at=NOW, **row))
            event = {"suggestion_id": number, "what": what, "once": "", "at": NOW, "data": {}}
            connection.execute(insert(suggestion_events).values(event))

    with database.read() as connection:
        rows = connection.execute(accepted_suggestions(database.dialect)).all()
    assert {tuple(row) for row in rows} == {("nb-14", "c1", "", NOW), ("sv-t150", "c1", "", NOW)}
    assert room.events.find(NOW).any is False  # and bought by nobody


@pytest.mark.parametrize(("leads", "found"), [(True, ["deal_won"]), (False, [])])
def test_what_came_of_it_is_found_by_whoever_leads(
    room: VoiceRoom, database: Database, leads: bool, found: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("motenashi.voice_worker.LOOK_EVERY", 0.01)
    world = EmbeddedCrm(database, EmbeddedCrmSettings())
    world.set_stages([Stage("Talks", Outcome.OPEN, 1), Stage("Won", Outcome.WON, 2)])
    deal = world.save_deal(Deal("d1", "Laptops", "Talks", contact_id="c1"), at=NOW - timedelta(days=2))
    world.save_deal(replace(deal, stage="Won"), at=NOW - timedelta(days=1))
    stop, asked = threading.Event(), list[datetime]()

    def lead(now: datetime) -> bool:
        asked.append(now)
        if len(asked) == 2:
            stop.set()
        return leads

    Finding(room, lead, clock=Clock()).run(stop)

    with database.read() as connection:
        assert list(connection.execute(select(voice_events.c.kind)).scalars()) == found
