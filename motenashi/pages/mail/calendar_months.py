"""The dates of a reading as months to look at: weeks of days, each day with the roles of the dates that touch it."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, timedelta

from nlp.dates.mention import DateMention

MOST_MONTHS = 4  # a mail that speaks of more is told as a list
_LONGEST = 62  # days; a whole year would colour everything and say nothing
_LONGEST_ASIDE = 7  # of what nobody will meet in: a month in which something once was is no news on a calendar
_ROLES = ("proposed", "deadline", "old", "past", "other")  # the first one gives a day its colour


@dataclass(frozen=True)
class Day:
    day: date
    inside: bool  # of the month shown
    role: str = ""  # "" when no date touches it
    today: bool = False


@dataclass(frozen=True)
class Month:
    first: date
    weeks: tuple[tuple[Day, ...], ...]


def months_of(dates: Sequence[DateMention], sent_on: date | None) -> list[Month]:
    """Months (Monday first) in which dates lie, in order, at most MOST_MONTHS; `sent_on` is marked as today."""
    touched: dict[date, str] = {}
    for mention in dates:
        for day in _days(mention):
            known = touched.get(day)
            if known is None or _ROLES.index(mention.role) < _ROLES.index(known):
                touched[day] = mention.role
    firsts = sorted({day.replace(day=1) for day in touched})[:MOST_MONTHS]
    return [_month(first, touched, sent_on) for first in firsts]


def _days(mention: DateMention) -> list[date]:
    """The days in the zone that the mail spoke in. Times of day, durations and repetitions lie on no day."""
    if mention.value.kind in ("duration", "set"):
        return []
    if mention.ends is not None and (mention.begins is None or mention.role == "deadline"):  # "until": its last day
        return [(mention.ends - timedelta(microseconds=1)).date()]
    if mention.begins is None:
        return []
    begins = mention.begins
    ends = mention.ends or begins + timedelta(seconds=1)
    last = (ends - timedelta(microseconds=1)).astimezone(begins.tzinfo or UTC).date()
    count = (last - begins.date()).days + 1
    if mention.role in ("past", "other") and count > _LONGEST_ASIDE:
        return []
    return [begins.date() + timedelta(days=n) for n in range(count)] if 0 < count <= _LONGEST else [begins.date()]


def _month(first: date, touched: dict[date, str], today: date | None) -> Month:
    weeks = calendar.Calendar(firstweekday=0).monthdatescalendar(first.year, first.month)
    return Month(
        first,
        tuple(
            tuple(
                Day(
                    day,
                    day.month == first.month,
                    touched.get(day, "") if day.month == first.month else "",
                    day == today,
                )
                for day in week
            )
            for week in weeks
        ),
    )
