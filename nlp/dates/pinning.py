"""A calendar date with gaps becomes a date: which year, which month, which of two orders was meant.

Dates in mails lie ahead more often than behind, so the next fitting date is taken; a weekday that is told as well
decides between years, months, and day-first and month-first.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from nlp.dates.calendar_days import add_days, add_months, day_of
from nlp.dates.context import Context
from nlp.dates.values import Day

_NEAR_BACK = 3  # a day behind counts as far as three ahead
_FURTHEST = 600  # days in which a weekday and a date must meet


@dataclass(frozen=True, slots=True)
class Pinned:
    """`others` are the dates that were not taken, with the reason."""

    date: datetime.date
    others: tuple[tuple[datetime.date, str], ...] = ()
    certainty: float = 1.0


def pin(day: Day, context: Context) -> Pinned | None:
    """The date a Day means; None if the calendar has none. Months and years give their first day."""
    return _pinned(day, context.today)


@lru_cache(maxsize=4096)
def _pinned(day: Day, today: date) -> Pinned | None:
    """The same words come up several times while one text is read, and again in other texts of the day."""
    if day.year is not None:
        return _pin_in_year(day)
    if day.month is not None:
        return _pin_without_year(day, today)
    if day.day is not None:
        return _pin_day_of_month(day, today)
    if day.weekday is not None:
        return _pin_weekday(day.weekday, day, today)
    return None


def date_of(day: Day, context: Context) -> date | None:
    pinned = pin(day, context)
    return pinned.date if pinned else None


def _pin_in_year(day: Day) -> Pinned | None:
    if day.year is None:
        return None
    found = day_of(day.year, day.month or 1, day.day or 1)
    if day.swapped is None or found is None:
        return Pinned(found) if found else None
    other = day_of(day.year, day.swapped.month or 1, day.swapped.day or 1)
    if other is None:
        return Pinned(found)
    if day.weekday is not None and other.weekday() == day.weekday != found.weekday():
        return Pinned(other, ((found, "its weekday is not the one that is told"),))
    return Pinned(found, ((other, "the writer puts day and month in the other order"),), 0.8)


def _pin_without_year(day: Day, today: date) -> Pinned | None:
    readings = [day, *([day.swapped] if day.swapped else [])]
    if day.weekday is not None:
        dates = [found for reading in readings for found in _in_years(reading, today)]
        near = _nearest([found for found in dates if found.weekday() == day.weekday], today)
        if near is not None:
            return Pinned(near)
    ahead, behind = _around(readings[0], today)
    chosen, other = (behind, ahead) if day.past and behind else (ahead or behind, behind)
    if chosen is None:
        return None
    others = [(other, "it lies on the other side of the day of writing")] if other else []
    if day.swapped:
        exchanged = _around(day.swapped, today)[0]
        if exchanged:
            others.append((exchanged, "the writer puts day and month in the other order"))
    return Pinned(chosen, tuple(others), 0.8 if day.swapped else 0.95)


def _in_years(day: Day, today: date) -> list[date]:
    years = range(today.year - 2, today.year + 3)
    found = [day_of(year, day.month or 1, day.day or 1) for year in years]
    return [one for one in found if one is not None]


def _around(day: Day, today: date) -> tuple[date | None, date | None]:
    """The next such date from the day of writing on, and the last before it; for a month, the running one is next."""
    edge = today if day.day is not None else today.replace(day=1)
    month, number = day.month or 1, day.day or 1
    ahead = (day_of(year, month, number) for year in range(today.year, today.year + 9))
    behind = (day_of(year, month, number) for year in range(today.year, today.year - 9, -1))
    return next((one for one in ahead if one and one >= edge), None), next(
        (one for one in behind if one and one < edge), None
    )


def _nearest(dates: list[date], today: date) -> date | None:
    def far(one: date) -> int:
        days = (one - today).days
        return days if days >= 0 else -days * _NEAR_BACK

    near = min(dates, key=far, default=None)
    return near if near is not None and far(near) <= _FURTHEST else None


def _pin_day_of_month(day: Day, today: date) -> Pinned | None:
    if day.day is None:
        return None
    if day.weekday is not None:
        dates = [found for count in range(-12, 24) if (found := _in_month(day.day, count, today))]
        near = _nearest([one for one in dates if one.weekday() == day.weekday], today)
        if near is not None:
            return Pinned(near)
    ahead = next((one for count in range(24) if (one := _in_month(day.day, count, today)) and one >= today), None)
    behind = next(
        (one for count in range(0, -13, -1) if (one := _in_month(day.day, count, today)) and one < today), None
    )
    if day.past and behind:
        return Pinned(behind)
    if ahead is None:
        return None
    return Pinned(ahead, ((behind, "that day is over"),) if behind else (), 0.9)


def _in_month(number: int, count: int, today: date) -> date | None:
    """That day of the month `count` months on."""
    month = add_months(today.replace(day=1), count)
    return day_of(month.year, month.month, number)


def _pin_weekday(weekday: int, day: Day, today: date) -> Pinned:
    ahead = add_days(today, (weekday - today.weekday() - 1) % 7 + 1)
    behind = add_days(ahead, -7 if ahead.weekday() != today.weekday() else -14)
    if day.past:
        return Pinned(behind, ((ahead, "the sentence tells of the past"),), 0.9)
    return Pinned(ahead, ((behind, "that day is over"),), 0.95)
