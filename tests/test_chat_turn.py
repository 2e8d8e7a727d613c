"""A turn happens once: delivered twice, at once, in two processes, after a crash; and it always costs the same."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, select

from crm_client.embedded.tables import crm_leads
from motenashi.chat_turn import ChatTurn
from motenashi.conversation.answering import Answer, ConversationBusy, UnknownBot
from motenashi.conversation.display_cards import Text
from motenashi.conversation.message import Channel, Message, MessageKind
from motenashi.conversation.session_store import StoreBusy, TurnConflict
from motenashi.conversation.tables import conversations, entries
from motenashi.conversation.visitor import Visitor
from motenashi.house import House
from tests.walks.real_house import open_house, settings_for, write_flows

NOW = datetime(2026, 5, 11, 1, 0, tzinfo=UTC)
WEBSITE = Channel("website", can_push=True)
FLOWS = """
flow: storefront
title: {en: Front door, ja: 受付}
trigger: {channel: [website]}
steps:
  menu:
    say: {en: "What now?", ja: ご用件は。}
    choices:
      - {label: {en: Save me, ja: 保存}, go: save}
      - {label: {en: Echo, ja: こだま}, go: echo}
  save:
    create_lead: {last_name: Nobody, company: None, email: $visitor.email}
    then: menu
  echo:
    say: {en: "Say something.", ja: どうぞ。}
    ask: {card: text}
    save: said
  echoed:
    say: {en: "{{ said }}!", ja: "{{ said }}！"}
    then: echo
"""


# Where the kind of database can matter; the other tests run on SQLite alone.
on_both_databases = pytest.mark.parametrize(
    "url", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)


@pytest.fixture
def url(request: pytest.FixtureRequest) -> str:
    found: str = request.getfixturevalue(f"{getattr(request, 'param', 'sqlite')}_url")
    return found


@pytest.fixture
def open_another(url: str, tmp_path: Path) -> Iterator[Callable[[], House]]:
    """One more process that serves the same database: its own flows, pools and locks."""
    flows = write_flows(tmp_path / "flows", storefront=FLOWS)
    opened: list[Any] = []

    def open_one() -> House:
        opened.append(open_house(settings_for(url, tmp_path, flows=flows)))
        house: House = opened[-1].__enter__()
        return house

    yield open_one
    for house in opened:
        house.__exit__(None, None, None)


@pytest.fixture
def house(open_another: Callable[[], House]) -> House:
    return open_another()


def said(
    text: str, delivery: str = "", *, conversation: str = "c1", fingerprint: str = "", at: datetime = NOW, **more: Any
) -> Message:
    return Message(
        conversation_id=conversation,
        delivery_id=delivery or f"{text}-{at.isoformat()}",
        channel=WEBSITE,
        bot="storefront",
        kind=MessageKind.TEXT,
        received_at=at,
        text=text,
        visitor=Visitor(email="nobody@example.com"),
        retry_fingerprint=fingerprint,
        **more,
    )


def opened(conversation: str = "c1") -> Message:
    message = said("", "open", conversation=conversation)
    return dataclasses.replace(message, kind=MessageKind.OPEN)


def texts(answer: Answer) -> list[str]:
    return [card.text for card in answer.reply.displays if isinstance(card, Text)]


def leads(house: House) -> int:
    with house.database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(crm_leads)).scalar_one())


def transcript(house: House, conversation: str = "c1") -> list[tuple[int, str, str]]:
    return [(entry.seq, entry.author, entry.text) for entry in house.store.entries(conversation)]


# The same delivery


def test_the_same_delivery_again_is_the_same_answer_and_changes_nothing(house: House) -> None:
    house.chat.answer(opened())
    first = house.chat.answer(said("Save me", "d1"))
    before = transcript(house)

    again = house.chat.answer(said("Save me", "d1"))

    assert again.repeated and not first.repeated
    assert (again.reply, again.entries) == (first.reply, first.entries)
    assert transcript(house) == before and leads(house) == 1


@on_both_databases
def test_an_old_delivery_is_known_after_many_others(house: House) -> None:
    house.chat.answer(opened())
    first = house.chat.answer(said("Save me", "d1"))
    for number in range(12):
        house.chat.answer(said("Echo", f"later-{number}"))

    again = house.chat.answer(said("Save me", "d1"))

    assert again.repeated and again.entries == first.entries and leads(house) == 1


def test_the_same_delivery_in_sixteen_threads_at_once_happens_once(house: House) -> None:
    house.chat.answer(opened())
    together = threading.Barrier(16)

    def deliver(_: int) -> Answer:
        together.wait()
        return house.chat.answer(said("Save me", "d1"))

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(deliver, range(16)))

    assert len({str(answer.reply) for answer in answers}) == 1
    assert sum(not answer.repeated for answer in answers) == 1
    assert leads(house) == 1 and [seq for seq, _, _ in transcript(house)] == [1, 2, 3]


@on_both_databases
def test_the_same_delivery_in_four_processes_at_once_happens_once(open_another: Callable[[], House]) -> None:
    houses = [open_another() for _ in range(4)]
    houses[0].chat.answer(opened())
    together = threading.Barrier(4)

    def deliver(house: House) -> Answer:
        together.wait()
        return house.chat.answer(said("Save me", "d1"))

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(deliver, houses))

    assert len({str(answer.reply) for answer in answers}) == 1
    assert leads(houses[0]) == 1 and len(transcript(houses[0])) == 3


@on_both_databases
def test_two_messages_at_once_are_both_answered_in_some_order(open_another: Callable[[], House]) -> None:
    houses = [open_another() for _ in range(2)]
    houses[0].chat.answer(opened())
    houses[0].chat.answer(said("Echo"))
    together = threading.Barrier(6)

    def deliver(number: int) -> Answer:
        together.wait()
        return houses[number % 2].chat.answer(said(f"word {number}", f"d{number}"))

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(deliver, range(6)))

    assert [f"word {number}!" in texts(answer) for number, answer in enumerate(answers)] == [True] * 6
    kept = transcript(houses[0])
    assert [seq for seq, _, _ in kept] == list(range(1, 3 + 2 * 6 + 1))
    # Each answer stands right behind the words it answers.
    stored = houses[0].store.entries("c1", 3)
    for question, answer in zip(stored[::2], stored[1::2], strict=True):
        assert answer.reply is not None and f"{question.text}!" in str(answer.reply)


def test_the_end_of_a_long_talk_can_be_asked_for(house: House) -> None:
    house.chat.answer(opened())
    house.chat.answer(said("Echo"))
    for number in range(260):  # more entries than are given at once
        house.chat.answer(said(f"word {number}"))

    (words, answer) = house.chat.history("c1", -2)

    assert words.text == "word 259" and answer.reply is not None and "word 259!" in str(answer.reply)
    assert len(house.chat.history("c1", 0)) == 500 and words.seq == 522


# Retries under a new id


def test_the_same_words_shortly_after_are_the_platforms_retry(house: House) -> None:
    chat = patient(house)
    chat.answer(opened())
    first = chat.answer(said("Save me", "r1", fingerprint="f"))

    again = chat.answer(said("Save me", "r2", fingerprint="f", at=NOW + timedelta(seconds=1)))

    assert again.repeated and again.reply == first.reply and leads(house) == 1


def test_the_same_words_later_are_a_new_message(house: House) -> None:
    chat = patient(house)
    chat.answer(opened())
    chat.answer(said("Save me", "r1", fingerprint="f"))

    again = chat.answer(said("Save me", "r2", fingerprint="f", at=NOW + timedelta(seconds=3)))

    assert not again.repeated and leads(house) == 2


def test_the_same_words_after_other_words_are_a_new_message(house: House) -> None:
    chat = patient(house)
    chat.answer(opened())
    chat.answer(said("Save me", "r1", fingerprint="f"))
    chat.answer(said("hello", "r2", fingerprint="g"))

    again = chat.answer(said("Save me", "r3", fingerprint="f"))

    assert not again.repeated and leads(house) == 2


def test_after_a_late_answer_a_retry_is_known_for_a_minute(house: House) -> None:
    chat = patient(house, late_after=0.0)  # every answer counts as late
    chat.answer(opened())
    first = chat.answer(said("Save me", "r1", fingerprint="f"))

    soon = chat.answer(said("Save me", "r2", fingerprint="f", at=NOW + timedelta(seconds=50)))
    late = chat.answer(said("Save me", "r3", fingerprint="f", at=NOW + timedelta(seconds=70)))

    assert soon.repeated and soon.reply == first.reply
    assert not late.repeated and leads(house) == 2


def patient(house: House, **settings: float) -> ChatTurn:
    """The house's turn with the usual windows for retries and a clock that stands still."""
    turns = dataclasses.replace(house.settings.turns, retry_window=2.0, **settings)
    return ChatTurn(house.flows, house.store, house.chat._services, turns, clock=lambda: NOW)


# A process that dies


@on_both_databases
@pytest.mark.parametrize("retry", ["the same id", "a new id"])
def test_a_turn_that_died_before_it_was_stored_is_run_again_and_changes_things_once(
    open_another: Callable[[], House], monkeypatch: pytest.MonkeyPatch, retry: str
) -> None:
    dying, living = open_another(), open_another()
    living.chat.answer(opened())
    monkeypatch.setattr(dying.store, "commit", killed)
    with pytest.raises(SystemExit):
        dying.chat.answer(said("Save me", "r1", fingerprint="f"))
    assert leads(living) == 1 and len(transcript(living)) == 1  # half of it has happened

    answer = living.chat.answer(said("Save me", "r1" if retry == "the same id" else "r2", fingerprint="f"))

    assert not answer.repeated and leads(living) == 1 and len(transcript(living)) == 3


def killed(*_: Any, **__: Any) -> None:
    raise SystemExit


@on_both_databases
def test_a_turn_that_loses_the_race_does_not_do_its_work_twice(
    open_another: Callable[[], House], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has written its lead when somebody else's turn is stored first; run again, it writes no second one."""
    slow, quick = open_another(), open_another()
    quick.chat.answer(opened())
    commit = slow.store.commit

    def overtaken(*args: Any, **more: Any) -> Any:
        if not overtaking:
            overtaking.append(quick.chat.answer(said("hello", "other", fingerprint="g")))
        return commit(*args, **more)

    overtaking: list[Answer] = []
    monkeypatch.setattr(slow.store, "commit", overtaken)

    answer = slow.chat.answer(said("Save me", "r1", fingerprint="f"))

    assert not answer.repeated and leads(quick) == 1
    assert [text for _, author, text in transcript(quick) if author == "visitor"] == ["hello", "Save me"]


# What can keep an answer from coming


def test_a_bot_that_no_flow_answers_is_said_so(house: House) -> None:
    with pytest.raises(UnknownBot):
        house.chat.answer(dataclasses.replace(opened(), bot="nobody"))


def test_a_store_that_is_busy_is_said_so_and_nothing_is_written(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: Any, **__: Any) -> None:
        raise StoreBusy("locked")

    with monkeypatch.context() as patch:
        patch.setattr(house.store, "commit", busy)
        with pytest.raises(ConversationBusy):
            house.chat.answer(opened())

    assert transcript(house) == []
    assert not house.chat.answer(opened()).repeated


def test_somebody_who_always_loses_gives_up_in_the_end(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def conflict(*_: Any, **__: Any) -> None:
        raise TurnConflict

    monkeypatch.setattr(house.store, "commit", conflict)

    with pytest.raises(ConversationBusy):
        house.chat.answer(opened())


# Cost


def test_turn_5000_costs_what_turn_5_costs(sqlite_url: str, tmp_path: Path) -> None:
    """Not in time, which says little on a busy machine, but in what the database is asked and has to keep."""
    flows = write_flows(tmp_path / "flows", storefront=FLOWS)
    with open_house(settings_for(sqlite_url, tmp_path, flows=flows)) as house:
        event.listen(house.database.engine, "checkout", carelessly)
        house.chat.answer(opened())
        house.chat.answer(said("Echo"))
        cost = {}
        for number in range(3, 5001):
            if number in (5, 12, 5000):
                cost[number] = cost_of_turn(house, number)
            else:
                turn_of(house, number)

    # From the ninth turn on one look-up more: the row names the newest eight deliveries, older ones are in the entries.
    assert cost[5000]["statements"] == cost[12]["statements"] == cost[5]["statements"] + 1
    # The same but for the digits of larger numbers.
    assert cost[5000]["sent"] <= cost[12]["sent"] + 60
    assert cost[5000]["row"] <= cost[12]["row"] + 60


def carelessly(connection: Any, *_: Any) -> None:
    """Don't wait for the disk: it would take most of this test's time."""
    connection.execute("PRAGMA synchronous=OFF")


def turn_of(house: House, number: int) -> None:
    house.chat.answer(said("the same words", f"delivery {number:05}"))


def cost_of_turn(house: House, number: int) -> dict[str, int]:
    """What one turn asks of the database: statements, characters sent to it, size of the conversation's row."""
    cost = {"statements": 0, "sent": 0}

    def count(_connection: Any, _cursor: Any, _statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        cost["statements"] += 1
        cost["sent"] += len(str(parameters))

    engines = {house.database.engine, house.database._reading}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", count)
    turn_of(house, number)
    for engine in engines:
        event.remove(engine, "before_cursor_execute", count)
    with house.database.read() as connection:
        row = connection.execute(select(conversations)).one()
        count_of_entries = connection.execute(select(func.count()).select_from(entries)).scalar_one()
    assert count_of_entries == row.last_seq == 2 * number - 1  # every turn ran
    return {**cost, "row": len(row.state) + len(row.recent) + len(row.channel_data)}
