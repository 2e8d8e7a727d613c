"""The lines of a sample talk: what the visitor does, and what has to come back. Written and read here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from motenashi.flow_engine.steps.moving import Duration
from motenashi.problems import did_you_mean
from motenashi.yaml_fields import FieldReader, describe
from motenashi.yaml_source import YamlList, YamlMap

# What a visitor or the platform does. Each begins a turn.
ACTS: Mapping[str, str] = {
    "visitor": "What the visitor types or clicks.",
    "code": "`right`: the visitor types the one-time code that was mailed. `wrong`: another one.",
    "answers": "All answers of a form at once, on channels that ask forms themselves: {name: …, email: …}.",
    "opens": "`again`: the visitor opens the chat once more, or reloads the page.",
    "failure": "The platform could not do what we asked: offline_hours, operators_not_available, execution_failure …",
    "time passes": "So much time goes by: 30 seconds, 5 minutes, 2 hours. A `wait` step that is due goes on.",
}
# What has to come back. What a turn does not mention is not looked at.
EXPECTS: Mapping[str, str] = {
    "bot": "One bubble's exact text. `…` at either end stands for anything, alone for one or more bubbles.",
    "chips": "The buttons below, in their order; [] for none. `…` stands for one or more, here and in the lists below.",
    "products": "The titles of the products shown, in their order; [] for none.",
    "links": "The texts of the links shown, in their order.",
    "input": "The field or card that asks: text, name, email, date-timeslots …; `none` when nothing asks.",
    "form": "The names of the questions that the platform is to ask.",
    "ends": "How the bot's part ends: end, forward, operator_busy or block; `no` when it goes on.",
}
FAILURES = (
    *("offline_hours", "operators_not_available", "invalid_operators", "more_than_max_length"),
    *("execution_failure", "unknown"),
)
ENDS = ("end", "forward", "operator_busy", "block", "no")
ANYTHING = "…"


@dataclass(frozen=True)
class TalkLine:
    """One line: its key, and the value as it was checked (texts, tuples of texts, a Duration, a mapping)."""

    what: str
    value: Any
    line: int

    @property
    def acts(self) -> bool:
        return self.what in ACTS


@dataclass(frozen=True)
class TalkLines:
    """All lines of a talk in their order."""

    lines: tuple[TalkLine, ...]

    @classmethod
    def from_yaml(cls, raw: Any, reader: FieldReader, line: int, where: str) -> TalkLines | None:
        if not isinstance(raw, YamlList) or not raw:
            reader.problem(line, f"{where} must be a list of lines, not {describe(raw)}.", "- visitor: hello")
            return None
        before = len(reader.problems)
        lines = [read for place, item in enumerate(raw) for read in _lines_of(item, raw.line_of(place), reader) if read]
        if len(reader.problems) == before:
            _each_act_expects_something(lines, reader)
        return cls(tuple(lines)) if len(reader.problems) == before else None

    @classmethod
    def fits(cls, raw: Any) -> bool:
        return isinstance(raw, YamlList)

    @classmethod
    def json_schema(cls) -> dict[str, Any]:
        texts = {"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "string"}]}
        own: dict[str, dict[str, Any]] = {
            **dict.fromkeys(_LISTS, texts),
            "visitor": {"type": ["string", "number"]},
            "code": {"enum": ["right", "wrong"]},
            "answers": {"type": "object"},
            "opens": {"const": "again"},
            "failure": {"enum": list(FAILURES)},
            "ends": {"enum": list(ENDS)},
        }
        properties = {
            key: {**own.get(key, {"type": "string"}), "description": meaning}
            for key, meaning in {**ACTS, **EXPECTS}.items()
        }
        line = {"type": "object", "properties": properties, "additionalProperties": False, "minProperties": 1}
        return {"type": "array", "items": line, "minItems": 1}


_LISTS = ("chips", "products", "links", "form")


def _lines_of(item: Any, line: int, reader: FieldReader) -> list[TalkLine | None]:
    if not isinstance(item, YamlMap):
        reader.problem(line, f"a line of a talk must say who does what, not {describe(item)}.", "- visitor: hello")
        return []
    return [_line(key, value, item.line_of(key), reader) for key, value in item.items()]


def _line(key: str, raw: Any, line: int, reader: FieldReader) -> TalkLine | None:
    if key not in ACTS and key not in EXPECTS:
        reader.problem(line, f"a talk has no line '{key}'.", did_you_mean(key, [*ACTS, *EXPECTS]))
        return None
    before = len(reader.problems)
    value = _READERS.get(key, _text)(raw, reader, line, f"'{key}'")
    return TalkLine(key, value, line) if len(reader.problems) == before else None


def _text(raw: Any, reader: FieldReader, line: int, where: str) -> Any:
    if isinstance(raw, str) and not raw.strip():
        reader.problem(line, f"{where} says nothing.")
    return reader.value(str, raw, line, where)


def _texts(raw: Any, reader: FieldReader, line: int, where: str) -> Any:
    if raw == ANYTHING:
        return (ANYTHING,)
    return reader.value(tuple[str, ...], raw, line, where)


def _one_of(*words: str) -> Callable[[Any, FieldReader, int, str], Any]:
    return lambda raw, reader, line, where: reader.value(Literal[words], raw, line, where)


_READERS: Mapping[str, Callable[[Any, FieldReader, int, str], Any]] = {
    **dict.fromkeys(_LISTS, _texts),
    "code": _one_of("right", "wrong"),
    "answers": lambda raw, reader, line, where: reader.value(Mapping[str, str], raw, line, where),
    "opens": _one_of("again"),
    "failure": _one_of(*FAILURES),
    "time passes": lambda raw, reader, line, where: Duration.from_yaml(raw, reader, line, where),
    "ends": _one_of(*ENDS),
}


def _each_act_expects_something(lines: list[TalkLine], reader: FieldReader) -> None:
    """A line without an answer would prove nothing. Time may pass in silence."""
    for line, below in zip(lines, [*lines[1:], None], strict=True):
        if line.acts and line.what != "time passes" and (below is None or below.acts):
            reader.problem(line.line, f"nothing is expected after this '{line.what}'.", "Add - bot: …")
