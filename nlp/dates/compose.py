"""Putting days together, the same in both languages: dates with gaps, periods, counting on, stretches of days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from nlp.dates.calendar_days import (
    add_days,
    add_months,
    day_of,
    first_of_month,
    first_of_quarter,
    monday_of,
    moved,
    nth_weekday,
)
from nlp.dates.context import Context, settled
from nlp.dates.pinning import date_of
from nlp.dates.values import Day, Exact, Length, Period, When

_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600}
_DAYS = {"days": 1, "nights": 1, "weeks": 7, "fortnights": 14, "weekends": 7}
_MONTHS = {"months": 1, "quarters": 3, "years": 12, "decades": 120}
SECONDS_EACH = (
    _SECONDS
    | {unit: 86400 * days for unit, days in _DAYS.items()}
    | {"months": 86400 * 30, "quarters": 86400 * 90, "years": 86400 * 365, "decades": 86400 * 3650}
)
GRAINS = {
    "days": "day", "nights": "day", "weeks": "week", "weekends": "day", "fortnights": "week", "months": "month",
    "quarters": "quarter", "years": "year", "decades": "year",
}  # fmt: skip


# Days


def merged(one: Day, two: Day) -> Day | None:
    """Two gapped dates as one ("Tuesday" + "the 19th"); None if they contradict each other."""
    if one.settled or two.settled:
        return _merged_with_settled(one, two)
    told: dict[str, Any] = {}
    for name in ("year", "month", "day", "weekday"):
        first, second = getattr(one, name), getattr(two, name)
        if first is not None and second is not None and first != second:
            return None
        told[name] = first if first is not None else second
    return Day(**told, past=one.past or two.past, swapped=one.swapped or two.swapped)


def _merged_with_settled(one: Day, two: Day) -> Day | None:
    fixed, other = (one, two) if one.settled else (two, one)
    if other.settled:
        return fixed if (one.year, one.month, one.day) == (two.year, two.month, two.day) else None
    if other.grain != "day":
        return None
    for name in ("year", "month", "day"):
        if getattr(other, name) is not None and getattr(other, name) != getattr(fixed, name):
            return None
    return fixed


def first_day(value: Day | Period, context: Context) -> date | None:
    return value.start if isinstance(value, Period) else date_of(value, context)


def period_of(value: Day | Period, context: Context) -> Period | None:
    """The whole days that a month, a year or a day covers."""
    if isinstance(value, Period):
        return value
    start = date_of(value, context)
    if start is None:
        return None
    if value.grain == "day":
        return Period(start, add_days(start, 1), "day")
    return Period(start, add_months(start, 1 if value.grain == "month" else 12), value.grain)


def unit_period(
    unit: str, shift: int, context: Context, *, count: int = 1, anchor: date | None = None
) -> Period | None:
    """The running (shift 0), next (1), last (-1) week, month, quarter, year, weekend; `count` of them in a row."""
    day = anchor or context.today
    if unit in ("days", "nights"):
        return Period(add_days(day, shift), add_days(day, shift + count))
    if unit in ("weeks", "fortnights"):
        start = add_days(monday_of(day), 7 * shift)
        return Period(start, add_days(start, 7 * count * (2 if unit == "fortnights" else 1)), "week")
    if unit == "weekends":
        start = add_days(monday_of(day), 7 * shift + 5)
        return Period(start, add_days(start, 2 + 7 * (count - 1)), convention=True)
    if unit == "decades":
        start = date(max(1, day.year - day.year % 10 + 10 * shift), 1, 1)
        return Period(start, add_months(start, 120 * count), "year")
    months = _MONTHS.get(unit)
    if months is None:
        return None
    first = {"months": first_of_month, "quarters": first_of_quarter}.get(unit, lambda one: date(one.year, 1, 1))(day)
    start = add_months(first, months * shift)
    return Period(start, add_months(start, months * count), GRAINS[unit])  # type: ignore[arg-type]


def rolling(length: Length, ahead: bool, context: Context) -> Period | When | None:
    """The next (past) some days, counted from tomorrow (up to yesterday); hours and minutes from now."""
    if any(unit in _SECONDS for unit, _ in length.amounts):
        other = counted(context.reference, length, 1 if ahead else -1)
        now, far = Exact(context.reference, "minute"), Exact(other, "minute")
        return When(exact=now, until_exact=far) if ahead else When(exact=far, until_exact=now)
    if length.amounts[0][0] == "quarters":
        count = int(length.amounts[0][1])
        return unit_period("quarters", 1 if ahead else -count, context, count=count)
    if length.business:
        count = int(length.amounts[0][1])
        if ahead:
            return Period(add_days(context.today, 1), add_days(context.business_days_from(context.today, count), 1))
        return Period(context.business_days_from(context.today, -count), context.today)
    start = add_days(context.today, 1) if ahead else context.today
    end = counted(datetime.combine(start, time()), length, 1 if ahead else -1).date()
    return Period(start, end) if ahead else Period(end, start)


def counted(start: datetime, length: Length, sign: int) -> datetime:
    """`start` plus (minus) a length; months and years keep the day of the month."""
    for unit, amount in length.amounts:
        if unit in _MONTHS and amount == int(amount):
            start = datetime.combine(add_months(start.date(), sign * amount * _MONTHS[unit]), start.time())
        else:
            start = moved(start, seconds=sign * min(amount, 1e9) * SECONDS_EACH[unit])
    return start


def is_short(length: Length) -> bool:
    """Does it hold hours, minutes or seconds?"""
    return any(unit in _SECONDS or amount != int(amount) for unit, amount in length.amounts)


def from_now(length: Length, sign: int, context: Context) -> Day | Exact:
    """In five minutes, three weeks ago."""
    if length.business:
        return settled(context.business_days_from(context.today, sign * int(length.amounts[0][1])))
    if is_short(length):
        return Exact(counted(context.reference, length, sign), "second")
    return settled(counted(context.reference, length, sign).date())


def from_day(length: Length, sign: int, start: Day | Period, context: Context) -> Day | Exact | None:
    """Three days after next Friday."""
    day = first_day(start, context)
    if day is None:
        return None
    if length.business:
        return settled(context.business_days_from(day, sign * int(length.amounts[0][1])))
    if is_short(length):
        base = context.reference if day == context.today else datetime.combine(day, time())
        return Exact(counted(base, length, sign), "minute")
    return settled(counted(datetime.combine(day, time()), length, sign).date())


def part_of_period(which: str, whole: Period) -> Period:
    """The beginning, middle or end of a week, month, quarter or year, as people use these words."""
    days = (whole.end - whole.start).days
    if 25 <= days <= 31:
        cuts = (10, 20)
    elif days == 7:
        cuts = (3, 4)
        if which == "mid":
            return Period(add_days(whole.start, 1), add_days(whole.start, 4), convention=True)
    elif days > 300:
        months = {"begin": (0, 3), "mid": (4, 8), "end": (8, 12)}[which]
        return Period(add_months(whole.start, months[0]), add_months(whole.start, months[1]), convention=True)
    else:
        cuts = (days // 3, days - days // 3)
    begins, ends = {"begin": (0, cuts[0]), "mid": (cuts[0], cuts[1]), "end": (cuts[1], days)}[which]
    return Period(add_days(whole.start, begins), add_days(whole.start, ends), convention=True)


def half_of_period(which: str, whole: Period) -> Period:
    """Earlier or later in a period."""
    days = (whole.end - whole.start).days
    middle = add_days(whole.start, days // 2) if days < 60 else add_months(whole.start, round(days / 30.4) // 2)
    if days == 7:
        middle = add_days(whole.start, 3)
    return (
        Period(whole.start, middle, convention=True) if which == "begin" else Period(middle, whole.end, convention=True)
    )


def season(month: int, year: int) -> Period:
    """A season by whole months: spring is March to May."""
    start = date(min(max(year, 1), 9990), month, 1)
    return Period(start, add_months(start, 3), "quarter", convention=True)


def week_of_year(week: int, year: int) -> Period | None:
    """ISO 8601 weeks."""
    try:
        start = date.fromisocalendar(year, week, 1)
    except ValueError:
        return None
    return Period(start, add_days(start, 7), "week")


def nth_week(whole: Period, nth: int) -> Period:
    """ISO 8601: a week belongs to the month or year that holds its Thursday."""
    thursday = nth_weekday(whole.start, whole.end, 3, nth) or whole.start
    start = monday_of(thursday)
    if nth < 0 and (whole.end - whole.start).days < 32:
        last = monday_of(add_days(whole.end, -1))
        start = add_days(last if (whole.end - last).days >= 4 else add_days(last, -7), 7 * (nth + 1))
    return Period(start, add_days(start, 7), "week")


def days_between(one: Day, two: Day, context: Context) -> When | None:
    """A stretch of days; what one end leaves out (month, year) it takes from the other."""
    if one.settled and two.settled:
        start, end = date_of(one, context), date_of(two, context)
        if start is None or end is None or (start - end).days > 7:
            return None
        return When(day=one, until_day=two if end >= start else settled(add_days(end, 7)))
    if two.month is not None and one.month is None and one.day is not None and not one.settled:
        one = replace(one, month=two.month, year=one.year or two.year)
    elif one.month is not None and two.month is None and two.day is not None and not one.settled:
        two = _later_in_month(one, two)
    if one.year is None and two.year is not None and one.month is not None and two.month is not None:
        later = (one.month, one.day or 0) > (two.month, two.day or 0)
        one = replace(one, year=two.year - later, swapped=one.swapped and replace(one.swapped, year=two.year))
    elif two.year is None and one.year is not None and one.month is not None and two.month is not None:
        later = (two.month, two.day or 0) < (one.month, one.day or 0)
        two = replace(two, year=one.year + later, swapped=two.swapped and replace(two.swapped, year=one.year))
    return _in_order(one, two, context)


def _later_in_month(one: Day, two: Day) -> Day:
    if one.month is None:
        return two
    if two.day is not None and one.day is not None and two.day < one.day:
        year = one.year + (one.month == 12) if one.year else None
        return replace(two, month=one.month % 12 + 1, year=year)
    return replace(two, month=one.month, year=one.year)


def _in_order(one: Day, two: Day, context: Context) -> When | None:
    """The end is the first such date behind the beginning."""
    start, end = date_of(one, context), date_of(two, context)
    if start is None or end is None:
        return None
    if one.year is None and two.year is None and one.month and two.month and not one.settled and not two.settled:
        end = date_of(replace(two, weekday=None), context) or end
        start = day_of(end.year, one.month, one.day or 1) or start
        start = start if start <= end else day_of(end.year - 1, one.month, one.day or 1) or start
    if end < start and not two.settled and two.year is None:
        if two.month is not None:
            end = day_of(start.year, two.month, two.day or 1) or end
            end = end if end >= start else day_of(start.year + 1, two.month, two.day or 1) or end
        elif two.day is not None:
            month = first_of_month(start) if two.day >= start.day else add_months(first_of_month(start), 1)
            end = day_of(month.year, month.month, two.day) or end
        elif two.weekday is not None:
            end = add_days(start, (two.weekday - start.weekday()) % 7)
    elif two.weekday is not None and two.day is None and (end - start).days >= 7:
        end = add_days(start, (two.weekday - start.weekday()) % 7)
    elif end < start and one.year is None and not one.settled and one.month is not None:
        start = add_months(start, -12)
    if two.grain != "day" and end <= context.today < start and not one.settled:
        start = add_months(start, -12)
    if end < start:
        return None
    return When(
        day=Day(start.year, start.month if one.grain != "year" else None, start.day if one.grain == "day" else None,
                settled=True),
        until_day=Day(end.year, end.month if two.grain != "year" else None, end.day if two.grain == "day" else None,
                      settled=True),
    )  # fmt: skip
