"""English rules for a day with a time: Tuesday afternoon, 3 June at 14:30, tonight."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from nlp.dates.cascade import Found, Rules
from nlp.dates.compose import merged
from nlp.dates.compose_clocks import in_part, range_in_part
from nlp.dates.context import Context
from nlp.dates.english_amounts import unit_of
from nlp.dates.english_clocks import four_digits
from nlp.dates.english_windows import clock_of
from nlp.dates.english_words import AFTERNOON, EVENING, MORNING, NIGHT
from nlp.dates.values import Clock, Day, Exact, Part, When

JOINS = Rules()


@JOINS.rule(
    "moment",
    "( window ) this_part",
    "( this_part | tonight ) ( from )? window",
    "window tonight",
    "window last night",
    "next part ( from )? window",
)
def _window_this_morning(found: Found, context: Context) -> Any:
    part = found.first("this_part", "part") or EVENING
    day = context.day(-1 if found.has("last") else 1 if found.has("next") else 0)
    return replace(range_in_part(found.first("window"), part), day=day)


@JOINS.rule(
    "moment",
    "( clock | small | word_number ) this_part",
    "this_part ( at | from | comma )? ( clock | small )",
    "this_part",
    "( clock | small ) tonight",
    "tonight ( at )? ( clock | small )",
    "tonight",
    "last night ( at )? clock",
    "last night",
)
def _tonight(found: Found, context: Context) -> Any:
    day = context.day(-1 if found.has("last") else 0)
    part: Part = found.first("this_part") or NIGHT
    token = next((one for one in found.tokens if one.category in ("clock", "small", "word_number")), None)
    if token is None:
        return When(day=day, part=part)
    clock = clock_of(token)
    if clock is None or (token.category == "small" and token is found.tokens[-1] and not found.has("at")):
        return None
    return When(day=day, clock=in_part(clock, part) if part is not NIGHT or not clock.sure else clock)


@JOINS.rule(
    "moment",
    "day ( comma | dash )? ( at | on | around | from | open )? SOME_PART? comma? ( at | around | from )? window close?",
    "( window ) ( comma )? ( on | of )? ( the )? day ( in_part | part | night )?",
    "day ( part | night ) between window",
)
def _day_and_window(found: Found, context: Context) -> Any:
    day, window = found.first("day"), found.first("window")
    part = found.first("in_part", "part", "night")
    return replace(range_in_part(window, part) if part else window, day=day)


@JOINS.rule(
    "moment",
    "day ( comma | dash )? ( at | on | around | for | colon | open )? SOME_PART? comma? ( at | around )? clock close?",
    "clock ( comma )? ( on | of | for )? ( the )? day ( part | in_part | night )?",
    "clock ( on | comma )? ( the )? ( in_part | part )? ( of )? ( the )? day",
)
def _day_and_clock(found: Found, _context: Context) -> Any:
    clock, part, day = found.first("clock"), found.first("in_part", "part", "night"), found.first("day")
    if (
        found.tokens[0].category == "clock"
        and found.has("comma")
        and day.weekday is None
        and day.year is None
        and not day.month
    ):
        return None
    return When(day=day, clock=in_part(clock, part) if part else clock)


@JOINS.rule(
    "moment", "( small | word_number ) day ( part | in_part | night )?", "day hhmm", "day ( comma )? ( in_part ) small"
)
def _nine_tomorrow(found: Found, _context: Context) -> Any:
    part, token = (
        found.first("part", "in_part", "night"),
        next(one for one in found.tokens if one.category in ("small", "word_number", "hhmm")),
    )
    day = found.first("day")
    if token.category == "hhmm":
        return (
            When(day=day, clock=four_digits(token.value))
            if found.text[token.end : token.end + 2].strip() in ("", ".", ",") and token.end - token.start == 4
            else None
        )
    clock = clock_of(token)
    if clock is None or (part is None and not (day.settled and found.alone())) or clock.hour > 12:
        return None
    return When(day=day, clock=in_part(clock, part) if part else clock)


@JOINS.rule(
    "moment",
    "day ( comma | dash )? ( in_part | part | parts | lunch | night )",
    "day ( at )? late",
    "( in_part | part | night ) ( of | on | comma )? ( the )? day",
    "day ( in | during )? the? part",
    "day comma? all part",
    "day ( open ) part close",
)
def _tuesday_afternoon(found: Found, _context: Context) -> Any:
    day: Day = found.first("day")
    if day.grain != "day":
        return None
    part = found.first("in_part", "part", "parts", "lunch", "night") or NIGHT
    if found.has("late") and not found.alone():
        return None
    return When(day=day, part=part)


@JOINS.rule("moment", "( early | late | later ) ( in )? ( the )? ( unit )? ( in )? day", "day ( early | late )")
def _later_today(found: Found, _context: Context) -> Any:
    if found.has("unit") and unit_of(found) != "days":
        return None
    if found.tokens[-1].category in ("early", "late"):
        return None
    late = found.has("late", "later")
    return When(day=found.first("day"), part=Part("afternoon", 12, 24) if late else Part("morning", 0, 12))


@JOINS.rule(
    "eod",
    "( the )? eod_word ( on | of | comma )? day",
    "day ( at | by | comma )? ( the )? eod_word",
    "( the )? eod_word",
    "( the )? end of day",
    "eod_today",
)
def _end_of_day(found: Found, context: Context) -> Any:
    day = found.first("day") or context.day(0)
    if (
        not found.has("day")
        and found.has("eod_word")
        and found.text[found.tokens[0].start : found.tokens[0].start + 10] == "end of the"
        and not re.search(r"\b(?:by|at|before|until)\s(?:the\s)?$", found.behind(12))
    ):
        return None
    return When(day=day, clock=Clock(23, 59, 59, sure=True, grain="second"))


@JOINS.rule("counted", "counted zone")
def _counted_in_zone(found: Found, _context: Context) -> Any:
    counted = found.first("counted")
    return replace(counted, zone=found.first("zone")) if isinstance(counted, Exact) else None


@JOINS.rule("day", "day ( comma | dash )? all_day", "all_day ( on )? day")
def _all_day(found: Found, _context: Context) -> Any:
    return found.first("day")


@JOINS.rule("moment", "day am_pm")
def _wednesday_pm(found: Found, _context: Context) -> Any:
    return When(day=found.first("day"), part=MORNING if found.first("am_pm") == "am" else AFTERNOON)


@JOINS.rule("moment", "moment ( comma | open )? day close?", "day dotted")
def _moment_and_date(found: Found, _context: Context) -> Any:
    """Friday noon 19/05: the date comes behind the time."""
    if found.has("dotted"):
        clock = clock_of(found.tokens[1])
        return When(day=found.first("day"), clock=clock) if clock else None
    moment, day = found.first("moment"), found.first("day")
    if not isinstance(moment.day, Day) or moment.until_day or day.settled or day.day is None:
        return None
    both = merged(moment.day, day)
    return both and replace(moment, day=both)
