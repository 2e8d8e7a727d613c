"""English rules for weeks, months, quarters, years, seasons, and their beginnings and ends."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from nlp.dates.calendar_days import add_days, add_months, monday_of
from nlp.dates.cascade import Found, Rules
from nlp.dates.compose import (
    counted,
    first_day,
    from_now,
    half_of_period,
    part_of_period,
    period_of,
    rolling,
    season,
    unit_period,
    week_of_year,
)
from nlp.dates.context import Context
from nlp.dates.english_amounts import number_of, unit_of
from nlp.dates.english_names import MONTHS, shift_of
from nlp.dates.english_tokens import full_year
from nlp.dates.values import Day, Exact, Length, Period, When

PERIODS = Rules()
_LONG = ("weeks", "months", "years", "quarters", "weekends", "fortnights", "decades")
_IN_A_PERIOD = re.compile(r"\b(?:in|for|during|over|this|throughout|within)\s$")
_YEAR_IS_MEANT = re.compile(
    r"(?:\b(?:in|since|before|after|until|till|from|during|for|year|to|than|by|late|early|mid|of|not|"
    r"and|between|through)\s+(?:the\s+)?|[-–~]\s?)$"
)


@PERIODS.rule("length", "all ( unit | weekend )", "( the )? all ( unit )")
def _all_day(found: Found, _context: Context) -> Any:
    return Length(((unit_of(found), 1.0),))


@PERIODS.rule(
    "period",
    "year ( dash | slash )? ( q | h ) small",
    "( q | h ) small ( dash | of | slash | comma )? year",
    "small q small",
    "q small prime small",
    "q small",
    "( the )? ( NTH ) quarter ( of | in )? year",
    "( the )? next unit ( NTH ) quarter",
    "( the )? ( NTH ) quarter",
)
def _quarter(found: Found, context: Context) -> Any:
    numbers = [int(value) for value in found.every("nth", "ordinal", "second", "small")]
    year, number = found.first("year") or context.today.year, numbers[0]
    if found.tokens[0].category == "small":
        year, number = full_year(numbers[0]), numbers[1]
    elif len(numbers) == 2:
        year = full_year(numbers[1])
    if found.has("unit"):
        year += 1
    if (
        found.has("q", "h")
        and not found.has("dash")
        and found.tokens[0].category in ("q", "h")
        and found.tokens[0].end != found.tokens[1].start
    ):
        return None
    months = 6 if found.has("h") else 3
    if not 1 <= number <= 12 // months or not 1800 <= year <= 2100:
        return None
    start = date(year, months * (number - 1) + 1, 1)
    if (
        not found.has("year", "unit")
        and len(numbers) == 1
        and add_months(start, months) <= context.today
        and found.has("q")
    ):
        start = add_months(start, 12)
    return Period(start, add_months(start, months), "quarter")


@PERIODS.rule("period", "( the )? ( NTH | last ) length of ( the )? ( year | month_date | period )")
def _last_four_months_of(found: Found, context: Context) -> Any:
    length, whole = found.first("length"), found.first("month_date", "period") or Day(found.first("year"))
    span = period_of(whole, context)
    unit, amount = length.amounts[0]
    if span is None or unit not in ("days", "weeks", "months") or (found.first("nth", "ordinal", "second") or 1) != 1:
        return None
    if found.has("last"):
        start = (
            add_months(span.end, -amount)
            if unit == "months"
            else add_days(span.end, -amount * (7 if unit == "weeks" else 1))
        )
        return Period(start, span.end)
    end = (
        add_months(span.start, amount)
        if unit == "months"
        else add_days(span.start, amount * (7 if unit == "weeks" else 1))
    )
    return Period(span.start, end)


@PERIODS.rule("period", "( this | next | last ) business unit")
def _working_week(found: Found, context: Context) -> Any:
    if unit_of(found) != "weeks":
        return None
    whole = unit_period("weeks", shift_of(found) or 0, context)
    return whole and Period(whole.start, add_days(whole.start, 5), "week")


@PERIODS.rule(
    "period",
    "( the )? ( next | last | past ) ( length )",
    "( the )? this ( past | last | next )? length",
    "( the )? NUMBER ( next | past | last ) business? UNIT",
)
def _next_three_weeks(found: Found, context: Context) -> Any:
    length = found.first("length") or Length(
        ((unit_of(found), number_of(found.tokens[found.has("the")])),), found.has("business")
    )
    if found.has("this") and not found.has("past", "last", "next"):
        return None
    made = rolling(length, found.has("next"), context)
    return ("moment", made) if isinstance(made, When) else made


@PERIODS.rule(
    "period",
    "( the )? ( this | next | last | past ) ( unit | quarter | weekend | second )",
    "this ( next | last | past ) ( unit | weekend | quarter )",
    "( the )? week_shift",
)
def _next_week(found: Found, context: Context) -> Any:
    if found.has("week_shift"):
        return unit_period("weeks", found.first("week_shift"), context)
    unit, shift = unit_of(found), shift_of(found) or 0
    if found.has("this") and found.has("next", "last", "past"):
        shift = 1 if found.has("next") else -1
        if unit == "weekends" and shift == 1:
            return unit_period(unit, 0 if context.today.weekday() < 5 else 1, context)
    if unit in ("hours", "minutes", "seconds"):
        return _next_hour(unit, shift, context)
    if unit == "days":
        return ("day", context.day(shift)) if shift else None
    if unit == "weekends" and shift < 0 and found.has("past"):
        return unit_period(unit, -1, context)
    return unit_period(unit, shift, context)


def _next_hour(unit: str, shift: int, context: Context) -> Any:
    if unit == "seconds" or not shift:
        return None
    step = timedelta(**{unit: 1})
    if shift > 0:
        return ("counted", Exact(context.reference + step, "second"))
    return (
        "moment",
        When(exact=Exact(context.reference - step, "minute"), until_exact=Exact(context.reference, "minute")),
    )


@PERIODS.rule("period", "( the )? commencing ( the )? ( day | nth )")
def _week_of(found: Found, context: Context) -> Any:
    day = found.first("day") or Day(day=found.first("nth"))
    if found.has("nth"):
        start = first_day(day, context)
        if start and (start - context.today).days > 24:
            near = start.replace(day=1) - timedelta(days=1)
            start = near.replace(day=min(near.day, found.first("nth")))
            start = start if monday_of(start) >= monday_of(context.today) else first_day(day, context)
    else:
        start = first_day(day, context)
    return Period(monday_of(start), add_days(monday_of(start), 7), "week") if start else None


@PERIODS.rule("period", "( the )? unit ( of )? ( day )")
def _week_of_day(found: Found, context: Context) -> Any:
    if unit_of(found) != "weeks" or not found.has("of"):
        return None
    start = first_day(found.first("day"), context)
    return Period(monday_of(start), add_days(monday_of(start), 7), "week") if start else None


@PERIODS.rule("period", "unit small ( of | in )? year", "unit small")
def _week_31(found: Found, context: Context) -> Any:
    said = found.text[found.tokens[0].start : found.tokens[0].end]
    if unit_of(found) != "weeks" or said.endswith("s"):
        return None
    return week_of_year(found.first("small"), found.first("year") or context.today.year)


@PERIODS.rule("year_date", "cy ( year | small )", "( unit ) year")
def _calendar_year(found: Found, _context: Context) -> Any:
    if found.has("unit") and (unit_of(found) != "years" or found.text[found.tokens[0].end - 1] == "s"):
        return None
    return Day(found.first("year") or full_year(found.first("small")))


@PERIODS.rule("period", "( the )? decade_name")
def _nineties(found: Found, _context: Context) -> Any:
    start = date(found.first("decade_name"), 1, 1)
    return Period(start, add_months(start, 120), "year")


@PERIODS.rule("period", "( this | next | last ) season", "season ( of | in )? year", "( the | in | during )? season")
def _season(found: Found, context: Context) -> Any:
    month, said = found.first("season"), found.text[found.tokens[-1].start : found.tokens[-1].end]
    if said in ("fall", "spring") and not found.has("this", "next", "last", "year"):
        return None
    year = found.first("year") or context.today.year + ((shift_of(found) or 0) if found.has("next", "last") else 0)
    return season(month, year)


@PERIODS.rule("period", "( the )? ( ordinal | second ) half ( of )? ( the )? ( A_PERIOD | year )")
def _second_half_of(found: Found, context: Context) -> Any:
    which = found.first("ordinal", "second")
    value = found.first("period", "month_date", "year_date") or (
        Day(month=found.first(*MONTHS)) if found.has(*MONTHS) else Day(found.first("year"))
    )
    whole = period_of(value, context)
    if whole is None or which > 2 or found.tokens[-1].category == "half":
        return None
    return half_of_period("begin" if which == 1 else "end", whole)


# Beginnings and ends

_WHICH = {
    "begin": "begin",
    "beginning": "begin",
    "early": "begin",
    "bom": "begin",
    "boy": "begin",
    "mid": "mid",
    "end": "end",
    "late": "end",
    "eom": "end",
    "eoy": "end",
    "eow": "end",
    "eoq": "end",
}


def _which(found: Found) -> str:
    return next((_WHICH[token.category] for token in found.tokens if token.category in _WHICH), "end")


@PERIODS.rule(
    "end_of",
    "( the )? ( begin | beginning | mid | end | early | late ) ( of | in | dash )? the? around? ( A_PERIOD | year )",
    "( the )? ( begin | beginning | mid | end ) ( of )? ( the )? ( unit | quarter )",
    "( the )? ( eom | eoy | eow | eoq | bom | boy ) ( period | month_date | MONTH | year )?",
)
def _end_of(found: Found, context: Context) -> Any:
    if found.has("unit", "quarter") and not found.has("of"):
        return None
    whole = found.first("period", "month_date", "year_date")
    if whole is None and found.has(*MONTHS):
        whole = Day(month=found.first(*MONTHS))
    if whole is None and found.has("year"):
        whole = Day(found.first("year"))
    if whole is None:
        named = {"eow": "weeks", "eom": "months", "bom": "months", "eoq": "quarters"}
        unit = unit_of(found) or next((named[one.category] for one in found.tokens if one.category in named), "years")
        if unit not in _LONG:
            return None
        whole = unit_period(unit, 0, context)
    if found.tokens[0].category in ("boy", "end", "mid", "early", "late") and not _reads_as_time(found):
        return None
    span = period_of(whole, context) if whole else None
    return (
        ("end_of", (part_of_period(_which(found), span), span)) if span and (span.end - span.start).days > 3 else None
    )


def _reads_as_time(found: Found) -> bool:
    """ "boy" in small letters is a child unless an article or nothing else stands before it."""
    return found.tokens[0].category != "boy" or found.alone()


@PERIODS.rule(
    "period",
    "( later | earlier ) ( in | on )? ( the )? ( period | month_date )",
    "rest_of ( the )? ( period | month_date | unit )",
    "( later | earlier ) ( in )? ( the )? unit",
)
def _later_this_week(found: Found, context: Context) -> Any:
    given = found.first("period", "month_date")
    if given is None:
        given = unit_period(unit_of(found), 0, context) if found.has("the") and unit_of(found) in _LONG else None
    whole = period_of(given, context) if given else None
    if whole is None:
        return None
    if found.has("rest_of"):
        return Period(max(whole.start, context.today), whole.end, convention=True)
    half = half_of_period("begin" if found.has("earlier") else "end", whole)
    if found.has("later") and half.start < context.today < half.end:
        half = replace(half, start=context.today)
    return half


@PERIODS.rule("period", "( the | that )? weekend", "( that | the ) weekend")
def _weekend(found: Found, context: Context) -> Any:
    return unit_period("weekends", 0, context)


@PERIODS.rule("period", "the unit", "the quarter")
def _for_the_month(found: Found, context: Context) -> Any:
    unit = unit_of(found)
    if (
        unit not in ("weeks", "months", "years", "fortnights", "quarters")
        or found.text[found.tokens[-1].end - 1] == "s"
    ):
        return None
    before = found.behind(12)
    following = found.ahead(4)
    return (
        unit_period(unit, 0, context)
        if _IN_A_PERIOD.search(before) and not following.startswith((" of", " aft"))
        else None
    )


@PERIODS.rule("year_date", "year")
def _year(found: Found, _context: Context) -> Any:
    """Four digits are a year behind a word of time, beside another such, or alone; else they may count anything."""
    token = found.tokens[0]
    before, after = found.behind(12), found.text[token.end : token.end + 20]
    if re.match(r"\s?(?:[-–~]|to\b|till|through|and|or|until)\s?(?:18|19|20)\d\d\b", after):
        return Day(token.value)
    if re.match(
        r"\s+(?!(?:and|or|but|to|in|were|was|is|are|will|has|had|for|on|at|by|with|we|it|the|that|when|i|you|they|"
        r"he|she|which|already|your|our|my|this)\b)[a-z]",
        after,
    ):
        return None
    return Day(token.value) if _YEAR_IS_MEANT.search(before) or found.alone() else None


@PERIODS.rule("month_date", "MONTH")
def _month(found: Found, context: Context) -> Any:
    token = found.tokens[0]
    if found.behind(5) == "dear ":
        return None
    if token.category == "month":
        said = context.original[token.start : token.end]
        return Day(month=token.value) if len(said) > 3 or said[0].isupper() or _near_time(found) else None
    named = context.original[token.start].isupper() or token.category == "mar"
    if found.alone():
        return Day(month=token.value)
    before = found.behind(10)
    after = found.text[token.end : token.end + 9].strip()
    if re.match(r"(?:i|we|you|he|she|they|it|be|not|or may|well|have)\b|of (?!\d)", after):
        return None
    strong = re.search(
        r"\b(?:in|by|until|till|since|during|of|late|early|mid|before|after|or|and|to|from|through|the|for)[ -]$",
        before,
    )
    lead = re.search(r"[a-z,:]\s$|[-–/]\s?$", before) is not None and named
    ranged = re.match(r"(?:to|through|till|until|[-–/])\s?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", after)
    if strong and strong.group().strip() in ("or", "and", "to", "for") and not named:
        return None
    return Day(month=token.value) if strong or (lead and token.category == "may") or ranged else None


def _near_time(found: Found) -> bool:
    before = found.behind(10)
    return (
        found.alone()
        or re.search(r"\b(?:in|by|until|since|of|late|early|mid|from|to)[ -]$|[-–/]\s?$", before) is not None
    )


@PERIODS.rule("counted", "in NUMBER")
def _in_fifteen(found: Found, context: Context) -> Any:
    """ "in 15": minutes, if nothing else is said."""
    return from_now(Length((("minutes", number_of(found.tokens[1])),)), 1, context) if found.alone() else None


@PERIODS.rule("moment", "within the unit")
def _within_the_hour(found: Found, context: Context) -> Any:
    if unit_of(found) != "hours":
        return None
    until = counted(context.reference, Length((("hours", 1.0),)), 1)
    return When(exact=Exact(context.reference, "minute"), until_exact=Exact(until, "minute"), bound="until")


@PERIODS.rule("period", "within ( the )? ( length | a_length | period )", "within ( the )? next unit and? length")
def _within(found: Found, context: Context) -> Any:
    length = found.first("length", "a_length")
    if found.has("period"):
        return (
            ("moment", When(exact=Exact(context.reference, "minute"), until_day=found.first("period"), bound="until"))
            if found.first("period").grain == "day"
            else found.first("period")
        )
    if found.has("unit"):
        length = Length(((unit_of(found), 1.0), *length.amounts))
    until = from_now(length, 1, context)
    if isinstance(until, Exact):
        return (
            "moment",
            When(exact=Exact(context.reference, "minute"), until_exact=replace(until, grain="minute"), bound="until"),
        )
    start = first_day(until, context)
    return ("moment", When(day=context.day(0), until_day=until, bound="until")) if start else None
