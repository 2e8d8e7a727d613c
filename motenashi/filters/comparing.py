"""One plain question about one value, as SQL. What it gives is NULL or false where the value is NULL (but is_empty)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, tzinfo
from typing import Any

from sqlalchemy import and_, false, or_, true

from motenashi.filters.model import Kind
from motenashi.filters.patterns import plain_alternatives
from motenashi.filters.spans import Span, span_of_days, span_of_moments
from motenashi.filters.speech import Speech, Sql
from motenashi.flow_engine.criteria_values import ClockRange

SPANNING = ("before", "after", "on", "in_last_days", "in_next_days", "between")
_BIGGEST = 2**63


def text_holds(speech: Speech, operator: str, folded: Sql, ready: Any) -> Sql:
    """`folded` is the text in its plain form."""
    if operator == "is":
        equal: Sql = folded == ready
        return equal
    if operator == "in":
        return folded.in_(sorted(ready))
    if operator == "is_empty":
        return or_(folded == "", folded.is_(None))
    ask: dict[str, Callable[[Sql, str], Sql]] = {
        "contains": speech.has_in_it,
        "starts_with": speech.begins,
        "ends_with": speech.ends,
    }
    if operator in ask:
        return ask[operator](folded, ready)
    pieces = plain_alternatives(ready.pattern)
    if pieces:
        return or_(*(speech.has_in_it(folded, piece) for piece in pieces))
    return and_(folded.is_not(None), speech.found(folded, ready.pattern))


def number_holds(operator: str, value: Sql, ready: Any) -> Sql:
    if operator == "is_empty":
        return value.is_(None)
    if operator == "between":
        return and_(value >= _fitting(ready.low), value <= _fitting(ready.high))
    ready = _fitting(ready)
    compare: dict[str, Callable[[], Sql]] = {
        "eq": lambda: value == ready,
        "gt": lambda: value > ready,
        "ge": lambda: value >= ready,
        "lt": lambda: value < ready,
        "le": lambda: value <= ready,
    }
    return compare[operator]()


def boolean_holds(operator: str, value: Sql) -> Sql:
    if operator == "is_empty":
        return value.is_(None)
    return value == true() if operator == "is_true" else value == false()


def moment_holds(speech: Speech, operator: str, kind: Kind, value: Sql, ready: Any, now: datetime) -> Sql:
    """Of a moment, or (kind date) of a day."""
    if operator == "is_empty":
        return value.is_(None)
    if operator == "weekday_in":
        zone = ready.zone or _zone(now)
        weekday = speech.weekday_of_day(value) if kind == "date" else speech.weekday(value, zone)
        return weekday.in_(sorted(ready.days))
    if isinstance(ready, ClockRange):
        return _clock_holds(speech.clock(value, ready.zone or _zone(now)), ready)
    return in_span(value, span_of(kind, operator, ready, now))


def span_of(kind: Kind, operator: str, ready: Any, now: datetime) -> Span:
    return span_of_days(operator, ready, now) if kind == "date" else span_of_moments(operator, ready, now)


def in_span(value: Sql, span: Span) -> Sql:
    if span.is_none:
        return false()
    ends = [value >= span.first] if span.first is not None else []
    ends += [value < span.last] if span.last is not None else []
    return and_(*ends) if ends else value.is_not(None)


def _clock_holds(clock: Sql, ready: ClockRange) -> Sql:
    start, end = _seconds(ready.start), _seconds(ready.end)
    if start < end:
        return and_(clock >= start, clock < end)
    return or_(clock >= start, clock < end)


def _seconds(at: time) -> int:
    return (at.hour * 60 + at.minute) * 60 + at.second


def _fitting(number: int | float) -> int | float:
    """As the database takes it."""
    return float(number) if abs(number) >= _BIGGEST else number


def _zone(now: datetime) -> tzinfo:
    return now.tzinfo or UTC
