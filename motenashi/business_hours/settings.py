"""What an operator writes about opening times: section `business_hours` of config.yaml, still as text.

A span is "09:00-12:00"; an end at or before the start means the next morning ("22:00-06:00"), "00:00-24:00" is the
whole day. Dates are YYYY-MM-DD. How the text becomes times, and what can be wrong with it, is opening_times' work.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

Name = str | Mapping[str, str]  # one text, or one per language
Days = Mapping[str, tuple[str, ...]]  # weekday or date -> spans; no spans: closed


def _office_week() -> Days:
    return dict.fromkeys(WEEKDAYS[:5], ("09:00-18:00",))


@dataclass(frozen=True)
class DepartmentHours:
    """One department; what it leaves out is as for the company."""

    time_zone: Annotated[str, "IANA name such as Europe/London; empty: the company's."] = ""
    weekly: Annotated[Days | None, "Weekday -> spans; a weekday left out is closed. Left out: the company's week."] = (
        None
    )
    holidays: Annotated[Mapping[str, Name], "Date -> name: closed, besides the company's holidays."] = field(
        default_factory=dict
    )
    special_days: Annotated[Days, "Date -> spans on that day; goes before every holiday."] = field(default_factory=dict)
    keeps_company_holidays: Annotated[bool, "false: open on the company's holidays and special days as usual."] = True


@dataclass(frozen=True)
class BusinessHoursSettings:
    """config.yaml, section `business_hours`."""

    time_zone: Annotated[str, "IANA name of the zone the times are meant in."] = "Asia/Tokyo"
    weekly: Annotated[Days, "Weekday -> spans; a weekday left out is closed."] = field(default_factory=_office_week)
    holidays: Annotated[Mapping[str, Name], "Date -> name: closed all day."] = field(default_factory=dict)
    special_days: Annotated[Days, "Date -> spans on that day; goes before a holiday."] = field(default_factory=dict)
    departments: Annotated[Mapping[str, DepartmentHours], "Department -> its own hours."] = field(default_factory=dict)


def settings_from(section: Mapping[str, Any]) -> BusinessHoursSettings:
    """The settings of a config section that opening_times.check() found nothing wrong with."""
    departments = {
        name: DepartmentHours(**_fields(department or {}))
        for name, department in (section.get("departments") or {}).items()
    }
    return BusinessHoursSettings(**_fields(section) | {"departments": departments})


def _fields(section: Mapping[str, Any]) -> dict[str, Any]:
    fields = {name: value for name, value in section.items() if value is not None}
    for name in ("weekly", "special_days"):
        if name in fields:
            fields[name] = {day: spans_of(spans) for day, spans in fields[name].items()}
    return fields


def spans_of(value: Any) -> tuple[str, ...]:
    """One span, a list of spans, or nothing (closed) as a tuple of texts."""
    if value is None or value == "":
        return ()
    return (value,) if isinstance(value, str) else tuple(value)
