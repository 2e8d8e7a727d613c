"""From hours of the week to dates: when a person's best times come next, and which of today's are over. No numpy here.

Slots are hours on the company's clock; the company's (or a department's) business hours, holidays and special days
decide whether they come on a date. A slot of today is struck through half an hour after it ended.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from motenashi.business_hours.business_hours import BusinessHours
from motenashi.suggestions.best_time.best_times import BestTimes, Slot, TimeOverride
from motenashi.suggestions.suggestion import TimeWindow

STRUCK_AFTER: Final = timedelta(minutes=30)
DAYS_AHEAD: Final = 28  # a slot that no date of these has is none
SHORTEST: Final = timedelta(minutes=30)  # less of an hour is not worth proposing; of the hour now, SHORTEST_NOW
SHORTEST_NOW: Final = timedelta(minutes=10)
_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True)
class DatedSlot:
    """`start`, `end`: aware, on the company's clock; `their_start`, `their_end`: the same moments on the person's, None
    when their zone is unknown. `struck`: today's, and over. `slot`: what it comes from; None for an override."""

    start: datetime
    end: datetime
    their_start: datetime | None
    their_end: datetime | None
    struck: bool
    slot: Slot | None

    @property
    def stars(self) -> float:
        return self.slot.stars if self.slot else 0.0


def next_slots(
    times: BestTimes, hours: BusinessHours, *, now: datetime, department: str = "", most: int = 3
) -> tuple[DatedSlot, ...]:
    """The best slots of a person as dates from today on, best first; today's stay for the day, struck when over."""
    dated = (_next(slot, times.time_zone, hours, now, department, today=True) for slot in _worth_showing(times, most))
    return tuple(one for one in dated if one)


def next_window(
    times: BestTimes | None,
    hours: BusinessHours,
    *,
    now: datetime,
    department: str = "",
    override: TimeOverride | None = None,
    not_before: datetime | None = None,
    most: int = 3,
) -> TimeWindow | None:
    """When to act next: in the override's hours when somebody set one, else in whichever of the person's `most` best
    slots comes first, neither before `now` nor `not_before`. None when no preference is known: then any business hour
    is as good."""
    earliest = max(now, not_before) if not_before else now
    if override:
        spans = (_clipped(span, earliest) for span in _override_spans(override, hours, earliest, department))
        first = next((span for span in spans if span), None)
        return TimeWindow(*first, source="override") if first else None
    if times is None or not times.preference:
        return None
    coming = [
        (dated.start, dated.end, dated.stars)
        for slot in _worth_showing(times, most)
        if (dated := _next(slot, times.time_zone, hours, earliest, department, today=False))
    ]
    if not coming:
        return None
    start, end, stars = min(coming)
    return TimeWindow(start, end, source="best_time", certainty=stars / 5)


def _worth_showing(times: BestTimes, most: int) -> Sequence[Slot]:
    """Those with stars; without any preference none is better than another."""
    return [slot for slot in times.slots if slot.stars > 0][:most] if times.preference else ()


def is_struck(end: datetime, now: datetime) -> bool:
    """Has a slot that ended then been over for half an hour?"""
    return now.astimezone(UTC) - end.astimezone(UTC) >= STRUCK_AFTER


def _next(
    slot: Slot, zone: str, hours: BusinessHours, now: datetime, department: str, *, today: bool
) -> DatedSlot | None:
    """The slot on the first date that has it. `today`: also when it is over already; otherwise only what is left."""
    for span in _spans(slot.weekday, slot.hour, slot.hour + 1, hours, now, department):
        left = span if today else _clipped(span, now)
        if left:
            return _dated(left, slot, zone, now)
    return None


def _dated(span: tuple[datetime, datetime], slot: Slot, zone: str, now: datetime) -> DatedSlot:
    start, end = span
    theirs = tuple(moment.astimezone(ZoneInfo(zone)) for moment in span) if zone else (None, None)
    return DatedSlot(start, end, theirs[0], theirs[1], is_struck(end, now), slot)


def _clipped(span: tuple[datetime, datetime], now: datetime) -> tuple[datetime, datetime] | None:
    """What is left of a span; None when that is hardly anything."""
    start, end = span
    if end.astimezone(UTC) - now.astimezone(UTC) < SHORTEST_NOW:
        return None
    return (max(start, now.astimezone(start.tzinfo)), end)


def _spans(
    weekday: int, from_hour: int, to_hour: int, hours: BusinessHours, now: datetime, department: str
) -> Iterator[tuple[datetime, datetime]]:
    """These hours on every date from today on that falls on the weekday, as far as somebody is there."""
    zone = hours.zone("")
    today = now.astimezone(zone).date()
    for ahead in range((weekday - today.weekday()) % 7, DAYS_AHEAD + 7, 7):
        day = today + timedelta(days=ahead)
        start = datetime.combine(day, time(from_hour), zone).astimezone(UTC)
        end = start + (to_hour - from_hour) * _HOUR
        open_then = _open_part(hours, department, day, start, end)
        if open_then:
            yield open_then[0].astimezone(zone), open_then[1].astimezone(zone)


def _open_part(
    hours: BusinessHours, department: str, day: date, start: datetime, end: datetime
) -> tuple[datetime, datetime] | None:
    """The longest stretch of the span, in UTC, in which somebody is there; spans of the night before count."""
    parts = [
        (max(start, span.start.astimezone(UTC)), min(end, span.end.astimezone(UTC)))
        for near in (day - timedelta(days=1), day, day + timedelta(days=1))
        for span in hours.spans(department, near)
    ]
    longest = max(parts, key=lambda part: part[1] - part[0], default=None)
    return longest if longest and longest[1] - longest[0] >= SHORTEST else None


def _override_spans(
    override: TimeOverride, hours: BusinessHours, now: datetime, department: str
) -> list[tuple[datetime, datetime]]:
    return sorted(
        span
        for weekday in override.weekdays
        for span in _spans(weekday, override.from_hour, override.to_hour, hours, now, department)
    )
