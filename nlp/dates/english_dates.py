"""English rules for dates that are written out (3 June 2026) or in numbers (3/6, 2026-06-03)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from nlp.dates.calendar_days import day_of
from nlp.dates.cascade import Found, Rules, Token
from nlp.dates.context import Context
from nlp.dates.english_amounts import number_of, unit_of
from nlp.dates.english_clocks import followed_well
from nlp.dates.english_names import MONTHS, WEEKDAYS, month_is_meant
from nlp.dates.english_tokens import full_year
from nlp.dates.values import Day, When

DATES = Rules()


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


@DATES.rule(
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
    if day is None or not 1 <= day <= 31 or not month_is_meant(found, context):
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


@DATES.rule("day", "day prime ( small | number )")
def _short_year(found: Found, _context: Context) -> Any:
    day = found.first("day")
    return replace(day, year=full_year(found.tokens[-1].value)) if day.year is None else None


@DATES.rule("day", "ides month", "ides ( march | may )")
def _ides(found: Found, _context: Context) -> Any:
    month = found.first(*MONTHS)
    return Day(month=month, day=15 if month in (3, 5, 7, 10) else 13)


@DATES.rule(
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
        return Day(year, found.first(*MONTHS)) if year and month_is_meant(found, context) else None
    return Day(found.first("year"), found.first(*MONTHS))


@DATES.rule("moment", "WEEKDAY comma? day clock year", "day clock year")
def _unix_date(found: Found, _context: Context) -> Any:
    """Wed Oct 26 15:50:06 2016, as machines write it."""
    day = found.first("day")
    if not day.month or day.year:
        return None
    return When(day=replace(day, year=found.first("year")), clock=found.first("clock"))


# Numbers only


@DATES.rule("day", "slashed")
def _slashed(found: Found, context: Context) -> Any:
    day, one, two = found.first("slashed")
    if day is None or (one, two) == (24, 7) or found.ahead(4).lstrip().startswith("of"):
        return None
    before = found.behind(2)
    return None if before.endswith(("-", "/")) and before[:1].isalpha() else day


@DATES.rule("day", "WEEKDAY comma? dotted", "WEEKDAY open dotted close")
def _weekday_dotted(found: Found, _context: Context) -> Any:
    day, one, two, _said = found.first("dotted")
    weekday = found.first(*WEEKDAYS)
    if day is None:
        return None
    month_first = Day(month=one, day=two) if one <= 12 and day_of(2000, one, two) else None
    return replace(day, weekday=weekday, swapped=month_first if month_first != day else None)


@DATES.rule("day", "dotted")
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


@DATES.rule("day", "small dash small")
def _dashed(found: Found, context: Context) -> Any:
    """Only when nothing else is said: else it is a score, pages, a range of hours."""
    one, two = found.every("small")
    return Day(month=one, day=two) if found.alone() and one <= 12 < two <= 31 and day_of(2000, one, two) else None


@DATES.rule("day", "year small small")
def _spaced(found: Found, _context: Context) -> Any:
    month, day = found.every("small")
    return Day(found.first("year"), month, day) if found.alone() and day_of(found.first("year"), month, day) else None
