"""A moment of an event log as text says it, in any of the usual ways of writing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC).timestamp()
LATEST = datetime(2200, 1, 1, tzinfo=UTC).timestamp()
_NUMBER = re.compile(r"-?\d{9,19}(\.\d+)?")
_DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(.*)", re.DOTALL)
_SLASHES = re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})(.*)", re.DOTALL)
_SHORT_HOUR = re.compile(r"(\d{4}-\d{2}-\d{2}[T ])(\d:.*)", re.DOTALL)
_ZONE_WORD = re.compile(r"\s*(?:UTC|GMT)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Moment:
    """`at`: seconds since 1970, UTC. `offset`: seconds the clock of the place is ahead of UTC; None: not said."""

    at: float
    offset: int | None

    @property
    def clock(self) -> float:
        return self.at + (self.offset or 0)


def moment_of(value: object) -> Moment | None:
    """ISO 8601 with or without zone, 2012/4/3 16:55:38, 3.4.2012 16:55, seconds (or ms, µs, ns) since 1970.

    None for what is no moment between 1900 and 2200. A time without a zone is taken as it stands.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    moment = _from_text(value.strip()) if isinstance(value, str) else _from_number(value)
    return moment if moment is not None and EARLIEST <= moment.at < LATEST else None


def told(at: float, offset: int | None) -> str:
    """ISO 8601 to the second, on the clock the question was asked in; without a zone where it named none."""
    moment = EPOCH + timedelta(seconds=round(at))
    if offset is None:
        return moment.replace(tzinfo=None).isoformat()
    if offset == 0:
        return moment.replace(tzinfo=None).isoformat() + "Z"
    return moment.astimezone(timezone(timedelta(seconds=offset))).isoformat()


def _from_text(text: str) -> Moment | None:
    try:
        return _moment(datetime.fromisoformat(text))
    except ValueError:
        pass
    if _NUMBER.fullmatch(text):
        return _from_number(float(text))
    try:
        return _moment(datetime.fromisoformat(_as_iso(text)))
    except ValueError:
        return None


def _as_iso(text: str) -> str:
    text = _ZONE_WORD.sub("+00:00", text)
    if found := _SLASHES.fullmatch(text):
        year, month, day, rest = found.groups()
        text = f"{year}-{month:0>2}-{day:0>2}{rest}"
    elif found := _DAY_FIRST.fullmatch(text):
        day, month, year, rest = found.groups()
        text = f"{year}-{month:0>2}-{day:0>2}{rest}"
    return _SHORT_HOUR.sub(r"\g<1>0\2", text)


def _moment(parsed: datetime) -> Moment:
    distance = parsed.utcoffset()
    if distance is None:
        return Moment((parsed.replace(tzinfo=UTC) - EPOCH).total_seconds(), None)
    return Moment((parsed - EPOCH).total_seconds(), int(distance.total_seconds()))


def _from_number(number: float) -> Moment | None:
    """Seconds since 1970; a number too large for that is in milli-, micro- or nanoseconds."""
    if not -1e21 < number < 1e21:
        return None
    number = float(number)
    for _ in range(3):
        if abs(number) < 1e11:
            break
        number /= 1000
    return Moment(number, 0)
