"""When somebody is free: reckoning with busy times and slots, without asking anybody. All times are UTC."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from crm_client.records import Activity
from motenashi.booking.settings import AppointmentType

# An event without an end is taken to last this long.
USUAL_LENGTH = timedelta(hours=1)

T = TypeVar("T")


@dataclass(frozen=True)
class Busy:
    start: datetime
    end: datetime


def length(kind: AppointmentType) -> timedelta:
    return timedelta(minutes=kind.minutes)


def busy_times(events: Sequence[Activity]) -> Mapping[str, list[Busy]]:
    """By owner's id; an owner without events has an empty list."""
    busy: dict[str, list[Busy]] = defaultdict(list)
    for event in events:
        busy[event.owner_id].append(Busy(event.start_at, event.end_at or event.start_at + USUAL_LENGTH))
    return busy


def is_free(kind: AppointmentType, start: datetime, busy: Sequence[Busy]) -> bool:
    """Is there time for the appointment and its buffers?"""
    begins = start - timedelta(minutes=kind.buffer_before)
    ends = start + timedelta(minutes=kind.minutes + kind.buffer_after)
    return not any(taken.start < ends and begins < taken.end for taken in busy)


def spread(starts: Sequence[datetime], zone: ZoneInfo, most: int) -> Iterator[datetime]:
    """At most so many a day, from its first to its last."""
    days: dict[date, list[datetime]] = defaultdict(list)
    for start in starts:
        days[start.astimezone(zone).date()].append(start)
    for _, day in sorted(days.items()):
        yield from day if not most or len(day) <= most else _evenly(day, most)


def _evenly(items: Sequence[T], count: int) -> list[T]:
    if count == 1:
        return [items[0]]
    return [items[round(number * (len(items) - 1) / (count - 1))] for number in range(count)]
