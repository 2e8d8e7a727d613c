"""Moments and clocks: business hours of the company, local hours of people, for whole columns at once.

Moments are seconds since 1970 in UTC. Offsets change at midnight UTC here, a few hours off on two days a year.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from bench.worlds.kinds import Kind

HOUR, DAY = 3600, 86400
_FIRST_DAY = int(datetime(2022, 1, 1, tzinfo=UTC).timestamp()) // DAY
_DAYS = 7 * 366

Moments = NDArray[np.int64]


def moment(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


@cache
def offsets(zone: str) -> NDArray[np.int64]:
    """Seconds ahead of UTC at noon, for each day from 2022 on."""
    clock = ZoneInfo(zone)
    noons = (datetime.fromtimestamp((_FIRST_DAY + day) * DAY + DAY // 2, UTC) for day in range(_DAYS))
    return np.array(
        [(noon.astimezone(clock).utcoffset() or 0 * (noon - noon)).total_seconds() for noon in noons]
    ).astype(np.int64)


def local(zones: tuple[str, ...], codes: NDArray[np.int64], at: Moments) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Weekday (0 is Monday) and hour on the clock of each row's zone."""
    table = np.stack([offsets(zone) for zone in zones])
    there = at + table[codes, np.clip(at // DAY - _FIRST_DAY, 0, _DAYS - 1)]
    return (there // DAY + 3) % 7, there % DAY // HOUR


class BusinessClock:
    """The company's own clock."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.zones = (kind.time_zone,)
        # People avoid the first and the last hour, and lunch.
        hours = np.arange(kind.opens, kind.closes)
        weights = np.ones(len(hours))
        weights[[0, -1]] = 0.6
        weights[hours == 12] = 0.35
        self.hour_sums = np.cumsum(weights / weights.sum())

    def local(self, at: Moments) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        return local(self.zones, np.zeros(len(at), np.int64), at)

    def midnight(self, at: Moments) -> Moments:
        table = offsets(self.kind.time_zone)
        shift = table[np.clip(at // DAY - _FIRST_DAY, 0, _DAYS - 1)]
        result: Moments = (at + shift) // DAY * DAY - shift
        return result

    def on_business_day(self, at: Moments, luck: NDArray[np.float64], luck_again: NDArray[np.float64]) -> Moments:
        """A moment in business hours on the day of `at`, or the next business day."""
        weekday, _ = self.local(at)
        ahead = np.array([self._until_business(day) for day in range(7)])[weekday]
        hour = self.kind.opens + np.searchsorted(self.hour_sums, luck).clip(0, len(self.hour_sums) - 1)
        start = self.midnight(at) + ahead * DAY + hour * HOUR
        return np.asarray(start + (luck_again * (HOUR - 1)).astype(np.int64), np.int64)

    def _until_business(self, weekday: int) -> int:
        return next(days for days in range(7) if (weekday + days) % 7 in self.kind.business_days)
