"""Flows go live in a second in every process, or not at all; conversations keep the version they began on."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app import jobs_of
from motenashi.conversation.display_cards import Text
from motenashi.conversation.message import Channel, Message, MessageKind
from motenashi.flow_archive import FlowArchive
from motenashi.flow_engine.flow_reader import read_flows
from motenashi.flow_engine.live_flows import LOOK_EVERY
from motenashi.house import House
from motenashi.problems import ProblemsFound
from motenashi.settings import Settings
from tests.walks.real_house import open_house, settings_for, write_flows

FLOWS = """
flow: storefront
title: {{en: Front door, ja: 受付}}
trigger: {{channel: [website]}}
on_change: {on_change}
steps:
  one:
    say: {{en: "{word} one", ja: "いち {word}"}}
    ask: {{card: text}}
    save: said
  {second}:
    say: {{en: "{word} two", ja: "に {word}"}}
    ask: {{card: text}}
    save: said
  bye:
    end_chat: {{say: {{en: Bye., ja: さようなら。}}}}
"""


def flows(word: str, on_change: str = "finish", second: str = "two") -> str:
    return FLOWS.format(word=word, on_change=on_change, second=second)


BROKEN = flows("broken").replace("ask: {card: text}", "ask: {card: txet}", 1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_flows(tmp_path / "flows", storefront=flows("first"))


@pytest.fixture
def settings(sqlite_url: str, tmp_path: Path, folder: Path) -> Settings:
    return settings_for(sqlite_url, tmp_path, flows=folder)


@pytest.fixture
def start(settings: Settings) -> Iterator[Callable[[], House]]:
    """One more server process on the same folder and database."""
    opened: list[Any] = []

    def start() -> House:
        opened.append(open_house(settings))
        house: House = opened[-1].__enter__()
        return house

    yield start
    for house in opened:
        house.__exit__(None, None, None)


def edit(folder: Path, text: str) -> None:
    """A designer saves, and the next look at the folder is due."""
    write_flows(folder, storefront=text)


def looked(house: House) -> House:
    house.flows._looked = 0.0
    house.flows.current()
    return house


def turn(house: House, conversation: str, text: str = "") -> list[str]:
    kind = MessageKind.TEXT if text else MessageKind.OPEN
    now = datetime.now(UTC)
    message = Message(conversation, f"{text} {now.timestamp()}", Channel("website"), "storefront", kind, now, text=text)
    return [card.text for card in house.chat.answer(message).reply.displays if isinstance(card, Text)]


# The folder


def test_an_edit_is_live_in_every_process_without_anybody_saying_so(start: Callable[[], House], folder: Path) -> None:
    houses = [start(), start()]
    edit(folder, flows("second"))

    give_up = time.monotonic() + 30
    while time.monotonic() < give_up and any("first" in str(house.flows.current().sources) for house in houses):
        time.sleep(0.05)

    assert all(turn(house, f"new {number}") == ["second one"] for number, house in enumerate(houses))
    assert LOOK_EVERY <= 0.5  # so that it is a second at most


def test_a_broken_edit_leaves_what_works_and_says_where_it_is_wrong(
    start: Callable[[], House], folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    house = start()
    edit(folder, BROKEN)

    assert turn(looked(house), "c1") == ["first one"]

    (problem,) = house.flows.state.problems
    assert (problem.file, problem.line) == ("flows/storefront.yaml", 9) and "txet" in problem.what
    assert "flows/storefront.yaml:9" in caplog.text


def test_a_broken_edit_is_told_also_when_nobody_is_chatting(
    start: Callable[[], House], folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    house = start()
    edit(folder, BROKEN)
    house.flows._looked = 0.0
    for job in jobs_of(house):
        if job.name == "look at flows":
            job.run()
            assert job.every <= 1

    assert "flows/storefront.yaml:9" in caplog.text


def test_mending_it_clears_the_problems_and_says_so(
    start: Callable[[], House], folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    house = start()
    edit(folder, BROKEN)
    looked(house)
    edit(folder, flows("mended"))

    assert turn(looked(house), "c1") == ["mended one"] and not house.flows.state.problems
    assert caplog.messages[-1].startswith("the edited flows are in order again")


@pytest.mark.parametrize("trouble", [b"\xff\xfe\x00broken", b"", b"flow: [", b"a: &x [*x, *x]"])
def test_no_file_however_odd_takes_the_flows_away(start: Callable[[], House], folder: Path, trouble: bytes) -> None:
    house = start()
    (folder / "storefront.yaml").write_bytes(trouble)

    assert turn(looked(house), "c1") == ["first one"] and house.flows.state.problems


def test_a_folder_that_is_gone_takes_nothing_away(start: Callable[[], House], folder: Path) -> None:
    house = start()
    folder.rename(folder.with_name("elsewhere"))

    assert turn(looked(house), "c1") == ["first one"] and house.flows.state.problems


# A server that begins while the newest edit is broken


def test_a_server_that_starts_on_a_broken_edit_answers_with_what_was_live_last(
    start: Callable[[], House], folder: Path
) -> None:
    turn(start(), "c1")
    edit(folder, BROKEN)

    house = start()

    assert turn(house, "c2") == ["first one"]
    assert [problem.line for problem in house.flows.state.problems] == [9]


def test_what_was_live_last_is_not_what_was_written_last(start: Callable[[], House], folder: Path) -> None:
    house = start()
    for text in (flows("second"), flows("first")):  # there, and back again
        edit(folder, text)
        looked(house)
    edit(folder, BROKEN)

    assert turn(start(), "c1") == ["first one"]


def test_without_anything_that_ever_worked_it_does_not_start(start: Callable[[], House], folder: Path) -> None:
    edit(folder, BROKEN)

    with pytest.raises(ProblemsFound, match=r"storefront\.yaml:9"):
        start()


# A conversation under way


@pytest.mark.parametrize("restarted", [False, True], ids=["running", "after a restart"])
@pytest.mark.parametrize(
    ("on_change", "answer"),
    [
        ("finish", ["first two"]),
        ("migrate", ["second two"]),
        ("restart", ["Our chat has just been updated, so let us begin again.", "second one"]),
    ],
)
def test_a_conversation_goes_on_as_its_flow_says(
    start: Callable[[], House], folder: Path, on_change: str, answer: list[str], restarted: bool
) -> None:
    edit(folder, flows("first", on_change))
    house = start()
    turn(house, "c1")
    edit(folder, flows("second", on_change))

    house = start() if restarted else looked(house)

    assert turn(house, "c1", "hello") == answer
    assert turn(house, "c2") == ["second one"]


def test_who_stands_at_a_step_that_is_gone_begins_again_and_is_told(start: Callable[[], House], folder: Path) -> None:
    edit(folder, flows("first", "migrate"))
    house = start()
    turn(house, "c1")
    turn(house, "c1", "hello")  # at step two
    edit(folder, flows("second", "migrate", second="zwei"))

    told = turn(looked(house), "c1", "hello")

    assert told[0].startswith("Our chat has just been updated") and told[1] == "second one"


def test_a_version_that_nobody_kept_is_migrated_from(start: Callable[[], House], folder: Path) -> None:
    house = start()
    turn(house, "c1")
    with house.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM flow_sets")
    edit(folder, flows("second"))

    assert turn(start(), "c1", "hello") == ["second two"]


# The archive itself


def test_the_archive_gives_back_what_it_was_given(start: Callable[[], House]) -> None:
    house = start()
    archive = FlowArchive(house.database)
    kept, problems = read_flows({"flows/a.yaml": flows("another")})
    assert not problems

    before = datetime.now(UTC)
    archive.keep(kept)
    archive.keep(kept)

    assert archive.sources(kept.version) == dict(kept.sources) == archive.newest()
    assert archive.sources("unknown") is None and archive.live_since("unknown") is None
    since = archive.live_since(kept.version)
    assert since is not None and before <= since <= datetime.now(UTC)


def test_an_archive_that_cannot_be_reached_gives_nothing_and_harms_nobody(
    start: Callable[[], House], folder: Path
) -> None:
    house = start()
    with house.database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE flow_sets RENAME TO gone")

    assert house.archive.sources("x") is None and house.archive.newest() is None
    edit(folder, flows("second"))
    assert turn(looked(house), "c1") == ["second one"]
