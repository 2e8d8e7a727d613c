"""Every operator of a condition, in one list: what it compares, what may stand behind it, what it means.

The operators are the normative set that we took for Zoho SalesIQ's criteria router, whose documentation names none.
Checks, the generated page for designers, the JSON Schema and the prover all read OPERATORS.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from motenashi.conversation.folding import without_surrogates
from motenashi.flow_engine import criteria_values as values
from motenashi.flow_engine.criteria_subjects import (
    as_boolean,
    as_level,
    as_moment,
    as_number,
    as_text,
    as_texts,
    as_time_of_day,
    as_weekday,
    is_empty,
    size_of,
)
from motenashi.flow_engine.criteria_values import ClockRange, NumberRange, Shape

Family = Literal["any", "text", "number", "boolean", "time", "list", "identity"]
Test = Callable[[Any, Any, datetime], bool]  # the variable's value, the value read from YAML, now


@dataclass(frozen=True)
class Operator:
    """`negative`: the exact opposite of another operator, so it holds where there is nothing to compare with."""

    name: str
    families: tuple[Family, ...]
    shape: Shape
    meaning: str
    test: Test
    negative: bool = False


def _is(subject: Any, value: str, now: datetime) -> bool:
    return as_text(subject) == value


def _contains(subject: Any, value: str, now: datetime) -> bool:
    return value in as_text(subject)


def _starts_with(subject: Any, value: str, now: datetime) -> bool:
    return as_text(subject).startswith(value)


def _ends_with(subject: Any, value: str, now: datetime) -> bool:
    return as_text(subject).endswith(value)


def _in(subject: Any, value: frozenset[str], now: datetime) -> bool:
    return as_text(subject) in value


def _matches(subject: Any, value: Any, now: datetime) -> bool:
    return bool(value.search(without_surrogates(as_text(subject))))


def _empty(subject: Any, value: bool, now: datetime) -> bool:
    return is_empty(subject)


def _number_test(compare: Callable[[int | float, Any], bool]) -> Test:
    """Nothing is no number, so no comparison with it holds."""

    def test(subject: Any, value: Any, now: datetime) -> bool:
        number = as_number(subject)
        return number is not None and compare(number, value)

    return test


def _between(subject: Any, value: Any, now: datetime) -> bool:
    if isinstance(value, ClockRange):
        return _time_between(subject, value, now)
    if isinstance(value, NumberRange):
        number = as_number(subject)
        return number is not None and value.low <= number <= value.high
    moment = as_moment(subject, now.tzinfo)
    if moment is None:
        return False
    return _order(moment, value.first.at(now), now) >= 0 >= _order(moment, value.last.at(now), now)


def _true(subject: Any, value: bool, now: datetime) -> bool:
    return as_boolean(subject) is True


def _false(subject: Any, value: bool, now: datetime) -> bool:
    return as_boolean(subject) is False


def _moment_test(compare: Callable[[int], bool], whole_days: bool = False) -> Test:
    def test(subject: Any, value: values.When, now: datetime) -> bool:
        moment, other = as_moment(subject, now.tzinfo), value.at(now)
        if moment is None:
            return False
        return compare(_order(_day_of(moment, now) if whole_days else moment, other, now))

    return test


def _order(moment: date | datetime, other: date | datetime, now: datetime) -> int:
    """-1, 0 or 1. Where one of them is a whole day, the days are compared, as they fall in the zone of `now`."""
    if isinstance(moment, datetime) and isinstance(other, datetime):
        return (moment > other) - (moment < other)
    day, other_day = _day_of(moment, now), _day_of(other, now)
    return (day > other_day) - (day < other_day)


def _day_of(moment: date | datetime, now: datetime) -> date:
    return moment.astimezone(now.tzinfo).date() if isinstance(moment, datetime) else moment


def _in_last_days(subject: Any, value: int, now: datetime) -> bool:
    return _in_days(subject, now - timedelta(days=value), now, now)


def _in_next_days(subject: Any, value: int, now: datetime) -> bool:
    return _in_days(subject, now, now + timedelta(days=value), now)


def _in_days(subject: Any, first: datetime, last: datetime, now: datetime) -> bool:
    moment = as_moment(subject, now.tzinfo)
    return moment is not None and _order(moment, first, now) >= 0 >= _order(moment, last, now)


def _weekday_in(subject: Any, value: values.Weekdays, now: datetime) -> bool:
    return as_weekday(subject, value.zone or now.tzinfo) in value.days


def _time_between(subject: Any, value: ClockRange, now: datetime) -> bool:
    clock = as_time_of_day(subject, value.zone or now.tzinfo)
    if clock is None:
        return False
    if value.start < value.end:
        return value.start <= clock < value.end
    return clock >= value.start or clock < value.end


def _has(subject: Any, value: str, now: datetime) -> bool:
    return value in as_texts(subject)


def _has_any(subject: Any, value: frozenset[str], now: datetime) -> bool:
    return not value.isdisjoint(as_texts(subject))


def _has_all(subject: Any, value: frozenset[str], now: datetime) -> bool:
    return value.issubset(as_texts(subject))


def _at_least(subject: Any, value: Any, now: datetime) -> bool:
    return bool(as_level(subject) >= value)


def _opposite(test: Test) -> Test:
    return lambda subject, value, now: not test(subject, value, now)


def _size_test(compare: Callable[[int, int], bool]) -> Test:
    return lambda subject, value, now: compare(size_of(subject), value)


_EQUAL = _number_test(lambda number, value: bool(number == value))

# Listed as a designer would look for them.
OPERATORS: tuple[Operator, ...] = (
    Operator("is", ("text",), values.TEXT, "is this text", _is),
    Operator("is_not", ("text",), values.TEXT, "is another text, or empty", _opposite(_is), negative=True),
    Operator("contains", ("text",), values.TEXT, "has this text in it", _contains),
    Operator("not_contains", ("text",), values.TEXT, "does not have this text in it", _opposite(_contains), True),
    Operator("starts_with", ("text",), values.TEXT, "begins with this text", _starts_with),
    Operator("ends_with", ("text",), values.TEXT, "ends with this text", _ends_with),
    Operator("in", ("text",), values.TEXTS, "is one of these texts", _in),
    Operator("not_in", ("text",), values.TEXTS, "is none of these texts, or empty", _opposite(_in), True),
    Operator("matches", ("text",), values.REGEX, "this regular expression finds something in it", _matches),
    Operator("is_empty", ("any",), values.FLAG, "is unknown, blank or without items", _empty),
    Operator("is_not_empty", ("any",), values.FLAG, "holds something (0 and false are something)", _opposite(_empty)),
    Operator("eq", ("number",), values.NUMBER, "equals this number", _EQUAL),
    Operator("ne", ("number",), values.NUMBER, "is another number, or empty", _opposite(_EQUAL), True),
    Operator("gt", ("number",), values.NUMBER, "is more than", _number_test(lambda number, value: number > value)),
    Operator("ge", ("number",), values.NUMBER, "is this or more", _number_test(lambda number, value: number >= value)),
    Operator("lt", ("number",), values.NUMBER, "is less than", _number_test(lambda number, value: number < value)),
    Operator("le", ("number",), values.NUMBER, "is this or less", _number_test(lambda number, value: number <= value)),
    Operator(
        "between",
        ("number", "time"),
        values.RANGE,
        "lies between both, ends included (of times of day, the later end is not)",
        _between,
    ),
    Operator("is_true", ("boolean",), values.FLAG, "is true", _true),
    Operator("is_false", ("boolean",), values.FLAG, "is false (empty is neither)", _false),
    Operator("before", ("time",), values.WHEN, "is earlier than", _moment_test(lambda order: order < 0)),
    Operator("after", ("time",), values.WHEN, "is later than", _moment_test(lambda order: order > 0)),
    Operator("on", ("time",), values.WHEN, "is on this day", _moment_test(lambda order: order == 0, whole_days=True)),
    Operator("in_last_days", ("time",), values.DAYS, "lies in the last so many days, until now", _in_last_days),
    Operator("in_next_days", ("time",), values.DAYS, "lies in the next so many days, from now", _in_next_days),
    Operator("weekday_in", ("time",), values.WEEKDAY_LIST, "falls on one of these weekdays", _weekday_in),
    Operator("time_between", ("time",), values.HOURS, "has a time of day from … until before …", _time_between),
    Operator("has", ("list",), values.TEXT, "this is one of its items", _has),
    Operator("has_not", ("list",), values.TEXT, "this is not one of its items", _opposite(_has), True),
    Operator("has_any", ("list",), values.TEXTS, "at least one of these is among its items", _has_any),
    Operator("has_all", ("list",), values.TEXTS, "all of these are among its items", _has_all),
    Operator("size_eq", ("list",), values.COUNT, "has exactly so many items", _size_test(lambda n, value: n == value)),
    Operator("size_gt", ("list",), values.COUNT, "has more items than", _size_test(lambda n, value: n > value)),
    Operator("size_lt", ("list",), values.COUNT, "has fewer items than", _size_test(lambda n, value: n < value)),
    Operator("at_least", ("identity",), values.LEVEL, "is known at least this surely (identity.level)", _at_least),
)

OPERATOR_NAMES: Mapping[str, Operator] = {operator.name: operator for operator in OPERATORS}


def criteria_schema() -> dict[str, Any]:
    """JSON Schema of what stands behind `if:` (the short forms included)."""
    operators = {operator.name: {**operator.shape.schema, "description": operator.meaning} for operator in OPERATORS}
    long_form = {"type": "object", "properties": operators, "additionalProperties": False, "minProperties": 1}
    short_form = {"type": ["string", "number", "boolean", "null"]}
    one_of_these = {"type": "array", "items": {"type": ["string", "number", "boolean"]}, "minItems": 1}
    fields = {
        "type": "object",
        "minProperties": 1,
        "additionalProperties": {"anyOf": [long_form, short_form, one_of_these]},
    }
    return {"anyOf": [fields, {"type": "array", "items": fields, "minItems": 1}]}
