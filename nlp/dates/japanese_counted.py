"""Japanese rules for dates that are counted: 3日後, 5営業日以内, 来週の3日前."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

from nlp.dates.calendar_days import add_days, add_months, day_of, monday_of
from nlp.dates.cascade import Found, Rules
from nlp.dates.compose import from_day, from_now, rolling, unit_period
from nlp.dates.context import Context, settled
from nlp.dates.values import Day, Exact, Period, When

COUNTED = Rules()


@COUNTED.rule(
    "counted",
    "day から length 後",
    "day から length 以上 後?",
    "day の length ( 後 | 前 )",
    "day から length 以内",
    "day から length 間?",
)
def _from_a_day(found: Found, context: Context) -> Any:
    day, length = found.first("day"), found.first("length")
    if found.has("以上"):
        counted = from_day(length, 1, day, context)
        return ("bound", When(day=counted, bound="since")) if isinstance(counted, Day) else None
    if found.has("後", "前"):
        return from_day(length, -1 if found.has("前") else 1, day, context)
    if found.has("の"):
        return None
    return ("stretch", When(day=day, lasts=length))


@COUNTED.rule("period", "( 次の | 前の | この | ahead | back | 後 | あと | 前 ) length 間?")
def _rolling(found: Found, context: Context) -> Any:
    ahead = found.has("次の", "ahead", "後", "あと")
    length = found.first("length")
    if found.has("この") and length.amounts[0][0] in ("weeks", "months", "days") and length.amounts[0][1] == 1:
        return unit_period(length.amounts[0][0], 0, context)
    if found.has("前の") and length.amounts == (("months", 6.0),):
        start = date(context.today.year, 1 if context.today.month > 6 else 7, 1)
        start = start if context.today.month > 6 else date(context.today.year - 1, 7, 1)
        return Period(start, add_months(start, 6), "quarter")
    made = rolling(length, ahead, context)
    return ("moment", made) if isinstance(made, When) else made


@COUNTED.rule("counted", "from_now? length 後", "length 過ぎ", "あと length で?")
def _three_days_later(found: Found, context: Context) -> Any:
    if found.ahead(1) == "ろ":  # 1時間後ろ倒し
        return None
    if found.has("あと") and not found.has("で"):
        return None
    return from_now(found.first("length"), 1, context)


@COUNTED.rule("day", "counted の? day")
def _wednesday_in_two_weeks(found: Found, _context: Context) -> Any:
    """2週間後の水曜日: the Wednesday of that week."""
    counted, day = found.first("counted"), found.first("day")
    if not isinstance(counted, Day) or day.weekday is None or day.day is not None:
        return None
    there = day_of(counted.year or 1, counted.month or 1, counted.day or 1)
    return settled(add_days(monday_of(there), day.weekday)) if there else None


@COUNTED.rule("counted", "length 前")
def _three_days_ago(found: Found, context: Context) -> Any:
    return from_now(found.first("length"), -1, context)


@COUNTED.rule("moment", "length ( 以内 | 中 )")
def _within(found: Found, context: Context) -> Any:
    length = found.first("length")
    if found.has("中") and length.amounts[0][0] == "hours":
        return None
    until = from_now(length, 1, context)
    if isinstance(until, Exact):
        return When(exact=Exact(context.reference, "minute"), until_exact=replace(until, grain="minute"), bound="until")
    if length.business:
        return When(day=context.day(1), until_day=until, bound="until")
    return When(day=context.day(0), until_day=until, bound="until")


@COUNTED.rule("counted", "length で")
def _in_two_years(found: Found, context: Context) -> Any:
    """「30分で」 is when it is done, if nothing of the kind of "enough" follows."""
    length = found.first("length")
    after = found.ahead(6)
    if (length.amounts[0][0] == "days" and length.amounts[0][1] < 1) or re.match(
        r"(?:す|し|十分|よろしい|お願い|いい|良い|ご)", after
    ):
        return None
    return from_now(length, 1, context)
