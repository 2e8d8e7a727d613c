"""Is anybody there, and when again?

BusinessHours answers for the company (department '') and for each department; a department nobody wrote down keeps
the company's hours. Times are meant by the clock on the wall. A wall time that the clock skips in spring counts as
the moment just as long after the jump; in autumn a span begins at the first and ends at the second of two equal
wall times. All comparing is done in UTC, since Python compares times of one zone by the wall.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from motenashi.business_hours.opening_times import WallSpan, read_span
from motenashi.business_hours.settings import WEEKDAYS, BusinessHoursSettings, Days, DepartmentHours, Name

# Somebody who is closed for longer than this is not there at all.
DAYS_AHEAD = 400


@dataclass(frozen=True)
class Span:
    """Open from `start` until just before `end`; aware times in the department's zone."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class _Hours:
    """One department's times, read from text."""

    zone: ZoneInfo
    weekly: tuple[tuple[WallSpan, ...], ...]  # Monday first
    dates: Mapping[date, tuple[WallSpan, ...]]  # days that are not as their weekday
    names: Mapping[date, Name]  # holidays that hold

    def on(self, day: date) -> tuple[WallSpan, ...]:
        return self.dates[day] if day in self.dates else self.weekly[day.weekday()]


class BusinessHours:
    """ValueError when the settings hold what opening_times.check() would have reported."""

    def __init__(self, settings: BusinessHoursSettings) -> None:
        self._company = _read(settings, DepartmentHours())
        self._departments = {
            _folded(name): _read(settings, department) for name, department in settings.departments.items()
        }

    def is_open(self, department: str, at: datetime) -> bool:
        """`at` is aware, in any zone."""
        moment, hours = _utc(at), self._of(department)
        today = moment.astimezone(hours.zone).date()
        days = (today - timedelta(days=1), today)
        return any(start <= moment < end for day in days for start, end in _moments(hours, day))

    def next_opening(self, department: str, at: datetime) -> datetime | None:
        """`at` itself when open then; else the first moment after it that is; None when that is over a year away.
        In the department's zone."""
        hours = self._of(department)
        if self.is_open(department, at):
            return at.astimezone(hours.zone)
        moment = _utc(at)
        today = moment.astimezone(hours.zone).date()
        for ahead in range(-1, DAYS_AHEAD):
            for start, _ in _moments(hours, today + timedelta(days=ahead)):
                if start > moment:
                    return start.astimezone(hours.zone)
        return None

    def spans(self, department: str, day: date) -> tuple[Span, ...]:
        """The spans that begin on that day of the department's zone, in order, none touching another."""
        hours = self._of(department)
        return tuple(
            Span(start.astimezone(hours.zone), end.astimezone(hours.zone)) for start, end in _moments(hours, day)
        )

    def holiday(self, department: str, day: date, language: str = "en") -> str:
        """The holiday's name in a language when that day is one; else ''."""
        name = self._of(department).names.get(day, "")
        return name if isinstance(name, str) else name.get(language) or next(iter(name.values()), "")

    def zone(self, department: str) -> ZoneInfo:
        return self._of(department).zone

    def _of(self, department: str) -> _Hours:
        return self._departments.get(_folded(department), self._company)


def _read(company: BusinessHoursSettings, department: DepartmentHours) -> _Hours:
    dates: dict[date, tuple[WallSpan, ...]] = {}
    names: dict[date, Name] = {}
    both = (company, department) if department.keeps_company_holidays else (department,)
    for source in both:  # the department's word comes last and holds
        for day, name in source.holidays.items():
            dates[date.fromisoformat(day)], names[date.fromisoformat(day)] = (), name
        for special, spans in _spans_by_date(source.special_days):
            dates[special] = spans
            names.pop(special, None)
    week = company.weekly if department.weekly is None else department.weekly
    zone = ZoneInfo(department.time_zone or company.time_zone)
    return _Hours(zone, tuple(_read_spans(week.get(day, ())) for day in WEEKDAYS), dates, names)


def _spans_by_date(days: Days) -> Iterator[tuple[date, tuple[WallSpan, ...]]]:
    return ((date.fromisoformat(day), _read_spans(spans)) for day, spans in days.items())


def _read_spans(texts: Iterable[str]) -> tuple[WallSpan, ...]:
    return tuple(sorted(read_span(text) for text in texts))


def _moments(hours: _Hours, day: date) -> list[tuple[datetime, datetime]]:
    """A day's spans as UTC moments; spans that touch are one, a span that the clock skipped is none."""
    joined: list[tuple[datetime, datetime]] = []
    for span in hours.on(day):
        start = _moment(day, span.start, hours.zone, fold=0)
        end = _moment(day, span.end, hours.zone, fold=1)
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        elif start < end:
            joined.append((start, end))
    return joined


def _moment(day: date, minutes: int, zone: ZoneInfo, *, fold: int) -> datetime:
    wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
    early, late = (wall.replace(tzinfo=zone, fold=which).astimezone(UTC) for which in (0, 1))
    if early > late:  # skipped by the clock
        return early
    return late if fold else early


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return at.astimezone(UTC)


def _folded(department: str) -> str:
    return department.strip().casefold()
