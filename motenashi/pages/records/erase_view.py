"""What the page that erases a person shows, and whom it asks for it. `motenashi/erasing/desk.py` answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from motenashi.pages.advice.advice_view import PersonKind

Group = Literal["records", "talks", "mails", "touches", "voice", "advice", "other"]
GROUPS: tuple[Group, ...] = ("records", "talks", "mails", "touches", "voice", "advice", "other")


@dataclass(frozen=True)
class ErasePlan:
    """`rows` of the store by kind; `records`: contact and leads that are this one person."""

    name: str
    rows: Mapping[Group, int]
    deals_kept: int
    records: tuple[tuple[PersonKind, str], ...] = ()


@dataclass(frozen=True)
class StillNamed:
    """Where the person is named still."""

    table: str
    column: str
    rows: int


@dataclass(frozen=True)
class EraseDone:
    """`searched`: how many columns of the store were looked through afterwards."""

    plan: ErasePlan
    searched: int
    still_named: tuple[StillNamed, ...]
    at: datetime


class EraseDesk(Protocol):
    def plan(self, kind: PersonKind, person_id: str) -> ErasePlan | None:
        """None when there is no such record."""

    def erase(self, kind: PersonKind, person_id: str, *, by: str) -> EraseDone | None: ...
    def erased_at(self, kind: PersonKind, person_id: str) -> datetime | None: ...
