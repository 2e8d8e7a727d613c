"""Dates told against the one before them in the text: the day after, the Monday after, the same time; 翌日, 翌週."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from nlp.dates.calendar_days import add_days, monday_of
from nlp.dates.context import Context, settled
from nlp.dates.mention import DateMention
from nlp.dates.values import Clock, Day, Following, Period, Value, When

_NEAR = 100  # letters


def after_the_last(value: Value, said: str, place: int, mentions: Sequence[DateMention], context: Context) -> Value:
    """A value that leans on the date before it, as one that stands by itself. Without such a date: on today."""
    anchor = next((one for one in reversed(mentions) if one.value.kind in ("instant", "interval") and one.begins), None)
    if isinstance(value, Following):
        return _following(value, anchor, context)
    if said.startswith("翌") and anchor is not None and anchor.begins is not None:
        return _moved(value, said, anchor.begins.date(), context)
    week = _week_before(mentions, place)
    return _in_week(value, week, context) if week is not None else value


def _week_before(mentions: Sequence[DateMention], place: int) -> date | None:
    """The Monday of a week to come that was told a little before."""
    for one in reversed(mentions):
        if place - one.end > _NEAR:
            return None
        if one.grain == "week" and one.value.kind == "interval" and one.begins is not None:
            return one.begins.date()
    return None


def _in_week(value: Value, monday: date, context: Context) -> Value:
    """ "Next week? Tuesday looks good": a bare weekday is in the week that is spoken of."""
    day = value.day if isinstance(value, When) else value
    if not isinstance(day, Day) or day.settled or day.past or day.weekday is None or day.day or monday < context.today:
        return value
    if isinstance(value, When) and value.until_day is not None:
        return value
    told = settled(add_days(monday, day.weekday))
    return replace(value, day=told) if isinstance(value, When) else told


def _following(value: Following, anchor: DateMention | None, context: Context) -> Value:
    begins = anchor.begins if anchor is not None and anchor.begins is not None else context.reference
    if value.same_time:
        return _at_the_time_of(value.day or Day(), anchor)
    day = begins.date()
    if value.weekday is not None:
        return settled(add_days(day, (value.weekday - day.weekday() - 1) % 7 + 1))
    if value.unit == "weeks":
        start = add_days(monday_of(day), 7)
        return Period(start, add_days(start, 7), "week")
    return settled(add_days(day, 1))


def _at_the_time_of(day: Day, anchor: DateMention | None) -> Value:
    begins: datetime | None = anchor.begins if anchor is not None else None
    if anchor is None or begins is None or anchor.grain not in ("hour", "minute"):
        return day
    return When(day=day, clock=Clock(begins.hour, begins.minute, sure=True, zone=anchor.value.zone))


def _moved(value: Value, said: str, anchor: date, context: Context) -> Value:
    """翌日 and 翌週 were counted from today; they count from the date before them."""
    if said.startswith("翌週"):
        shift = monday_of(anchor) - monday_of(context.today)
    elif said.startswith(("翌日", "翌朝", "翌々日")):
        shift = anchor - context.today
    else:
        return value
    return _shifted(value, shift)


def _shifted(value: Value, shift: timedelta) -> Value:
    if isinstance(value, Day) and value.settled and value.day is not None:
        return settled(add_days(date(value.year or 1, value.month or 1, value.day), shift.days))
    if isinstance(value, Period):
        return replace(value, start=add_days(value.start, shift.days), end=add_days(value.end, shift.days))
    if isinstance(value, When) and value.until_day is None and value.exact is None and value.day is not None:
        moved = _shifted(value.day, shift)
        return replace(value, day=moved) if isinstance(moved, Day | Period) else value
    return value
