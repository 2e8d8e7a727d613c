"""The next dates of hours of the week ("Tuesdays from 10 to 11" on our clock), cut to the hours we are there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from motenashi.business_hours.business_hours import BusinessHours
from motenashi.suggestions.advice.case import utc
from motenashi.suggestions.suggestion import TimeWindow, WindowSource

SHORTEST = timedelta(minutes=15)  # with less than this left an hour is as good as over


@dataclass(frozen=True)
class HourOfWeek:
    """`weekday` 0 is Monday; whole hours on our clock, `to_hour` up to 24. `value`: the higher the better."""

    weekday: int
    from_hour: int
    to_hour: int
    value: float = 0.0


def next_dates(
    wanted: Iterable[HourOfWeek],
    hours: BusinessHours,
    department: str,
    *,
    begins: datetime,
    before: datetime,
    source: WindowSource,
) -> tuple[TimeWindow, ...]:
    """All that begin before `before`, the best value first, then the earliest; holidays give none."""
    zone = hours.zone(department)
    by_weekday: dict[int, list[HourOfWeek]] = {}
    for hour in wanted:
        by_weekday.setdefault(hour.weekday, []).append(hour)
    found = [
        (-hour.value, utc(start), TimeWindow(start, end, source))
        for day in _days(begins.astimezone(zone).date(), before.astimezone(zone).date())
        for hour in by_weekday.get(day.weekday(), ())
        for start, end in _there(hour, day, hours, department, begins)
        if utc(start) < utc(before)
    ]
    return tuple(window for _, _, window in sorted(found, key=lambda each: each[:2]))


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)


def _there(
    hour: HourOfWeek, day: date, hours: BusinessHours, department: str, begins: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """The parts of that hour on that day in which somebody of ours is there, from `begins` on."""
    zone = hours.zone(department)
    start, end = _wall(day, hour.from_hour, zone), _wall(day, hour.to_hour, zone)
    for span in hours.spans(department, day):
        opens = max(start, span.start, begins.astimezone(zone), key=utc)
        closes = min(end, span.end, key=utc)
        if utc(closes) - utc(opens) >= SHORTEST:
            yield opens, closes


def _wall(day: date, hour: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone) + timedelta(hours=hour)
