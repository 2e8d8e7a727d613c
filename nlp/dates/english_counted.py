"""English rules for dates that are counted: in three days, two weeks after Easter, Tuesday week."""

from __future__ import annotations

import re
from typing import Any

from nlp.dates.calendar_days import add_days
from nlp.dates.cascade import Found, Rules
from nlp.dates.compose import first_day, from_day, from_now
from nlp.dates.context import Context, settled
from nlp.dates.english_amounts import unit_of
from nlp.dates.english_names import WEEKDAYS
from nlp.dates.values import Day, When

COUNTED = Rules()


@COUNTED.rule(
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


@COUNTED.rule(
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


@COUNTED.rule("counted", "( length | a_length ) ( ago | earlier )", "( length | a_length ) before", "dash length")
def _three_days_ago(found: Found, context: Context) -> Any:
    if found.has("dash") and found.tokens[0].start:
        return None
    if found.has("before") and not found.alone():
        return None
    return from_now(found.first("length", "a_length"), -1, context)


@COUNTED.rule("day", "unit ( today | weekday_after )", "WEEKDAY unit")
def _tuesday_week(found: Found, context: Context) -> Any:
    """British: Tuesday week is a week after the coming Tuesday."""
    if unit_of(found) != "weeks" or not found.has(*WEEKDAYS) or found.text[found.tokens[-1].end - 1] == "s":
        return None
    return settled(add_days(context.today, (found.first(*WEEKDAYS) - context.today.weekday() - 1) % 7 + 8))


@COUNTED.rule("day", "( the )? closest WEEKDAY to day")
def _closest(found: Found, context: Context) -> Any:
    day = first_day(found.first("day"), context)
    if day is None:
        return None
    ahead = add_days(day, (found.first(*WEEKDAYS) - day.weekday()) % 7)
    return settled(ahead if (ahead - day).days <= 3 else add_days(ahead, -7))


@COUNTED.rule("day", "( the )? next business unit", "next weekday_word", "( the )? next weekday_any")
def _next_business_day(found: Found, context: Context) -> Any:
    if found.has("unit") and unit_of(found) != "days":
        return None
    return settled(context.business_days_from(context.today, 1))
