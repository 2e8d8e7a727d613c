"""What the page `/touchpoints` shows, and whom it asks for it. `motenashi/touchpoint_views.py` answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

PAGE_LENGTH = 50

PersonKind = Literal["contact", "lead"]


@dataclass(frozen=True)
class DayCount:
    """How many rows of a day (of the house's zone) became what at first. `repeated` ones told nothing new."""

    day: date
    stored: int = 0
    changed: int = 0
    waiting: int = 0
    refused: int = 0
    repeated: int = 0


@dataclass(frozen=True)
class SourceCount:
    """The same by source and channel; '' is the channel of rows whose channel nobody could read."""

    source: str
    channel: str
    stored: int = 0
    changed: int = 0
    waiting: int = 0
    refused: int = 0
    repeated: int = 0


@dataclass(frozen=True)
class Overview:
    """`texts` wait for the voice of the customer, of which `failed` again and again."""

    days: Sequence[DayCount]
    sources: Sequence[SourceCount]
    waiting: int
    aside: int
    refused: int
    texts: int
    failed: int


@dataclass(frozen=True)
class WaitingRow:
    """A touchpoint whose person nobody knows. `who`: each way in which it names them; `says`: how its words begin;
    `others` more name the same person."""

    number: int
    source: str
    id: str
    channel: str
    signal: bool
    status: str
    at: datetime
    received_at: datetime
    title: str
    who: tuple[str, ...]
    says: str = ""
    others: int = 0


@dataclass(frozen=True)
class RefusedRow:
    """`problems`: (field, sentence). `payload` is how the row begins. `times` it came in, the last time at `at`."""

    number: int
    source: str
    id: str
    problems: tuple[tuple[str, str], ...]
    payload: str
    times: int
    at: datetime


@dataclass(frozen=True)
class PersonFound:
    kind: PersonKind
    id: str
    name: str
    detail: str  # company, address


class TouchpointDesk(Protocol):
    """CrmError and DBAPIError pass through."""

    def overview(self, days: int) -> Overview: ...
    def waiting(self, words: str = "", before: int | None = None, *, aside: bool = False) -> Sequence[WaitingRow]:
        """Newest first, at most PAGE_LENGTH; `aside`: those that were set aside instead."""

    def waiting_row(self, number: int) -> WaitingRow | None:
        """One that waits or was set aside, with `others`."""

    def people(self, words: str) -> Sequence[PersonFound]:
        """Contacts and leads by name, company, address or number; a few."""

    def assign(self, number: int, kind: PersonKind, person_id: str) -> int | None:
        """How many rows are this person's now; None when there is no such person."""

    def set_aside(self, number: int) -> bool: ...
    def take_back(self, number: int) -> bool: ...
    def refused(self, language: str, before: int | None = None) -> Sequence[RefusedRow]:
        """Newest first, at most PAGE_LENGTH."""

    def forget_refused(self, number: int) -> None: ...
