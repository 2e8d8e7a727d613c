"""Recurrences as parts of an iCalendar rule (RFC 5545, section 3.3.10), with X-DAYPART for a part of the day."""

from __future__ import annotations

from collections.abc import Sequence

from nlp.dates.compose_clocks import guessed
from nlp.dates.values import Clock, Part, Repeat

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
PART_CODES = {"morning": "MO", "noon": "MI", "afternoon": "AF", "evening": "EV", "night": "NI"}
_FREQUENCIES = {
    "days": ("DAILY", 1),
    "nights": ("DAILY", 1),
    "weeks": ("WEEKLY", 1),
    "fortnights": ("WEEKLY", 2),
    "months": ("MONTHLY", 1),
    "quarters": ("MONTHLY", 3),
    "years": ("YEARLY", 1),
    "hours": ("HOURLY", 1),
    "minutes": ("MINUTELY", 1),
}


def repeat_each(unit: str, count: int = 1) -> Repeat | None:
    frequency, times = _FREQUENCIES.get(unit, ("", 0))
    interval = times * count
    if not interval:
        return None
    return Repeat((("FREQ", frequency), *((("INTERVAL", str(interval)),) if interval > 1 else ())))


def repeat_on(weekdays: Sequence[int], *, interval: int = 1) -> Repeat:
    days = ("BYDAY", ",".join(WEEKDAYS[day] for day in weekdays))
    return Repeat((("FREQ", "WEEKLY"), *((("INTERVAL", str(interval)),) if interval > 1 else ()), days))


def with_clock(repeat: Repeat, clock: Clock) -> Repeat:
    sure = guessed(clock)
    kept = tuple(part for part in repeat.rule if part[0] != "X-DAYPART")
    return Repeat((*kept, ("BYHOUR", str(sure.hour % 24)), ("BYMINUTE", str(sure.minute))))


def with_part(repeat: Repeat | None, part: Part) -> Repeat | None:
    return repeat and Repeat((*repeat.rule, ("X-DAYPART", PART_CODES[part.name])))
