"""Conversations whose `wait` is over are woken once: by one clock or several, in order, whatever fails beside them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from motenashi.conversation.display_cards import Text
from motenashi.conversation.message import Channel, Message, MessageKind
from motenashi.house import House
from motenashi.jobs.wake_conversations import TRY_AGAIN, wake_conversations
from tests.walks.real_house import open_house, settings_for, write_flows

WEBSITE = Channel("website", can_push=True)
FLOWS = """
flow: storefront
title: {en: Front door, ja: 受付}
trigger: {channel: [website]}
steps:
  hello:
    say: {en: Hello., ja: こんにちは。}
  patience:
    wait: {silence: 5 minutes}
  still_there:
    say: {en: "Are you still there?", ja: まだいらっしゃいますか。}
    ask: {card: text}
    save: said
  bye:
    end_chat: {say: {en: Bye., ja: さようなら。}}
"""


@pytest.fixture
def houses(database_url: str, tmp_path: Path) -> Iterator[list[House]]:
    """Two processes on one database."""
    flows = write_flows(tmp_path / "flows", storefront=FLOWS)
    with ExitStack() as stack:
        yield [stack.enter_context(open_house(settings_for(database_url, tmp_path, flows=flows))) for _ in range(2)]


def came(conversation: str, minutes_ago: float) -> Message:
    at = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    return Message(conversation, "open", WEBSITE, "storefront", MessageKind.OPEN, at)


def wake_all(house: House) -> int:
    return wake_conversations(house.store.due, house.chat.wake, house.store.put_off)


def said(house: House, conversation: str) -> list[str]:
    return [
        card.text
        for entry in house.store.entries(conversation)
        if entry.reply is not None
        for card in entry.reply.displays
        if isinstance(card, Text)
    ]


def test_silence_is_broken_when_its_time_has_come_and_not_before(houses: list[House]) -> None:
    house = houses[0]
    house.chat.answer(came("long silent", 6))
    house.chat.answer(came("just here", 4))

    assert wake_all(house) == 1

    assert said(house, "long silent") == ["Hello.", "Are you still there?"]
    assert said(house, "just here") == ["Hello."]


def test_two_clocks_at_the_same_moment_wake_once(houses: list[House]) -> None:
    for number in range(4):
        houses[0].chat.answer(came(f"c{number}", 6))
    together = threading.Barrier(2)

    def clock(house: House) -> int:
        sleepers = house.store.due(datetime.now(UTC))
        together.wait()
        return wake_conversations(lambda now: sleepers, house.chat.wake, house.store.put_off)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(clock, houses))

    for number in range(4):
        assert said(houses[0], f"c{number}") == ["Hello.", "Are you still there?"]
        assert [entry.seq for entry in houses[0].store.entries(f"c{number}")] == [1, 2]
    assert wake_all(houses[0]) == 0


def test_who_spoke_in_time_is_not_woken(houses: list[House]) -> None:
    house = houses[0]
    house.chat.answer(came("c1", 6))
    (sleeper,) = house.store.due(datetime.now(UTC))
    message = Message("c1", "d1", WEBSITE, "storefront", MessageKind.TEXT, datetime.now(UTC), text="Here I am")
    house.chat.answer(message)

    house.chat.wake(sleeper)  # the clock had seen it sleeping, just before

    assert said(house, "c1").count("Are you still there?") == 1


def test_one_that_cannot_be_woken_is_told_and_stands_in_nobodys_way(
    houses: list[House], caplog: pytest.LogCaptureFixture
) -> None:
    house = houses[0]
    house.chat.answer(came("broken", 8))
    house.chat.answer(came("whole", 6))

    def wake(sleeper):  # type: ignore[no-untyped-def]
        if sleeper.conversation_id == "broken":
            raise RuntimeError("no flow any more")
        return house.chat.wake(sleeper)

    assert wake_conversations(house.store.due, wake, house.store.put_off) == 1

    assert "Are you still there?" in said(house, "whole")
    assert "conversation broken could not be woken" in caplog.text
    assert house.store.due(datetime.now(UTC)) == []  # and not tried again every second
    later = datetime.now(UTC) + TRY_AGAIN + timedelta(seconds=1)
    assert [sleeper.conversation_id for sleeper in house.store.due(later)] == ["broken"]


def test_putting_off_leaves_alone_who_has_moved_on(houses: list[House]) -> None:
    house = houses[0]
    house.chat.answer(came("c1", 6))
    (sleeper,) = house.store.due(datetime.now(UTC))
    house.chat.wake(sleeper)

    house.store.put_off(sleeper, datetime.now(UTC) - timedelta(minutes=1))

    assert house.store.due(datetime.now(UTC)) == []
