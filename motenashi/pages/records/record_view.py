"""What the page of a record shows, and whom it asks for it. `motenashi/advice_views.py` answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from motenashi.pages.advice.advice_view import AdviceActions, AdviceView, Channel, PersonKind, RecordKind
from motenashi.suggestions.acted import Acted

Outcome = Literal["open", "won", "lost"]


@dataclass(frozen=True)
class StageStep:
    """One stage of a deal's way. `days`: how long it was, or is, there; None where it never was."""

    name: str
    place: Literal["passed", "here", "ahead", "skipped"]
    days: int | None = None


@dataclass(frozen=True)
class StagePath:
    """A deal's way through the stages; `end` is what it came to, `end_name` the stage that says so."""

    steps: tuple[StageStep, ...]
    end: Outcome = "open"
    end_name: str = ""


@dataclass(frozen=True)
class Related:
    """Another record that one can go to; `note` says what it is here. `open`: a deal that is neither won nor lost."""

    kind: RecordKind
    id: str
    name: str
    note: str = ""
    open: bool = False


@dataclass(frozen=True)
class ProductLine:
    name: str
    quantity: int
    price: int  # of one, in the currency's smallest part


@dataclass(frozen=True)
class Happened:
    """One row of the history. `what`: call_out, call_in, call_missed, no_answer, event, task, email_out, email_in,
    stage or touchpoint; `words` is its subject, or where a stage led to."""

    at: datetime
    what: str
    words: str = ""
    by: str = ""
    note: str = ""  # a touchpoint's channel, a mail's status
    theirs: bool = False


@dataclass(frozen=True)
class RecordFacts:
    """The record itself. Money is in the currency's smallest part."""

    kind: RecordKind
    id: str
    name: str
    account: str = ""
    owner: str = ""
    person: Related | None = None
    title: str = ""  # a person's
    email: str = ""
    phone: str = ""
    industry: str = ""
    status: str = ""  # a lead's
    source: str = ""
    type: str = ""  # a deal's
    amount: int | None = None
    currency: str = "JPY"
    repeat: bool = False
    created_at: datetime | None = None
    closed_at: datetime | None = None
    expected_close: date | None = None
    overdue: bool = False  # the expected close lies behind
    closed: bool = False  # a deal that was won or lost, a lead that was converted
    last_contact_at: datetime | None = None
    path: StagePath | None = None
    products: tuple[ProductLine, ...] = ()
    related: tuple[Related, ...] = ()
    history: tuple[Happened, ...] = ()


@dataclass(frozen=True)
class RecordView:
    facts: RecordFacts
    advice: AdviceView


class RecordDesk(AdviceActions, Protocol):
    """All may raise CrmError."""

    def view(self, kind: RecordKind, record_id: str, *, language: str, seen_by: str = "") -> RecordView | None:
        """None when the CRM has no such record. Looking counts as shown when `seen_by` is somebody."""

    def set_own_times(
        self, kind: PersonKind, person_id: str, weekdays: Sequence[int], from_hour: int, to_hour: int, *, by: str
    ) -> Acted: ...
    def drop_own_times(self, kind: PersonKind, person_id: str, *, by: str) -> Acted: ...
    def remind(self, kind: PersonKind, person_id: str, at: datetime, channel: Channel, *, by: str) -> Acted: ...
    def forget_reminder(self, kind: PersonKind, person_id: str, *, by: str) -> Acted: ...
