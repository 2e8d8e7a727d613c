"""English rules for calendar days: written out, in numbers, by weekday, counted from today, by holiday."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from nlp.dates.calendar_days import add_days, add_months, day_of, monday_of, nth_weekday
from nlp.dates.cascade import Found, Rules, Token
from nlp.dates.compose import first_day, from_day, from_now, merged, period_of, unit_period
from nlp.dates.context import Context, settled
from nlp.dates.english_amounts import number_of, unit_of
from nlp.dates.english_clocks import followed_well
from nlp.dates.english_tokens import full_year
from nlp.dates.holidays import holiday_on, next_holiday
from nlp.dates.pinning import date_of
from nlp.dates.values import Day, Period, When

DAYS = Rules()
MONTHS = ("month", "may", "march", "mar")
WEEKDAYS = ("weekday", "sat", "sun")
# "The 3rd floor" is no date.
_IS_COUNTED = re.compile(
    r"\s+of\s+(?:every|each)\b|[\s-]+(?:times?|floors?|century|edition|versions?|gen|generation|anniversary|place|party|quarter|half|units?|items?|lines?|"
    r"rows?|columns?|one|largest|biggest|most|best|worst|persons?|customers?|grade|street|avenue|ave|levels?|rounds?|attempts?|"
    r"try|visit|order|batch|birthday|step|option|point|page|chapter|year|week|consecutive|in a row|reminder|request)\b"
)
_PREPOSITION = re.compile(r"\b(?:on|by|until|till|from|since|before|after|for|the|of|due|to|and|or|day)\s+(?:the\s+)?$")


def _month_is_meant(found: Found, context: Context) -> bool:
    """May and March are verbs too: beside a number they must look like names."""
    token = next(one for one in found.tokens if one.category in MONTHS)
    if token.category == "month":
        return True
    if any(one.category in ("small", "nth", "year", "of", "number", "slash") for one in found.tokens):
        return True
    return context.original[token.start : token.start + 1].isupper() or found.alone()


def _year_in(found: Found) -> int | None:
    for token in reversed(found.tokens[1:]):
        if token.category == "year":
            return int(token.value)
    last = found.tokens[-1]
    if last.category == "number" and 32 <= number_of(last) <= 99:
        return full_year(int(last.value))
    return None


def _day_number(found: Found) -> int | None:
    wanted = ("nth", "ordinal", "second", "small", "word_number", "cardinal", "tens")
    return next((int(number_of(token)) for token in found.tokens if token.category in wanted), None)


@DAYS.rule(
    "day",
    "( the )? NTH ( unit )? of ( MONTH ) comma? of? ( year | number )?",
    "( the )? ( small | word_number | cardinal | tens ) of MONTH comma? of? ( year | number )?",
    "( the )? ( NTH | A_NUMBER ) ( dash | slash )? MONTH ( comma | dash | slash | of )? year",
    "MONTH ( dash | slash )? ( the )? ( NTH | small ) ( comma | dash | slash | of )? of? ( year )",
    "MONTH ( the )? ( NTH | small ) ( dash | slash | comma )? number",
    "( the )? ( NTH | small ) ( of | dash | slash )? MONTH ( comma | of | dash | slash )? number",
    "year ( dash | slash ) MONTH ( dash | slash ) small",
    "small dash year dash MONTH",
    "( the )? ( NTH | small | word_number | cardinal ) ( dash | slash )? MONTH",
    "MONTH ( slash )? ( the )? ( NTH | small | cardinal | word_number | tens )",
    "MONTH dash small",
)
def _month_and_day(found: Found, context: Context) -> Any:
    month, day = found.first(*MONTHS), _day_number(found)
    if day is None or not 1 <= day <= 31 or not _month_is_meant(found, context):
        return None
    if found.has("unit") and unit_of(found) != "days":
        return None
    last = found.tokens[-1]
    if last.category == "number" and _year_in(found) is None:
        return None
    year = _year_in(found) or (found.tokens[0].value if found.tokens[0].category == "year" else None)
    if year is None and last.category == "small" and _counts_something(found, last):
        return None
    if day_of(year or 2000, month, day) is None:
        return ("impossible", None)
    return Day(year, month, day)


def _counts_something(found: Found, last: Token) -> bool:
    """ "March 3 people": a word behind the number that is no time; only behind verbs' look-alikes."""
    return found.tokens[0].category in ("may", "march", "mar") and not followed_well(found)


@DAYS.rule("day", "day prime ( small | number )")
def _short_year(found: Found, _context: Context) -> Any:
    day = found.first("day")
    return replace(day, year=full_year(found.tokens[-1].value)) if day.year is None else None


@DAYS.rule("day", "ides month", "ides ( march | may )")
def _ides(found: Found, _context: Context) -> Any:
    month = found.first(*MONTHS)
    return Day(month=month, day=15 if month in (3, 5, 7, 10) else 13)


@DAYS.rule(
    "month_date",
    "MONTH ( of | comma | dash | slash )? year",
    "year ( dash | slash )? MONTH",
    "MONTH number",
    "MONTH prime ( small | number )",
)
def _month_and_year(found: Found, context: Context) -> Any:
    token = found.tokens[-1]
    if token.category in ("number", "small"):
        year = full_year(int(number_of(token))) if number_of(token) <= 99 else None
        return Day(year, found.first(*MONTHS)) if year and _month_is_meant(found, context) else None
    return Day(found.first("year"), found.first(*MONTHS))


@DAYS.rule("moment", "WEEKDAY comma? day clock year", "day clock year")
def _unix_date(found: Found, _context: Context) -> Any:
    """Wed Oct 26 15:50:06 2016, as machines write it."""
    day = found.first("day")
    if not day.month or day.year:
        return None
    return When(day=replace(day, year=found.first("year")), clock=found.first("clock"))


# Numbers only


@DAYS.rule("day", "slashed")
def _slashed(found: Found, context: Context) -> Any:
    day, one, two = found.first("slashed")
    if day is None or (one, two) == (24, 7) or found.ahead(4).lstrip().startswith("of"):
        return None
    before = found.behind(2)
    return None if before.endswith(("-", "/")) and before[:1].isalpha() else day


@DAYS.rule("day", "WEEKDAY comma? dotted", "WEEKDAY open dotted close")
def _weekday_dotted(found: Found, _context: Context) -> Any:
    day, one, two, _said = found.first("dotted")
    weekday = found.first(*WEEKDAYS)
    if day is None:
        return None
    month_first = Day(month=one, day=two) if one <= 12 and day_of(2000, one, two) else None
    return replace(day, weekday=weekday, swapped=month_first if month_first != day else None)


@DAYS.rule("day", "dotted")
def _dotted(found: Found, _context: Context) -> Any:
    day, _one, _two, said = found.first("dotted")
    if day is None:
        return None
    start, end = found.tokens[0].start, found.tokens[0].end
    before = re.search(
        r"\b(?:on|by|from|until|till|before|after|since|to|am|den|vom|bis)(?: the)? $|[-–] ?$", found.behind(16)
    )
    after = re.match(
        r"\s*(?:[-–]\s*\d|\d\d?:\d\d|at\b|in the|after\b|before\b|between\b|from\b|late|early|morning|"
        r"afternoon|evening|night|around)",
        found.text[end : end + 16],
    )
    written_out = said.endswith(".") and len(said) >= 5
    if re.match(
        r"\s*(?:percent|per|%|kg|kilo|points?|million|hours?|miles?|gb|inch|mm|cm|m\b|x\b|times)",
        found.text[end : end + 12],
    ):
        return None
    if before and not (
        before.group().strip().startswith(("to", "from", "-", "–", "by", "after")) and not said.endswith(".")
    ):
        return day
    return (
        day
        if found.alone() or (after and (said.endswith(".") or len(said) == 5)) or (written_out and start == 0)
        else None
    )


@DAYS.rule("day", "small dash small")
def _dashed(found: Found, context: Context) -> Any:
    """Only when nothing else is said: else it is a score, pages, a range of hours."""
    one, two = found.every("small")
    return Day(month=one, day=two) if found.alone() and one <= 12 < two <= 31 and day_of(2000, one, two) else None


@DAYS.rule("day", "year small small")
def _spaced(found: Found, _context: Context) -> Any:
    month, day = found.every("small")
    return Day(found.first("year"), month, day) if found.alone() and day_of(found.first("year"), month, day) else None


# The nth weekday, week or day of a month


@DAYS.rule(
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


@DAYS.rule(
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
        return _nth_week(whole, nth)
    if unit == "weekends":
        saturday = nth_weekday(whole.start, whole.end, 5, nth)
        return Period(saturday, add_days(saturday, 2), convention=True) if saturday else None
    if unit == "months" and nth > 0:
        start = add_months(whole.start, nth - 1)
        return Period(start, add_months(start, 1), "month")
    return None


def _nth_week(whole: Period, nth: int) -> Period:
    """ISO 8601: a week belongs to the month or year that holds its Thursday."""
    thursday = nth_weekday(whole.start, whole.end, 3, nth) or whole.start
    start = monday_of(thursday)
    if nth < 0 and (whole.end - whole.start).days < 32:
        last = monday_of(add_days(whole.end, -1))
        start = add_days(last if (whole.end - last).days >= 4 else add_days(last, -7), 7 * (nth + 1))
    return Period(start, add_days(start, 7), "week")


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


# Today and its neighbours


@DAYS.rule("day", "( the )? today")
def _today(found: Found, context: Context) -> Any:
    return context.day(found.first("today"))


# Weekdays


@DAYS.rule("day", "( this )? ( past | last ) WEEKDAY", "( the )? last WEEKDAY", "past WEEKDAY")
def _last_tuesday(found: Found, context: Context) -> Any:
    weekday = found.first(*WEEKDAYS)
    if found.has("past") or found.has("this"):
        return settled(add_days(context.today, -((context.today.weekday() - weekday - 1) % 7) - 1))
    return settled(add_days(monday_of(context.today), weekday - 7))


@DAYS.rule("day", "( the | this )? next WEEKDAY")
def _next_tuesday(found: Found, context: Context) -> Any:
    """The one in the coming calendar week; "upcoming" and "this coming" are the nearest."""
    weekday = found.first(*WEEKDAYS)
    said = found.text[found.tokens[0].start : found.tokens[-1].start]
    if "coming" in said:
        return settled(add_days(context.today, (weekday - context.today.weekday() - 1) % 7 + 1))
    return settled(add_days(monday_of(context.today), weekday + 7))


@DAYS.rule("day", "this WEEKDAY")
def _this_tuesday(found: Found, context: Context) -> Any:
    return settled(add_days(monday_of(context.today), found.first(*WEEKDAYS)))


@DAYS.rule("day", "WEEKDAY after next")
def _tuesday_after_next(found: Found, context: Context) -> Any:
    return settled(add_days(monday_of(context.today), found.first(*WEEKDAYS) + 14))


@DAYS.rule("day", "NUMBER WEEKDAY ( from now | hence | ago )", "NUMBER weekdays_of ( from now | hence | ago )")
def _three_fridays_from_now(found: Found, context: Context) -> Any:
    weekday, count = found.first(*WEEKDAYS, "weekdays_of"), int(number_of(found.tokens[0]))
    if not 0 < count < 60:
        return None
    if found.has("ago"):
        return settled(add_days(context.today, -((context.today.weekday() - weekday - 1) % 7) - 1 - 7 * (count - 1)))
    return settled(add_days(context.today, (weekday - context.today.weekday() - 1) % 7 + 1 + 7 * (count - 1)))


_SHIFT = {"this": 0, "next": 1, "last": -1, "the": 0, "past": -1}


def shift_of(found: Found) -> int | None:
    for token in found.tokens:
        if token.category in _SHIFT and token.category != "the":
            return _SHIFT[token.category]
    return 0 if found.has("the") else None


@DAYS.rule("week_shift", "( the )? ( this | next | last ) unit")
def _week_shift(found: Found, _context: Context) -> Any:
    return shift_of(found) if unit_of(found) == "weeks" else None


@DAYS.rule(
    "day",
    "WEEKDAY comma? ( of | in | from | on )? week_shift",
    "week_shift ( on | dash | comma )? ( on )? WEEKDAY",
    "WEEKDAY the? week_shift",
)
def _tuesday_of_next_week(found: Found, context: Context) -> Any:
    return settled(add_days(monday_of(context.today), found.first(*WEEKDAYS) + 7 * found.first("week_shift")))


@DAYS.rule("period", "week_shift after next", "( the )? ( unit | weekend ) after next")
def _week_after_next(found: Found, context: Context) -> Any:
    return unit_period("weeks" if found.has("week_shift") else unit_of(found), 2, context)


@DAYS.rule("period", "( the )? unit after ( next | week_shift )")
def _unit_after_next(found: Found, context: Context) -> Any:
    return unit_period(unit_of(found), 2, context)


@DAYS.rule("month_date", "MONTH after next", "( next | last | this ) MONTH")
def _next_march(found: Found, context: Context) -> Any:
    if not _month_is_meant(found, context):
        return None
    month, year = found.first(*MONTHS), context.today.year
    if found.has("this"):
        return Day(year, month)
    if found.has("after"):
        return Day(year + (1 if month > context.today.month else 2), month)
    if found.has("next"):
        return Day(year + (0 if month > context.today.month else 1), month)
    return Day(year - (0 if month < context.today.month else 1), month)


# Weekday and day of the month


@DAYS.rule(
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


@DAYS.rule(
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


@DAYS.rule("day", "WEEKDAY small")
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


@DAYS.rule(
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


@DAYS.rule("day", "week_of_marker", "the nth")
def _the_nth(found: Found, _context: Context) -> Any:
    return None if _IS_COUNTED.match(found.ahead(24)) else Day(day=found.first("nth"))


@DAYS.rule("day", "nth")
def _bare_nth(found: Found, _context: Context) -> Any:
    before = found.behind(12)
    return (
        Day(day=found.first("nth")) if (found.alone() or _PREPOSITION.search(before)) and followed_well(found) else None
    )


@DAYS.rule("day", "small")
def _bare_number(found: Found, _context: Context) -> Any:
    """ "25." as the whole answer."""
    said = found.text.strip()
    return Day(day=found.first("small")) if found.alone() and said.endswith(".") and found.first("small") > 12 else None


# Holidays


@DAYS.rule(
    "day",
    "( the )? ( this | next | last )? holiday ( of | in | comma )? ( year | week_shift )?",
    "holiday ( of | in )? ( this | next | last ) unit",
)
def _holiday(found: Found, context: Context) -> Any:
    name, year = found.first("holiday"), found.first("year")
    if found.has("unit"):
        if unit_of(found) != "years":
            return None
        year = context.today.year + (shift_of(found) or 0)
    if year is not None:
        day = holiday_on(name, year)
        return Day(day.year, day.month, day.day) if day else None
    if name == "new year" and not _is_new_years_day(found):
        return None
    day = next_holiday(name, context.today, back=found.has("last"))
    return Day(day.year, day.month, day.day, settled=True) if day else None


def _is_new_years_day(found: Found) -> bool:
    before = found.behind(14)
    return (
        not re.search(r"(?:happy|prosperous|good|the)\s+$", before)
        or "day" in found.text[found.tokens[0].start : found.tokens[-1].end]
    )


@DAYS.rule(
    "day",
    "day length ago",
    "day in ( length | a_length )",
    "month_date in ( length | a_length )",
    "MONTH in ( length | a_length )",
)
def _holiday_in_years(found: Found, context: Context) -> Any:
    """Thanksgiving in three years, March in a year."""
    length = found.first("length", "a_length")
    base = found.first("day", "month_date") or Day(month=found.first(*MONTHS))
    if length.amounts[0][0] != "years" or (base.year is not None and not base.settled):
        return None
    start = first_day(base, context)
    if start is None:
        return None
    moved = add_months(start, 12 * length.amounts[0][1] * (-1 if found.has("ago") else 1))
    if base.grain == "month":
        return ("month_date", Day(moved.year, moved.month))
    return settled(moved)


# Counted


@DAYS.rule(
    "counted",
    "( in )? ( length | a_length ) ( from | after | before | on ) ( the )? ( day | period | moment )",
    "day ( plus | dash ) length",
    "( length | a_length ) ( from | after | before | on ) WEEKDAY",
    "length to day",
)
def _two_weeks_after(found: Found, context: Context) -> Any:
    length = found.first("length", "a_length")
    anchor = found.first("day", "period")
    if anchor is None and found.has(*WEEKDAYS):
        anchor = Day(weekday=found.first(*WEEKDAYS))
    if anchor is None or found.has("to"):
        return None
    if found.has("on") and length.amounts[-1][0] != "weeks":
        return None
    if found.has("from") and _lasts_from(found):
        return ("moment", When(day=anchor, lasts=length))
    dashed = found.has("dash") and found.tokens[1].end == found.tokens[2].start
    if found.has("dash") and not dashed:
        return None
    return from_day(length, -1 if found.has("before", "dash") else 1, anchor, context)


def _lasts_from(found: Found) -> bool:
    """ "for two weeks from Monday", "two weeks starting Monday": it lasts; else it is counted on."""
    word = next(token for token in found.tokens if token.category == "from")
    return found.text[word.start : word.end] == "starting" or found.behind(24).endswith("for ")


@DAYS.rule(
    "counted",
    "( in | within )? ( around )? ( length | a_length ) ( from ( now ) | hence )",
    "in ( the )? ( around )? ( length | a_length )",
    "( length | a_length ) later",
    "plus length",
    "( length | a_length ) out",
    "( length | a_length ) time",
)
def _in_three_days(found: Found, context: Context) -> Any:
    length = found.first("length", "a_length")
    if found.tokens[0].category == "within":
        return None
    if found.tokens[-1].category == "later" and found.ahead(6).startswith((" this", " today", " in ")):
        return None
    if found.tokens[-1].category == "time" and found.text[
        found.tokens[-1].start - 2 : found.tokens[-1].start
    ].strip() not in ("s", "'", "’", ""):
        return None
    if found.has("plus") and not (found.tokens[0].end == found.tokens[1].start and found.tokens[0].start == 0):
        return None
    if found.tokens[-1].category == "out" and not found.alone():
        return None
    if found.tokens[0].category == "in" and re.match(r"\s*(?:of|a row|total|length)\b", found.ahead(9)):
        return None
    return from_now(length, 1, context)


@DAYS.rule("counted", "( length | a_length ) ( ago | earlier )", "( length | a_length ) before", "dash length")
def _three_days_ago(found: Found, context: Context) -> Any:
    if found.has("dash") and found.tokens[0].start:
        return None
    if found.has("before") and not found.alone():
        return None
    return from_now(found.first("length", "a_length"), -1, context)


@DAYS.rule("day", "unit ( today | weekday_after )", "WEEKDAY unit")
def _tuesday_week(found: Found, context: Context) -> Any:
    """British: Tuesday week is a week after the coming Tuesday."""
    if unit_of(found) != "weeks" or not found.has(*WEEKDAYS) or found.text[found.tokens[-1].end - 1] == "s":
        return None
    return settled(add_days(context.today, (found.first(*WEEKDAYS) - context.today.weekday() - 1) % 7 + 8))


@DAYS.rule("day", "( the )? closest WEEKDAY to day")
def _closest(found: Found, context: Context) -> Any:
    day = first_day(found.first("day"), context)
    if day is None:
        return None
    ahead = add_days(day, (found.first(*WEEKDAYS) - day.weekday()) % 7)
    return settled(ahead if (ahead - day).days <= 3 else add_days(ahead, -7))


@DAYS.rule("day", "( the )? next business unit", "next weekday_word", "( the )? next weekday_any")
def _next_business_day(found: Found, context: Context) -> Any:
    if found.has("unit") and unit_of(found) != "days":
        return None
    return settled(context.business_days_from(context.today, 1))
