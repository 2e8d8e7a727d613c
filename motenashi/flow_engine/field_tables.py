"""Records as tables for readers: each key with what it takes, its default and its meaning, from the record itself."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from typing import Annotated, Any, Literal

from motenashi.flow_engine.flow import Target, Words
from motenashi.flow_engine.rule import Condition, Rule
from motenashi.flow_engine.sample_talks import Moment
from motenashi.flow_engine.steps.ask import FormSpec
from motenashi.flow_engine.steps.choices import Choice, ListedChoices, Offered
from motenashi.flow_engine.steps.input_card import CardSpec
from motenashi.flow_engine.steps.moving import Duration
from motenashi.flow_engine.talk_lines import TalkLines
from motenashi.flow_engine.texts import LocalText, Value
from motenashi.yaml_fields import MISSING, FieldRow, rows_of

# What a value of a type is called in a table.
_WORDS: Mapping[Any, str] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "true or false",
    Any: "anything",
    LocalText: "text per language",
    Value: "value",
    Target: "step or flow",
    Words: "words",
    Condition: "conditions",
    Rule: "rule",
    Duration: "length of time",
    Moment: "day and time",
    Offered: "choices",
    CardSpec: "card",
    FormSpec: "form",
    TalkLines: "lines",
}
# Records that stand behind a type which reads itself, and types that a page tells elsewhere.
_BEHIND: Mapping[Any, tuple[type, ...]] = {Offered: (Choice, ListedChoices), Value: (), LocalText: (), Target: ()}
_ELSEWHERE = (Words, Condition, Rule, Duration, Moment, CardSpec, FormSpec, TalkLines)


def table(rows: Iterable[FieldRow], prefix: str = "") -> list[str]:
    """The lines of a Markdown table: key, takes, default, meaning."""
    head = ["| key | takes | default | meaning |", "|---|---|---|---|"]
    return [
        *head,
        *(
            f"| `{prefix}{row.key}` | {cell(takes(row.type))} | {cell(default(row))} | {cell(row.meaning)} |"
            for row in rows
        ),
    ]


def takes(hint: Any) -> str:
    """A type in a designer's words."""
    if hint in _WORDS:
        return _WORDS[hint]
    origin, arms = typing.get_origin(hint), typing.get_args(hint)
    if origin is Annotated:
        return takes(arms[0])
    if origin in (typing.Union, types.UnionType):
        return " or ".join(dict.fromkeys(takes(arm) for arm in arms if arm is not type(None)))
    if origin is Literal:
        return ", ".join(f"`{arm}`" for arm in arms)
    if origin is tuple:
        return "rules" if arms[0] is Rule else f"list of {takes(arms[0])}"
    if origin is not None and issubclass(origin, Mapping):
        return f"name → {takes(arms[1])}"
    return _kind_word(hint)


def _kind_word(hint: Any) -> str:
    if isinstance(hint, type) and issubclass(hint, Enum):
        return ", ".join(f"`{item.value}`" for item in hint)
    return f"*{spaced(hint)}*" if dataclasses.is_dataclass(hint) else str(hint)


def spaced(kind: Any) -> str:
    """GivenPerson -> given person."""
    name: str = kind.__name__.removesuffix("Spec").removesuffix("Settings")
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()


def default(row: FieldRow) -> str:
    """The default as it would be written; 'needed' without one, nothing for what is empty or has keys of its own."""
    value = row.default
    if value is MISSING:
        return "needed"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, Moment):
        return f"`{value.written}`"
    if value in (None, "", ()) or dataclasses.is_dataclass(value) or isinstance(value, Mapping):
        return ""
    if isinstance(value, tuple):
        return f"`[{', '.join(map(str, value))}]`"
    return f"`{value.value if isinstance(value, Enum) else value}`"


def records_within(rows: Iterable[FieldRow]) -> Iterator[type]:
    """The records that these keys take, each once, the ones within them after them."""
    seen: set[type] = set()
    for row in rows:
        yield from _records(row.type, seen)


def _records(hint: Any, seen: set[type]) -> Iterator[type]:
    if hint in _ELSEWHERE:
        return
    behind = _BEHIND.get(hint)
    if behind is None and isinstance(hint, type) and dataclasses.is_dataclass(hint):
        behind = (hint,)
    for record in behind or ():
        if record not in seen:
            seen.add(record)
            yield record
            for row in rows_of(record):
                yield from _records(row.type, seen)
    if behind is None:
        for arm in typing.get_args(hint):
            yield from _records(arm, seen)


def cell(text: str) -> str:
    """A text that can stand in a table."""
    return text.replace("|", "\\|").replace("\n", " ")
