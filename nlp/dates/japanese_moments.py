"""Japanese rules for a day with a time: 火曜の午後, 6月3日14時半, その日の終わり."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from nlp.dates.cascade import Found, Rules
from nlp.dates.compose_clocks import in_part, range_in_part
from nlp.dates.context import Context
from nlp.dates.values import Clock, Part, When

JOINS = Rules()


@JOINS.rule("moment", "day_part の? window", "day_part の? clock", "day_part 中?")
def _this_morning(found: Found, context: Context) -> Any:
    ahead, part = found.first("day_part")
    day = context.day(ahead)
    if found.has("window"):
        return replace(range_in_part(found.first("window"), part), day=day)
    if found.has("clock"):
        return When(day=day, clock=in_part(found.first("clock"), part))
    return When(day=day, part=part)


@JOINS.rule(
    "moment",
    "day ( の | comma | は )? window",
    "day ( の | comma | は | tilde )? clock",
    "day ( の | comma | は )? part",
    "day ( の | comma )? part ( に )? ( clock | window )",
    "day あとで",
    "day open ( window | clock | part ) close",
)
def _day_and_time(found: Found, _context: Context) -> Any:
    day = found.first("day")
    if found.has("あとで"):
        return When(day=day, part=Part("afternoon", 12, 24))
    if found.has("comma") and not day.month and not day.settled and day.weekday is None:
        return None
    if found.has("window"):
        return replace(found.first("window"), day=day)
    if found.has("clock"):
        return When(day=day, clock=found.first("clock"))
    return When(day=day, part=found.first("part"))


@JOINS.rule("moment", "day の? part_of")
def _end_of_day(found: Found, _context: Context) -> Any:
    day = found.first("day") if found.first("part_of") == "end" else None
    return When(day=day, clock=Clock(23, 59, 59, sure=True, grain="second")) if day else None
