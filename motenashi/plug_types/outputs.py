"""Write a plug's outputs as plain JSON values, and notice when a plug gives something else than it declared."""

from __future__ import annotations

import dataclasses
import math
import types
import typing
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Any, Literal

from motenashi.clean_text import clean_text
from motenashi.plug_types.inputs import WrongValue

Writer = Callable[[Any], Any]


def writer_of(kind: Any) -> Writer:
    """A function that makes one value of this type plain JSON (str, int, float, bool, None, list, dict).

    It raises WrongValue for a value of another type. Dates become ISO texts, dataclasses become objects.
    TypeError for a type that no plug may give.
    """
    origin = typing.get_origin(kind)
    if origin is typing.Annotated:
        return writer_of(typing.get_args(kind)[0])
    if origin is Literal:
        return _literal_writer(typing.get_args(kind))
    if origin in (typing.Union, types.UnionType):
        return _union_writer([writer_of(arm) for arm in typing.get_args(kind)])
    if kind in _WRITERS:
        return _WRITERS[kind]
    plain = origin or kind
    if plain in (tuple, list, Sequence, Collection):
        return _list_writer(kind)
    if plain in (dict, Mapping):
        return _mapping_writer(kind)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _record_writer(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _enum_writer(kind)
    raise TypeError(f"a plug can't give {kind}")


def plain_json(value: Any) -> Any:
    """Any value as plain JSON, in new lists and objects. WrongValue for what JSON has no word for."""
    kind = type(value)
    if kind is str:
        return clean_text(value)
    if kind in (list, tuple):
        return [plain_json(item) for item in value]
    if kind is dict or isinstance(value, Mapping):
        return {_key(key): plain_json(item) for key, item in value.items()}
    if value is None or kind in (bool, int):
        return value
    if kind is float:
        return _write_number(value)
    return writer_of(kind)(value) if _has_writer(kind) else _refuse("JSON")


def _has_writer(kind: type) -> bool:
    return kind in _WRITERS or dataclasses.is_dataclass(kind) or issubclass(kind, Enum)


def _refuse(wanted: str) -> typing.NoReturn:
    raise WrongValue(f"is not {wanted}")


def _write_text(value: Any) -> str:
    return clean_text(value) if isinstance(value, str) else _refuse("text")


def _write_whole(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else _refuse("a whole number")


def _write_number(value: Any) -> float | int:
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return value
    return _refuse("a finite number")


def _write_yes_or_no(value: Any) -> bool:
    return value if isinstance(value, bool) else _refuse("true or false")


def _write_nothing(value: Any) -> None:
    return None if value is None else _refuse("nothing")


def _write_date(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else _refuse("a date")


def _literal_writer(words: tuple[Any, ...]) -> Writer:
    def write(value: Any) -> Any:
        return value if value in words else _refuse("one of: " + ", ".join(map(str, words)))

    return write


def _enum_writer(kind: type[Enum]) -> Writer:
    return lambda value: value.value if isinstance(value, kind) else _refuse(kind.__name__)


def _union_writer(writers: Sequence[Writer]) -> Writer:
    def write(value: Any) -> Any:
        for write_arm in writers:
            try:
                return write_arm(value)
            except WrongValue as error:
                wrong = error
        raise wrong

    return write


def _list_writer(kind: Any) -> Writer:
    arms = [arm for arm in typing.get_args(kind) if arm is not ...]
    if len(arms) > 1:
        raise TypeError(f"a plug can't give {kind}: all items of one type")
    write_item = writer_of(arms[0]) if arms else plain_json

    def write(value: Any) -> list[Any]:
        return [write_item(item) for item in value] if isinstance(value, list | tuple) else _refuse("a list")

    return write


def _mapping_writer(kind: Any) -> Writer:
    arms = typing.get_args(kind)
    write_item = writer_of(arms[1]) if arms else plain_json

    def write(value: Any) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            _refuse("an object")
        return {_key(key): write_item(item) for key, item in value.items()}

    return write


def _key(key: Any) -> str:
    return clean_text(key) if isinstance(key, str) else _refuse("an object with text keys")


def _record_writer(kind: type) -> Writer:
    hints = typing.get_type_hints(kind)
    fields = [(field.name, writer_of(hints[field.name])) for field in dataclasses.fields(kind)]

    def write(value: Any) -> dict[str, Any]:
        if not isinstance(value, kind):
            _refuse(kind.__name__)
        return {name: _write_field(name, write_value, getattr(value, name)) for name, write_value in fields}

    return write


def _write_field(name: str, write: Writer, value: Any) -> Any:
    try:
        return write(value)
    except WrongValue as error:
        raise WrongValue(f"{name} {error}" if str(error).startswith("is ") else f"{name}.{error}") from None


_WRITERS: dict[Any, Writer] = {
    str: _write_text,
    int: _write_whole,
    float: _write_number,
    bool: _write_yes_or_no,
    type(None): _write_nothing,
    date: _write_date,
    datetime: _write_date,
    Any: plain_json,
}
