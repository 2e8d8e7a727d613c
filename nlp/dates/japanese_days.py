"""Japanese rules for calendar days, weeks, months, years and their parts, and for lengths."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

from nlp.dates.calendar_days import add_days, add_months, day_of, monday_of, nth_weekday
from nlp.dates.cascade import Found, Rules
from nlp.dates.compose import (
    first_day,
    from_day,
    from_now,
    half_of_period,
    merged,
    part_of_period,
    period_of,
    rolling,
    season,
    unit_period,
    week_of_year,
)
from nlp.dates.context import Context, settled
from nlp.dates.english_days import _nth_week as nth_week
from nlp.dates.holidays import holiday_on, next_holiday
from nlp.dates.values import Day, Exact, Length, Period, When

LENGTHS = Rules()
DAYS = Rules()
PERIODS = Rules()
COUNTED = Rules()

_FISCAL_MONTH = 4  # Japan's business year
_DAYS_ARE_COUNTED = re.compile(
    r"\s*(?:間|目|分|程|ほど|以内|以上|以下|あまり|余り|も(?:あ|か|経|待)|くらい|ぐらい|連続|たっ|経|"
    r"かか|坊|ごと|毎|に\d回|の間)"
)


# Lengths: "3日" is one only before 後, 前, 間, 以内


@LENGTHS.rule(
    "length",
    "まる? ( num | decimal | num_few ) unit 半?",
    "まる? ( num | num_few ) 営業日",
    "まる? ( num | decimal ) ( 分 | 秒 )",
    "decimal 年",
)
def _three_hours(found: Found, _context: Context) -> Any:
    few = found.has("num_few")
    amount = 3.0 if few else float(found.first("num", "decimal"))
    if found.has("営業日"):
        return Length((("days", amount),), business=True)
    if found.has("分") and re.match(r"の\d", found.ahead(2)):
        return None
    if re.match(r"(?:365|対応|体制|サポート|稼働|営業|受付)", found.ahead(5)):
        return None
    unit = found.first("unit") or ("minutes" if found.has("分") else "seconds" if found.has("秒") else "years")
    if (
        found.has("分")
        and found.text[found.tokens[0].start] == "十"
        and not re.match(r"\s*(?:間|後|前|ほど|以内|程|く|で|$|[かのを、。])", found.ahead(3))
    ):
        return None
    return Length(((unit, amount + (0.5 if found.has("半") else 0)),))


@LENGTHS.rule("length", "num 年 半?", "まる? ( num | num_few ) 日", "まる num 日", "num 週")
def _three_years(found: Found, context: Context) -> Any:
    """Years below 1000, and days that something is counted by."""
    amount = 3.0 if found.has("num_few") else float(found.first("num"))
    after = found.ahead(4)
    counted = re.match(r"\s*(?:後|前|以内|間|以上|以下|未満|ほど|程|くらい|ぐらい|あと|経)", after) is not None
    if found.has("年"):
        before = found.behind(2)
        if amount >= 1000 or before in ("令和", "平成", "昭和", "大正", "明治") or before[-1:] in ("r", "h"):
            return None
        return Length((("years", amount + (0.5 if found.has("半") else 0)),))
    if found.has("週"):
        return Length((("weeks", amount),)) if counted else None
    kanji_one = found.text[found.tokens[0].start] == "一" and amount == 1 and after[:1] not in ("か", "ま", "に", "(")
    before = found.behind(1)
    if before in ("月", "/", "第") or not (
        counted or found.has("まる", "num_few") or (kanji_one and before not in ("年",))
    ):
        return None
    if re.match(r"前(?:の|日)|後半|前半|間の|間で", after) and not found.has("num_few") and amount > 7:
        return None
    return Length((("days", amount),))


@LENGTHS.rule("length", "length num 日")
def _two_nights(found: Found, _context: Context) -> Any:
    """2泊3日"""
    length = found.first("length")
    nights = length.amounts == (("days", float(found.first("num") - 1)),)
    return Length((("days", float(found.first("num"))),)) if nights else None


@LENGTHS.rule("length", "length length", "length num 分")
def _years_and_months(found: Found, _context: Context) -> Any:
    one, two = ([*found.every("length"), None])[:2]
    if two is None:
        return None
    order = ["years", "months", "weeks", "days", "hours", "minutes", "seconds"]
    if one.business or two.business or order.index(two.amounts[0][0]) <= order.index(one.amounts[-1][0]):
        return None
    return Length(one.amounts + two.amounts)


# Years, months, days


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


# Weeks and other periods


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


# Counted from now or from a day


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
