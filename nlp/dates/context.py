"""What rules may know besides the words: when the text was written, and how its writer writes dates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from nlp.dates.calendar_days import add_days
from nlp.dates.values import Day


@dataclass(frozen=True, slots=True)
class Context:
    """`reference` is the writer's local time without a zone; `is_holiday` counts besides Saturdays and Sundays."""

    reference: datetime
    original: str  # the text with its capitals
    day_first: bool
    is_holiday: Callable[[date], bool]

    @property
    def today(self) -> date:
        return self.reference.date()

    def day(self, ahead: int) -> Day:
        return settled(add_days(self.today, ahead))

    def is_business_day(self, day: date) -> bool:
        return day.weekday() < 5 and not self.is_holiday(day)

    def business_days_from(self, day: date, count: int) -> date:
        """The day that lies `count` business days after (before, if negative) `day`."""
        step = timedelta(days=1 if count > 0 else -1)
        left = min(abs(count), 2000)
        while left and 2 < day.year < 9990:
            day += step
            left -= self.is_business_day(day)
        return day


def settled(day: date) -> Day:
    """A calendar date that was counted, not told."""
    return Day(day.year, day.month, day.day, settled=True)
