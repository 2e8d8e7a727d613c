"""Japanese rules for weeks and other periods: 来週, 月末, 上旬, 第3四半期."""

from __future__ import annotations

from datetime import date
from typing import Any

from nlp.dates.calendar_days import add_days, add_months, monday_of
from nlp.dates.cascade import Found, Rules
from nlp.dates.compose import first_day, half_of_period, part_of_period, period_of, season, unit_period
from nlp.dates.context import Context, settled
from nlp.dates.values import Period, When

PERIODS = Rules()
_FISCAL_MONTH = 4  # Japan's business year


@PERIODS.rule("period", "day day_of")
def _week_of(found: Found, context: Context) -> Any:
    start = first_day(found.first("day"), context)
    return Period(monday_of(start), add_days(monday_of(start), 7), "week") if start else None


@PERIODS.rule(
    "part_period",
    "( month_date | year_date | week | period ) の? ( part_of )",
    "( week | month_date | year_date ) の? named_part",
    "named_part",
)
def _part_of(found: Found, context: Context) -> Any:
    named = found.first("named_part")
    which, unit = named or (found.first("part_of"), "")
    whole = _whole(found, context)
    if whole is None:
        whole = unit_period(unit, 0, context)
    elif named and unit == "months" and (whole.end - whole.start).days > 31:
        return None
    if whole is None:
        return None
    if which == "weekend":
        return ("period", Period(add_days(whole.start, 5), add_days(whole.start, 7), convention=True))
    if which == "after":
        if unit == "weeks":
            monday = add_days(monday_of(context.today), 7) if not found.has("week") else whole.start
            return ("day", settled(monday))
        start = date(context.today.year + 1, 1, 4)
        return ("period", Period(start, date(start.year, 1, 16), convention=True))
    if which.startswith("fiscal"):
        year = context.today.year + (context.today.month >= _FISCAL_MONTH)
        begin = date(year, 3, 1) if which == "fiscal_end" else date(year, 4, 1)
        return (
            "part_period",
            (Period(begin, add_months(begin, 1) if which == "fiscal_end" else add_days(begin, 10), convention=True),)
            * 2,
        )
    if (
        named
        and which == "begin"
        and not found.has("week", "month_date", "year_date")
        and unit in ("months", "years")
        and context.today > add_days(whole.start, 10)
    ):
        whole = unit_period(unit, 1, context) or whole
    if which.startswith("half"):
        return ("period", half_of_period(which[5:], whole))
    said = found.text[found.tokens[-1].start : found.tokens[-1].end]
    if said == "末日" or (said == "月末" and not found.has("week")):
        last = Period(add_days(whole.end, -1), whole.end) if said == "末日" else part_of_period("end", whole)
        return ("part_period", (last, whole))
    return ("part_period", (part_of_period(which, whole), whole))


@PERIODS.rule("stretch", "part_period ( から | tilde ) part_of まで?")
def _from_part_to_part(found: Found, _context: Context) -> Any:
    """6月上旬から中旬"""
    part, whole = found.first("part_period")
    which = found.first("part_of")
    if which not in ("begin", "mid", "end"):
        return None
    end = part_of_period(which, whole).end
    return When(day=Period(part.start, part.start), until_day=Period(end, end)) if end > part.start else None


def _whole(found: Found, context: Context) -> Period | None:
    if found.has("week"):
        return unit_period("weeks", found.first("week"), context)
    value = found.first("month_date", "year_date", "period")
    return period_of(value, context) if value else None


@PERIODS.rule("day", "( month_date | year_date ) の? ( first | last ) 日")
def _last_day_of(found: Found, context: Context) -> Any:
    whole = _whole(found, context)
    return settled(add_days(whole.end, -1) if found.has("last") else whole.start) if whole else None


@PERIODS.rule("period", "( year_date の? )? season", "season_now")
def _season(found: Found, context: Context) -> Any:
    if not found.has("year_date", "season_now"):
        return None
    year = found.first("year_date").year if found.has("year_date") else context.today.year
    return season(found.first("season", "season_now"), year)


@PERIODS.rule("period", "week")
def _week(found: Found, context: Context) -> Any:
    return unit_period("weeks", found.first("week"), context)


@PERIODS.rule(
    "period", "( 次の | 前の | この ) ( 週 | 月 | 年 | 四半期 )", "( この | 次の | 前の ) ( named_part | period )"
)
def _next_week(found: Found, context: Context) -> Any:
    shift = 1 if found.has("次の") else -1 if found.has("前の") else 0
    if found.has("named_part", "period"):
        period = found.first("period")
        return (
            Period(add_days(period.start, 7 * shift), add_days(period.end, 7 * shift))
            if period and period.convention and (period.end - period.start).days == 2
            else None
        )
    unit = {"週": "weeks", "月": "months", "年": "years", "四半期": "quarters"}[found.tokens[-1].category]
    return unit_period(unit, shift, context)
