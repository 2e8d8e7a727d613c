"""English rules for the nth: the second Tuesday of June, Tuesday the 19th, the 19th."""

from __future__ import annotations

import re
from typing import Any

from nlp.dates.calendar_days import add_days, add_months, day_of, nth_weekday
from nlp.dates.cascade import Found, Rules
from nlp.dates.compose import merged, nth_week, period_of, unit_period
from nlp.dates.context import Context, settled
from nlp.dates.english_clocks import followed_well
from nlp.dates.english_names import MONTHS, WEEKDAYS, shift_of
from nlp.dates.pinning import date_of
from nlp.dates.values import Day, Period

NTHS = Rules()
DAY_NUMBERS = Rules()
# "The 3rd floor" is no date.
_IS_COUNTED = re.compile(
    r"\s+of\s+(?:every|each)\b|[\s-]+(?:times?|floors?|century|edition|versions?|gen|generation|anniversary|place|"
    r"party|quarter|half|units?|items?|lines?|"
    r"rows?|columns?|one|largest|biggest|most|best|worst|persons?|customers?|grade|street|avenue|ave|levels?|"
    r"rounds?|attempts?|"
    r"try|visit|order|batch|birthday|step|option|point|page|chapter|year|week|consecutive|in a row|reminder|"
    r"request)\b"
)
_PREPOSITION = re.compile(r"\b(?:on|by|until|till|from|since|before|after|for|the|of|due|to|and|or|day)\s+(?:the\s+)?$")


# The nth weekday, week or day of a month


@NTHS.rule(
    "day",
    "( the )? ( NTH )? ( last )? WEEKDAY ( of | in ) ( the )? ( month_date | MONTH | period )",
    "( the )? ( NTH )? ( last )? WEEKDAY ( of | in ) ( the )? ( this | next | last )? unit",
)
def _first_tuesday_of(found: Found, context: Context) -> Any:
    whole = _whole(found, context)
    nth = _which(found)
    if whole is None or nth is None or (whole.end - whole.start).days < 20:
        return None
    day = nth_weekday(whole.start, whole.end, found.first(*WEEKDAYS), nth)
    return settled(day) if day else None


@NTHS.rule(
    "period",
    "( the )? ( NTH )? ( last )? ( unit | weekend ) ( of | in ) ( the )? ( month_date | MONTH | year | period )",
    "( the )? ( NTH )? ( last )? ( unit | weekend ) ( of | in ) ( the )? ( this | next | last )? unit",
)
def _last_week_of(found: Found, context: Context) -> Any:
    whole, nth, units = (
        _whole(found, context),
        _which(found),
        [token for token in found.tokens if token.category in ("unit", "weekend")],
    )
    if whole is None or nth is None:
        return None
    unit = units[0].value or "weekends"
    if unit == "days" and (whole.end - whole.start).days > 6:
        day = add_days(whole.start, nth - 1) if nth > 0 else add_days(whole.end, nth)
        return ("day", settled(day))
    if unit == "weeks":
        return nth_week(whole, nth)
    if unit == "weekends":
        saturday = nth_weekday(whole.start, whole.end, 5, nth)
        return Period(saturday, add_days(saturday, 2), convention=True) if saturday else None
    if unit == "months" and nth > 0:
        start = add_months(whole.start, nth - 1)
        return Period(start, add_months(start, 1), "month")
    return None


def _which(found: Found) -> int | None:
    number = found.first("nth", "ordinal", "second")
    if found.tokens[0].category == "last" or any(token.category == "last" for token in found.tokens[:3]):
        return -int(number or 1)
    return int(number) if number and number <= 53 else None


def _whole(found: Found, context: Context) -> Period | None:
    month = found.first("month_date", "period")
    if month is not None:
        return period_of(month, context)
    if found.has("year"):
        return period_of(Day(found.first("year")), context)
    if found.has(*MONTHS):
        return period_of(Day(month=found.first(*MONTHS)), context)
    units = [token for token in found.tokens if token.category == "unit"]
    if not units:
        return None
    tail = Found(
        found.tokens[found.tokens.index(next(one for one in found.tokens if one.category in ("of", "in"))) :],
        found.text,
    )
    return (
        unit_period(units[-1].value, shift_of(tail) or 0, context) if tail.has("this", "next", "last", "the") else None
    )


# Weekday and day of the month


@DAY_NUMBERS.rule(
    "day",
    "WEEKDAY comma? ( the | on )? ( the )? day",
    "day comma? ( on )? ( a )? WEEKDAY",
    "day open WEEKDAY close",
    "WEEKDAY open day close",
    "day open day close",
    "WEEKDAY slash day",
)
def _weekday_and_date(found: Found, _context: Context) -> Any:
    days = found.every("day")
    weekday = Day(weekday=found.first(*WEEKDAYS))
    if len(days) == 2:
        return merged(days[0], days[1]) or (days[1] if days[0].settled or found.has("open") else None)
    if days[0].weekday is not None and days[0].weekday != weekday.weekday:
        return None
    if days[0].settled and not found.has("open") and found.tokens[0].category == "day":
        return None
    return merged(weekday, days[0])


@DAY_NUMBERS.rule(
    "day",
    "WEEKDAY comma? ( the )? ( nth | ordinal | second )",
    "( the )? nth comma? WEEKDAY",
    "( the )? nth open WEEKDAY close",
)
def _tuesday_the_nineteenth(found: Found, _context: Context) -> Any:
    number = int(found.first("nth", "ordinal", "second"))
    if (
        found.tokens[0].category != "nth"
        and not found.has("the", "nth")
        and found.tokens[-1].category in ("second", "ordinal")
    ):
        return None
    return Day(day=number, weekday=found.first(*WEEKDAYS)) if number <= 31 else None


@DAY_NUMBERS.rule("day", "WEEKDAY small")
def _sunday_31(found: Found, context: Context) -> Any:
    number, weekday = found.first("small"), found.first(*WEEKDAYS)
    following = found.ahead(4).lstrip()
    if number == 0 or following[:1] in ("-", "–", ":", "/") or following.startswith(("to ", "till")):
        return None
    if found.tokens[0].category in ("sat", "sun") and not followed_well(found):
        return None
    day = Day(day=number, weekday=weekday)
    found_date = date_of(day, context)
    near = found_date is not None and found_date.weekday() == weekday and abs((found_date - context.today).days) < 100
    return day if number > 12 or near else None


@DAY_NUMBERS.rule(
    "day",
    "( the | on )? ( the )? ( nth | ordinal | second ) ( unit )? ( of | in )? ( the )? ( this | next | last )? unit",
)
def _nth_of_next_month(found: Found, context: Context) -> Any:
    number = int(found.first("nth", "ordinal", "second"))
    units = found.every("unit")
    if (
        units[-1] != "months"
        or (len(units) == 2 and units[0] != "days")
        or not found.has("the", "this", "next", "last")
    ):
        return None
    if not found.has("of", "in", "this", "next", "last"):
        return None
    start = add_months(context.today.replace(day=1), shift_of(found) or 0)
    day = day_of(start.year, start.month, number)
    return settled(day) if day else None


@DAY_NUMBERS.rule("day", "week_of_marker", "the nth")
def _the_nth(found: Found, _context: Context) -> Any:
    return None if _IS_COUNTED.match(found.ahead(24)) else Day(day=found.first("nth"))


@DAY_NUMBERS.rule("day", "nth")
def _bare_nth(found: Found, _context: Context) -> Any:
    before = found.behind(12)
    return (
        Day(day=found.first("nth")) if (found.alone() or _PREPOSITION.search(before)) and followed_well(found) else None
    )


@DAY_NUMBERS.rule("day", "small")
def _bare_number(found: Found, _context: Context) -> Any:
    """ "25." as the whole answer."""
    said = found.text.strip()
    return Day(day=found.first("small")) if found.alone() and said.endswith(".") and found.first("small") > 12 else None
