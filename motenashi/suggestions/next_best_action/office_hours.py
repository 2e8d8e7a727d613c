"""When somebody of the organisation is at work again, by the hours that stand in the history."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from motenashi.sales_history.history import Organisation


def next_open(organisation: Organisation, moment: datetime) -> datetime:
    """`moment` itself when that is within business hours, else when these begin next; in UTC. A company without any
    business day or hour is taken to be there always."""
    if not organisation.business_days or organisation.closes <= organisation.opens:
        return moment.astimezone(UTC)
    here = moment.astimezone(ZoneInfo(organisation.time_zone))
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
    for ahead in range(8):
        day = midnight + timedelta(days=ahead)
        opens, closes = _at(day, organisation.opens), _at(day, organisation.closes)
        if day.weekday() in organisation.business_days and here < closes:
            return max(here, opens).astimezone(UTC)
    raise AssertionError("a week has a business day")


def _at(midnight: datetime, minutes: int) -> datetime:
    """So many minutes after midnight by the clock on the wall."""
    return midnight + timedelta(minutes=minutes)
