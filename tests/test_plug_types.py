"""What a plug may take and give, and how it is read and written."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal, Optional

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motenashi.conversation.display_cards import ProductTile
from motenashi.plug_contract import plug
from motenashi.plug_types.inputs import WrongValue, reader_of
from motenashi.plug_types.outputs import plain_json, writer_of
from motenashi.plug_types.schema import inputs_schema, outputs_schema, salesiq_type


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True)
class Slot:
    text: str
    url: str = ""


@dataclass(frozen=True)
class Everything:
    name: str
    count: int = 0
    share: float = 0.0
    open: bool = False
    day: date | None = None
    at: datetime | None = None
    kind: Literal["a", "b"] = "a"
    colour: Colour = Colour.RED
    slots: tuple[Slot, ...] = ()
    words: Sequence[str] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    note: Annotated[str, "said aloud"] = ""


NOON = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "given", "read"),
    [
        (str, "  as it is ", "  as it is "),
        (str, "", ""),
        (str, 5, "5"),
        (str, 5.0, "5"),
        (str, 5.25, "5.25"),
        (str, "\0a\ud800", "a\N{REPLACEMENT CHARACTER}"),
        (int, 7, 7),
        (int, 7.0, 7),
        (int, " -7 ", -7),
        (int, "７", 7),
        (float, 7, 7.0),
        (float, "7.5", 7.5),
        (float, ".5", 0.5),
        (float, "-1e3", -1000.0),
        (bool, True, True),
        (bool, "Yes", True),
        (bool, "はい", True),
        (bool, "いいえ", False),
        (bool, 0, False),
        (bool, "ＯＦＦ", False),
        (date, "2026-01-31", date(2026, 1, 31)),
        (date, date(2026, 1, 31), date(2026, 1, 31)),
        (datetime, "2026-01-31T12:00:00Z", NOON),
        (datetime, NOON, NOON),
        (Literal["deals", "recent"], " Deals ", "deals"),
        (Literal[1, 2], "2", 2),
        (Colour, "RED", Colour.RED),
        (int | None, "", None),
        (int | None, None, None),
        (int | None, "3", 3),
        (Optional[str], "", ""),  # noqa: UP045  # plugs may be written so
        (tuple[str, ...], ["a", 1], ("a", "1")),
        (tuple[str, ...], "a, b", ("a, b",)),
        (tuple[str, ...], "", ()),
        (list[str], ("a",), ["a"]),
        (Sequence[str], ["a"], ("a",)),
        (dict[str, Any], {"a": [1]}, {"a": [1]}),
        (Mapping[str, str], {"a": "b"}, {"a": "b"}),
        (dict, {"a": 1}, {"a": 1}),
        (Any, {"any": "thing"}, {"any": "thing"}),
    ],
)
def test_what_people_and_platforms_write_is_read(kind: Any, given: Any, read: Any) -> None:
    result = reader_of(kind)(given)

    assert result == read
    assert type(result) is type(read)


@pytest.mark.parametrize(
    ("kind", "given", "what"),
    [
        (str, True, "text"),
        (str, ["a"], "text"),
        (str, {"a": 1}, "text"),
        (int, "7.5", "whole number"),
        (int, 7.5, "whole number"),
        (int, True, "whole number"),
        (int, "9" * 30, "whole number"),
        (int, 10**30, "whole number"),
        (int, "1_000", "whole number"),
        (int, float("inf"), "whole number"),
        (float, "nan", "a number"),
        (float, float("nan"), "a number"),
        (float, "1e999", "a number"),
        (float, False, "a number"),
        (bool, "perhaps", "true or false"),
        (bool, 2, "true or false"),
        (bool, [], "true or false"),
        (date, "31.01.2026", "a date such as"),
        (date, "2026-02-30", "no day of the calendar"),
        (date, NOON, "a date such as"),
        (datetime, "2026-01-31T12:00:00", "time zone"),
        (datetime, "soon", "time zone"),
        (Literal["deals", "recent"], "dealz", "one of: deals, recent"),
        (Colour, "green", "one of: red, blue"),
        (int | None, "x", "whole number"),
        (tuple[str, ...], {"a": 1}, "list of texts"),
        (tuple[str, ...], [["a"]], "text"),
        (dict[str, Any], [("a", 1)], "an object"),
        (dict[str, Any], {1: "a"}, "an object"),
    ],
)
def test_what_does_not_fit_is_said_without_repeating_it(kind: Any, given: Any, what: str) -> None:
    with pytest.raises(WrongValue, match=what):
        reader_of(kind)(given)


@pytest.mark.parametrize("kind", [bytes, tuple[int, ...], int | str | None, Slot, set[str], object])
def test_a_type_that_no_plug_may_take_is_refused_at_the_start(kind: Any) -> None:
    with pytest.raises(TypeError, match="can't take"):
        reader_of(kind)


@pytest.mark.parametrize("kind", [bytes, tuple[int, str], object, set[str]])
def test_a_type_that_no_plug_may_give_is_refused_at_the_start(kind: Any) -> None:
    with pytest.raises(TypeError, match="can't give"):
        writer_of(kind)


def test_outputs_become_plain_json() -> None:
    given = Everything(
        "森\0",
        count=2,
        share=0.5,
        open=True,
        day=date(2026, 1, 31),
        at=NOON,
        kind="b",
        colour=Colour.BLUE,
        slots=(Slot("ten", "/10"),),
        words=["x"],
        facts={"list": (1, None, NOON), "slot": Slot("a"), "colour": Colour.RED},
    )

    assert writer_of(Everything)(given) == {
        "name": "森",
        "count": 2,
        "share": 0.5,
        "open": True,
        "day": "2026-01-31",
        "at": "2026-01-31T12:00:00+00:00",
        "kind": "b",
        "colour": "blue",
        "slots": [{"text": "ten", "url": "/10"}],
        "words": ["x"],
        "facts": {"list": [1, None, "2026-01-31T12:00:00+00:00"], "slot": {"text": "a", "url": ""}, "colour": "red"},
        "note": "",
    }


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ({"name": None}, "name is not text"),
        ({"count": "2"}, "count is not a whole number"),
        ({"count": True}, "count is not a whole number"),
        ({"share": float("nan")}, "share is not a finite number"),
        ({"open": 1}, "open is not true or false"),
        ({"day": "2026-01-31"}, "day is not"),
        ({"kind": "c"}, "kind is not one of: a, b"),
        ({"colour": "red"}, "colour is not Colour"),
        ({"slots": (Slot(3),)}, "slots.text is not text"),  # type: ignore[arg-type]
        ({"slots": "text"}, "slots is not a list"),
        ({"facts": {1: 2}}, "facts is not an object with text keys"),
        ({"facts": {"a": {1, 2}}}, "facts is not JSON"),
        ({"facts": {"a": float("inf")}}, "facts is not a finite number"),
    ],
)
def test_an_output_that_is_not_what_it_declares_is_named(wrong: dict[str, Any], what: str) -> None:
    with pytest.raises(WrongValue) as caught:
        writer_of(Everything)(Everything(**{"name": "x", **wrong}))

    assert str(caught.value).startswith(what)


def test_another_class_than_declared_is_no_output() -> None:
    with pytest.raises(WrongValue, match="is not Everything"):
        writer_of(Everything)({"name": "x"})


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(json_values)
def test_plain_json_can_be_stored_and_read_back(value: Any) -> None:
    plain = plain_json(value)

    assert json.loads(json.dumps(plain)) == plain
    json.dumps(plain, ensure_ascii=False).encode()


@given(json_values)
@pytest.mark.parametrize("kind", [str, int, float, bool, date, datetime, Literal["a"], tuple[str, ...], dict[str, Any]])
def test_no_input_makes_a_reader_raise_anything_but_wrong_value(kind: Any, value: Any) -> None:
    try:
        reader_of(kind)(value)
    except WrongValue as error:
        assert str(error)


@plug(title="Everything there is")
def everything(
    *,
    name: Annotated[str, "Who."],
    by: Annotated[Literal["deals", "recent"], "How."] = "deals",
    limit: int = 5,
    day: date | None = None,
    words: tuple[str, ...] = (),
) -> Everything:
    return Everything(name)


def test_the_schema_accepts_what_the_plug_takes_and_gives() -> None:
    schema = inputs_schema(everything)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator.check_schema(outputs_schema(everything))

    jsonschema.validate({"name": "x", "by": "recent", "limit": 1, "day": None, "words": ["a"]}, schema)
    jsonschema.validate(writer_of(Everything)(Everything("x", slots=(Slot("a"),))), outputs_schema(everything))
    for wrong in ({}, {"name": 1}, {"name": "x", "by": "z"}, {"name": "x", "limit": "1"}, {"name": "x", "other": 1}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, schema)


def test_the_schema_says_what_an_input_means_and_what_it_is_when_left_out() -> None:
    properties = inputs_schema(everything)["properties"]

    assert properties["by"] == {"enum": ["deals", "recent"], "description": "How.", "default": "deals"}
    assert inputs_schema(everything)["required"] == ["name"]


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (str, "string"),
        (int, "number"),
        (float | None, "number"),
        (date, "date"),
        (bool, "string"),
        (Literal["a"], "string"),
        (tuple[str, ...], "string"),
        (tuple[ProductTile, ...], "optionlist"),
        (tuple[Slot, ...], "linklist"),
        (Annotated[int, "x"], "number"),
    ],
)
def test_salesiq_has_a_name_for_each_type(kind: Any, name: str) -> None:
    assert salesiq_type(kind) == name
