"""When to do something: what the customer proposed, within the hours we are there; else our next business hours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from motenashi.business_hours.business_hours import DAYS_AHEAD, BusinessHours, Span
from motenashi.suggestions.suggestion import TimeWindow

if TYPE_CHECKING:
    from nlp.dates.mention import DateMention

USUAL_MEETING = timedelta(hours=1)
LONGEST_MEETING = timedelta(hours=8)  # what is longer is a time to choose from, not the meeting itself
MOST_WINDOWS = 6
_LONGEST_RANGE = timedelta(days=62)  # a proposal that spans more than two months proposes nothing


def spans_from(hours: BusinessHours, department: str, moment: datetime, days: int = DAYS_AHEAD) -> Iterator[Span]:
    """The times we are there after a moment, the one under way cut short."""
    first = moment.astimezone(hours.zone(department)).date()
    for ahead in range(-1, days):
        for span in hours.spans(department, first + timedelta(days=ahead)):
            if _utc(span.end) > _utc(moment):
                yield (
                    span
                    if _utc(span.start) >= _utc(moment)
                    else replace(span, start=moment.astimezone(span.end.tzinfo))
                )


def after_business_time(
    hours: BusinessHours, moment: datetime, work: timedelta, department: str = ""
) -> tuple[datetime, datetime]:
    """From when on somebody is there, and when that much business time has passed since. Where nobody is ever
    there, clock time counts."""
    begins: datetime | None = None
    for span in spans_from(hours, department, moment):
        begins = begins or span.start
        length = _utc(span.end) - _utc(span.start)
        if work <= length:
            return begins, (_utc(span.start) + work).astimezone(span.start.tzinfo)
        work -= length
    return begins or moment, (_utc(begins or moment) + work).astimezone(moment.tzinfo)


def proposed_windows(
    dates: Sequence[DateMention], hours: BusinessHours, *, now: datetime, department: str = ""
) -> tuple[TimeWindow, ...]:
    """What the customer proposed and is still to come, in their order, each within our hours where it overlaps them."""
    length = _meeting_length(dates)
    found = (
        _window(mention.begins, _end(mention.begins, mention, length, hours, department), mention)
        for mention in dates
        if mention.role == "proposed" and mention.begins is not None
    )
    return fitting(found, hours, now=now, department=department)


def fitting(
    windows: Iterable[TimeWindow], hours: BusinessHours, *, now: datetime, department: str = ""
) -> tuple[TimeWindow, ...]:
    """Those still to come, each once, cut to the hours we are there; what lies outside them all is marked."""
    kept: list[TimeWindow] = []
    for window in windows:
        to_come = replace(window, start=max(window.start, now)) if window.end > now else None
        if to_come is None or window.end - window.start > _LONGEST_RANGE:
            continue
        fitted = _within_hours(to_come, hours, department)
        if not any((one.start, one.end) == (fitted.start, fitted.end) for one in kept):
            kept.append(fitted)
    return tuple(kept[:MOST_WINDOWS])


def _window(start: datetime, end: datetime, mention: DateMention) -> TimeWindow:
    return TimeWindow(start, end, "proposed", mention.certainty, mention.text)


def _end(begins: datetime, mention: DateMention, length: timedelta, hours: BusinessHours, department: str) -> datetime:
    """When a proposal ends: as said; after a meeting's length ("at three"); with the day ("from three on")."""
    if mention.ends is not None:
        return mention.ends
    if mention.value.kind == "instant":
        return begins + length
    day = begins.astimezone(hours.zone(department)).date()
    ends = [span.end for span in hours.spans(department, day) if _utc(span.end) > _utc(begins)]
    return max(ends, default=begins + length).astimezone(begins.tzinfo)


def _meeting_length(dates: Sequence[DateMention]) -> timedelta:
    """As long as the mail says ("30 minutes"), when it names one plausible length; else the usual."""
    said = {mention.value.seconds for mention in dates if mention.value.kind == "duration" and mention.value.seconds}
    lengths = [timedelta(seconds=seconds) for seconds in said]
    if len(lengths) == 1 and timedelta(minutes=5) <= lengths[0] <= LONGEST_MEETING:
        return lengths[0]
    return USUAL_MEETING


def _within_hours(window: TimeWindow, hours: BusinessHours, department: str) -> TimeWindow:
    """The part of it in which somebody is there, told in the zone the customer told it in."""
    days = (window.end - window.start).days + 3
    there = [
        (max(_utc(span.start), _utc(window.start)), min(_utc(span.end), _utc(window.end)))
        for span in spans_from(hours, department, window.start, days)
        if _utc(span.start) < _utc(window.end)
    ]
    if not there:
        return replace(window, off_hours=True)
    zone = window.start.tzinfo
    return replace(window, start=there[0][0].astimezone(zone), end=there[-1][1].astimezone(zone))


def _utc(moment: datetime) -> datetime:
    # Python compares times of one zone by the wall, which is wrong on the nights the clock is put back.
    return moment.astimezone(UTC)
