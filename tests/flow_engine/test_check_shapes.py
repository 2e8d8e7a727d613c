"""What values look like before there are any."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Literal

from motenashi.conversation.message import Channel, Message, MessageKind
from motenashi.conversation.session import Frame, Session
from motenashi.conversation.visitor import Visitor
from motenashi.flow_engine.criteria_domains import Numbers, Texts
from motenashi.flow_engine.flow import FlowSet
from motenashi.flow_engine.shapes import ANYTHING, WORLD, Missing, Shape, at_path, either, shape_of_type, with_nothing
from motenashi.flow_engine.turn import RESERVED, Turn
from tests.flow_engine.small_talk import World


@dataclass
class Item:
    colour: Literal["red", "blue"]
    note: str | None = None


@dataclass
class Output:
    items: Annotated[tuple[Item, ...], "All of them."]
    best: Item | None
    many: int
    when: datetime
    sure: bool = True


OUTPUT = shape_of_type(Output)


def test_a_plugs_output_is_a_record_of_its_fields() -> None:
    assert at_path(OUTPUT, ["many"]) == Shape(domain=Numbers(whole=True, may_be_empty=False))
    assert at_path(OUTPUT, ["sure"]) == Shape(domain=(True, False))
    assert at_path(OUTPUT, ["when"]) == ANYTHING
    assert at_path(OUTPUT, ["mny"]) == Missing("mny", ("items", "best", "many", "when", "sure"))


def test_what_may_not_be_there_may_be_empty() -> None:
    words_or_nothing = Shape(domain=("red", "blue", None))
    assert at_path(OUTPUT, ["items", "0", "colour"]) == words_or_nothing
    assert at_path(OUTPUT, ["best", "colour"]) == words_or_nothing
    assert at_path(OUTPUT, ["items", "0", "note"]) == Shape(domain=Texts(may_be_empty=True))
    assert with_nothing(words_or_nothing) == words_or_nothing


def test_a_list_has_places_and_no_fields_and_texts_may_be_asked_for_anything() -> None:
    assert at_path(OUTPUT, ["items", "first"]) == Missing("first", of_list=True)
    assert at_path(OUTPUT, ["items", "0", "colour", "upper"]) == ANYTHING


def test_a_value_that_is_one_or_the_other_has_the_fields_of_both() -> None:
    one = Shape(fields={"a": Shape(domain=("x",)), "b": Shape(domain=("y",))})
    other = Shape(fields={"a": Shape(domain=("z",)), "c": Shape(domain=(True, False))})
    assert either(one, other) == Shape(
        fields={
            "a": Shape(domain=("x", "z")),
            "b": Shape(domain=("y", None)),
            "c": Shape(domain=(True, False, None)),
        }
    )
    assert either(one, Shape(item=ANYTHING)) == ANYTHING
    assert either(one, one) == one


def test_the_world_that_is_checked_is_the_world_that_runs() -> None:
    message = Message("t", "d", Channel("website"), "start", MessageKind.TEXT, datetime.now(UTC), visitor=Visitor())
    turn = Turn(FlowSet({}), Session("t", "start", stack=(Frame("start", "a"),)), message, World().services())
    assert set(turn.scope) == set(WORLD) == set(RESERVED)
    for name, shape in WORLD.items():
        if shape.fields is not None:
            assert set(turn.scope[name]) == set(shape.fields), name


def test_every_hour_has_a_part_of_day_that_the_checker_knows() -> None:
    known = WORLD["time"].fields["part_of_day"].domain  # type: ignore[index]
    for language in ("en", "ja"):
        for hour in range(24):
            now = datetime(2026, 11, 16, hour, tzinfo=UTC)
            message = Message("t", "d", Channel("website"), "start", MessageKind.OPEN, now)
            turn = Turn(FlowSet({}), Session("t", "start", language=language), message, World().services())
            assert turn.scope["time"]["part_of_day"] in known  # type: ignore[operator]
