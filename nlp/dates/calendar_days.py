"""Counting days: months and quarters, weeks from Monday, the nth weekday, within the years a date can have."""

from __future__ import annotations

from calendar import isleap
from datetime import date, datetime, timedelta

FIRST_YEAR, LAST_YEAR = 1, 9998
_LENGTHS = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_LAST_ORDINAL = date(LAST_YEAR, 12, 31).toordinal()


def _days_in(year: int, month: int) -> int:
    return 29 if month == 2 and isleap(year) else _LENGTHS[month]


def day_of(year: int, month: int, day: int) -> date | None:
    """The date, or None if the calendar has no such day."""
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12 and 1 <= day <= _days_in(year, month)):
        return None
    return date(year, month, day)


def add_days(day: date, days: float) -> date:
    """Kept inside the calendar, however many days are asked for."""
    ordinal = day.toordinal() + max(min(days, 4_000_000), -4_000_000)
    return date.fromordinal(int(min(max(ordinal, 366), _LAST_ORDINAL)))


def add_months(day: date, months: float) -> date:
    """The same day of a later (earlier) month, or that month's last day."""
    whole = day.year * 12 + day.month - 1 + int(max(min(months, 200_000), -200_000))
    year, month = divmod(min(max(whole, FIRST_YEAR * 12), LAST_YEAR * 12 + 11), 12)
    return date(year, month + 1, min(day.day, _days_in(year, month + 1)))


def monday_of(day: date) -> date:
    return add_days(day, -day.weekday())


def first_of_month(day: date) -> date:
    return day.replace(day=1)


def first_of_quarter(day: date) -> date:
    return date(day.year, day.month - (day.month - 1) % 3, 1)


def nth_weekday(first: date, end: date, weekday: int, nth: int) -> date | None:
    """The nth weekday in [first, end); -1 is the last, -2 the last but one."""
    if nth > 0:
        found = add_days(first, (weekday - first.weekday()) % 7 + 7 * (nth - 1))
    else:
        last = add_days(end, -1)
        found = add_days(last, -((last.weekday() - weekday) % 7) + 7 * (nth + 1))
    return found if first <= found < end else None


def easter(year: int) -> date:
    """Easter Sunday of the western churches (the anonymous Gregorian computus)."""
    golden, century = year % 19, year // 100
    moon = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    sunday = (32 + 2 * (century % 4) + 2 * (year % 100 // 4) - moon - year % 100 % 4) % 7
    month, day = divmod(moon + sunday - 7 * ((golden + 11 * moon + 22 * sunday) // 451) + 114, 31)
    return date(year, month, day + 1)


def moved(at: datetime, **amount: float) -> datetime:
    """`at` plus a timedelta, kept inside the calendar."""
    try:
        later = at + timedelta(**amount)
    except OverflowError:
        later = datetime.max if sum(amount.values()) > 0 else datetime.min
    return min(max(later, datetime(FIRST_YEAR, 1, 2)), datetime(LAST_YEAR, 12, 31))
