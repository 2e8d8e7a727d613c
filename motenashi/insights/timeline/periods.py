"""The days that somebody wants to see, as moments. Days are those of the house's zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from motenashi.insights.timeline.timeline import Query

_DAY = timedelta(days=1)
Bounds = tuple[datetime | None, datetime | None]


def bounds_of(query: Query, zone: ZoneInfo, now: datetime) -> Bounds:
    """From the first moment on and before the last one; None where there is no bound. A range may be open on one side.
    The last 7 days are today and the six before."""
    first, last = _days(query, now.astimezone(zone).date())
    return (
        _begin(first, zone) if first else None,
        _begin(last + _DAY, zone) if last and last < date.max else None,
    )


def _days(query: Query, today: date) -> tuple[date | None, date | None]:
    match query.period:
        case "today":
            return today, today
        case "yesterday":
            return today - _DAY, today - _DAY
        case "last_7":
            return today - 6 * _DAY, today
        case "last_30":
            return today - 29 * _DAY, today
        case "day":
            return query.day, query.day
        case "range":
            return query.first, query.last
    return None, None


def _begin(day: date, zone: ZoneInfo) -> datetime:
    try:
        return datetime.combine(day, time(), zone).astimezone(UTC)
    except OverflowError:  # the first or last day that a calendar of Python's knows
        return datetime.combine(day, time(), UTC)
