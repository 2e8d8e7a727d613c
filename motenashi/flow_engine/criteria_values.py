"""What a designer may write behind an operator: each shape, how it is read once at load time, and its JSON Schema.

Reading a value either gives what the operator's test works with, or raises ValueWrong with a sentence and a cure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import re2

from motenashi.conversation.assurance import Assurance
from motenashi.flow_engine.criteria_subjects import (
    WEEKDAYS,
    Mismatch,
    as_number,
    as_text,
    is_empty,
    read_moment,
    read_time,
    read_weekday,
)
from motenashi.problems import did_you_mean

LONGEST_PATTERN = 300  # characters of a regular expression
MOST_VALUES = 500  # in one list
_REGEX_MEMORY = 1 << 20  # bytes a compiled expression may take
_MOST_DAYS = 36_500

DAY_WORDS: Mapping[str, int] = {"today": 0, "tomorrow": 1, "yesterday": -1}


class ValueWrong(Exception):
    """The value does not fit its operator: `what` is wrong, and a `hint`."""

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint


@dataclass(frozen=True)
class When:
    """A day or moment to compare with; `word` (now, today …) is one that moves with the clock."""

    fixed: date | datetime | None = None
    word: str = ""

    def at(self, now: datetime) -> date | datetime:
        """A moment without a zone is in the zone of `now`."""
        if self.word:
            return now if self.word == "now" else now.date() + timedelta(days=DAY_WORDS[self.word])
        if isinstance(self.fixed, datetime) and self.fixed.tzinfo is None:
            return self.fixed.replace(tzinfo=now.tzinfo)
        assert self.fixed is not None  # noqa: S101  either a word or a moment, by construction
        return self.fixed


@dataclass(frozen=True)
class NumberRange:
    low: int | float
    high: int | float


@dataclass(frozen=True)
class MomentRange:
    first: When
    last: When


@dataclass(frozen=True)
class ClockRange:
    """From `start` up to, not including, `end`; over midnight when `end` is the earlier one."""

    start: time
    end: time
    zone: tzinfo | None = None


@dataclass(frozen=True)
class Weekdays:
    days: frozenset[int]  # 0 is Monday
    zone: tzinfo | None = None


@dataclass(frozen=True)
class Shape:
    """`read` turns what YAML gave into what the operator tests with."""

    name: str
    meaning: str
    read: Callable[[Any], Any]
    schema: Mapping[str, Any]
    references: bool = True  # may it be, or hold, `$variable`s?


def _read_flag(raw: Any) -> bool:
    if raw is not True and raw is not None:
        raise ValueWrong("this operator stands alone or with 'true'.", "For the opposite, use the opposite operator.")
    return True


def _read_text(raw: Any) -> str:
    try:
        text = as_text(raw)
    except Mismatch:
        raise ValueWrong("a text is expected here.", "For several, use 'in'.") from None
    if not text:
        raise ValueWrong("the text to compare with is empty.", "Use is_empty or is_not_empty.")
    return text


def _read_texts(raw: Any) -> frozenset[str]:
    items = raw if isinstance(raw, list | tuple | set | frozenset) else [raw]
    if not items:
        raise ValueWrong("the list is empty.", "Write at least one value, as [first, second].")
    if len(items) > MOST_VALUES:
        raise ValueWrong(f"the list is longer than {MOST_VALUES} values.")
    return frozenset(_read_text(item) for item in items)


def _read_regex(raw: Any) -> Any:
    if not isinstance(raw, str) or not raw:
        raise ValueWrong("a regular expression is expected here, as text.", "Put it in 'single quotes'.")
    if len(raw) > LONGEST_PATTERN:
        raise ValueWrong(f"the regular expression is longer than {LONGEST_PATTERN} characters.", "Split it up.")
    options = re2.Options()
    options.case_sensitive, options.log_errors, options.max_mem = False, False, _REGEX_MEMORY
    try:
        return re2.compile(raw, options)
    except (re2.error, UnicodeError) as error:
        cause = error.args[0].decode("utf-8", "replace") if isinstance(error, re2.error) else "half a character"
        hint = "RE2's syntax is used: no look-ahead, look-behind or back-references."
        raise ValueWrong(f"this regular expression can't be used: {cause}.", hint) from None


def _read_number(raw: Any) -> int | float:
    try:
        number = as_number(raw)
    except Mismatch:
        number = None
    if number is None:
        raise ValueWrong("a number is expected here.", "Write it in digits.")
    return number


def _read_count(raw: Any) -> int:
    number = _read_number(raw)
    if number < 0 or number != int(number):
        raise ValueWrong("a whole number from 0 is expected here.")
    return int(number)


def _read_days(raw: Any) -> int:
    number = _read_count(raw)
    if number > _MOST_DAYS:
        raise ValueWrong(f"at most {_MOST_DAYS} days can be looked back or ahead.")
    return number


def _read_when(raw: Any) -> When:
    if isinstance(raw, date):  # a datetime is a date, too; only a reference can give one
        return When(raw)
    if isinstance(raw, str):
        word = as_text(raw)
        moment = read_moment(raw)
        if word in DAY_WORDS or word == "now":
            return When(word=word)
        if moment is not None:
            return When(moment)
    hint = "Write 2026-11-03, 2026-11-03T09:30, today, tomorrow, yesterday or now."
    raise ValueWrong("a date is expected here.", hint)


def _read_range(raw: Any) -> NumberRange | MomentRange | ClockRange:
    low, high, zone = _two_ends(raw)
    if all(isinstance(end, str) and read_time(end) for end in (low, high)):
        return _read_hours(raw)
    if zone is not None:
        raise ValueWrong("a zone belongs to times of day ('09:00').")
    for read in (_number_range, _moment_range):
        found = read(low, high)
        if found is not None:
            return found
    hint = "Write [1, 5], ['2026-01-01', '2026-03-31'] or ['09:00', '18:00']."
    raise ValueWrong("both ends must be numbers, dates or times of day.", hint)


def _number_range(low: Any, high: Any) -> NumberRange | None:
    try:
        found = NumberRange(_read_number(low), _read_number(high))
    except ValueWrong:
        return None
    if found.low > found.high:
        raise ValueWrong("the first number is larger than the second.", "Turn them round.")
    return found


def _moment_range(first: Any, last: Any) -> MomentRange | None:
    try:
        found = MomentRange(_read_when(first), _read_when(last))
    except ValueWrong:
        return None
    ends = (found.first.fixed, found.last.fixed)
    if all(type(end) is date for end in ends) and ends[0] > ends[1]:  # type: ignore[operator]
        raise ValueWrong("the first date is later than the second.", "Turn them round.")
    return found


def _read_hours(raw: Any) -> ClockRange:
    start, end, zone = _two_ends(raw)
    times = [end if isinstance(end, time) else read_time(end) if isinstance(end, str) else None for end in (start, end)]
    if times[0] is None or times[1] is None:
        raise ValueWrong("two times of day are expected here.", "Write ['09:00', '18:00'], 24 hours.")
    if times[0] == times[1]:
        raise ValueWrong("both times are the same.")
    return ClockRange(times[0], times[1], _read_zone(zone))


def _two_ends(raw: Any) -> tuple[Any, Any, Any]:
    """The ends and the zone of [from, to] or {from, to, zone}."""
    if isinstance(raw, Mapping) and {"from", "to"} <= set(raw) <= {"from", "to", "zone"}:
        return raw["from"], raw["to"], raw.get("zone")
    if isinstance(raw, list | tuple) and len(raw) == 2:
        return raw[0], raw[1], None
    raise ValueWrong("two ends are expected here.", "Write [from, to] or {from: …, to: …}.")


def _read_weekdays(raw: Any) -> Weekdays:
    days, zone = raw, None
    if isinstance(raw, Mapping):
        if not {"days"} <= set(raw) <= {"days", "zone"}:
            raise ValueWrong("weekdays are expected here.", "Write [mon, tue] or {days: [mon], zone: Asia/Tokyo}.")
        days, zone = raw["days"], raw.get("zone")
    words = days if isinstance(days, list | tuple) else [days]
    if not words:
        raise ValueWrong("the list is empty.", "Write at least one weekday.")
    return Weekdays(frozenset(_read_day(word) for word in words), _read_zone(zone))


def _read_day(word: Any) -> int:
    day = read_weekday(word) if isinstance(word, str) else None
    if day is None:
        raise ValueWrong(f"'{word}' is no weekday.", did_you_mean(str(word), WEEKDAYS))
    return day


def _read_zone(raw: Any) -> tzinfo | None:
    if raw is None:
        return None
    try:
        return ZoneInfo(str(raw))
    except (KeyError, ValueError, OSError):
        raise ValueWrong(f"'{raw}' is no time zone.", "Write a name such as Asia/Tokyo or Europe/London.") from None


def _read_level(raw: Any) -> Assurance:
    words = [level.word for level in Assurance]
    word = "" if is_empty(raw) else str(raw).strip().casefold()
    if isinstance(raw, Assurance):
        return raw
    if word not in words:
        raise ValueWrong(f"'{raw}' is no assurance level.", did_you_mean(word, words))
    return Assurance[word.upper()]


# ---- The schemas, for editors. A `$variable` is allowed where a text is. ----

_TEXT: dict[str, Any] = {"type": ["string", "number", "boolean"]}
_NUMBER: dict[str, Any] = {
    "anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^(\$.+|[-+]?[0-9][0-9,]*(\.[0-9]+)?)$"}]
}
_ENDS: dict[str, Any] = {"type": ["number", "string"]}


def _two(schema: Mapping[str, Any]) -> dict[str, Any]:
    named = {"from": schema, "to": schema, "zone": {"type": "string"}}
    return {
        "anyOf": [
            {"type": "array", "items": schema, "minItems": 2, "maxItems": 2},
            {"type": "object", "properties": named, "required": ["from", "to"], "additionalProperties": False},
        ]
    }


def _one_or_more(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "array", "items": schema, "minItems": 1}]}


_DAYS = _one_or_more({"type": "string"})
_DAYS["anyOf"].append(
    {
        "type": "object",
        "properties": {"days": _one_or_more({"type": "string"}), "zone": {"type": "string"}},
        "required": ["days"],
        "additionalProperties": False,
    }
)

FLAG = Shape("flag", "true, or nothing", _read_flag, {"enum": [True, None]}, references=False)
TEXT = Shape("text", "a text", _read_text, _TEXT)
TEXTS = Shape("texts", "a list of texts", _read_texts, _one_or_more(_TEXT))
REGEX = Shape("regex", "an RE2 expression", _read_regex, {"type": "string", "minLength": 1}, references=False)
NUMBER = Shape("number", "a number", _read_number, _NUMBER)
COUNT = Shape("count", "a whole number", _read_count, _NUMBER)
DAYS = Shape("days", "a number of days", _read_days, _NUMBER)
WHEN = Shape("when", "a date or moment (ISO), today, tomorrow, yesterday or now", _read_when, {"type": "string"})
RANGE = Shape("range", "[from, to]: two numbers, dates or times of day", _read_range, _two(_ENDS))
HOURS = Shape("hours", "['09:00', '18:00'] or {from, to, zone}", _read_hours, _two({"type": "string"}))
WEEKDAY_LIST = Shape("weekdays", "[mon, tue] or {days, zone}", _read_weekdays, _DAYS)
LEVEL = Shape(
    "level",
    "anonymous, claimed or verified",
    _read_level,
    {"enum": [level.word for level in Assurance]},
    references=False,
)

_REFERENCE = re.compile(r"\$[^\W\d][\w-]*(?:\.[\w-]+)*")


@dataclass(frozen=True)
class Reference:
    """`$path`: the value that a variable has when the condition is asked."""

    path: str


def with_references(raw: Any) -> tuple[Any, tuple[str, ...]]:
    """The value with each `$path` (itself, or an item of a list or mapping) made a Reference, and the paths."""
    if isinstance(raw, str) and _REFERENCE.fullmatch(raw):
        return Reference(raw[1:]), (raw[1:],)
    if isinstance(raw, Mapping):
        pairs = {key: with_references(item) for key, item in raw.items()}
        return {key: pair[0] for key, pair in pairs.items()}, _joined([pair[1] for pair in pairs.values()])
    if isinstance(raw, list | tuple):
        items = [with_references(item) for item in raw]
        return [item[0] for item in items], _joined([item[1] for item in items])
    return raw, ()


def resolved(value: Any, look_up: Callable[[str], Any]) -> Any:
    """The value with what its references hold now; inside a list, empty ones are left out and lists are joined."""
    if isinstance(value, Reference):
        return look_up(value.path)
    if isinstance(value, Mapping):
        return {key: resolved(item, look_up) for key, item in value.items()}
    if isinstance(value, list):
        found: list[Any] = []
        for item in value:
            now = resolved(item, look_up)
            found.extend(now if isinstance(now, list | tuple) else [] if is_empty(now) else [now])
        return found
    return value


def _joined(paths: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(path for some in paths for path in some)
