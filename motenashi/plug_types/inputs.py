"""Read a plug's input: what a flow, SalesIQ or a person wrote becomes the Python type that the plug declares.

Tolerant where people are (spaces, full-width digits, はい for true), strict where a guess could be wrong.
"""

from __future__ import annotations

import math
import re
import types
import typing
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Any, Literal

from motenashi.clean_text import clean_text

Reader = Callable[[Any], Any]

_WHOLE = re.compile(r"[+-]?\d{1,18}")
_NUMBER = re.compile(r"[+-]?(?:\d{1,18}(?:\.\d{0,18})?|\.\d{1,18})(?:[eE][+-]?\d{1,3})?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_YES = {"true", "yes", "on", "1", "はい"}
_NO = {"false", "no", "off", "0", "いいえ"}
_MOST_DIGITS = 10**18


class WrongValue(ValueError):
    """A value does not fit its declared type; the message says what is wrong, without the value."""


def reader_of(kind: Any) -> Reader:
    """A function that reads one value of this type, raising WrongValue. TypeError for a type no plug may take.

    Types: str, int, float, bool, date, datetime, an Enum, Literal, `X | None`, tuple/list/Sequence of str,
    dict/Mapping, Any.
    """
    origin = typing.get_origin(kind)
    if origin is Literal:
        return _literal_reader(typing.get_args(kind))
    if origin in (typing.Union, types.UnionType):
        return _optional_reader(kind)
    if kind in _READERS:
        return _READERS[kind]
    plain = origin or kind
    if plain in (tuple, list, Sequence, Collection):
        return _texts_reader(kind, plain)
    if plain in (dict, Mapping):
        return _read_mapping
    if isinstance(kind, type) and issubclass(kind, Enum):
        return lambda value: kind(_literal_reader([member.value for member in kind])(value))
    raise TypeError(f"a plug can't take {kind}")


def is_blank(value: Any) -> bool:
    """Nothing was given: a missing value, or text without a letter."""
    return value is None or (isinstance(value, str) and not value.strip())


def _read_text(value: Any) -> str:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < _MOST_DIGITS:
        return str(int(value))  # a number that went through JSON: 5.0 was meant as 5
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise WrongValue("must be text")


def _read_whole(value: Any) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _MOST_DIGITS:
        return value
    text = _half_width(value)
    if _WHOLE.fullmatch(text):
        return int(text)
    raise WrongValue("must be a whole number")


def _read_number(value: Any) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < math.inf:
        return float(value)
    text = _half_width(value)
    if _NUMBER.fullmatch(text) and abs(float(text)) < math.inf:
        return float(text)
    raise WrongValue("must be a number")


def _read_yes_or_no(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value) if value in (0, 1) else _half_width(value).lower()
    if word in _YES or word in _NO:
        return word in _YES
    raise WrongValue("must be true or false")


def _read_date(value: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    text = _half_width(value)
    if _DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise WrongValue("is no day of the calendar") from None
    raise WrongValue("must be a date such as 2026-01-31")


def _read_moment(value: Any) -> datetime:
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(_half_width(value))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise WrongValue("must be a moment with its time zone, such as 2026-01-31T10:00:00+09:00")
    return moment


def _read_mapping(value: Any) -> dict[str, Any]:
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return dict(value)
    raise WrongValue("must be an object")


def _literal_reader(words: Iterable[Any]) -> Reader:
    """One of a few words; upper and lower case, width and spaces around them do not matter."""
    known = {_folded(word): word for word in words}
    choice = ", ".join(str(word) for word in known.values())

    def read(value: Any) -> Any:
        try:
            return known[_folded(value)]
        except KeyError:
            raise WrongValue(f"must be one of: {choice}") from None

    return read


def _optional_reader(kind: Any) -> Reader:
    arms = [arm for arm in typing.get_args(kind) if arm is not type(None)]
    if len(arms) != 1:
        raise TypeError(f"a plug can't take {kind}: one type, or None")
    read, takes_blank = reader_of(arms[0]), arms[0] in (str, Any)

    def read_optional(value: Any) -> Any:
        return None if value is None or (not takes_blank and is_blank(value)) else read(value)

    return read_optional


def _texts_reader(kind: Any, plain: Any) -> Reader:
    if set(typing.get_args(kind)) - {str, ...}:
        raise TypeError(f"a plug can't take {kind}: a list of str")
    make: Callable[[Iterable[str]], Any] = list if plain is list else tuple

    def read(value: Any) -> Any:
        if isinstance(value, str):  # one answer of a card that allows several
            return make([] if is_blank(value) else [_read_text(value)])
        if isinstance(value, list | tuple):
            return make(_read_text(item) for item in value)
        raise WrongValue("must be a list of texts")

    return read


def _half_width(value: Any) -> str:
    return unicodedata.normalize("NFKC", value).strip() if isinstance(value, str) else ""


def _folded(value: Any) -> str:
    return unicodedata.normalize("NFKC", str(value)).strip().casefold()


_READERS: dict[Any, Reader] = {
    str: _read_text,
    int: _read_whole,
    float: _read_number,
    bool: _read_yes_or_no,
    date: _read_date,
    datetime: _read_moment,
    Any: lambda value: value,
}
