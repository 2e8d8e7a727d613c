"""What the page /today and the bell in the header show, and whom they ask. `motenashi/advice_views.py` answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from motenashi.pages.advice.advice_view import RecordKind
from motenashi.suggestions.suggestion import Suggestion


@dataclass(frozen=True)
class Somebody:
    """A representative whose list may be looked at."""

    owner_id: str
    name: str
    email: str


@dataclass(frozen=True)
class TodayRow:
    suggestion: Suggestion
    kind: RecordKind
    record_id: str
    record_name: str
    person: str = ""
    account: str = ""
    stage: str = ""
    amount: int | None = None
    currency: str = "JPY"
    overdue: bool = False


@dataclass(frozen=True)
class TodayView:
    """`rows`: most worthwhile first. `quiet`: records where nothing need be done; `next_due`: when that changes."""

    rows: Sequence[TodayRow] = ()
    quiet: int = 0
    next_due: datetime | None = None
    switched_off: bool = False


class TodayDesk(Protocol):
    """All may raise CrmError."""

    def owners(self) -> Sequence[Somebody]: ...
    def today(self, owner_id: str) -> TodayView: ...
    def note_shown(self, suggestion_ids: Sequence[int], *, by: str) -> None:
        """Somebody has these before their eyes. Never fails: counting keeps no page from being shown."""


@dataclass(frozen=True)
class Notice:
    """A reminder that is due: to get in touch with this person."""

    id: int
    kind: RecordKind
    person_id: str
    name: str
    at: datetime
    channel: str = ""
