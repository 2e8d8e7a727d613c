"""What is told of one date or time in a text: its place, its value, its role, and what was decided against."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Kind = Literal["instant", "interval", "time", "timeinterval", "duration", "set"]
Role = Literal["proposed", "old", "deadline", "past", "other"]
Grain = Literal["second", "minute", "hour", "day", "week", "month", "quarter", "year", ""]


@dataclass(frozen=True, slots=True)
class NormalForm:
    """One value, written as text.

    `kind` says which fields count: instant (`value`, `grain`), interval (`start`, `end`: the end excluded, "" = open),
    time and timeinterval (clock times without a date), duration (`value` ISO 8601, `seconds` with a month of 30 and a
    year of 365 days), set (`value` an iCalendar recurrence rule). `zone` ("+09:00") is the zone the clock is told in.
    """

    kind: Kind
    value: str = ""
    start: str = ""
    end: str = ""
    grain: Grain = ""
    zone: str = ""
    seconds: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """Plain data; open ends of intervals are None."""
        if self.kind in ("interval", "timeinterval"):
            told: dict[str, Any] = {"kind": self.kind, "start": self.start or None, "end": self.end or None}
        else:
            told = {"kind": self.kind, "value": self.value}
        if self.kind == "duration":
            told["seconds"] = self.seconds
        if self.grain:
            told["grain"] = self.grain
        if self.zone:
            told["tz"] = self.zone
        return told


@dataclass(frozen=True, slots=True)
class RejectedReading:
    """Another value these words could have, and why it was not taken."""

    value: NormalForm
    reason: str


@dataclass(frozen=True, slots=True)
class DateMention:
    """`start` and `end` are places in the text (end excluded); `begins` and `ends` are aware, None where not known.

    `alternative_to` is the place (in the tuple find_dates returns) of the first of several dates offered to choose
    from, -1 if there is no choice. `certainty` is 0 to 1: 1 for what the text says in full.
    """

    start: int
    end: int
    text: str
    value: NormalForm
    role: Role = "other"
    begins: datetime | None = None
    ends: datetime | None = None
    alternative_to: int = -1
    certainty: float = 1.0
    rejected: tuple[RejectedReading, ...] = ()

    @property
    def grain(self) -> Grain:
        return self.value.grain

    @property
    def recurrence(self) -> str:
        """The iCalendar rule of a repeated date, "" for all others."""
        return self.value.value if self.value.kind == "set" else ""
