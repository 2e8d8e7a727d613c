"""Clocks of time zones for whole columns of moments: offsets from UTC, and the place in the day.

A day has 48 half hours here, since some zones lie half an hour beside the others; a zone at a quarter of an hour
(Nepal) is read to the nearest half.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from motenashi.sales_history.history import NONE, Codes, Moments

HALF_HOURS: Final = 48
DAY: Final = 86_400


def offsets(zone: str, moments: Moments) -> Moments:
    """Seconds that the zone's clock is ahead of UTC at each moment, its summer time counted.

    The clock is asked once a day, and by halving where it changed between two days.
    """
    if not len(moments):
        return np.zeros(0, np.int64)
    info = ZoneInfo(zone)
    first, last = int(moments.min()), int(moments.max())
    changes, ahead = [first], [_offset(info, first)]
    for day in [*range(first + DAY, last, DAY), last]:
        if _offset(info, day) != ahead[-1]:
            changes.append(_change(info, max(day - DAY, first), day))
            ahead.append(_offset(info, day))
    return np.asarray(ahead, np.int64)[np.searchsorted(changes, moments, side="right") - 1]


def _change(zone: ZoneInfo, before: int, after: int) -> int:
    """The first moment with the clock of `after`; one change lies between the two."""
    late = _offset(zone, after)
    while after - before > 1:
        middle = (before + after) // 2
        before, after = (before, middle) if _offset(zone, middle) == late else (middle, after)
    return after


def _offset(zone: ZoneInfo, moment: int) -> int:
    ahead = datetime.fromtimestamp(moment, UTC).astimezone(zone).utcoffset()
    return int(ahead.total_seconds()) if ahead is not None else 0


def half_hours(zone: str, moments: Moments) -> Codes:
    """The half hour of the zone's day, 0 to 47, in which each moment lies."""
    quarter = (moments + offsets(zone, moments)) % DAY
    return (quarter // 1800).astype(np.int32)


def half_hours_by_zone(zones: Sequence[str], zone_of: Codes, moments: Moments) -> Codes:
    """As `half_hours`, each moment on its own zone's clock; NONE where the zone is unknown."""
    found = np.full(len(moments), NONE, np.int32)
    for code in np.unique(zone_of[zone_of >= 0]):
        there = zone_of == code
        found[there] = half_hours(zones[code], moments[there])
    return found


def weekdays_and_hours(zone: str, moments: Moments) -> tuple[Codes, Codes]:
    """Weekday (0 is Monday) and hour of each moment on the zone's clock."""
    wall = moments + offsets(zone, moments)
    return ((wall // DAY + 3) % 7).astype(np.int32), (wall % DAY // 3600).astype(np.int32)


def smoothed(curves: NDArray[np.float64], hours: float) -> NDArray[np.float64]:
    """Curves over the half hours of a day (last axis), each spread by a bell of that many hours around the clock."""
    steps = np.arange(HALF_HOURS)
    apart = np.minimum(steps, HALF_HOURS - steps) / 2
    bell = np.exp(-0.5 * (apart / hours) ** 2)
    circle = bell[(steps[:, None] - steps[None, :]) % HALF_HOURS] / bell.sum()
    return np.asarray(curves @ circle, np.float64)
