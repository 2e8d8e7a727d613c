"""Putting clock times together, the same in both languages: halves and parts of the day, two times, open ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from nlp.dates.compose import SECONDS_EACH
from nlp.dates.values import Bound, Clock, Day, Exact, Length, Part, When

_EARLIEST_BY_DAY, _LATEST_GUESS = 7, 12  # an hour told bare: 7 to 12 are taken as they are, 1 to 6 as afternoon


def guessed(clock: Clock) -> Clock:
    """An hour without its half of the day, as business people mean it."""
    if clock.sure:
        return clock
    return replace(clock, hour=clock.hour + 12) if 1 <= clock.hour < _EARLIEST_BY_DAY else clock


def other_half(clock: Clock) -> Clock | None:
    """The reading of an unsure clock time that was not taken."""
    if clock.sure or clock.hour > 12:
        return None
    chosen = guessed(clock)
    return replace(clock, hour=(chosen.hour + 12) % 24, sure=True)


def with_half(clock: Clock, half: str) -> Clock | None:
    """3 + pm. Hours beyond 12 with pm stay as they are; with am they are nonsense."""
    if clock.hour > 12:
        return replace(clock, sure=True) if half == "pm" and clock.hour < 24 else None
    hour = clock.hour % 12 + (12 if half == "pm" else 0)
    return replace(clock, hour=hour, sure=True)


def in_part(clock: Clock, part: Part) -> Clock:
    """The hour as it reads in a part of the day: 8 in the evening, 1 at night."""
    if clock.sure and clock.hour > 12:
        return clock
    hour = clock.hour % 12
    if part.name == "morning":
        pass
    elif part.name == "night":
        hour += 0 if hour < 6 else 12
    elif part.name == "noon":
        hour += 12 if hour < 6 else 0
        hour = 12 if clock.hour == 12 else hour
    else:
        hour += 12
    return replace(clock, hour=hour, sure=True)


def clock_range(one: Clock, two: Clock) -> When | None:
    """From one clock time to another; each helps to tell the other's half of the day."""
    zone = one.zone or two.zone
    if two.sure and two.hour == 0 and one.sure and 6 <= one.hour < 12:
        two = replace(two, hour=12)  # "10am-12am" is said where noon is meant
    if one.sure and not two.sure:
        two = _first_after(two, one)
    elif two.sure and not one.sure:
        one = _last_before(one, two)
    elif not one.sure:
        one = replace(guessed(one), sure=False)
        two = replace(_first_after(two, replace(one, sure=True)), sure=False)
    return When(clock=replace(one, zone=zone), until_clock=replace(two, zone=zone))


def _first_after(clock: Clock, start: Clock) -> Clock:
    for hour in (clock.hour % 12, clock.hour % 12 + 12, clock.hour % 12 + 24):
        if hour * 60 + clock.minute > start.minutes:
            return replace(clock, hour=hour, sure=True)
    return clock


def _last_before(clock: Clock, end: Clock) -> Clock:
    for hour in (clock.hour % 12 + 12, clock.hour % 12):
        if hour * 60 + clock.minute < end.minutes:
            return replace(clock, hour=hour, sure=True)
    return replace(clock, sure=True)


def range_in_part(clocks: When, part: Part) -> When:
    """5 to 7 in the evening."""
    if clocks.clock is None or clocks.until_clock is None:
        return clocks
    one, two = (
        in_part(replace(clocks.clock, sure=clocks.clock.hour > 12 and clocks.clock.sure), part),
        clocks.until_clock,
    )
    if clocks.clock.sure:
        one = clocks.clock
    if not two.sure:
        two = _first_after(two, one)
    return replace(clocks, clock=one, until_clock=two)


def narrowed(part: Part, how: str) -> Part:
    """Early or late in a part of the day."""
    middle = (part.begins + part.ends) / 2
    return replace(part, ends=middle) if how == "early" else replace(part, begins=middle)


def later_by(clock: Clock, length: Length) -> Clock | None:
    """The clock time some hours and minutes on; None for longer lengths."""
    seconds = sum(amount * SECONDS_EACH[unit] for unit, amount in length.amounts)
    if not 0 < seconds <= 86400:
        return None
    end = datetime(2000, 1, 1, clock.hour % 24, clock.minute, clock.second) + timedelta(seconds=seconds)
    hour = end.hour + 24 * (end.day - 1)
    return replace(clock, hour=hour, minute=end.minute, second=end.second, sure=clock.sure)


# A clock time, a part of the day, two moments as others' ends


def bounded(value: Any, bound: Bound) -> When | None:
    """A value as one end of an open stretch; None for what has ends of its own."""
    if isinstance(value, Part):
        return When(part=value, bound=bound)
    if isinstance(value, Clock):
        return When(clock=value, bound=bound)
    if isinstance(value, Exact):
        return When(exact=value, bound=bound)
    if isinstance(value, When):
        return None if value.bound or value.until_exact else replace(value, bound=bound)
    return When(day=value, bound=bound)


def in_zone(when: When, zone: str) -> When:
    """Both clock times of a moment or window in a zone."""
    return replace(
        when,
        clock=when.clock and replace(when.clock, zone=zone),
        until_clock=when.until_clock and replace(when.until_clock, zone=zone),
    )


def to_clock(one: When, until: Clock) -> When | None:
    """From a moment to a clock time of its day."""
    if one.clock is None or one.until_clock is not None:
        return None
    window = clock_range(one.clock, until)
    return window and replace(window, day=one.day)


def days_of_ends(one: When, two: When) -> tuple[Day, Day] | None:
    """The days of two plain moments, which can be the ends of a stretch; None if they are more than that."""
    if one.exact or two.exact or one.until_clock or two.until_clock:
        return None
    return (one.day, two.day) if isinstance(one.day, Day) and isinstance(two.day, Day) else None
