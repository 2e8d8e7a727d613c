"""What a variable's value is to an operator: a text, a number, a moment, a list, a level.

Nothing and blanks are empty for all of them. A value that can't be read as what the operator needs is a Mismatch;
the condition then does not hold, and the operator of the server learns why.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, tzinfo
from decimal import Decimal
from enum import Enum
from typing import Any

from motenashi.conversation.assurance import Assurance
from motenashi.conversation.folding import fold, number_in

# What a visitor sent may be long; nothing that a condition looks for stands further in.
LONGEST_TEXT = 20_000

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_JAPANESE_WEEKDAYS = "月火水木金土日"
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)


class Mismatch(Exception):
    """The value is not of the kind that the operator compares."""

    def __init__(self, value: Any, wanted: str) -> None:
        super().__init__(f"it holds {_kind_of(value)}, not {wanted}")


def is_empty(value: Any) -> bool:
    """None, blanks, an empty list or mapping. 0 and false are something."""
    if isinstance(value, str):
        return not value.strip()
    return value is None or (isinstance(value, Sequence | Mapping | set | frozenset) and not value)


def as_text(value: Any) -> str:
    """Folded; '' when empty. Numbers and booleans are their usual writing, a level is its word."""
    if is_empty(value):
        return ""
    if isinstance(value, Assurance):
        return value.word
    if isinstance(value, Enum):
        return as_text(value.value)
    if isinstance(value, str):
        return fold(value[:LONGEST_TEXT])
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return _written(value)
    if isinstance(value, date | time):  # a datetime is a date, too
        return fold(value.isoformat())
    raise Mismatch(value, "a text")


def as_number(value: Any) -> int | float | None:
    """None when empty; a number given as text is a number."""
    if is_empty(value):
        return None
    if isinstance(value, bool | Enum):
        raise Mismatch(value, "a number")
    number = number_in(value) if isinstance(value, str) else float(value) if isinstance(value, Decimal) else value
    if not isinstance(number, int | float) or not math.isfinite(number):
        raise Mismatch(value, "a number")
    return number


def as_boolean(value: Any) -> bool | None:
    """None when empty; the texts true and false are booleans."""
    if is_empty(value):
        return None
    word = fold(value) if isinstance(value, str) else value
    if word in ("true", "false"):
        return bool(word == "true")
    if not isinstance(value, bool):
        raise Mismatch(value, "true or false")
    return value


def as_texts(value: Any) -> tuple[str, ...]:
    """The items of a list, each as a text; () when empty. Items that are no texts (records) stay out."""
    if is_empty(value):
        return ()
    if isinstance(value, str | Mapping) or not isinstance(value, Sequence | set | frozenset):
        raise Mismatch(value, "a list")
    return tuple(as_text(item) for item in value if not isinstance(item, Sequence | Mapping) or isinstance(item, str))


def size_of(value: Any) -> int:
    if is_empty(value):
        return 0
    if isinstance(value, str) or not isinstance(value, Sequence | Mapping | set | frozenset):
        raise Mismatch(value, "a list")
    return len(value)


def as_level(value: Any) -> Assurance:
    """Empty is anonymous."""
    word = as_text(value)
    try:
        return Assurance[word.upper()] if word else Assurance.ANONYMOUS
    except KeyError:
        raise Mismatch(value, "an assurance level") from None


def as_moment(value: Any, zone: tzinfo | None) -> date | datetime | None:
    """A day, or a moment with its zone; None when empty. A moment without zone is taken to be in `zone`."""
    if is_empty(value):
        return None
    moment = read_moment(value) if isinstance(value, str) else value
    if isinstance(moment, datetime):
        return moment if moment.tzinfo else moment.replace(tzinfo=zone)
    if not isinstance(moment, date):
        raise Mismatch(value, "a date")
    return moment


def read_moment(text: str) -> date | datetime | None:
    """An ISO 8601 day or moment; None for any other text."""
    plain = fold(text).upper()
    for read in (date.fromisoformat, datetime.fromisoformat):
        try:
            return read(plain)
        except ValueError:
            continue
    return None


def as_time_of_day(value: Any, zone: tzinfo | None) -> time | None:
    """Of a moment, in `zone`; or the text 'hh:mm'. None when empty."""
    if is_empty(value):
        return None
    if isinstance(value, time):
        return value.replace(tzinfo=None)
    clock = read_time(value) if isinstance(value, str) else None
    if clock is not None:
        return clock
    moment = as_moment(value, zone)
    if not isinstance(moment, datetime):
        raise Mismatch(value, "a time of day")
    return moment.astimezone(zone).time().replace(tzinfo=None)


def read_time(text: str) -> time | None:
    """'9:30' or '09:30', 24 hours."""
    found = _TIME.fullmatch(fold(text))
    return time(int(found[1]), int(found[2])) if found else None


def as_weekday(value: Any, zone: tzinfo | None) -> int | None:
    """0 is Monday; of a day, of a moment in `zone`, or a weekday's name. None when empty."""
    if is_empty(value):
        return None
    named = read_weekday(value) if isinstance(value, str) else None
    if named is not None:
        return named
    moment = as_moment(value, zone)
    if isinstance(moment, datetime):
        moment = moment.astimezone(zone)
    return moment.weekday() if moment is not None else None


def read_weekday(text: str) -> int | None:
    """mon, Monday, 月, 月曜, 月曜日 -> 0; None for another word."""
    word = fold(text)
    kanji = word.removesuffix("曜日").removesuffix("曜")
    if len(kanji) == 1 and kanji in _JAPANESE_WEEKDAYS:
        return _JAPANESE_WEEKDAYS.index(kanji)
    fits = [index for index, name in enumerate(WEEKDAYS) if len(word) >= 3 and name.startswith(word)]
    return fits[0] if fits else None


def _written(number: int | float | Decimal) -> str:
    if isinstance(number, Decimal):
        number = float(number)
    if isinstance(number, float) and number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    return str(number).casefold()


def _kind_of(value: Any) -> str:
    kinds: tuple[tuple[Any, str], ...] = (
        (bool, "true or false"),
        (int | float | Decimal, "a number"),
        (str, "a text"),
        (date, "a date"),
        (Mapping, "a record"),
        (Sequence | set | frozenset, "a list"),
    )
    return next((words for kind, words in kinds if isinstance(value, kind)), type(value).__name__)
