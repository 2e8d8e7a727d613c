"""English rules for holidays."""

from __future__ import annotations

import re
from typing import Any

from nlp.dates.calendar_days import add_months
from nlp.dates.cascade import Found, Rules
from nlp.dates.compose import first_day
from nlp.dates.context import Context, settled
from nlp.dates.english_amounts import unit_of
from nlp.dates.english_names import MONTHS, shift_of
from nlp.dates.holidays import holiday_on, next_holiday
from nlp.dates.values import Day

HOLIDAYS = Rules()


@HOLIDAYS.rule(
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


@HOLIDAYS.rule(
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
