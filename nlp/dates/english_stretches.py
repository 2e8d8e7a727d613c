"""English rules for stretches of days: from 1 to 5 July, May to June, for ten days from Monday."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from nlp.dates.calendar_days import add_months
from nlp.dates.cascade import Found, Rules, Token
from nlp.dates.compose import days_between, is_short, period_of
from nlp.dates.compose_clocks import days_of_ends, to_clock
from nlp.dates.context import Context
from nlp.dates.english_amounts import number_of
from nlp.dates.english_clocks import followed_well
from nlp.dates.english_names import MONTHS
from nlp.dates.english_windows import is_moved
from nlp.dates.values import Clock, Day, Period, When

STRETCHES = Rules()


def _number_day(token: Token) -> Day:
    return Day(day=int(number_of(token)))


@STRETCHES.rule(
    "stretch",
    "( from | between )? ( this | next )? day ( TO | and | comma_to ) ( the )? ( this | next )? ( on )? day",
    "( from | between )? ( the )? ( small | nth | ordinal | second | cardinal ) ( TO | and ) ( the )? day",
    "( from | between )? day ( TO | and ) ( the )? ( nth | small | ordinal ) comma? ( year )?",
    "( from | between )? ( the )? nth ( TO | and ) ( the )? nth",
    "( from | between )? ( small | nth ) ( TO ) ( small | nth ) ( in | of )? month_date",
)
def _day_to_day(found: Found, context: Context) -> Any:
    if is_moved(found):
        return None
    if found.has("and") and not found.has("between"):
        return None
    ends = [
        _number_day(token) if token.category not in ("day", "month_date") else token.value
        for token in found.tokens
        if token.category in ("day", "small", "nth", "ordinal", "second", "cardinal")
    ]
    if len(ends) != 2 or any(not 1 <= (end.day or 1) <= 31 for end in ends):
        return None
    if found.has("year"):
        ends = [replace(end, year=found.first("year")) if end.year is None else end for end in ends]
    if found.has("month_date"):
        month = found.first("month_date")
        ends = [replace(end, month=month.month, year=month.year) for end in ends]
    last = found.tokens[-1]
    if last.category == "small" and not (
        found.touching() or found.has("from", "between") or followed_well(found) is not False
    ):
        return None
    if (
        ends[0].swapped
        and ends[1].swapped is None
        and ends[1].month
        and ends[0].month != ends[1].month
        and ends[0].swapped.month == ends[1].month
    ):
        ends[0] = ends[0].swapped
    return days_between(ends[0], ends[1], context) or ("impossible", None)


@STRETCHES.rule(
    "stretch",
    "( from | between | in )? this? A_MONTH ( TO | and ) ( this | next )? A_MONTH ( of | in )? ( year | year_date )?",
    "( from | between | in )? ( year_date ) ( TO | and ) ( year_date )",
    "( from | between )? ( MONTH | month_date ) ( TO | and ) day",
    "( from | between )? day ( TO | and ) ( MONTH | month_date )",
)
def _month_to_month(found: Found, context: Context) -> Any:
    if is_moved(found):
        return None
    if found.has("and") and not found.has("between"):
        return None
    ends = [
        Day(month=token.value) if token.category in MONTHS else token.value
        for token in found.tokens
        if token.category in (*MONTHS, "month_date", "day", "year_date")
    ]
    if len(ends) == 3:
        year = ends.pop().year
        ends = [replace(end, year=year) if end.year is None else end for end in ends]
    elif found.has("year"):
        ends = [replace(end, year=found.first("year")) if end.year is None else end for end in ends]
    return days_between(ends[0], ends[1], context)


@STRETCHES.rule(
    "stretch",
    "( from | between ) ( A_PERIOD | end_of | day ) ( TO | and ) ( the )? ( A_PERIOD | end_of | day | now )",
    "( period ) ( TO ) ( period | day )",
    "( from | between ) now ( TO | and ) ( the )? ( day | period | end_of | month_date )",
    "( from )? ( month_date | day | year_date | period ) to_date",
)
def _period_to_period(found: Found, context: Context) -> Any:
    if is_moved(found):
        return None
    if found.has("and") and not found.has("between"):
        return None
    kinds = ("period", "end_of", *MONTHS, "month_date", "year_date", "day", "now", "to_date")
    one, two = (token for token in found.tokens if token.category in kinds)
    start, end = _edge(one, context, first=True), _edge(two, context, first=False)
    if start is None or end is None:
        return None
    if end < start and one.category in (*MONTHS, "month_date", "day"):
        start = add_months(start, -12)
    if end < start:
        return None
    return When(day=Period(start, start), until_day=Period(end, end))


def _edge(token: Token, context: Context, *, first: bool) -> Any:
    """Where a stretch from (to) this begins (ends)."""
    if token.category in ("now", "to_date"):
        return context.today
    if token.category == "end_of":
        part, whole = token.value
        return (
            part.start
            if part.start == whole.start
            else (part.end if part.end == whole.end else (part.start if first else part.end))
        )
    value = Day(month=token.value) if token.category in MONTHS else token.value
    whole = period_of(value, context)
    if whole is None:
        return None
    return whole.start if first or token.category in ("day", "month_date") or isinstance(value, Day) else whole.end


@STRETCHES.rule(
    "stretch",
    "( from )? moment TO ( moment | day | clock )",
    "( from )? clock TO moment",
    "( from )? day TO moment",
    "between moment and ( moment | clock )",
)
def _moment_to_moment(found: Found, context: Context) -> Any:
    if is_moved(found):
        return None
    one, two = (token.value for token in found.tokens if token.category in ("moment", "day", "clock"))
    if isinstance(one, Clock):
        one = When(day=context.day(0), clock=one)
    if isinstance(one, Day):
        one = When(day=one)
    if isinstance(two, Clock):
        return to_clock(one, two)
    two = two if isinstance(two, When) else When(day=two)
    days = days_of_ends(one, two)
    if days is None:
        return None
    return When(
        day=days[0],
        clock=one.clock,
        part=one.part,
        until_day=days[1],
        until_clock=two.clock or (Clock(int(two.part.ends), sure=True) if two.part else None),
    )


@STRETCHES.rule(
    "stretch",
    "( from )? ( day | moment ) for ( length | a_length )",
    "( for )? ( length | a_length ) ( comma )? ( from | commencing | starting ) ( the )? ( day | moment )",
    "from day length",
)
def _for_ten_days(found: Found, context: Context) -> Any:
    start, length = found.first("day", "moment"), found.first("length", "a_length")
    when = start if isinstance(start, When) else When(day=start)
    if when.until_clock or when.until_day or when.exact or when.bound:
        return None
    if is_short(length) and when.clock is None:
        return None
    return replace(when, lasts=length)
