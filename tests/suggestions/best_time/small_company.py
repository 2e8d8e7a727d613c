"""A company of early and late people, or of people who answer at any hour, to learn best times from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from tests.suggestions.best_time.small_history import SmallHistory

AS_OF = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
TOKYO = "Asia/Tokyo"
EARLY, LATE = (9, 11), (15, 17)  # hours of their own day


def company(
    people: int = 240,
    *,
    zones: Sequence[str] = (TOKYO,),
    flat: bool = False,
    leads: int = 0,
    unknown: Sequence[int] = (),
    calls: int = 7,
    visits: int = 6,
) -> SmallHistory:
    """Even people are early, odd ones late; leads go on counting. `flat`: three in ten calls are answered at any hour,
    though people are seen at their hours all the same. `unknown`: people whose zone nobody wrote down."""
    luck = np.random.default_rng(7)
    really = [zones[number // 2 % len(zones)] for number in range(people + leads)]
    told = ["" if number in unknown else zone for number, zone in enumerate(really)]
    small = SmallHistory(AS_OF, zones=told[:people], lead_zones=told[people:])
    for number, zone in enumerate(really):
        who = f"c{number}" if number < people else f"l{number - people}"
        own = EARLY if number % 2 == 0 else LATE
        for _ in range(calls):
            _call(small, who, zone, own, luck, flat=flat)
        for _ in range(visits):
            small.touch(who, _day(luck, zone) + timedelta(hours=luck.uniform(*own)), "visit")
    return small


def _day(luck: np.random.Generator, zone: str) -> datetime:
    """Midnight of a working day of the last year."""
    day = AS_OF - timedelta(days=int(luck.integers(1, 360)))
    day -= timedelta(days=max(day.weekday() - 4, 0))
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))


def _call(
    small: SmallHistory, who: str, zone: str, own: tuple[int, int], luck: np.random.Generator, *, flat: bool
) -> None:
    at = _day(luck, TOKYO) + timedelta(hours=luck.uniform(9, 18))
    here = own[0] <= at.astimezone(ZoneInfo(zone)).hour < own[1]
    answers = luck.random() < (0.3 if flat else 0.7 if here else 0.1)
    small.call(who, at, "answered" if answers else "no_answer")
