"""English rules for today and its neighbours, weekdays and weeks told against the running one."""

from __future__ import annotations

import re
from typing import Any

from nlp.dates.calendar_days import add_days, monday_of
from nlp.dates.cascade import Found, Rules
from nlp.dates.compose import unit_period
from nlp.dates.context import Context, settled
from nlp.dates.english_amounts import number_of, unit_of
from nlp.dates.english_names import MONTHS, WEEKDAYS, month_is_meant, shift_of
from nlp.dates.values import Day

NEAR_DAYS = Rules()
WEEKDAY_NAMES = Rules()
_NAMED_BEFORE = re.compile(
    r"\b(?:on|this|next|last|or|and|by|until|till|from|to|every|for|before|after|since|thurs|fri|mon|"
    r"tue|sat|sun)[.,/-]?\s?$|[-–/,(]\s?$"
)


# Today and its neighbours


@NEAR_DAYS.rule("day", "( the )? today")
def _today(found: Found, context: Context) -> Any:
    return context.day(found.first("today"))


# Weekdays


@NEAR_DAYS.rule("day", "( this )? ( past | last ) WEEKDAY", "( the )? last WEEKDAY", "past WEEKDAY")
def _last_tuesday(found: Found, context: Context) -> Any:
    weekday = found.first(*WEEKDAYS)
    if found.has("past") or found.has("this"):
        return settled(add_days(context.today, -((context.today.weekday() - weekday - 1) % 7) - 1))
    return settled(add_days(monday_of(context.today), weekday - 7))


@NEAR_DAYS.rule("day", "( the | this )? next WEEKDAY")
def _next_tuesday(found: Found, context: Context) -> Any:
    """The one in the coming calendar week; "upcoming" and "this coming" are the nearest."""
    weekday = found.first(*WEEKDAYS)
    said = found.text[found.tokens[0].start : found.tokens[-1].start]
    if "coming" in said:
        return settled(add_days(context.today, (weekday - context.today.weekday() - 1) % 7 + 1))
    return settled(add_days(monday_of(context.today), weekday + 7))


@NEAR_DAYS.rule("day", "this WEEKDAY")
def _this_tuesday(found: Found, context: Context) -> Any:
    return settled(add_days(monday_of(context.today), found.first(*WEEKDAYS)))


@NEAR_DAYS.rule("day", "WEEKDAY after next")
def _tuesday_after_next(found: Found, context: Context) -> Any:
    return settled(add_days(monday_of(context.today), found.first(*WEEKDAYS) + 14))


@NEAR_DAYS.rule("day", "NUMBER WEEKDAY ( from now | hence | ago )", "NUMBER weekdays_of ( from now | hence | ago )")
def _three_fridays_from_now(found: Found, context: Context) -> Any:
    weekday, count = found.first(*WEEKDAYS, "weekdays_of"), int(number_of(found.tokens[0]))
    if not 0 < count < 60:
        return None
    if found.has("ago"):
        return settled(add_days(context.today, -((context.today.weekday() - weekday - 1) % 7) - 1 - 7 * (count - 1)))
    return settled(add_days(context.today, (weekday - context.today.weekday() - 1) % 7 + 1 + 7 * (count - 1)))


@NEAR_DAYS.rule("week_shift", "( the )? ( this | next | last ) unit")
def _week_shift(found: Found, _context: Context) -> Any:
    return shift_of(found) if unit_of(found) == "weeks" else None


@NEAR_DAYS.rule(
    "day",
    "WEEKDAY comma? ( of | in | from | on )? week_shift",
    "week_shift ( on | dash | comma )? ( on )? WEEKDAY",
    "WEEKDAY the? week_shift",
)
def _tuesday_of_next_week(found: Found, context: Context) -> Any:
    return settled(add_days(monday_of(context.today), found.first(*WEEKDAYS) + 7 * found.first("week_shift")))


@NEAR_DAYS.rule("period", "week_shift after next", "( the )? ( unit | weekend ) after next")
def _week_after_next(found: Found, context: Context) -> Any:
    return unit_period("weeks" if found.has("week_shift") else unit_of(found), 2, context)


@NEAR_DAYS.rule("period", "( the )? unit after ( next | week_shift )")
def _unit_after_next(found: Found, context: Context) -> Any:
    return unit_period(unit_of(found), 2, context)


@NEAR_DAYS.rule("month_date", "MONTH after next", "( next | last | this ) MONTH")
def _next_march(found: Found, context: Context) -> Any:
    if not month_is_meant(found, context):
        return None
    month, year = found.first(*MONTHS), context.today.year
    if found.has("this"):
        return Day(year, month)
    if found.has("after"):
        return Day(year + (1 if month > context.today.month else 2), month)
    if found.has("next"):
        return Day(year + (0 if month > context.today.month else 1), month)
    return Day(year - (0 if month < context.today.month else 1), month)


@WEEKDAY_NAMES.rule("day", "WEEKDAY dot?")
def _weekday(found: Found, context: Context) -> Any:
    """Sat and sun are words too: they count with a capital, or behind a word of time."""
    token = found.tokens[0]
    if token.category == "weekday":
        said = found.text[token.start : token.end]
        if said in ("mon", "wed", "fri") and not (
            context.original[token.start].isupper() or _NAMED_BEFORE.search(found.behind(8)) or found.alone()
        ):
            return None
        return Day(weekday=token.value)
    before = found.behind(8)
    inside = re.search(r"[a-z,]\s$", before) is not None and context.original[token.start].isupper()
    if token.category == "sun" and re.search(r"\b(?:the|hot|of)\s$", before):
        return None
    return Day(weekday=token.value) if found.alone() or _NAMED_BEFORE.search(before) or inside else None
