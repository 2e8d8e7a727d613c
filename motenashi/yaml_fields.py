"""From a person's YAML to a typed record: every key checked, every problem told with its line.

A record is a frozen dataclass; each field is one row of the language: its name, type, default and (Annotated)
meaning. Reading, the JSON Schema for editors and the documentation all come from that row. A trailing underscore
is dropped (`if_` reads the key `if`). A type that reads itself has `from_yaml` and `json_schema` class methods.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Annotated, Any, Literal, Protocol, TypeVar

from motenashi.problems import Problem, did_you_mean
from motenashi.yaml_source import YamlList, YamlMap

T = TypeVar("T")

MISSING: Any = dataclasses.MISSING


class ReadsItself(Protocol):
    """A field type with its own shape in YAML. On trouble it reports to `reader` and returns None."""

    @classmethod
    def from_yaml(cls, raw: Any, reader: FieldReader, line: int, where: str) -> Any: ...

    @classmethod
    def json_schema(cls) -> dict[str, Any]: ...


@dataclass(frozen=True)
class FieldRow:
    """One key of a record: as designers write it, what it takes, what it means."""

    key: str
    attribute: str
    type: Any
    meaning: str
    default: Any  # MISSING when the key must be there

    @property
    def required(self) -> bool:
        return self.default is MISSING


@cache
def rows_of(kind: type) -> tuple[FieldRow, ...]:
    """The rows of a record type, in the order they are written in Python."""
    hints = typing.get_type_hints(kind, include_extras=True)
    return tuple(_row(field, hints[field.name]) for field in dataclasses.fields(kind))


def _row(field: dataclasses.Field[Any], hint: Any) -> FieldRow:
    meaning = ""
    if typing.get_origin(hint) is Annotated:
        hint, *notes = typing.get_args(hint)
        meaning = next((note for note in notes if isinstance(note, str)), "")
    default: Any = field.default
    if field.default_factory is not dataclasses.MISSING:
        default = field.default_factory()
    return FieldRow(field.name.rstrip("_"), field.name, hint, meaning, default)


class FieldReader:
    """Reads records out of one file and collects what is wrong with it."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def problem(self, line: int, what: str, hint: str = "") -> None:
        self.problems.append(Problem(self.file, line, what, hint))

    def record(self, kind: type[T], raw: Any, line: int, where: str) -> T | None:
        """A record of `kind`, or None when something was wrong (then the problems say what)."""
        if not isinstance(raw, YamlMap):
            self.problem(line, f"{where} must be a mapping, not {describe(raw)}.", keys_hint(kind))
            return None
        before = len(self.problems)
        rows = {row.key: row for row in rows_of(typing.cast(Any, kind))}
        for key in raw:
            if key not in rows:
                self.problem(raw.line_of(key), f"{where} has no key '{key}'.", did_you_mean(key, rows))
        values = {row.attribute: self._field(row, raw, where) for row in rows.values()}
        if len(self.problems) > before:
            return None
        return kind(**values)

    def _field(self, row: FieldRow, raw: YamlMap, where: str) -> Any:
        if row.key not in raw:
            if row.required:
                self.problem(raw.line, f"{where} needs '{row.key}'.", row.meaning)
            return row.default
        return self.value(row.type, raw[row.key], raw.line_of(row.key), f"{where}, '{row.key}',")

    def value(self, hint: Any, raw: Any, line: int, where: str) -> Any:
        """`raw` as a value of the type `hint`; None after a problem was reported."""
        if hasattr(hint, "from_yaml"):
            return hint.from_yaml(raw, self, line, where)
        origin = typing.get_origin(hint)
        if origin is Annotated:
            return self.value(typing.get_args(hint)[0], raw, line, where)
        if origin in (typing.Union, types.UnionType):
            return self._union(hint, raw, line, where)
        if origin is Literal:
            return self._one_of(typing.get_args(hint), raw, line, where)
        if origin is tuple:
            return self._items(typing.get_args(hint)[0], raw, line, where)
        if origin is not None and issubclass(origin, Mapping):
            return self._mapping(typing.get_args(hint)[1], raw, line, where)
        return self._plain(hint, raw, line, where)

    def _plain(self, hint: Any, raw: Any, line: int, where: str) -> Any:
        if hint is Any:
            return raw
        if dataclasses.is_dataclass(hint):
            return self.record(typing.cast(type, hint), raw, line, where.rstrip(","))
        if isinstance(hint, type) and issubclass(hint, Enum):
            word = self._one_of(tuple(item.value for item in hint), raw, line, where)
            return None if word is None else hint(word)
        return self._scalar(hint, raw, line, where)

    def _scalar(self, hint: Any, raw: Any, line: int, where: str) -> Any:
        if hint is str and isinstance(raw, int | float) and not isinstance(raw, bool):
            return str(raw)
        if hint is float and isinstance(raw, int) and not isinstance(raw, bool):
            return float(raw)
        if isinstance(raw, hint) and not (hint is not bool and isinstance(raw, bool)):
            return raw
        self.problem(line, f"{where} must be {_TYPE_WORDS.get(hint, str(hint))}, not {describe(raw)}.")
        return None

    def _union(self, hint: Any, raw: Any, line: int, where: str) -> Any:
        arms = [arm for arm in typing.get_args(hint) if arm is not type(None)]
        if raw is None and len(arms) < len(typing.get_args(hint)):
            return None
        for arm in arms[:-1]:
            if fits(arm, raw):
                return self.value(arm, raw, line, where)
        return self.value(arms[-1], raw, line, where)

    def _one_of(self, words: tuple[Any, ...], raw: Any, line: int, where: str) -> Any:
        if raw in words:
            return raw
        hint = did_you_mean(str(raw), [str(word) for word in words])
        self.problem(line, f"{where} can't be {describe(raw)}.", hint)
        return None

    def _items(self, hint: Any, raw: Any, line: int, where: str) -> tuple[Any, ...] | None:
        if not isinstance(raw, YamlList):
            self.problem(line, f"{where} must be a list, not {describe(raw)}.")
            return None
        return tuple(
            self.value(hint, item, raw.line_of(index), f"{where} item {index + 1},") for index, item in enumerate(raw)
        )

    def _mapping(self, hint: Any, raw: Any, line: int, where: str) -> dict[str, Any] | None:
        if not isinstance(raw, YamlMap):
            self.problem(line, f"{where} must be a mapping, not {describe(raw)}.")
            return None
        return {key: self.value(hint, item, raw.line_of(key), f"{where} '{key}',") for key, item in raw.items()}


_TYPE_WORDS = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}


def fits(hint: Any, raw: Any) -> bool:
    """Is the shape of `raw` that of `hint`? Only as deep as needed to choose between the arms of a union."""
    if typing.get_origin(hint) is Literal:
        return raw in typing.get_args(hint)
    if hint in (str, int, float, bool):
        return isinstance(raw, hint) and not (hint in (int, float) and isinstance(raw, bool))
    if typing.get_origin(hint) is tuple:
        return isinstance(raw, YamlList)
    if hasattr(hint, "fits"):
        return bool(hint.fits(raw))
    return (dataclasses.is_dataclass(hint) or typing.get_origin(hint) is not None) and isinstance(raw, YamlMap)


def describe(raw: Any) -> str:
    """A value in the words a designer knows: `a list`, `a mapping`, `'Yes'`, `nothing`."""
    if raw is None:
        return "nothing"
    if isinstance(raw, YamlMap):
        return "a mapping"
    if isinstance(raw, YamlList):
        return "a list"
    if isinstance(raw, bool):
        return "true" if raw else "false"
    text = str(raw)
    return f"'{text[:40]}…'" if len(text) > 40 else f"'{text}'"


def keys_hint(kind: type) -> str:
    return "Its keys are " + ", ".join(row.key for row in rows_of(kind)) + "."


def schema_of(hint: Any) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a field type or record, for designers' editors."""
    if hasattr(hint, "json_schema"):
        return typing.cast(dict[str, Any], hint.json_schema())
    origin, arms = typing.get_origin(hint), typing.get_args(hint)
    if origin is Annotated:
        return schema_of(arms[0])
    if origin in (typing.Union, types.UnionType):
        return {"anyOf": [schema_of(arm) for arm in arms if arm is not type(None)]}
    if origin is Literal:
        return {"enum": list(arms)}
    if origin is tuple:
        return {"type": "array", "items": schema_of(arms[0])}
    if origin is not None and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": schema_of(arms[1])}
    return _plain_schema(hint)


def _plain_schema(hint: Any) -> dict[str, Any]:
    if dataclasses.is_dataclass(hint):
        return record_schema(typing.cast(type, hint))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {"enum": [item.value for item in hint]}
    names = {str: ["string", "number"], int: "integer", float: "number", bool: "boolean"}
    return {"type": names[hint]} if hint in names else {}


def record_schema(kind: type) -> dict[str, Any]:
    rows = rows_of(kind)
    properties = {row.key: {**schema_of(row.type), "description": row.meaning} for row in rows}
    required = [row.key for row in rows if row.required]
    schema: dict[str, Any] = {"type": "object", "additionalProperties": False, "properties": properties}
    return {**schema, "required": required} if required else schema


def meanings(kind: type) -> Iterator[tuple[str, str]]:
    """(key, meaning) of each row, for documentation."""
    for row in rows_of(kind):
        yield row.key, row.meaning
