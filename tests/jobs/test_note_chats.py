"""A chat with somebody we know is one touchpoint, as sure as we are, and up to date when the chat goes on."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.embedded.tables import metadata as crm_tables
from crm_client.records import Touchpoint
from motenashi.business_hours.business_hours import BusinessHours
from motenashi.business_hours.settings import BusinessHoursSettings
from motenashi.conversation.assurance import Assurance, Identity
from motenashi.conversation.display_cards import Text
from motenashi.conversation.message import Channel, Message, MessageKind
from motenashi.conversation.reply import Reply
from motenashi.conversation.session_store import SessionStore
from motenashi.conversation.tables import metadata
from motenashi.database import Database
from motenashi.hand_over import HandOverDesk
from motenashi.hand_over import metadata as hand_over_tables
from motenashi.jobs.note_chats import note_chats

NOW = datetime(2026, 5, 11, 1, 0, tzinfo=UTC)
ANN = {"kind": "contact", "record_id": "ann"}


class Chats:
    def __init__(self, database: Database) -> None:
        for tables in (metadata, crm_tables, hand_over_tables):
            tables.create_all(database.engine)
        self.store = SessionStore(database)
        self.crm = EmbeddedCrm(database)
        self.desk = HandOverDesk(database, BusinessHours(BusinessHoursSettings()))
        self.turns = 0

    def say(self, words: str, minute: int, *, person: Any = ANN, identity: Identity | None = None) -> None:
        stored = self.store.load("c1", "storefront")
        self.turns += 1
        who = identity or Identity(Assurance.CLAIMED, "ann@example.com")
        session = dataclasses.replace(stored.session, variables={"person": person}, identity=who)
        at = NOW + timedelta(minutes=minute)
        kind = MessageKind.TEXT if words else MessageKind.OPEN
        message = Message("c1", f"d{self.turns}", Channel("website"), "storefront", kind, at, text=words)
        self.store.commit(stored, session, message, Reply(displays=(Text("Hello"),)), now=at)

    def note(self) -> int:
        return note_chats(self.store.chats_to_note, self.store.noted, self.crm, self.desk.asked_in)

    def touchpoints(self, contact_id: str = "ann") -> tuple[Touchpoint, ...]:
        return tuple(self.crm.touchpoints_of(contact_id=contact_id))

    def ask_for_a_person(self) -> None:
        self.desk.record(
            conversation_id="c1",
            department="sales",
            operators=(),
            language="en",
            reason="",
            summary="",
            contact_id="ann",
            lead_id="",
            key=f"k{self.turns}",
            now=NOW,
        )


@pytest.fixture
def chats(database: Database) -> Chats:
    return Chats(database)


def test_a_chat_is_a_touchpoint_with_its_length_and_how_it_began(chats: Chats) -> None:
    chats.say("", 0)
    chats.say("Do you have\nnotebooks?", 1)
    chats.say("The 14 inch one", 3)

    assert chats.note() == 1
    (touch,) = chats.touchpoints()
    assert (touch.channel, touch.at, touch.signal, touch.key) == ("chat", NOW, True, "chat:c1")
    assert (touch.count, touch.duration_s, touch.title) == (2, 180, "Do you have notebooks?")


def test_a_chat_that_goes_on_brings_its_touchpoint_up_to_date(chats: Chats) -> None:
    chats.say("Hello", 0)
    chats.note()
    assert chats.note() == 0, "nothing new"

    chats.say("Are you there?", 5)

    assert chats.note() == 1
    (touch,) = chats.touchpoints()
    assert (touch.count, touch.duration_s, touch.title) == (2, 300, "Hello")


def test_what_is_said_while_a_chat_is_noted_is_noted_the_next_time(chats: Chats) -> None:
    chats.say("Hello", 0)
    chats_then = chats.store.chats_to_note()
    chats.say("One more thing", 1)
    chats.store.noted(chats_then)

    assert [chat.said for chat in chats.store.chats_to_note()] == [2]


def test_an_address_that_was_only_claimed_is_told_as_such(chats: Chats) -> None:
    chats.say("Hello", 0)
    chats.note()
    assert [(touch.type, touch.status) for touch in chats.touchpoints()] == [("claimed chat", "claimed")]

    chats.say("123456", 1, identity=Identity(Assurance.VERIFIED, "ann@example.com", "code"))
    chats.note()

    assert [(touch.type, touch.status) for touch in chats.touchpoints()] == [("chat", "verified")]


def test_whoever_asked_for_a_person_was_missed_until_somebody_came(chats: Chats) -> None:
    chats.say("A person, please", 0)
    chats.ask_for_a_person()
    chats.note()
    assert [(touch.type, touch.status) for touch in chats.touchpoints()] == [("claimed chat", "missed")]

    chats.desk.done(chats.desk.waiting()[0].id)
    chats.say("Thank you", 9)
    chats.note()

    assert [touch.status for touch in chats.touchpoints()] == ["answered"]


def test_who_is_not_known_or_was_forgotten_gives_no_touchpoint(chats: Chats) -> None:
    chats.say("Hello", 0, person=None)
    assert chats.note() == 0

    chats.say("I am Ann", 1)
    chats.say("No, I am not", 2, person=None)
    assert chats.note() == 1
    assert chats.touchpoints() == ()


def test_somebody_else_who_goes_on_takes_no_chat_away(chats: Chats) -> None:
    chats.say("Hello", 0)
    chats.note()
    chats.say("I am Bo", 1, person={"kind": "contact", "record_id": "bo"})
    chats.note()

    assert [touch.count for touch in chats.touchpoints()] == [1]
    assert chats.touchpoints("bo") == ()


def test_a_turn_writes_as_little_as_before(chats: Chats, database: Database) -> None:
    """Noting again costs the job, and never a visitor's turn."""
    chats.say("Hello", 0)
    chats.note()
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *seen: statements.append(seen[2]))

    chats.say("Once more", 1)

    assert [one.split()[0] for one in statements if not one.startswith(("SELECT", "BEGIN"))] == [
        "UPDATE",
        "INSERT",
    ]
