"""The values that rules build: calendar dates with gaps, clock times, parts of the day, stretches, lengths, repeats.

They are what was said, not yet what was meant: a Day may lack its year, a Clock its half of the day.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

Bound = Literal["", "before", "until", "after", "since"]


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar date with gaps. `weekday`: 0 is Monday. `swapped` is the reading with day and month exchanged.

    `settled` dates were counted from the day of writing (tomorrow, next Friday) and have no second reading.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    settled: bool = False
    past: bool = False
    swapped: Day | None = None

    @property
    def grain(self) -> Literal["day", "month", "year"]:
        if self.day is not None or self.weekday is not None:
            return "day"
        return "month" if self.month is not None else "year"


@dataclass(frozen=True, slots=True)
class Clock:
    """`sure` means the half of the day is known. `hour` may be 24 and more in Japanese (25時 is one in the night)."""

    hour: int
    minute: int = 0
    second: int = 0
    sure: bool = False
    zone: str = ""
    grain: Literal["hour", "minute", "second"] = "minute"

    @property
    def minutes(self) -> float:
        return self.hour * 60 + self.minute + self.second / 60


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the day: its name and the hours we take it for."""

    name: Literal["morning", "noon", "afternoon", "evening", "night"]
    begins: float
    ends: float


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days from `start` to `end` (excluded): a week, a weekend, the end of a month, the next ten days."""

    start: date
    end: date
    grain: Literal["day", "week", "month", "quarter", "year"] = "day"
    convention: bool = False


@dataclass(frozen=True, slots=True)
class Exact:
    """A point of time that was counted from the moment of writing (in five minutes)."""

    at: datetime
    grain: Literal["second", "minute", "hour", "day"] = "second"
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Length:
    """How long something takes: amounts by unit, in the words of ISO 8601 (years, months, weeks, days, hours...)."""

    amounts: tuple[tuple[str, float], ...]
    business: bool = False


@dataclass(frozen=True, slots=True)
class Repeat:
    """A recurrence. `rule` holds iCalendar's parts in order."""

    rule: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class When:
    """Anything made of several: a day with a clock time or a part of the day, a stretch with two ends, an open end."""

    day: Day | Period | None = None
    clock: Clock | None = None
    part: Part | None = None
    until_day: Day | Period | None = None
    until_clock: Clock | None = None
    bound: Bound = ""
    exact: Exact | None = None
    until_exact: Exact | None = None
    lasts: Length | None = None
    until_excluded: bool = field(default=False)


@dataclass(frozen=True, slots=True)
class Following:
    """Told against the date before it in the text: the day after (`unit` days), the week after, the Monday after.

    `same_time`: that date's clock time, on `day`.
    """

    unit: Literal["", "days", "weeks"] = ""
    weekday: int | None = None
    day: Day | None = None
    same_time: bool = False


Value = Day | Clock | Part | Period | Exact | Length | Repeat | When | Following
