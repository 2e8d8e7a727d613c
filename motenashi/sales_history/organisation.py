"""Who keeps the records: the company's clock, business hours and stages, from org.json or the operator's settings."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from motenashi.business_hours.opening_times import read_span
from motenashi.business_hours.settings import WEEKDAYS, BusinessHoursSettings
from motenashi.sales_history.history import Organisation

_DAYS = tuple(day[:3].lower() for day in WEEKDAYS)
_CLOSED = 2  # the last two stages are the closed ones: won, then lost
_NOON_TO_NOON = (0, 24 * 60)


class UnreadableRecords(ValueError):
    """Records that can't be read at all; the message says which file and why."""


@dataclass(frozen=True)
class OrgFile:
    """What org.json says. `stages` in their order; `outcomes` beside them."""

    organisation: Organisation
    stages: tuple[str, ...]
    outcomes: tuple[str, ...]


def read_org(folder: Path) -> OrgFile:
    """UnreadableRecords names everything that is missing or wrong in org.json: without stages, clock and end of the
    record nothing in the tables has a meaning, and none of them can be guessed."""
    path = folder / "org.json"
    try:
        said = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise UnreadableRecords(
            f"{path}: is missing. It says the stages, the clock and when the record ends."
        ) from None
    except (OSError, ValueError) as error:
        raise UnreadableRecords(f"{path}: can't be read as JSON: {error}") from None
    if not isinstance(said, dict):
        raise UnreadableRecords(f"{path}: must hold one object.")
    return _Org(path, said).read()


class _Org:
    """Collects what is wrong, so that a person mends it all at once."""

    def __init__(self, path: Path, said: dict[str, Any]) -> None:
        self._path, self._said, self._wrong = path, said, list[str]()

    def read(self) -> OrgFile:
        zone, days = self._zone(), self._days()
        opens, closes = self._hours()
        as_of, stages = self._as_of(), self._stages()
        if self._wrong:
            raise UnreadableRecords(f"{self._path}: {'; '.join(self._wrong)}.")
        open_stages = len(stages) - _CLOSED
        return OrgFile(
            Organisation(zone, days, opens, closes, as_of), stages, ("open",) * open_stages + ("won", "lost")
        )

    def _zone(self) -> str:
        zone = self._said.get("time_zone")
        if not is_zone(zone):
            self._wrong.append("time_zone must be the name of a time zone, such as Asia/Tokyo")
        return str(zone)

    def _days(self) -> tuple[int, ...]:
        days = self._said.get("business_days")
        names = [str(day)[:3].lower() for day in days] if isinstance(days, list) else []
        if not names or not set(names) <= set(_DAYS):
            self._wrong.append('business_days must be a list such as ["Mon", "Tue"]')
            return ()
        return tuple(sorted({_DAYS.index(name) for name in names}))

    def _hours(self) -> tuple[int, int]:
        hours = self._said.get("business_hours")
        try:
            if not isinstance(hours, list) or len(hours) != len(_NOON_TO_NOON):
                raise ValueError
            span = read_span(f"{hours[0]}-{hours[1]}")
            return span.start, span.end
        except ValueError:
            self._wrong.append('business_hours must be two times such as ["09:00", "18:00"]')
            return _NOON_TO_NOON

    def _as_of(self) -> int:
        try:
            moment = datetime.fromisoformat(str(self._said.get("as_of")))
        except ValueError:
            self._wrong.append("as_of must be a time such as 2026-01-31T15:00:00Z")
            return 0
        return seconds_of(moment if moment.tzinfo else moment.replace(tzinfo=UTC))

    def _stages(self) -> tuple[str, ...]:
        stages = self._said.get("stages")
        names = tuple(stages) if isinstance(stages, list) and all(isinstance(name, str) for name in stages) else ()
        if len(names) <= _CLOSED or len(set(names)) < len(names) or not all(names):
            self._wrong.append("stages must be a list of different names, in order, the last two being won and lost")
        return names


def organisation_of(settings: BusinessHoursSettings, as_of: datetime) -> Organisation:
    """The operator's weekly hours as an Organisation; a day with several spans counts from the first to the last.

    `as_of` is aware. Raises ValueError for a span that opening_times.check() would have reported.
    """
    spans = {number: [read_span(text) for text in settings.weekly.get(day, ())] for number, day in enumerate(WEEKDAYS)}
    open_days = {number: day for number, day in spans.items() if day}
    opens = min((span.start for day in open_days.values() for span in day), default=_NOON_TO_NOON[0])
    closes = max((span.end for day in open_days.values() for span in day), default=_NOON_TO_NOON[1])
    return Organisation(settings.time_zone, tuple(open_days), opens, min(closes, _NOON_TO_NOON[1]), seconds_of(as_of))


def is_zone(name: object) -> bool:
    if not isinstance(name, str) or not name:
        return False
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def seconds_of(moment: datetime) -> int:
    """Whole seconds since 1970 in UTC. ValueError for a moment without a time zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return int(moment.timestamp() // 1)
