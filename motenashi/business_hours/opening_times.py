"""From the operator's text to times: reading spans, dates and zones, and saying everything that is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import date
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from motenashi.business_hours.settings import WEEKDAYS, BusinessHoursSettings, DepartmentHours, spans_of
from motenashi.problems import Problem, did_you_mean
from motenashi.yaml_source import YamlMap

DAY = 24 * 60
_SPAN = re.compile(r"^\s*(\d{1,2}):(\d{2})\s*[-\u2013\u301c\uff5e~]\s*(\d{1,2}):(\d{2})\s*$")
_SPAN_HINT = 'Write it like "09:00-18:00" (24 hours; "22:00-06:00" ends the next morning).'


@dataclass(frozen=True, order=True)
class WallSpan:
    """Minutes after the day's midnight, by the clock on the wall; `end` beyond 1440 is the next morning."""

    start: int
    end: int


def read_span(text: str) -> WallSpan:
    """ValueError says what is wrong with it."""
    match = _SPAN.match(text)
    if not match:
        raise ValueError(f"'{text}' is no span of time.")
    first_hour, first_minute, last_hour, last_minute = (int(part) for part in match.groups())
    start, end = _minutes(first_hour, first_minute, 23), _minutes(last_hour, last_minute, 24)
    if start == end:
        raise ValueError(f"'{text}' begins and ends at the same time.")
    return WallSpan(start, end if end > start else end + DAY)


def _minutes(hour: int, minute: int, last_hour: int) -> int:
    if minute > 59 or hour > last_hour or (hour == 24 and minute):
        raise ValueError(f"{hour:02}:{minute:02} is no time of the day.")
    return hour * 60 + minute


def check(section: Mapping[str, Any], file: str) -> list[Problem]:
    """Everything wrong with a `business_hours` section (a YamlMap gives lines, a plain mapping line 0)."""
    checker = _Checker(file)
    checker.hours(section, {field.name for field in fields(BusinessHoursSettings)})
    departments = section.get("departments") or {}
    if not isinstance(departments, Mapping):
        checker.say(section, "departments", "departments must be a mapping of names.")
        departments = {}
    for name, department in departments.items():
        if department is not None and not isinstance(department, Mapping):
            checker.say(departments, name, f"department '{name}' must be a mapping.", "Give it time_zone or weekly.")
        elif department:
            checker.hours(department, {field.name for field in fields(DepartmentHours)})
    return sorted(checker.problems)


class _Checker:
    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def say(self, where: Mapping[str, Any], key: str, what: str, hint: str = "") -> None:
        line = where.line_of(key) if isinstance(where, YamlMap) else 0
        self.problems.append(Problem(self.file, line, what, hint))

    def hours(self, section: Mapping[str, Any], known: Collection[str]) -> None:
        for key in section:
            if key not in known:
                self.say(section, key, f"'{key}' is no setting of business hours.", did_you_mean(key, known))
        self._zone(section)
        self._week(section)
        self._dates(section, "holidays")
        special = self._dates(section, "special_days")
        for day, spans in special.items():
            self._spans(special, day, spans)
            if day in (self._mapping(section, "holidays") or {}):
                self.say(special, day, f"{day} is a holiday and a special day.", "Keep one of the two.")

    def _zone(self, section: Mapping[str, Any]) -> None:
        zone = section.get("time_zone")
        if zone and not is_zone(zone):
            hint = did_you_mean(str(zone), available_timezones()) or "Use an IANA name such as Asia/Tokyo."
            self.say(section, "time_zone", f"time zone '{zone}' is not known.", hint)

    def _week(self, section: Mapping[str, Any]) -> None:
        week = self._mapping(section, "weekly")
        read: dict[str, list[WallSpan]] = {}
        for day, spans in week.items():
            if day not in WEEKDAYS:
                self.say(week, day, f"'{day}' is no weekday.", did_you_mean(day, WEEKDAYS))
            else:
                read[day] = self._spans(week, day, spans)
        for day, following in zip(WEEKDAYS, (*WEEKDAYS[1:], WEEKDAYS[0]), strict=True):
            if any(late.end - DAY > early.start for late in read.get(day, ()) for early in read.get(following, ())):
                self.say(week, day, f"{day}'s last span runs into {following}'s first.", "Let one end earlier.")

    def _dates(self, section: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        days = self._mapping(section, key)
        for day in days:
            try:
                date.fromisoformat(day)
            except ValueError:
                self.say(days, day, f"'{day}' in {key} is no date.", "Write it like 2026-12-31.")
        return days

    def _spans(self, where: Mapping[str, Any], day: str, value: Any) -> list[WallSpan]:
        if not all(isinstance(text, str) for text in (value if isinstance(value, list | tuple) else [value or ""])):
            self.say(where, day, f"{day}: opening times must be texts.", _SPAN_HINT)
            return []
        spans = []
        for text in spans_of(value):
            try:
                spans.append(read_span(text))
            except ValueError as error:
                self.say(where, day, f"{day}: {error}", _SPAN_HINT)
        spans.sort()
        for first, second in pairwise(spans):
            if second.start < first.end:
                self.say(where, day, f"{day}: two spans overlap.", "Join them into one or leave a gap.")
        return spans

    def _mapping(self, section: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        value = section.get(key)
        if value is None or isinstance(value, Mapping):
            return value or {}
        self.say(section, key, f"{key} must be a mapping.", "Write one day a line: `day: ...`.")
        return {}


def is_zone(name: Any) -> bool:
    """Does this machine know a time zone of that name?"""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, TypeError, OSError):
        return False
    return True
