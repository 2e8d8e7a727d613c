"""What an operator on a moment or a date asks for, as a span from a first one up to, not including, a last one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from motenashi.filters.known_kind import known_as
from motenashi.flow_engine.criteria_values import MomentRange

TICK = timedelta(microseconds=1)


@dataclass(frozen=True)
class Span:
    """`first` <= x < `last`; None where there is no end. Moments are in UTC."""

    first: Any = None
    last: Any = None

    @property
    def is_none(self) -> bool:
        return self.first is not None and self.last is not None and self.first >= self.last


def span_of_moments(operator: str, ready: Any, now: datetime) -> Span:
    zone = now.tzinfo or UTC
    try:
        first, last = _ends(operator, ready, now)
        start = _start(first, zone) if first is not None else None
        return Span(start, _end(last, zone) if last is not None else None)
    except _Never:
        return Span(now, now)


def span_of_days(operator: str, ready: Any, now: datetime) -> Span:
    """The same for a field that holds days: a moment stands for its day in the zone of `now`."""
    first, last = _ends(operator, ready, now)
    start = _day(first.value, now) if first is not None else None
    end = _day(last.value, now) if last is not None else None
    if first is not None and start is not None and not first.included:
        if start == date.max:
            return Span(start, start)
        start += timedelta(days=1)
    if last is not None and end is not None and last.included:
        end = end + timedelta(days=1) if end < date.max else None
    return Span(start, end)


@dataclass(frozen=True)
class _End:
    value: date | datetime
    included: bool


def _ends(operator: str, ready: Any, now: datetime) -> tuple[_End | None, _End | None]:
    if operator == "before":
        return None, _End(ready.at(now), False)
    if operator == "after":
        return _End(ready.at(now), False), None
    if operator == "on":
        day = _day(ready.at(now), now)
        return _End(day, True), _End(day, True)
    if operator == "in_last_days":
        return _End(now - timedelta(days=ready), True), _End(now, True)
    if operator == "in_next_days":
        return _End(now, True), _End(now + timedelta(days=ready), True)
    both = known_as(MomentRange, ready)
    return _End(both.first.at(now), True), _End(both.last.at(now), True)


class _Never(Exception):
    """No moment of the calendar lies there."""


def _start(end: _End, zone: tzinfo) -> datetime | None:
    try:
        if isinstance(end.value, datetime):
            return end.value.astimezone(UTC) + (timedelta(0) if end.included else TICK)
        return midnight(end.value if end.included else end.value + timedelta(days=1), zone)
    except OverflowError:
        if end.value.year > 1:  # after the last moment of the calendar
            raise _Never from None
        return None


def _end(end: _End, zone: tzinfo) -> datetime | None:
    try:
        if isinstance(end.value, datetime):
            return end.value.astimezone(UTC) + (TICK if end.included else timedelta(0))
        return midnight(end.value + timedelta(days=1) if end.included else end.value, zone)
    except OverflowError:
        if end.value.year <= 1:  # before its first
            raise _Never from None
        return None


def midnight(day: date, zone: tzinfo) -> datetime:
    """The moment a day begins, in UTC; the later one where clocks are set back at that very hour."""
    start = datetime.combine(day, time.min, zone).astimezone(UTC)
    if start.astimezone(zone).date() < day:
        return datetime.combine(day, time.min, zone).replace(fold=1).astimezone(UTC)
    return start


def _day(value: date | datetime, now: datetime) -> date:
    return value.astimezone(now.tzinfo).date() if isinstance(value, datetime) else value
