"""When people work: a moment on a business day, in the hours of whoever acts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

FIRST_HOUR, LAST_HOUR = 9, 18
DAY = timedelta(days=1)


@cache
def zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def office_time(random: Random, not_before: datetime, zone_name: str) -> datetime:
    """A moment between 9 and 18 o'clock there, on this business day or the next one. UTC, whole minutes."""
    local = not_before.astimezone(zone(zone_name))
    minute = random.randrange((LAST_HOUR - FIRST_HOUR) * 12) * 5
    moment = _at_minute(local, minute)
    if moment < local:
        moment = _at_minute(local + DAY, minute)
    while moment.weekday() >= 5:
        moment += DAY
    return moment.astimezone(UTC)


def any_time(random: Random, not_before: datetime, days: float) -> datetime:
    """Within so many days; customers also browse in the evening and at the weekend."""
    return (not_before + random.random() * days * DAY).replace(microsecond=0)


def awake(random: Random, moment: datetime, zone_name: str, favourite_hour: float) -> datetime:
    """The moment, or around the person's favourite hour of the coming day when they would be asleep or at home."""
    local = moment.astimezone(zone(zone_name))
    if 8 <= local.hour < 20:
        return moment
    day = local if local.hour < 8 else local + DAY
    minute = round((favourite_hour - FIRST_HOUR) * 60 + random.uniform(-60, 60))
    return max(moment, _at_minute(day, minute).astimezone(UTC))


def local_hour(moment: datetime, zone_name: str) -> float:
    local = moment.astimezone(zone(zone_name))
    return local.hour + local.minute / 60


def _at_minute(local: datetime, minute: int) -> datetime:
    """Counted from the first hour; may be a little before it."""
    hour, minute = divmod(minute, 60)
    return local.replace(hour=FIRST_HOUR + hour, minute=minute, second=0, microsecond=0)
