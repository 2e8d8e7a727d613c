"""Japanese rules for stretches of days: 1日から5日, 5月〜6月; and what stands around a moment: its zone, 終日."""

from __future__ import annotations

from typing import Any

from nlp.dates.calendar_days import add_months
from nlp.dates.cascade import Found, Rules, Token
from nlp.dates.compose import days_between, merged, period_of
from nlp.dates.compose_clocks import days_of_ends, in_zone, to_clock
from nlp.dates.context import Context
from nlp.dates.japanese_windows import is_moved
from nlp.dates.values import Clock, Day, Period, When

STRETCHES = Rules()


_EDGES = "( month_date | year_date | part_period | period | day )"


@STRETCHES.rule(
    "stretch",
    "day ( から | tilde | 以降 ) comma? day ( まで )? ( 間 )?",
    "num tilde day ( まで )?",
    "day tilde num",
    "num 日 tilde day ( まで )?",
    "num から day ( まで )?",
)
def _day_to_day(found: Found, context: Context) -> Any:
    if is_moved(found):
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


@STRETCHES.rule(
    "stretch",
    "( month_date | year_date ) ( から | tilde | 以降 ) comma? ( month_date | year_date | day ) ( まで )?",
    "day ( から | tilde ) month_date まで?",
    "year_date and year_date",
)
def _month_to_month(found: Found, context: Context) -> Any:
    if is_moved(found):
        return None
    ends = [token.value for token in found.tokens if token.category in ("month_date", "year_date", "day")]
    return days_between(ends[0], ends[1], context)


@STRETCHES.rule(
    "stretch",
    f"{_EDGES} ( から | tilde | 以降 ) {_EDGES} ( まで )?",
)
def _period_to_period(found: Found, context: Context) -> Any:
    if is_moved(found):
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


@STRETCHES.rule(
    "stretch", "moment ( から | tilde ) ( moment | day | clock ) まで?", "day ( から | tilde ) moment まで?"
)
def _moment_to_moment(found: Found, context: Context) -> Any:
    if is_moved(found):
        return None
    one, two = (token.value for token in found.tokens if token.category in ("moment", "day", "clock"))
    one = When(day=one) if isinstance(one, Day) else one
    if isinstance(two, Clock):
        return to_clock(one, two)
    two = When(day=two) if isinstance(two, Day) else two
    days = days_of_ends(one, two)
    if days is None or (one.part and two.part and one.clock is None):
        return None
    if found.text[found.tokens[0].end : found.tokens[0].end + 2] == "から" and one.part and one.clock is None:
        return None
    start, end = days
    same = end.month is None and not end.settled and end.weekday is None and merged(start, end)
    return When(day=start, clock=one.clock, part=one.part, until_day=same or end, until_clock=two.clock)


@STRETCHES.rule("moment", "zone ( の | で | comma )? ( は )? moment", "moment open zone close")
def _moment_in_zone(found: Found, _context: Context) -> Any:
    moment, zone = found.first("moment"), found.first("zone")
    if moment.clock is None or moment.clock.zone:
        return None
    return in_zone(moment, zone)


@STRETCHES.rule("day", "day all_day")
def _all_day(found: Found, _context: Context) -> Any:
    return found.first("day")
