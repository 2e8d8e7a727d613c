"""The session store: one row and its entries a turn, all or nothing, and whoever comes second notices."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, text

from motenashi.conversation.assurance import Assurance, Identity
from motenashi.conversation.display_cards import Text
from motenashi.conversation.message import Attachment, Channel, Message, MessageKind
from motenashi.conversation.reply import Reply
from motenashi.conversation.session import Frame, Session
from motenashi.conversation.session_store import SessionStore, StoreBusy, Stored, TurnConflict, retry_of
from motenashi.conversation.tables import conversations, entries, metadata
from motenashi.database import Database

NOW = datetime(2026, 5, 11, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SALESIQ = Channel("salesiq", collects_forms=True, hands_over=True)


@pytest.fixture
def store(database: Database) -> Iterator[SessionStore]:
    metadata.create_all(database.engine)
    yield SessionStore(database)


def message(delivery: str, text: str = "", conversation: str = "c1", **more: Any) -> Message:
    kind = more.pop("kind", MessageKind.TEXT)
    return Message(conversation, delivery, SALESIQ, "storefront", kind, NOW, text=text, **more)


def answer(text: str) -> Reply:
    return Reply(displays=(Text(text),))


def turn(store: SessionStore, delivery: str, text: str = "hi", conversation: str = "c1", **more: Any) -> Stored:
    """One committed turn; the conversation as it stands afterwards."""
    stored = store.load(conversation, "storefront")
    session = dataclasses.replace(stored.session, turn=stored.session.turn + 1)
    store.commit(stored, session, message(delivery, text, conversation, **more), answer(f"to {text}"), now=NOW)
    return store.load(conversation, "storefront")


FULL = Session(
    "c1",
    "storefront",
    flow_set="abc123",
    stack=(Frame("storefront", "call"), Frame("ask_something", "question")),
    waiting={"stage": "code", "card": {"card": "text_input"}, "card_of": None},
    variables={"name": "森 はるか 🌸", "list": [1, 2.5, None, {"card": "not a card"}], "empty": ""},
    personal={"orders": "haruka.mori@example.com"},
    identity=Identity(Assurance.VERIFIED, "haruka.mori@example.com", "code"),
    language="ja",
    visitor={"email": "haruka.mori@example.com", "custom_info": {"a": {"b": 1}}},
    turn=7,
    wake_at=NOW + MINUTE,
    ended="",
)


def test_a_session_comes_back_as_it_went(store: SessionStore) -> None:
    store.commit(store.load("c1", "storefront"), FULL, message("d1", "hello"), answer("hi"), now=NOW)

    assert store.load("c1", "storefront").session == FULL


def test_somebody_unknown_is_a_new_conversation_that_is_not_stored(store: SessionStore) -> None:
    assert store.load("c1", "storefront") == Stored(Session("c1", "storefront"))
    assert store.entries("c1") == ()


def test_entries_count_from_one_without_gaps_and_keep_words_and_whole_replies(store: SessionStore) -> None:
    turn(store, "d1", "ひとつ")
    turn(store, "d2", "two", kind=MessageKind.OPEN)  # nobody said anything
    turn(store, "d3", "three")

    said = [(entry.seq, entry.author, entry.text) for entry in store.entries("c1")]
    assert said == [(1, "visitor", "ひとつ"), (2, "bot", ""), (3, "bot", ""), (4, "visitor", "three"), (5, "bot", "")]
    assert [entry.reply for entry in store.entries("c1") if entry.reply] == [
        answer("to ひとつ"),
        answer("to two"),
        answer("to three"),
    ]


def test_what_a_transcript_shows_for_forms_files_and_cards(store: SessionStore) -> None:
    turn(store, "d1", "", kind=MessageKind.FORM, answers={"name": "Mori", "email": "a@b.c"})
    turn(store, "d2", "", attachments=(Attachment("a.pdf"), Attachment("b.png")))
    turn(store, "d3", "")

    words = [entry.text for entry in store.entries("c1") if entry.author == "visitor"]
    assert words == ["name: Mori\nemail: a@b.c", "[a.pdf, b.png]", "…"]


def test_a_part_of_a_transcript_can_be_asked_for(store: SessionStore) -> None:
    for number in range(1, 6):
        turn(store, f"d{number}")

    assert [entry.seq for entry in store.entries("c1", after=4, until=7)] == [5, 6, 7]
    assert [entry.seq for entry in store.entries("c1", after=8)] == [9, 10]
    assert [entry.seq for entry in store.entries("c1", most=3)] == [1, 2, 3]
    assert [entry.seq for entry in store.newest("c1", 3)] == [8, 9, 10]
    assert store.entries("c1", after=99) == () == store.newest("other", 3)


def test_the_end_of_a_very_long_talk_is_found(store: SessionStore, database: Database) -> None:
    rows = [
        {"conversation_id": "c1", "seq": seq, "at": NOW, "author": "visitor", "text": str(seq)}
        for seq in range(1, 1201)
    ]
    with database.write() as connection:
        connection.execute(entries.insert(), rows)

    assert [entry.text for entry in store.newest("c1", 2)] == ["1199", "1200"]


# Whoever comes second


def test_of_two_first_turns_the_second_conflicts(store: SessionStore) -> None:
    nobody = store.load("c1", "storefront")
    turn(store, "d1")

    with pytest.raises(TurnConflict):
        store.commit(nobody, nobody.session, message("d2", "late"), answer("no"), now=NOW)
    assert len(store.entries("c1")) == 2


def test_of_two_later_turns_the_second_conflicts_and_writes_nothing(store: SessionStore) -> None:
    before = turn(store, "d1")
    turn(store, "d2")

    with pytest.raises(TurnConflict):
        store.commit(before, before.session, message("d3", "late"), answer("no"), now=NOW)
    assert len(store.entries("c1")) == 4 and store.load("c1", "storefront").version == 2


def test_a_turn_is_written_whole_or_not_at_all(store: SessionStore, database: Database) -> None:
    """The entries can't be written, so the session is not either."""
    before = turn(store, "d1")

    def fail(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "INSERT INTO conversation_entries" in statement:
            raise RuntimeError("the process dies here")

    event.listen(database.engine, "before_cursor_execute", fail)
    with pytest.raises(RuntimeError):
        store.commit(before, before.session, message("d2", "lost"), answer("never said"), now=NOW)
    event.remove(database.engine, "before_cursor_execute", fail)

    assert store.load("c1", "storefront") == before and len(store.entries("c1")) == 2


# Deliveries


def test_a_delivery_is_known_also_when_the_row_has_forgotten_it(store: SessionStore) -> None:
    turn(store, "d1", "first")
    for number in range(20):
        turn(store, f"later {number}")
    stored = store.load("c1", "storefront")

    assert [entry.seq for entry in store.answered(stored, "d1")] == [1, 2]
    assert [entry.seq for entry in store.answered(stored, "later 19")] == [41, 42]
    assert store.answered(stored, "never") == ()


def test_deliveries_of_other_conversations_are_their_own(store: SessionStore) -> None:
    turn(store, "same id", "mine", conversation="c1")
    turn(store, "same id", "yours", conversation="c2")

    (words, _) = store.answered(store.load("c2", "storefront"), "same id")
    assert words.text == "yours"


@pytest.mark.parametrize(
    ("slow", "seconds", "fingerprint", "is_retry"),
    [
        (False, 1, "f", True),
        (False, -3, "f", True),  # it was on its way already when we answered
        (False, 3, "f", False),
        (True, 50, "f", True),
        (True, 70, "f", False),
        (False, 1, "g", False),
        (False, 1, "", False),
    ],
)
def test_what_counts_as_the_platforms_retry(
    store: SessionStore, slow: bool, seconds: float, fingerprint: str, is_retry: bool
) -> None:
    nobody = store.load("c1", "storefront")
    first = message("r1", "hi", retry_fingerprint="f")
    store.commit(nobody, nobody.session, first, answer("hi"), now=NOW, slow=slow)
    stored = store.load("c1", "storefront")
    again = dataclasses.replace(
        message("r2", "hi", retry_fingerprint=fingerprint), received_at=NOW + timedelta(seconds=seconds)
    )

    found = retry_of(stored, again, timedelta(seconds=2), timedelta(seconds=60))

    assert (found is not None) is is_retry


# Sleepers and counts


def test_who_sleeps_is_found_when_the_time_has_come(store: SessionStore) -> None:
    for name, wake_at in (("early", NOW), ("late", NOW + 2 * MINUTE), ("awake", None)):
        stored = store.load(name, "storefront")
        session = dataclasses.replace(stored.session, wake_at=wake_at)
        store.commit(stored, session, message("d1", "zzz", name), answer("…"), now=NOW)

    (sleeper,) = store.due(NOW + MINUTE)

    assert (sleeper.conversation_id, sleeper.bot, sleeper.wake_at) == ("early", "storefront", NOW)
    assert sleeper.channel == SALESIQ


def test_conversations_are_counted_by_the_version_they_are_on(store: SessionStore) -> None:
    for number, version in enumerate(("new", "new", "old")):
        stored = store.load(f"c{number}", "storefront")
        session = dataclasses.replace(stored.session, flow_set=version)
        store.commit(stored, session, message("d1", "x", f"c{number}"), answer("y"), now=NOW)

    assert store.count_by_flow_set(NOW - MINUTE) == {"new": 2, "old": 1}
    assert store.count_by_flow_set(NOW + MINUTE) == {}


# Troubles


def test_a_database_that_does_not_answer_is_a_busy_store_and_tells_no_secrets(
    sqlite_database: Database,
) -> None:
    store = SessionStore(sqlite_database)  # without its tables

    with pytest.raises(StoreBusy) as told:
        store.load("c1", "storefront")

    assert "c1" not in str(told.value)
    with pytest.raises(StoreBusy):
        store.entries("c1")
    with pytest.raises(StoreBusy):
        store.newest("c1", 2)


def test_the_longest_ids_that_doors_make_fit(store: SessionStore) -> None:
    turn(store, "d" * 190, conversation="c" * 190)

    assert store.load("c" * 190, "storefront").version == 1


def test_a_visitors_characters_come_back_unchanged(store: SessionStore) -> None:
    words = "🌸 שלום 𠮷野家 \u202e e\u0301 {{ 7*7 }} <b>&amp;</b> '; DROP TABLE conversations; --"
    turn(store, "d1", words)

    assert store.entries("c1")[0].text == words


def test_who_sleeps_is_found_without_reading_every_conversation(sqlite_database: Database) -> None:
    """The clock asks every second."""
    metadata.create_all(sqlite_database.engine)
    query = select(conversations.c.id).where(conversations.c.wake_at <= NOW).order_by(conversations.c.wake_at)
    compiled = query.compile(sqlite_database.engine, compile_kwargs={"literal_binds": True})

    with sqlite_database.read() as connection:
        plan = str(connection.execute(text(f"EXPLAIN QUERY PLAN {compiled}")).all())

    assert "conversations_wake" in plan
