"""Japanese rules for dates: 令和8年6月3日, 6/3, 今日, weekdays and holidays."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

from nlp.dates.calendar_days import add_days, add_months, day_of, monday_of, nth_weekday
from nlp.dates.cascade import Found, Rules
from nlp.dates.compose import merged, nth_week, period_of, unit_period, week_of_year
from nlp.dates.context import Context, settled
from nlp.dates.holidays import holiday_on, next_holiday
from nlp.dates.values import Day, Period, When

DAYS = Rules()
_FISCAL_MONTH = 4  # Japan's business year
_DAYS_ARE_COUNTED = re.compile(
    r"\s*(?:間|目|分|程|ほど|以内|以上|以下|あまり|余り|も(?:あ|か|経|待)|くらい|ぐらい|連続|たっ|経|"
    r"かか|坊|ごと|毎|に\d回|の間)"
)


@DAYS.rule("year_date", "era ( num 年 | 元年 )", "era_letter num 年")
def _era_year(found: Found, _context: Context) -> Any:
    number = found.first("num", "元年")
    return Day(found.first("era", "era_letter") + number) if 1 <= number <= 64 else None


@DAYS.rule("year_date", "num 年")
def _year(found: Found, _context: Context) -> Any:
    return Day(found.first("num")) if 1000 <= found.first("num") <= 2200 else None


@DAYS.rule("year_date", "num ( and | tilde ) year_date")
def _years_listed(found: Found, context: Context) -> Any:
    """2020・2021年"""
    one, two = found.first("num"), found.first("year_date").year
    if not 1800 < one < two < 2200:
        return None
    return ("stretch", When(day=Day(one, settled=True), until_day=Day(two, settled=True)))


@DAYS.rule("fiscal_year", "num 年度", "year_date 年度")
def _fiscal_year(found: Found, _context: Context) -> Any:
    start = date(found.first("num"), _FISCAL_MONTH, 1) if 1900 <= (found.first("num") or 0) <= 2200 else None
    return ("period", Period(start, add_months(start, 12), "year")) if start else None


@DAYS.rule("rel", "shifted")
def _shifted(found: Found, context: Context) -> Any:
    unit, shift = found.first("shifted")
    if unit == "years":
        return ("year_date", Day(context.today.year + shift))
    if unit == "months":
        start = add_months(context.today.replace(day=1), shift)
        return ("month_date", Day(start.year, start.month))
    if unit == "weeks":
        return ("week", shift)
    if unit == "fiscal":
        year = context.today.year - (context.today.month < _FISCAL_MONTH) + shift
        return ("period", Period(date(year, _FISCAL_MONTH, 1), date(year + 1, _FISCAL_MONTH, 1), "year"))
    return ("period", unit_period(unit, shift, context))


@DAYS.rule("month_date", "num 月", "month_word")
def _month(found: Found, _context: Context) -> Any:
    month = found.first("num", "month_word")
    return Day(month=month) if 1 <= month <= 12 else None


@DAYS.rule("month_date", "year_date の? month_date")
def _year_and_month(found: Found, _context: Context) -> Any:
    month = found.first("month_date")
    return replace(month, year=found.first("year_date").year) if month.year is None else None


@DAYS.rule("day", "month_date の? num 日")
def _month_and_day(found: Found, _context: Context) -> Any:
    month, number = found.first("month_date"), found.first("num")
    if day_of(month.year or 2000, month.month or 1, number) is None:
        return ("impossible", None)
    return Day(month.year, month.month, number)


@DAYS.rule("day", "num 日")
def _day_of_month(found: Found, _context: Context) -> Any:
    number = found.first("num")
    if not 1 <= number <= 31 or _DAYS_ARE_COUNTED.match(found.text, found.tokens[-1].end):
        return None
    return Day(day=number)


@DAYS.rule("day", "year_date の? slashed", "slashed")
def _slashed(found: Found, context: Context) -> Any:
    day, _one, _two = found.first("slashed")
    if day is None or re.match(r"\s*(?:の(?:縮|サイズ|確率|割)|は\d|サイズ|倍|インチ|程度)", found.ahead(5)):
        return None
    return (
        replace(day, year=found.first("year_date").year, swapped=None)
        if found.has("year_date")
        else replace(day, swapped=None)
    )


@DAYS.rule("day", "today")
def _today(found: Found, context: Context) -> Any:
    return context.day(found.first("today"))


# Weekdays


@DAYS.rule("day", "week の? ( weekday )", "( 次の | 前の | この ) weekday")
def _weekday_of_week(found: Found, context: Context) -> Any:
    shift = found.first("week") if found.has("week") else 1 if found.has("次の") else -1 if found.has("前の") else None
    if shift is None:
        return Day(weekday=found.first("weekday"))
    return settled(add_days(monday_of(context.today), found.first("weekday") + 7 * shift))


@DAYS.rule("day", "day の? comma? weekday", "weekday の? comma? day", "day open weekday close")
def _day_and_weekday(found: Found, _context: Context) -> Any:
    day, weekday = found.first("day"), Day(weekday=found.first("weekday"))
    if found.has("comma") or day.weekday is not None:
        return None
    if found.tokens[0].category == "weekday" and day.settled:
        return None
    return merged(day, weekday) or (day if found.tokens[0].category == "day" else None)


@DAYS.rule("day", "day open ( day ) close")
def _day_in_brackets(found: Found, context: Context) -> Any:
    one, two = found.every("day")
    return merged(one, two) or (two if two.month else None)


@DAYS.rule(
    "day",
    "( month_date | year_date ) の? ( 第 num | first | last ) の? weekday",
    "( month_date | year_date ) の? weekday_nth",
)
def _second_tuesday(found: Found, context: Context) -> Any:
    whole = period_of(found.first("month_date", "year_date"), context)
    nth = found.first("num") if found.has("第") else 1 if found.has("first") else -1
    day = nth_weekday(whole.start, whole.end, found.first("weekday"), nth) if whole and 0 < abs(nth) < 54 else None
    return settled(day) if day else None


@DAYS.rule("period", "( month_date | year_date ) の? ( 第 num 週 | num 週 | first 週 | last 週 )", "第 num 週")
def _nth_week_of(found: Found, context: Context) -> Any:
    nth = found.first("num") or (1 if found.has("first") else -1)
    if not found.has("month_date", "year_date"):
        return week_of_year(nth, context.today.year)
    whole = period_of(found.first("month_date", "year_date"), context)
    return nth_week(whole, nth) if whole and 0 < abs(nth) < 54 else None


@DAYS.rule("period", "year_date の? 第? num 四半期", "第 num 四半期", "q num", "year_date の? q num")
def _quarter(found: Found, context: Context) -> Any:
    number, year = found.first("num"), found.first("year_date").year if found.has("year_date") else context.today.year
    if found.has("q") and found.tokens[-1].start != found.tokens[-2].end:
        return None
    start = date(year, 3 * number - 2, 1) if 1 <= number <= 4 and 1 <= year <= 9000 else None
    return Period(start, add_months(start, 3), "quarter") if start else None


@DAYS.rule("day", "weekday")
def _weekday(found: Found, _context: Context) -> Any:
    said = found.text[found.tokens[0].start : found.tokens[0].end]
    if said[0] in "([" and not found.alone() and not re.search(r"(?:^|\s)$", found.behind(24)):
        return None
    return Day(weekday=found.first("weekday"))


# Holidays


@DAYS.rule("day", "( year_date の? )? holiday")
def _holiday(found: Found, context: Context) -> Any:
    if found.has("year_date"):
        day = holiday_on(found.first("holiday"), found.first("year_date").year)
    else:
        day = next_holiday(found.first("holiday"), context.today)
    return settled(day) if day else None


_SPANS = {
    "gw": ((4, 29), (5, 6)),
    "obon": ((8, 13), (8, 17)),
    "nenmatsu": ((12, 29), (1, 4)),
    "shogatsu": ((1, 1), (1, 4)),
}


@DAYS.rule("period", "holiday_span 明け?")
def _holiday_span(found: Found, context: Context) -> Any:
    (month, day), (end_month, end_day) = _SPANS[found.first("holiday_span")]
    for year in (context.today.year - 1, context.today.year, context.today.year + 1):
        start, end = date(year, month, day), date(year + (end_month < month), end_month, end_day)
        if end > context.today:
            if found.has("明け"):
                return Period(end, add_days(end, 7), convention=True)
            return Period(start, end, convention=True)
    return None
