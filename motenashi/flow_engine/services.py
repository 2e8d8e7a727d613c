"""What a running flow needs from the world, as the engine asks for it. `app.py` hands over who really answers.

Every call that changes something carries a `key`: the same key again is the same change and happens once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from motenashi.conversation.verification import CodeAnswer, CodeRequest
from motenashi.plug_contract import PlugCall, PlugResult
from nlp.reading import Reading


class ServiceFailed(Exception):
    """A service could not do it now; `reason` is a short word for logs and for the operator."""

    def __init__(self, reason: str, what: str = "") -> None:
        super().__init__(f"{reason}: {what}" if what else reason)
        self.reason = reason


class Taken(Exception):
    """Somebody else booked that slot first."""


class Verifier(Protocol):
    def send_code(
        self, *, conversation_id: str, email: str, language: str, now: datetime, key: str, machine: str = ""
    ) -> CodeRequest: ...

    def check_code(
        self, *, conversation_id: str, email: str, code: str, now: datetime, key: str = ""
    ) -> CodeAnswer: ...


@dataclass(frozen=True)
class HttpCall:
    method: str
    url: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any  # JSON value, or None for no body
    timeout: float  # seconds
    key: str = ""


@dataclass(frozen=True)
class HttpAnswer:
    status: int
    data: Any  # parsed JSON, or the text


@dataclass(frozen=True)
class FaqAnswer:
    """`sure` is False when the best answer is too weak to give; `others` are near questions to ask back with."""

    answer: str
    question: str
    score: float
    sure: bool
    url: str = ""
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Slot:
    """Aware times in the diary's zone."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class HandOver:
    conversation_id: str
    department: str
    operators: tuple[str, ...]
    language: str
    reason: str
    summary: str
    contact_id: str
    lead_id: str
    key: str


class Diary(Protocol):
    def slots(self, *, appointment: str, now: datetime, days: int, time_zone: str) -> Sequence[Slot]: ...

    def book(
        self,
        *,
        appointment: str,
        slot: Slot,
        name: str,
        email: str,
        contact_id: str,
        lead_id: str,
        note: str,
        language: str,
        key: str,
    ) -> str:
        """The id of the event that was written. Taken when somebody was faster."""


@dataclass(frozen=True)
class Services:
    """Handed to every turn. All calls may raise ServiceFailed (plugs: PlugError)."""

    call_plug: Callable[[PlugCall], PlugResult]
    call_http: Callable[[HttpCall], HttpAnswer]
    verifier: Verifier
    read: Callable[[str, str], Reading]  # text, language
    answer_question: Callable[[str, str], FaqAnswer]  # question, language
    is_open: Callable[[str, datetime], bool]  # department ('' = the company), moment
    diary: Diary
    hand_over: Callable[[HandOver], bool]  # recorded; True when a person is there to take it
    create_lead: Callable[[Mapping[str, Any], str], str]  # our field names, key -> lead id
    update_record: Callable[[str, str, Mapping[str, Any], str], None]  # module, id, fields, key
    record_emails: Callable[[str], Sequence[str]]  # of a contact, a lead or a deal's contact, by record id
