"""When was it sent, and in which time zone does its sender live? From Date, or else from the topmost Received."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

from motenashi.inbound_mail.headers import Headers

_LONGEST = 200
_NO_ZONE = re.compile(r"-0000\b")
_ZONE = re.compile(r"[+-]\d{4}\b|[+-]\d\d:\d\d\b|\b(?:[ECMP][SD]T|UTC?|GMT|Z)\b|\dZ\b", re.IGNORECASE)
_JAPANESE_ZONE = re.compile(r"\b(JST|KST)\b|(?:\()(JST|KST)\)")
_COMMENT = re.compile(r"\([^()]*\)")
_FIRST_YEAR, _LAST_YEAR = 1990, 2200
_MOST_AHEAD = timedelta(days=1)  # what a clock may be wrong, or a zone


@dataclass(frozen=True)
class SentAt:
    at: datetime | None
    utc_offset: str
    problem: str = ""


def sent_at(headers: Headers) -> SentAt:
    """Date as it stands; Received where Date is missing, broken, or a day and more after the mail had come in."""
    said = next((found for found in map(_moment, headers.all_texts("date")) if found), None)
    received = next((found for found in map(_received, headers.all_texts("received")) if found), None)
    if said is None and received is None:
        return SentAt(None, "", "There is no date that can be read.")
    if said is None and received is not None:
        what = "cannot be read" if headers.has("date") else "is missing"
        return SentAt(received[0], "", f"The Date header {what}; the time of receipt was taken.")
    if said is not None and received is not None and said[0] - received[0] > _MOST_AHEAD:
        return SentAt(received[0], said[1], "The Date header lies in the future; the time of receipt was taken.")
    return SentAt(said[0], said[1]) if said else SentAt(None, "")


def read_date(text: str) -> tuple[datetime, str] | None:
    """(aware moment, the writer's offset "+09:00" or "" when not told); None for what is no date."""
    return _moment(text)


def _received(text: str) -> tuple[datetime, str] | None:
    return _moment(text.rpartition(";")[2]) if ";" in text else None


def _moment(text: str) -> tuple[datetime, str] | None:
    text = text.strip()[:_LONGEST]
    zone = _JAPANESE_ZONE.search(text)
    bare = _COMMENT.sub(" ", text).strip()
    if zone and not _ZONE.search(bare):
        bare = re.sub(r"\b(?:JST|KST)\b", " ", bare) + " +0900"
    return _rfc_5322(bare) or _iso_8601(bare)


def _rfc_5322(text: str) -> tuple[datetime, str] | None:
    try:
        fields = parsedate_tz(text)
        if fields is None or not _FIRST_YEAR <= fields[0] <= _LAST_YEAR:
            return None
        seconds = fields[9] or 0
        naive = datetime(fields[0], fields[1], fields[2], fields[3], fields[4], min(fields[5], 59))
        return _aware(naive, seconds, is_told=bool(_ZONE.search(text)) and not _NO_ZONE.search(text))
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):  # of any text, also in the library
        return None


def _iso_8601(text: str) -> tuple[datetime, str] | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        return None
    offset = moment.utcoffset()
    seconds = int(offset.total_seconds()) if offset is not None else 0
    return _aware(moment.replace(tzinfo=None), seconds, is_told=offset is not None)


def _aware(naive: datetime, seconds: int, *, is_told: bool) -> tuple[datetime, str] | None:
    if abs(seconds) > 15 * 3600:
        return None
    zone = timezone(timedelta(seconds=seconds)) if seconds else UTC
    return naive.replace(tzinfo=zone), offset_text(seconds) if is_told else ""


def offset_text(seconds: int) -> str:
    """32400 -> "+09:00"."""
    sign, minutes = "-" if seconds < 0 else "+", abs(seconds) // 60
    return f"{sign}{minutes // 60:02d}:{minutes % 60:02d}"
