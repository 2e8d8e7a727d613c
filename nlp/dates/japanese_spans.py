"""Japanese rules for clock times, parts of the day, and for what joins: stretches, open ends, repeats."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Literal

from nlp.dates.calendar_days import add_months
from nlp.dates.cascade import Found, Rules, Token
from nlp.dates.compose import (
    clock_range,
    days_between,
    in_part,
    later_by,
    merged,
    period_of,
    range_in_part,
    with_half,
)
from nlp.dates.context import Context
from nlp.dates.repeats import repeat_on, with_clock, with_part
from nlp.dates.time_zones import written_offset
from nlp.dates.values import Bound, Clock, Day, Exact, Part, Period, Repeat, When

CLOCKS = Rules()
WINDOWS = Rules()
REPEATS = Rules()
JOINS = Rules()
BOUNDS = Rules()


def as_repeat(rule: Repeat | str) -> Repeat:
    if isinstance(rule, Repeat):
        return rule
    return Repeat(tuple((part.split("=")[0], part.split("=")[1]) for part in rule.split(";")))


# Clock times


@CLOCKS.rule("clock", "num 時 num 分 num 秒", "num 時 num 分", "num 時 半 num 秒", "num 時 num 秒", "num 時 半?")
def _hours_and_minutes(found: Found, _context: Context) -> Any:
    numbers = [int(number) for number in found.every("num")]
    hour, minute, second = numbers[0], 30 if found.has("半") else 0, 0
    if found.has("分"):
        minute = numbers[1]
    if found.has("秒"):
        second = numbers[-1]
    if hour > 30 or minute > 59 or second > 59 or found.ahead(1) in ("点", "短", "差"):
        return None
    grain: Literal["second", "minute", "hour"] = "second" if found.has("秒") else "minute" if minute else "hour"
    said = found.text[found.tokens[0].start : found.tokens[0].end]
    return Clock(hour, minute, second, sure=hour > 12 or hour == 0 or said[0] == "0", grain=grain)


@CLOCKS.rule("clock", "clock exactly", "clock am_pm", "am_pm ( clock | num )")
def _am_pm(found: Found, _context: Context) -> Any:
    clock = found.first("clock")
    if clock is None and found.has("num"):
        clock = Clock(found.first("num"), grain="hour") if found.first("num") <= 12 else None
    if found.has("exactly") or clock is None:
        return clock
    return with_half(clock, found.first("am_pm"))


@CLOCKS.rule("clock", "part の? part clock", "part の? comma? clock")
def _eight_in_the_morning(found: Found, _context: Context) -> Any:
    part = found.every("part")[-1]
    clock: Clock = found.first("clock")
    if found.has("comma"):
        return None
    if part.name == "noon" and clock.hour in (11, 12, 13):
        return replace(clock, sure=True)
    if part.name == "morning" and clock.hour == 12:
        return replace(clock, hour=12, sure=True)
    return in_part(clock, part)


@CLOCKS.rule("clock", "clock clock")
def _noon_twelve(found: Found, _context: Context) -> Any:
    one, two = found.every("clock")
    return two if one.hour == two.hour else None


@CLOCKS.rule("zone", "zone ( tilde | plus ) num", "place ( unit | 時間帯 )", "place 時間帯 unit")
def _zone(found: Found, _context: Context) -> Any:
    if found.has("place"):
        return found.first("place")
    said = found.text[found.tokens[0].start : found.tokens[-1].end]
    return written_offset(said) or None


@CLOCKS.rule("clock", "clock open zone close", "clock zone", "zone ( の | で )? clock")
def _in_zone(found: Found, _context: Context) -> Any:
    return replace(found.first("clock"), zone=found.first("zone")) if found.has("open") == found.has("close") else None


# Two clock times


@WINDOWS.rule(
    "window",
    "clock ( から | tilde ) comma? clock ( まで )? ( 間 )?",
    "num ( tilde ) clock ( まで )?",
    "clock から length 間?",
    "clock tilde num",
)
def _from_clock_to_clock(found: Found, _context: Context) -> Any:
    if _is_moved(found):
        return None
    clocks = found.every("clock")
    if found.has("length"):
        end = later_by(clocks[0], found.first("length"))
        return clock_range(clocks[0], end) if end else None
    if found.has("num"):
        hour = found.first("num")
        if not 0 <= hour <= 24 or found.ahead(1) in ("日", "月", "/"):
            return None
        bare = Clock(hour, sure=hour > 12, grain="hour")
        clocks = [bare, clocks[0]] if found.tokens[0].category == "num" else [clocks[0], bare]
    return clock_range(clocks[0], clocks[1])


@WINDOWS.rule("window", "part の? window", "window open zone close", "window zone", "zone ( の | で )? window")
def _window_in(found: Found, _context: Context) -> Any:
    window = found.first("window")
    if found.has("zone"):
        zone = found.first("zone")
        return replace(
            window, clock=replace(window.clock, zone=zone), until_clock=replace(window.until_clock, zone=zone)
        )
    return range_in_part(window, found.first("part"))


# Repeats


@REPEATS.rule("repeat", "weekdays_all", "weekend_days")
def _weekdays(found: Found, _context: Context) -> Any:
    return repeat_on((5, 6) if found.has("weekend_days") else (0, 1, 2, 3, 4))


@REPEATS.rule(
    "repeat", "repeat の? weekday_or_day", "repeat の? ( weekday | day )", "repeat の? 第 num の? ( weekday | day )"
)
def _every_monday(found: Found, _context: Context) -> Any:
    rule = as_repeat(found.first("repeat"))
    parts = dict(rule.rule)
    weekday = found.first("weekday") if found.has("weekday") else found.first("day").weekday
    if found.has("第"):
        nth = found.first("num")
        return (
            Repeat((*rule.rule, ("BYDAY", f"{nth}{['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'][weekday]}")))
            if weekday is not None and parts.get("FREQ") == "MONTHLY" and nth <= 5
            else None
        )
    if (
        parts.get("FREQ") == "MONTHLY"
        and found.has("day")
        and found.first("day").day
        and found.first("day").month is None
    ):
        return Repeat((*rule.rule, ("BYMONTHDAY", str(found.first("day").day))))
    if weekday is None or parts.get("FREQ") != "WEEKLY" or "BYDAY" in parts:
        return None
    return repeat_on((weekday,), interval=int(parts.get("INTERVAL", "1")))


@REPEATS.rule("repeat", "repeat の? window")
def _every_day_from(found: Found, _context: Context) -> Any:
    return with_clock(as_repeat(found.first("repeat")), found.first("window").clock)


@REPEATS.rule("repeat", "repeat の? clock", "repeat の? part")
def _every_day_at(found: Found, _context: Context) -> Any:
    rule = as_repeat(found.first("repeat"))
    return with_clock(rule, found.first("clock")) if found.has("clock") else with_part(rule, found.first("part"))


# A day with a time


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


# Stretches

_EDGES = "( month_date | year_date | part_period | period | day )"


@JOINS.rule(
    "stretch",
    "day ( から | tilde | 以降 ) comma? day ( まで )? ( 間 )?",
    "num tilde day ( まで )?",
    "day tilde num",
    "num 日 tilde day ( まで )?",
    "num から day ( まで )?",
)
def _day_to_day(found: Found, context: Context) -> Any:
    if _is_moved(found):
        return None
    ends = [
        token.value if token.category == "day" else Day(day=token.value)
        for token in found.tokens
        if token.category in ("day", "num")
    ]
    if len(ends) != 2 or any(not 1 <= (end.day or 1) <= 31 for end in ends):
        return None
    if found.has("以降") and not found.has("まで"):
        return None
    if found.has("num") and (ends[0].settled or ends[1].settled or not found.touching()):
        return None
    return days_between(ends[0], ends[1], context) or ("impossible", None)


@JOINS.rule(
    "stretch",
    "( month_date | year_date ) ( から | tilde | 以降 ) comma? ( month_date | year_date | day ) ( まで )?",
    "day ( から | tilde ) month_date まで?",
    "year_date and year_date",
)
def _month_to_month(found: Found, context: Context) -> Any:
    if _is_moved(found):
        return None
    ends = [token.value for token in found.tokens if token.category in ("month_date", "year_date", "day")]
    return days_between(ends[0], ends[1], context)


@JOINS.rule(
    "stretch",
    f"{_EDGES} ( から | tilde | 以降 ) {_EDGES} ( まで )?",
)
def _period_to_period(found: Found, context: Context) -> Any:
    if _is_moved(found):
        return None
    one, two = (
        token for token in found.tokens if token.category in ("month_date", "year_date", "part_period", "period", "day")
    )
    start, end = _edge(one, context, last=False), _edge(two, context, last=True)
    if start is None or end is None:
        return None
    if end < start:
        start = add_months(start, -12)
    return When(day=Period(start, start), until_day=Period(end, end)) if start < end else None


def _edge(token: Token, context: Context, *, last: bool) -> Any:
    if token.category == "part_period":
        part, _whole = token.value
        return part.end if last else part.start
    whole = period_of(token.value, context)
    return whole and (whole.end if last else whole.start)


@JOINS.rule("stretch", "moment ( から | tilde ) ( moment | day | clock ) まで?", "day ( から | tilde ) moment まで?")
def _moment_to_moment(found: Found, context: Context) -> Any:
    if _is_moved(found):
        return None
    one, two = (token.value for token in found.tokens if token.category in ("moment", "day", "clock"))
    one = When(day=one) if isinstance(one, Day) else one
    if isinstance(two, Clock):
        if one.clock is None or one.until_clock is not None:
            return None
        window = clock_range(one.clock, two)
        return window and replace(window, day=one.day)
    two = When(day=two) if isinstance(two, Day) else two
    if (
        one.exact
        or two.exact
        or one.until_clock
        or two.until_clock
        or (one.part and two.part and one.clock is None)
        or not isinstance(one.day, Day)
        or not isinstance(two.day, Day)
    ):
        return None
    if found.text[found.tokens[0].end : found.tokens[0].end + 2] == "から" and one.part and one.clock is None:
        return None
    both = (
        merged(one.day, two.day) if two.day.month is None and not two.day.settled and two.day.weekday is None else None
    )
    return When(day=one.day, clock=one.clock, part=one.part, until_day=both or two.day, until_clock=two.clock)


_MOVED = re.compile(
    r"(?:に|へ)?[^。\n]{0,24}(?:ご?変更|延期|ずら|リスケ|振り?替え|移動|移し|移させ|繰り(?:上|下)げ|"
    r"前倒し|後ろ倒し|改め|延ば|早め)"
)


def _is_moved(found: Found) -> bool:
    """「月曜から金曜に変更」 tells two dates, no stretch."""
    last = found.tokens[-1]
    return last.category != "まで" and _MOVED.match(found.text, last.end) is not None


@JOINS.rule("moment", "zone ( の | で | comma )? moment")
def _moment_in_zone(found: Found, _context: Context) -> Any:
    moment, zone = found.first("moment"), found.first("zone")
    if moment.clock is None or moment.clock.zone:
        return None
    until = moment.until_clock and replace(moment.until_clock, zone=zone)
    return replace(moment, clock=replace(moment.clock, zone=zone), until_clock=until)


# Open ends

_THINGS = "( day | moment | period | month_date | year_date | clock | part | part_period | counted | stretch )"


@BOUNDS.rule(
    "bound",
    f"{_THINGS} ( の )? ( 以降 )",
    f"{_THINGS} ( の )? ( まで | 以前 | 前 | 後 )",
    "( day | month_date | year_date | period | part_period ) から",
    "moment から",
    "早ければ ( period | month_date | day )",
    "day 中",
    "day day_end",
)
def _since(found: Found, context: Context) -> Any:
    token = next(one for one in found.tokens if one.category != "早ければ")
    word = found.tokens[-1].category
    if word == "から" and _is_moved(found):
        return None
    if found.has("早ければ"):
        return When(day=token.value, bound="since")
    if word == "中":
        return None
    if token.category == "moment" and word == "から" and token.value.part is None:
        return None
    said = found.text[found.tokens[-1].start : found.tokens[-1].end]
    after = found.ahead(3)
    if word == "後" and (
        token.category in ("period", "part_period", "counted", "part") or after[:1] in ("半", "日", "任")
    ):
        return None
    if (word == "前" and after[:1] in ("半", "日", "回", "後", "倒", "向")) or said == "あと":
        return None
    bounds: dict[str, Bound] = {
        "以降": "since",
        "から": "since",
        "まで": "until",
        "以前": "before",
        "前": "before",
        "後": "since",
    }
    bound = bounds[word]
    if word == "以降" and "後" in said and token.category in ("year_date", "month_date") and "その" not in said:
        bound = "after"
    if (word == "以前" and "その" in said) or "それ以前" in said:
        bound = "until"
    return bounded(token, bound, context)


def bounded(token: Token, bound: Bound, context: Context) -> Any:
    value = token.value
    if token.category == "part_period":
        part, _whole = value
        if bound in ("until", "before"):
            return When(day=part if bound == "until" else Period(part.start, part.start), bound=bound)
        return When(day=part, bound=bound)
    if isinstance(value, Part):
        return When(part=value, bound=bound)
    if isinstance(value, Clock):
        return When(clock=value, bound=bound)
    if isinstance(value, Exact):
        return When(exact=value, bound=bound)
    if isinstance(value, When):
        if value.bound or value.until_exact or value.exact:
            return None
        return replace(value, bound=bound)
    return When(day=value, bound=bound)
