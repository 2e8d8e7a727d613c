"""A finished chat of somebody we know is one response, of the visitor's own words alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from motenashi.conversation.assurance import Assurance, Identity
from motenashi.conversation.display_cards import Products, ProductTile
from motenashi.conversation.message import Channel, Message, MessageKind
from motenashi.conversation.reply import Reply
from motenashi.conversation.session import Session
from motenashi.conversation.session_store import SessionStore
from motenashi.conversation.tables import conversations, metadata
from motenashi.database import Database
from motenashi.insights.voice.chats import ChatHearing
from motenashi.insights.voice.tables import voice_recommendations
from nlp.reading import Reading
from tests.insights.told_by_words import told_by_words
from tests.insights.voice_world import NOW, VoiceWorld

MINUTE = timedelta(minutes=1)
BEGAN = NOW - 120 * MINUTE
CONTACT = {"person": {"kind": "contact", "record_id": "c1"}}
CARDS = Reply(displays=(Products((ProductTile("nb-14", "AeroBook 14"), ProductTile("sv-1", "TowerServe"))),))


class Chats:
    """Conversations as the chat turn writes them, and the one who listens."""

    def __init__(self, database: Database) -> None:
        metadata.create_all(database.engine)
        self.world = VoiceWorld(database)
        self.world.contact("c1", "a1")
        self.store = SessionStore(database)
        self.texts: list[str] = []
        self.hearing = ChatHearing(database, self.world.responses, self.read)

    def read(self, text: str, language: str) -> Reading:
        self.texts.append(text)
        if "unreadable" in text:
            raise ValueError
        return told_by_words(text, language)

    def turn(
        self, text: str, reply: Reply | None = None, *, at: datetime = BEGAN, chat: str = "k1", **more: Any
    ) -> None:
        stored = self.store.load(chat, "bot")
        message = Message(chat, f"{chat}-{stored.version}", Channel("widget"), "bot", MessageKind.TEXT, at, text=text)
        variables = more.pop("variables", CONTACT)
        session = Session(chat, "bot", variables=variables, **more)
        self.store.commit(stored, session, message, reply or Reply(), now=at)

    def heard(self) -> list[tuple[str, str]]:
        return [(one.key, one.text) for one in reversed(self.world.responses.of(contact_id="c1"))]


@pytest.fixture
def chats(database: Database) -> Iterator[Chats]:
    yield Chats(database)


def test_what_was_typed_is_the_response_and_not_what_was_clicked(chats: Chats) -> None:
    chats.turn("Hello, I love it!", CARDS, identity=Identity(Assurance.VERIFIED, "a@example.com"), language="en")
    chats.turn("AeroBook 14", at=BEGAN + MINUTE)  # a click on the card
    chats.turn("ann@example.com", at=BEGAN + 2 * MINUTE)
    chats.turn("What is the price?", at=BEGAN + 3 * MINUTE, identity=Identity(Assurance.VERIFIED, "a@example.com"))

    assert chats.hearing.hear_finished(NOW) == 1

    (one,) = chats.world.responses.of(contact_id="c1")
    told = (one.key, one.channel, one.type, one.account_id, one.at, one.ended_at, one.assurance, one.tone)
    assert told == ("chat:k1", "chat", "chat", "a1", BEGAN, BEGAN + 3 * MINUTE, "verified", "positive")
    assert one.text == "Hello, I love it!\nWhat is the price?"


def test_products_that_the_bot_showed_were_recommended(chats: Chats) -> None:
    chats.turn("…", CARDS)
    chats.hearing.hear_finished(NOW)

    with chats.world.database.read() as connection:
        rows = connection.execute(select(voice_recommendations).order_by("product_id")).all()
    assert [(row.product_id, row.contact_id, row.at, row.source) for row in rows] == [
        ("nb-14", "c1", BEGAN, "chat:k1"),
        ("sv-1", "c1", BEGAN, "chat:k1"),
    ]


def test_a_chat_is_heard_once_it_is_over_and_again_when_it_went_on(chats: Chats) -> None:
    chats.turn("Hello", at=NOW - 20 * MINUTE)
    assert chats.hearing.hear_finished(NOW) == 0
    assert chats.hearing.hear_finished(NOW + 11 * MINUTE) == 1
    assert chats.hearing.hear_finished(NOW + 11 * MINUTE) == 0
    (first,) = chats.world.responses.of(contact_id="c1")

    chats.turn("It is terrible", at=NOW + 12 * MINUTE)
    assert chats.hearing.hear_finished(NOW + 60 * MINUTE) == 1
    (again,) = chats.world.responses.of(contact_id="c1")
    assert (again.id, again.text, again.tone) == (first.id, "Hello\nIt is terrible", "negative")


@pytest.mark.parametrize("variables", [{}, {"person": {"kind": "new"}}, {"person": "c1"}])
def test_whom_nobody_knows_is_not_heard(chats: Chats, variables: dict[str, Any]) -> None:
    chats.turn("Hello", variables=CONTACT)
    chats.turn("I am somebody else", variables=variables)

    chats.hearing.hear_finished(NOW)
    assert chats.texts == []
    assert chats.hearing.hear_finished(NOW) == 0


def test_a_lead_who_says_who_they_are_is_claimed(chats: Chats) -> None:
    chats.turn("Hello", variables={"person": {"kind": "lead", "record_id": "l1"}})
    chats.hearing.hear_finished(NOW)

    (one,) = chats.world.responses.of(lead_id="l1")
    assert (one.assurance, one.contact_id) == ("claimed", "")


def test_a_chat_that_cannot_be_read_stops_no_other(chats: Chats) -> None:
    chats.turn("unreadable", chat="k1")
    chats.turn("Hello", chat="k2")
    chats.turn("Goodbye", chat="k3")
    with chats.world.database.write() as connection:
        broken = update(conversations).where(conversations.c.id == "k2").values(state="{")
        connection.execute(broken)

    assert chats.hearing.hear_finished(NOW, most=1) == 2  # the broken one is put away
    assert chats.heard() == [("chat:k3", "Goodbye")]
    assert chats.hearing.hear_finished(NOW) == 0
