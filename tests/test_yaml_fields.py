"""From YAML to typed records: every key checked, all problems at once, each with its line and what would be right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Annotated, Any, Literal

import pytest

from motenashi.yaml_fields import FieldReader, describe, fits, meanings, record_schema, rows_of
from motenashi.yaml_source import read_documents


class Size(Enum):
    SMALL = "small"
    LARGE = "large"


@dataclass(frozen=True)
class Inner:
    name: Annotated[str, "Its name."]
    count: Annotated[int, "How many."] = 1


@dataclass(frozen=True)
class Outer:
    title: Annotated[str, "What it is called."]
    if_: Annotated[str, "A word that Python keeps for itself."] = ""
    ratio: Annotated[float, "A share."] = 0.5
    on: Annotated[bool, "Switch."] = False
    size: Annotated[Size, "How large."] = Size.SMALL
    mode: Annotated[Literal["fast", "safe"], "How."] = "safe"
    inner: Annotated[Inner | None, "A part."] = None
    items: Annotated[tuple[Inner, ...], "Parts."] = ()
    numbers: Annotated[Mapping[str, int], "By name."] = field(default_factory=dict)
    either: Annotated[Inner | str, "One or the other."] = ""
    anything: Annotated[Any, "As it is."] = None


def read(text: str) -> tuple[Outer | None, list[str]]:
    documents, problems = read_documents(text, "a.yaml")
    assert not problems
    reader = FieldReader("a.yaml")
    record = reader.record(Outer, documents[0], 1, "the file")
    return record, [str(problem) for problem in reader.problems]


def test_a_record_is_filled_and_what_is_left_out_has_its_default() -> None:
    record, problems = read(
        "title: x\nif: y\nratio: 1\non: true\nsize: large\nmode: fast\ninner: {name: a, count: 2}\n"
        "items: [{name: b}]\nnumbers: {one: 1}\neither: {name: c}\nanything: [1, {a: b}]\n"
    )

    assert problems == []
    assert record == Outer(
        "x", "y", 1.0, True, Size.LARGE, "fast", Inner("a", 2), (Inner("b"),), {"one": 1}, Inner("c"), [1, {"a": "b"}]
    )
    assert read("title: x") == (Outer("x"), [])
    assert read("title: x\ninner: null")[0] == Outer("x")


def test_a_number_will_do_for_a_text() -> None:
    assert read("title: 12")[0] == Outer("12")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("if: x", "a.yaml:1: the file needs 'title'. What it is called."),
        ("title: x\ntilte: y", "a.yaml:2: the file has no key 'tilte'. Did you mean 'title'?"),
        ("title: [x]", "a.yaml:1: the file, 'title', must be a text, not a list."),
        ("title: true", "a.yaml:1: the file, 'title', must be a text, not true."),
        ("title: x\nratio: much", "a.yaml:2: the file, 'ratio', must be a number, not 'much'."),
        ("title: x\non: maybe", "a.yaml:2: the file, 'on', must be true or false, not 'maybe'."),
        ("title: x\non: 1", "a.yaml:2: the file, 'on', must be true or false, not '1'."),
        ("title: x\nsize: lage", "a.yaml:2: the file, 'size', can't be 'lage'. Did you mean 'large'?"),
        ("title: x\nmode: slow", "a.yaml:2: the file, 'mode', can't be 'slow'. There is: fast, safe."),
        ("title: x\nitems: {name: a}", "a.yaml:2: the file, 'items', must be a list, not a mapping."),
        ("title: x\nnumbers: [1]", "a.yaml:2: the file, 'numbers', must be a mapping, not a list."),
        (
            "title: x\nnumbers:\n  one: 1\n  two: zwei",
            "a.yaml:4: the file, 'numbers', 'two', must be a whole number, not 'zwei'.",
        ),
        ("title: x\ninner: {count: 1}", "a.yaml:2: the file, 'inner' needs 'name'. Its name."),
    ],
)
def test_a_mistake_is_told_with_its_line(text: str, told: str) -> None:
    record, problems = read(text)

    assert problems == [told] and record is None


def test_every_mistake_is_told_at_once() -> None:
    _, problems = read("tilte: x\nratio: much\nitems:\n  - {name: a}\n  - {nmae: b}\n")

    assert [problem.split(":")[1] for problem in problems] == ["1", "1", "2", "5", "5"]


def test_no_mapping_at_all_is_told_with_the_keys_there_are() -> None:
    record, problems = read("- a\n- b\n")

    assert record is None and problems[0].startswith("a.yaml:1: the file must be a mapping, not a list. Its keys are")


def test_the_schema_and_the_documentation_come_from_the_same_rows() -> None:
    schema = record_schema(Outer)

    assert list(schema["properties"]) == [row.key for row in rows_of(Outer)] == [key for key, _ in meanings(Outer)]
    assert schema["required"] == ["title"] and schema["additionalProperties"] is False
    assert schema["properties"]["if"]["description"] == "A word that Python keeps for itself."
    assert schema["properties"]["size"]["enum"] == ["small", "large"]
    assert schema["properties"]["items"]["items"]["required"] == ["name"]


@pytest.mark.parametrize(
    ("kind", "raw", "does"),
    [
        (str, "a", True),
        (int, True, False),
        (bool, True, True),
        (Literal["a"], "b", False),
        (tuple[str, ...], "a", False),
        (Inner, "a", False),
    ],
)
def test_shapes_are_told_apart(kind: Any, raw: Any, does: bool) -> None:
    assert fits(kind, raw) is does


def test_values_are_described_in_a_designers_words() -> None:
    assert [describe(value) for value in (None, True, False, 3, "x" * 50)] == [
        "nothing",
        "true",
        "false",
        "'3'",
        f"'{'x' * 40}…'",
    ]
