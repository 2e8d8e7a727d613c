"""A timeline's query as it stands in the address: read with every mistake told, and written again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TypeVar, get_args

from werkzeug.datastructures import MultiDict

from crm_client.touch_channels import CHANNELS
from motenashi.clean_text import clean_text
from motenashi.insights.timeline.timeline import Period, Query, RhythmKind, View
from motenashi.pages.page_language import translate as _

VIEWS: tuple[View, ...] = get_args(View)
RHYTHMS: tuple[RhythmKind, ...] = get_args(RhythmKind)
PERIODS: tuple[Period, ...] = get_args(Period)
MOST_USERS = 100
LONGEST_ID = 255

Values = dict[str, str | list[str]]
Word = TypeVar("Word", bound=str)


def read_query(args: MultiDict[str, str]) -> tuple[Query, tuple[str, ...]]:
    """The query, and a sentence about each part that makes no sense; such a part is left out."""
    wrong: list[str] = []
    named = [clean_text(name)[:40] for name in args.getlist("channel") if name]
    wrong += [_("There is no channel “%(name)s”.", name=name) for name in named if name not in CHANNELS]
    users = [user for user in args.getlist("user") if user and len(user) <= LONGEST_ID and user.isprintable()]
    query = Query(
        view=_one_of(VIEWS, args.get("view", ""), "all"),
        rhythm=_one_of(RHYTHMS, args.get("rhythm", ""), "module"),
        channels=frozenset(named) & frozenset(CHANNELS),
        users=frozenset(users[:MOST_USERS]),
    )
    query, about_period = _with_period(query, args)
    return query, (*wrong, *about_period)


def _with_period(query: Query, args: MultiDict[str, str]) -> tuple[Query, tuple[str, ...]]:
    period = _one_of(PERIODS, args.get("period", ""), "")
    if period == "day":
        day = day_of(args.get("day", ""))
        if day is None:
            return query, (_("Please choose the day. All of the time is shown."),)
        return replace(query, period=period, day=day), ()
    if period == "range":
        first, last = day_of(args.get("first", "")), day_of(args.get("last", ""))
        if first is None and last is None:
            return query, (_("Please choose the first or the last day. All of the time is shown."),)
        if first and last and first > last:
            return query, (_("The first day lies after the last one. All of the time is shown."),)
        return replace(query, period=period, first=first, last=last), ()
    return replace(query, period=period), ()


def _one_of(known: tuple[Word, ...], word: str, otherwise: Word) -> Word:
    return next((one for one in known if one == word), otherwise)


def day_of(text: str) -> date | None:
    """'2026-05-11' as a day; None for what is none."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def url_values(query: Query) -> Values:
    """What `url_for` needs so that `read_query` gives this query again."""
    values: Values = {}
    if query.view != "all":
        values["view"] = query.view
    if query.rhythm != "module":
        values["rhythm"] = query.rhythm
    values["channel"] = [name for name in CHANNELS if name in query.channels]
    values["user"] = sorted(query.users)
    values["period"] = query.period
    days = {"day": query.day, "first": query.first, "last": query.last} if query.period in ("day", "range") else {}
    values |= {name: day.isoformat() for name, day in days.items() if day}
    return {name: value for name, value in values.items() if value}


def is_narrow(query: Query) -> bool:
    """Does it leave rows out, beside what its view folds?"""
    return bool(query.channels or query.users or query.period)
