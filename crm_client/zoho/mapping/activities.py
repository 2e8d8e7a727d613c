"""Calls, events and tasks: how Zoho's three modules say when, which way and with what result, and how we do.

What is written by hand in Zoho's own words (a task In Progress, a call's result of one's own) means one of our words,
and stays as it is in Zoho for as long as the meaning stays the same here: only changed fields are ever written.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from crm_client.embedded.diary import USUAL_LENGTH
from crm_client.records import Activity
from crm_client.zoho.mapping import values
from crm_client.zoho.mapping.ground import Ground
from crm_client.zoho.mapping.parts import Part, Reading, Writing, plain

SECONDS: Final = "Call_Duration_in_seconds"
ALL_DAY: Final = "All_day"

_DIRECTIONS: Final = {"inbound": "Inbound", "outbound": "Outbound"}
_MISSED: Final = "Missed"

# Our result -> the words that mean it, the one Zoho ships or we prefer first. Any other word: somebody was reached.
CALL_RESULTS: Final[Mapping[str, tuple[str, ...]]] = {
    "answered": ("Answered", "Connected", "Reached", "応答", "応答あり", "通話", "つながった"),
    "no_answer": (
        *("No response/Busy", "No answer", "No response", "Not answered", "Unanswered", "Busy", "Left voicemail"),
        *("Invalid number", "不在", "応答なし", "話し中", "留守番電話"),
    ),
    "missed": ("Missed", "不在着信"),
}
CALL_STATUSES: Final[Mapping[str, tuple[str, ...]]] = {
    "open": ("Scheduled", "Overdue", "予定"),
    "completed": ("Completed", "完了"),
    "cancelled": ("Cancelled", "Canceled", "キャンセル"),
}
# Zoho ships no word for a task that will not be done; Deferred is the nearest, and alone it means put off.
TASK_STATUSES: Final[Mapping[str, tuple[str, ...]]] = {
    "open": ("Not Started", "In Progress", "Waiting for input", "Deferred", "未着手", "進行中"),
    "completed": ("Completed", "Closed", "Done", "完了"),
    "cancelled": ("Cancelled", "Canceled", "Dropped", "キャンセル", "中止"),
}
_PUT_OFF: Final = "Deferred"


@dataclass(frozen=True)
class CallPart(Part):
    """Call_Type, Call_Result, Outgoing_Call_Status and Call_Duration as direction, result, status and end."""

    result_name: str = "Call_Result"
    status_name: str = "Outgoing_Call_Status"
    length_name: str = "Call_Duration"
    start_name: str = "Call_Start_Time"

    @property
    def ours(self) -> tuple[str, ...]:
        return ("start_at", "end_at", "direction", "result", "status")

    @property
    def theirs(self) -> tuple[str, ...]:
        seconds = SECONDS if self.length_name == "Call_Duration" else ""
        return (self.start_name, self.name, self.result_name, self.status_name, self.length_name, seconds)

    @property
    def carried(self) -> Mapping[str, tuple[str, ...]]:
        return {
            "start_at": (self.start_name,),
            "end_at": (self.length_name,),
            "direction": (self.name,),
            "result": (self.result_name, self.name),
            "status": (self.status_name, self.length_name),
        }

    def read(self, reading: Reading) -> dict[str, Any]:
        start = started(reading, values.moment(reading.get(self.start_name), reading.ground.zone))
        found: dict[str, Any] = {"start_at": start} if start else {}
        if reading.said(self.name):
            found["direction"] = _direction(values.text(reading.get(self.name)))
        length = self._length(reading)
        if reading.said(self.length_name, SECONDS) and start:
            found["end_at"] = _after(start, length)
        inbound = found.get("direction", reading.old.direction if reading.old else "") == "inbound"
        found |= self._how_it_went(reading, inbound, length)
        return found

    def _length(self, reading: Reading) -> int | None:
        exact = values.whole_number(reading.get(SECONDS))
        return exact if exact is not None else seconds_of(values.text(reading.get(self.length_name)))

    def _how_it_went(self, reading: Reading, inbound: bool, length: int | None) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if reading.said(self.name, self.result_name):
            missed = values.text(reading.get(self.name)).casefold() == _MISSED.casefold()
            said = _MISSED if missed else values.text(reading.get(self.result_name))
            found["result"] = told_result(said, inbound, length or 0)
            if not said and reading.old and not self._has_word(reading.old.result, reading.ground):
                del found["result"]
        if reading.said(self.status_name, self.length_name, self.name):
            found["status"] = self._status(reading, inbound, length)
        return found

    def _status(self, reading: Reading, inbound: bool, length: int | None) -> str:
        said = meaning(values.text(reading.get(self.status_name)), CALL_STATUSES)
        if said:
            return said
        if reading.old and reading.old.status == "cancelled":
            return "cancelled"  # that it was called off, only the missing field could have said
        return "completed" if inbound or length is not None else "open"

    def _has_word(self, result: str, ground: Ground) -> bool:
        return not result or bool(
            word_for(meaning(result, CALL_RESULTS), CALL_RESULTS, ground.picks("calls", self.result_name))
        )

    def taken(self, field: str, value: Any, ground: Ground) -> Any:
        return values.moment(value, ground.zone) if field.endswith("_at") else values.text(value)

    def base(self, record: Activity, ground: Ground) -> dict[str, Any]:
        inbound, length = record.direction == "inbound", _length_of(record)
        return {
            "start_at": plain(record.start_at),
            "end_at": plain(_after(record.start_at, length)),
            "direction": "inbound" if inbound else "outbound",
            "result": told_result(record.result, inbound, length or 0),
            "status": "completed" if inbound and record.status == "open" else record.status,
        }

    def write(self, writing: Writing) -> dict[str, Any]:
        record: Activity = writing.record
        found: dict[str, Any] = {}
        changed = writing.changed
        if changed & {"direction", "result"}:
            found |= self._type_and_result(writing)
        if "start_at" in changed:
            found[self.start_name] = values.moment_out(record.start_at)
        if changed & {"status", "direction"}:
            inbound = record.direction == "inbound"  # Zoho has a status of outgoing calls only
            found[self.status_name] = None if inbound else CALL_STATUSES[record.status][0]
        if changed & {"start_at", "end_at", "status", "direction"}:
            length = _length_of(record)
            found[self.length_name] = None if length is None else length_text(length)
        return found

    def _type_and_result(self, writing: Writing) -> dict[str, Any]:
        record, picks = writing.record, writing.ground.picks(writing.module, self.result_name)
        missed = record.direction == "inbound" and record.result == "missed"
        found: dict[str, Any] = {}
        if "direction" in writing.changed or record.direction == "inbound":
            found[self.name] = _MISSED if missed else _DIRECTIONS.get(record.direction, "Outbound")
        if "result" not in writing.changed or missed:
            return found
        if not record.result:
            return found | {self.result_name: None}
        word = word_for(meaning(record.result, CALL_RESULTS) or "answered", CALL_RESULTS, picks)
        word = record.result if record.result in picks else word
        return found | ({self.result_name: word} if word else {})


@dataclass(frozen=True)
class EventTimes(Part):
    """From when to when; `name` is that of Start_DateTime. Zoho wants an end, so one without takes the usual hour."""

    end_name: str = "End_DateTime"

    @property
    def ours(self) -> tuple[str, ...]:
        return ("start_at", "end_at")

    @property
    def theirs(self) -> tuple[str, ...]:
        return (self.name, self.end_name, ALL_DAY)

    @property
    def carried(self) -> Mapping[str, tuple[str, ...]]:
        return {"start_at": (self.name,), "end_at": (self.end_name,)}

    def read(self, reading: Reading) -> dict[str, Any]:
        zone = reading.ground.zone
        start = started(reading, values.moment(reading.get(self.name), zone))
        if start is None or not reading.said(self.name, self.end_name):
            return {}
        end = values.moment(reading.get(self.end_name), zone)
        if end is None or end <= start:
            end = start + (timedelta(days=1) if values.flag(reading.get(ALL_DAY)) else USUAL_LENGTH)
        return {"start_at": start, "end_at": end}

    def taken(self, field: str, value: Any, ground: Ground) -> Any:
        return values.moment(value, ground.zone)

    def base(self, record: Activity, ground: Ground) -> dict[str, Any]:
        return {"start_at": plain(record.start_at), "end_at": plain(record.end_at or record.start_at + USUAL_LENGTH)}

    def write(self, writing: Writing) -> dict[str, Any]:
        """Both, always: Zoho checks each against the other as it stands there."""
        base = self.base(writing.record, writing.ground)
        return {self.name: base["start_at"], self.end_name: base["end_at"]}


@dataclass(frozen=True)
class EventStatus(Part):
    """Zoho ships no status of meetings. One that is over when we first hear of it has taken place; the rest is ours."""

    end_name: str = "End_DateTime"

    @property
    def theirs(self) -> tuple[str, ...]:
        return (self.end_name,)

    @property
    def carried(self) -> Mapping[str, tuple[str, ...]]:
        return {}

    def read(self, reading: Reading) -> dict[str, Any]:
        if reading.old is not None:
            return {}
        end = values.moment(reading.get(self.end_name), reading.ground.zone)
        over = end is not None and end <= reading.ground.clock()
        return {"status": "completed" if over else "open"}

    def base(self, record: Activity, ground: Ground) -> dict[str, Any]:
        return {}


@dataclass(frozen=True)
class DuePart(Part):
    """A task's due date. It is a day on the office's clock, ours a moment: its midnight when it comes from Zoho; the
    time of day that is known here stays while the day is the same. A task without a due date is as old as itself."""

    def read(self, reading: Reading) -> dict[str, Any]:
        due = values.day(reading.get(self.name), reading.ground.zone)
        start = started(reading, values.midnight(due, reading.ground.zone) if due else None)
        return {"start_at": start} if start else {}

    def taken(self, field: str, value: Any, ground: Ground) -> Any:
        return values.moment(value, ground.zone)

    def base(self, record: Activity, ground: Ground) -> dict[str, Any]:
        return {"start_at": plain(values.day(record.start_at, ground.zone))}

    def write(self, writing: Writing) -> dict[str, Any]:
        return {self.name: plain(values.day(writing.record.start_at, writing.ground.zone))}


@dataclass(frozen=True)
class TaskStatus(Part):
    """Five words there, three here."""

    def read(self, reading: Reading) -> dict[str, Any]:
        if not reading.said(self.name):
            return {}
        said = values.text(reading.get(self.name))
        if said == _PUT_OFF and reading.old and reading.old.status == "cancelled":
            return {}
        return {"status": meaning(said, TASK_STATUSES) or "open"}

    def write(self, writing: Writing) -> dict[str, Any]:
        status = writing.record.status
        picks = writing.ground.picks(writing.module, self.name)
        if status == "cancelled":
            return {self.name: (word_for(status, TASK_STATUSES, picks) if picks else "") or _PUT_OFF}
        return {self.name: word_for(status, TASK_STATUSES, picks) or TASK_STATUSES[status][0]}


@dataclass(frozen=True)
class PurposePart(Part):
    """What a call is for: a pick list there, a word of our own (`follow_up`) here. One that the list does not have
    stays here."""

    def value(self, value: Any, ground: Ground) -> Any:
        return values.text(value)

    def read(self, reading: Reading) -> dict[str, Any]:
        found = as_purpose(values.text(reading.get(self.name)))
        if not found and reading.old and not self._word(reading.old.purpose, reading.ground):
            return {}
        return {self.field: found} if reading.said(self.name) else {}

    def base(self, record: Activity, ground: Ground) -> dict[str, Any]:
        return {self.field: as_purpose(record.purpose)}

    def write(self, writing: Writing) -> dict[str, Any]:
        ours = writing.record.purpose
        word = self._word(ours, writing.ground)
        if ours and not word:
            return {}
        return {self.name: word or None}

    def _word(self, purpose: str, ground: Ground) -> str:
        picks = ground.picks("calls", self.name)
        if not picks:
            return purpose
        return next((one for one in picks if as_purpose(one) == as_purpose(purpose)), "")


def started(reading: Reading, said: datetime | None) -> datetime | None:
    """When it begins; what has no time is where we had it, or as old as its record."""
    if said is not None:
        return said
    if reading.old is not None:
        return None
    return values.moment(reading.get("Created_Time"), reading.ground.zone)


def told_result(said: str, inbound: bool, seconds: int) -> str:
    """What Zoho's words (or ours) say of how a call went."""
    if said:
        return meaning(said, CALL_RESULTS) or "answered"
    return "answered" if inbound or seconds > 0 else ""


def meaning(said: str, words: Mapping[str, tuple[str, ...]]) -> str:
    """Our word for a word of a pick list; '' when it is none that we know."""
    plain_said = _plain(said)
    if plain_said in words:
        return plain_said
    return next((ours for ours, theirs in words.items() if plain_said in map(_plain, theirs)), "") if said else ""


def word_for(ours: str, words: Mapping[str, tuple[str, ...]], picks: tuple[str, ...] | Any = ()) -> str:
    """The word of the pick list that means this; without a list, the first that is usual; '' when it has none."""
    if not ours:
        return ""
    if not picks:
        return words[ours][0]
    by_plain = {_plain(one): one for one in reversed(picks)}
    return next((by_plain[_plain(one)] for one in (*words[ours], ours) if _plain(one) in by_plain), "")


def as_purpose(words: str) -> str:
    """`Follow-up` and `follow_up` are one purpose."""
    found = "_".join(unicodedata.normalize("NFKC", words).replace("-", " ").casefold().split())
    return "" if found == "none" else found


def seconds_of(said: str) -> int | None:
    """mm:ss (or hh:mm:ss, or a number of minutes alone) as seconds; None for an empty one."""
    if not said:
        return None
    pieces = said.split(":")
    if len(pieces) > 3 or not all(piece.strip().isdigit() for piece in pieces):
        raise ValueError("is no length of time")
    if len(pieces) == 1:
        return int(pieces[0]) * 60
    seconds = 0
    for piece in pieces:
        seconds = seconds * 60 + int(piece)
    return seconds


def length_text(seconds: int) -> str:
    return f"{seconds // 60:02d}:{seconds % 60:02d}"


def _direction(said: str) -> str:
    return "inbound" if said.casefold() in ("inbound", "incoming", _MISSED.casefold()) else "outbound"


def _length_of(record: Activity) -> int | None:
    """Seconds; 0 for a call that is over and does not say how long it took, None for one that is yet to come. Zoho
    takes a call with a length for one that was made."""
    if record.status != "completed" and record.direction != "inbound":
        return None
    if record.end_at is None:
        return 0
    whole = record.end_at.replace(microsecond=0) - record.start_at.replace(microsecond=0)
    return max(0, int(whole.total_seconds()))


def _after(start: datetime, seconds: int | None) -> datetime | None:
    try:
        return (start + timedelta(seconds=seconds)).astimezone(UTC) if seconds else None
    except OverflowError:
        raise ValueError("is too long a time") from None


def _plain(words: str) -> str:
    return unicodedata.normalize("NFKC", words).casefold().replace("-", " ").strip()
