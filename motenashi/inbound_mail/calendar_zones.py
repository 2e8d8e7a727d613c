"""Time zones of a calendar part: IANA names, Windows names, offsets in a name, or rules that the part itself gives."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from motenashi.inbound_mail.mail_dates import offset_text

OUR_ZONE_PARAMETER = "X-ZONE"  # TZID, under a name that the library leaves alone
_OFFSET = re.compile(r"(?:UTC|GMT)?\s?([+-])(\d{1,2}):?(\d{2})?\b", re.IGNORECASE)
_UTC_OFFSET = re.compile(r"\s*([+-])(\d{2})(\d{2})(?:\d{2})?\s*$")
_BY_DAY = re.compile(r"(-?[1-5])(MO|TU|WE|TH|FR|SA|SU)$")
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_SHORT = {"JST": "Asia/Tokyo", "KST": "Asia/Seoul", "UTC": "UTC", "GMT": "UTC", "Z": "UTC", "Tokyo": "Asia/Tokyo"}
_MOST_ZONES = 20
_MOST_SHIFTS = 60


@dataclass(frozen=True)
class _Shift:
    """From when in a year this offset holds (month 0: always, or from `begins` on)."""

    offset: timedelta
    begins: datetime
    month: int
    week: int
    weekday: int


class CalendarZones:
    """The zones of one calendar part. `unknown` are names that nothing is known about."""

    def __init__(self, lines: list[str], senders: tzinfo | None) -> None:
        self.unknown: list[str] = []
        self._senders = senders
        self._own = _defined(lines)
        named = next((line.partition(":")[2] for line in lines if line[:14].upper() == "X-WR-TIMEZONE:"), "")
        self._usual = known_zone(named) or senders

    def moment(self, value: Any, holder: Any = None) -> datetime | date | None:
        """A DTSTART and the like as an aware moment or a plain date; None when it can't be told."""
        value = value[0] if isinstance(value, list) and value else value
        day = getattr(value, "dt", None)
        if isinstance(day, tuple):  # a period: its beginning
            day = day[0]
        if not isinstance(day, date):
            return None
        if not isinstance(day, datetime):
            return day if 1900 <= day.year <= 2200 else None
        if not 1900 <= day.year <= 2200:
            return None
        if day.tzinfo is not None and day.utcoffset() == timedelta(0) and not self.name_of(value, holder):
            return day.replace(tzinfo=UTC)
        return self._in_zone(day.replace(tzinfo=None), self.name_of(value, holder))

    def name_of(self, value: Any, holder: Any = None) -> str:
        value = value[0] if isinstance(value, list) and value else value
        for one in (value, holder):
            name = getattr(one, "params", {}).get(OUR_ZONE_PARAMETER, "")
            if name:
                return str(name)
        return ""

    def _in_zone(self, naive: datetime, name: str) -> datetime | None:
        if not name:
            return naive.replace(tzinfo=self._usual) if self._usual else None
        zone = known_zone(name)
        if zone is not None:
            return naive.replace(tzinfo=zone)
        shifts = self._own.get(name.strip('"'))
        if shifts:
            return naive.replace(tzinfo=timezone(_offset_at(shifts, naive)))
        offset = _from_offset(name)
        if offset is not None:
            return naive.replace(tzinfo=offset)
        if name not in self.unknown:
            self.unknown.append(name)
        return naive.replace(tzinfo=self._usual) if self._usual else None


def known_zone(name: str) -> ZoneInfo | None:
    """An IANA or Windows name, also behind a maker's prefix ("/example.org/20260101_1/Europe/Berlin")."""
    name = name.strip().strip('"').strip()[:200]
    iana = _SHORT.get(name) or WINDOWS_TO_OLSON.get(name) or name.strip("/")
    parts = iana.split("/")[-6:]
    for first in range(len(parts)):
        whole = "/".join(parts[first:])
        if whole in _all_zones():
            return ZoneInfo(whole)
    return None


def zone_name(start: datetime | date | None, written: str) -> str:
    """For a person and for later reckoning: the IANA name, else the offset; "" for whole days."""
    if not isinstance(start, datetime) or start.tzinfo is None:
        return ""
    if isinstance(start.tzinfo, ZoneInfo):
        return start.tzinfo.key
    offset = start.utcoffset() or timedelta(0)
    return "UTC" if start.tzinfo is UTC and not written else offset_text(int(offset.total_seconds()))


@cache
def _all_zones() -> frozenset[str]:
    return frozenset(available_timezones()) - {"localtime", "Factory"}


def _from_offset(name: str) -> tzinfo | None:
    """ "(UTC+09:00) Osaka, Sapporo, Tokyo", "GMT+0900"."""
    match = _OFFSET.search(name[:100])
    if not match or not re.search(r"utc|gmt|^[+-]", name, re.IGNORECASE) or int(match.group(2)) > 15:
        return None
    offset = timedelta(hours=int(match.group(2)), minutes=int(match.group(3) or 0) % 60)
    return timezone(-offset if match.group(1) == "-" else offset)


def _defined(lines: Iterable[str]) -> dict[str, list[_Shift]]:
    """The zones that the part describes itself (VTIMEZONE), by name; only yearly rules are followed."""
    zones: dict[str, list[_Shift]] = {}
    name, inside, shift = "", False, {"": ""}
    for line in lines:
        upper = line.strip().upper()
        if upper == "BEGIN:VTIMEZONE":
            name, inside = "", True
        elif upper == "END:VTIMEZONE":
            inside = False
        elif not inside:
            continue
        elif upper.startswith("TZID"):
            name = line.partition(":")[2].strip().strip('"')[:200]
        elif upper in ("BEGIN:STANDARD", "BEGIN:DAYLIGHT"):
            shift = {}
        elif upper in ("END:STANDARD", "END:DAYLIGHT"):
            found = _shift(shift)
            if found and len(zones) < _MOST_ZONES and len(zones.get(name, ())) < _MOST_SHIFTS:
                zones.setdefault(name, []).append(found)
        else:
            key, _, value = line.partition(":")
            shift[key.partition(";")[0].upper()[:20]] = value[:200]
    return zones


def _shift(fields: dict[str, str]) -> _Shift | None:
    match = _UTC_OFFSET.match(fields.get("TZOFFSETTO", ""))
    if not match:
        return None
    minutes = int(match.group(2)) * 60 + int(match.group(3))
    if minutes >= 24 * 60:
        return None
    offset = timedelta(minutes=-minutes if match.group(1) == "-" else minutes)
    try:
        begins = datetime.strptime(fields.get("DTSTART", "").strip()[:15], "%Y%m%dT%H%M%S")
    except ValueError:
        begins = datetime(1601, 1, 1)
    rule = dict(piece.partition("=")[::2] for piece in fields.get("RRULE", "").upper().strip().split(";"))
    day = _BY_DAY.match(rule.get("BYDAY", ""))
    month = rule.get("BYMONTH", "")
    if rule.get("FREQ") != "YEARLY" or not day or not month.isdigit() or not 1 <= int(month[:3]) <= 12:
        return _Shift(offset, begins, 0, 0, 0)
    return _Shift(offset, begins, int(month), int(day.group(1)), _WEEKDAYS.index(day.group(2)))


def _offset_at(shifts: list[_Shift], moment: datetime) -> timedelta:
    """The offset of the shift that came last before `moment` (in the zone's own time)."""
    last = [(found, shift.offset) for shift in shifts for found in _onsets(shift, moment) if found <= moment]
    return max(last, default=(moment, shifts[0].offset), key=lambda pair: pair[0])[1]


def _onsets(shift: _Shift, moment: datetime) -> list[datetime]:
    if not shift.month:
        return [shift.begins]
    years = (moment.year - 1, moment.year)
    return [
        found for found in (_nth_weekday(shift, year) for year in years) if found >= shift.begins.replace(hour=0)
    ] or [shift.begins]


def _nth_weekday(shift: _Shift, year: int) -> datetime:
    clock = shift.begins.time()
    if shift.week > 0:
        first = datetime.combine(date(year, shift.month, 1), clock)
        day = first + timedelta(days=(shift.weekday - first.weekday()) % 7 + 7 * (shift.week - 1))
    else:
        following = date(year + shift.month // 12, shift.month % 12 + 1, 1)
        last = datetime.combine(following, clock) - timedelta(days=1)
        day = last - timedelta(days=(last.weekday() - shift.weekday) % 7 + 7 * (-shift.week - 1))
    return day
