"""What a report is asked: which days, channels and language, and of which customers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, true

from motenashi.voice_reports.seconds import whole_seconds

SpanKind = Literal["day", "week", "month"]
LONGEST_PERIOD = 366 * 5  # days
MOST_DAYS_BY_TIME = 120
MOST_DAYS_BY_DAY = 45  # longer periods are told by week, and those longer than
MOST_DAYS_BY_WEEK = 200  # this by month


@dataclass(frozen=True)
class People:
    """Only these customers: `ids` makes the SELECT of ids of contacts or leads, as `module` says, to run on that
    connection, which is one of `motenashi.filters.asking` (`FilterDesk.query`)."""

    module: Literal["contacts", "leads"]
    ids: Callable[[Connection], Select[tuple[str]]]


@dataclass(frozen=True)
class Span:
    """Days from `first` up to, not including, `end`, and the same in seconds."""

    first: date
    end: date
    since_s: int
    until_s: int


@dataclass(frozen=True)
class Question:
    """`first` to `last`: days in `zone`, both included. No `channels`: all; language '': all. `people` are found by
    `meant_people.with_people`, which gives the question that reports are asked."""

    first: date
    last: date
    zone: tzinfo
    channels: frozenset[str] = frozenset()
    language: str = ""
    people: People | None = field(default=None, compare=False)
    persons: Select[tuple[int]] | None = field(default=None, compare=False)  # the numbers of the people meant

    def __post_init__(self) -> None:
        if not 0 <= (self.last - self.first).days < LONGEST_PERIOD:
            raise ValueError(f"a period of 1 to {LONGEST_PERIOD} days, not {self.first} to {self.last}")

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def since_s(self) -> int:
        return self._second(self.first)

    @property
    def until_s(self) -> int:
        return self._second(self.last + timedelta(days=1))

    @property
    def before(self) -> Question:
        """The period of the same length just before."""
        return replace(self, first=self.first - timedelta(days=self.days), last=self.first - timedelta(days=1))

    @property
    def span_kind(self) -> SpanKind:
        if self.days <= MOST_DAYS_BY_DAY:
            return "day"
        return "week" if self.days <= MOST_DAYS_BY_WEEK else "month"

    def spans(self, kind: SpanKind | None = None) -> tuple[Span, ...]:
        """The period cut into days, weeks from Monday on, or months; the first and the last may be shorter."""
        return tuple(self._spans(kind or self.span_kind))

    def _spans(self, kind: SpanKind) -> Iterator[Span]:
        first, beyond = self.first, self.last + timedelta(days=1)
        while first < beyond:
            end = min(_next(first, kind), beyond)
            yield Span(first, end, self._second(first), self._second(end))
            first = end

    def _second(self, day: date) -> int:
        return whole_seconds(datetime.combine(day, time(), self.zone))

    def conditions(self, table: Table, *, in_period: bool = True, grouped: bool = False) -> ColumnElement[bool]:
        """Which rows of a table of what was heard are meant. `grouped`: an index has the order of the groups."""
        tests: list[Any] = []
        if in_period:
            # A sum is in no index by time: a long period is counted faster in the order of its groups.
            at = table.c.at_s + 0 if grouped and self.days > MOST_DAYS_BY_TIME else table.c.at_s
            tests += [at >= self.since_s, at < self.until_s]
        if self.channels:
            tests.append(table.c.channel.in_(sorted(self.channels)))
        if self.language:
            tests.append(table.c.language == self.language)
        if self.persons is not None:
            tests.append(self.who(table.c.person))
        return and_(true(), *tests)

    def who(self, person: ColumnElement[Any]) -> ColumnElement[bool]:
        """Is it one of the people meant?"""
        return true() if self.persons is None else person.in_(self.persons)

    def only(self, persons: Select[tuple[int]]) -> Question:
        return replace(self, persons=persons)


def _next(day: date, kind: SpanKind) -> date:
    if kind == "day":
        return day + timedelta(days=1)
    if kind == "week":
        return day + timedelta(days=7 - day.weekday())
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
