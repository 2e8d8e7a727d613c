"""One thing a channel brings us: words, a card's answer, the box opening, a failure, or time that has passed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from motenashi.conversation.assurance import NOBODY, Identity
from motenashi.conversation.visitor import Visitor


class MessageKind(StrEnum):
    OPEN = "open"  # the visitor came, nothing said yet (SalesIQ: trigger)
    TEXT = "text"  # typed, a chip, or a card's answer (then `card` is filled)
    FORM = "form"  # all questions of a form answered at once (SalesIQ: context)
    FAILURE = "failure"  # the platform could not carry out our last reply
    WAKE = "wake"  # nobody spoke; the time a `wait` step waited for has come


@dataclass(frozen=True)
class Channel:
    """Where a conversation takes place, and what that place can do."""

    name: str  # website, salesiq, whatsapp, facebook, instagram, telegram, line, terminal …: lower case
    collects_forms: bool = False  # the platform asks a form's questions by itself
    shows_cards: bool = True  # False: texts and chips only; the renderer falls back
    hands_over: bool = False  # a `forward` is carried out by the platform, failures come back
    can_push: bool = False  # we can add a message when the visitor is silent


@dataclass(frozen=True)
class Attachment:
    """A file the visitor sent. The file itself stays with the channel; `url` says where."""

    name: str
    url: str = ""
    type: str = ""
    size: int | None = None
    id: str = ""


@dataclass(frozen=True)
class Failure:
    """Why the platform could not do what we asked: a name of ours and the platform's own code and words."""

    # offline_hours, operators_not_available, invalid_operators, more_than_max_length, execution_failure, unknown
    reason: str
    code: int | None = None
    detail: str = ""
    failed_action: str = ""  # the action of the reply that failed: forward, reply, …


@dataclass(frozen=True)
class Message:
    """`delivery_id` names this delivery within its conversation: the same id again is the same message again."""

    conversation_id: str
    delivery_id: str
    channel: Channel
    bot: str  # the flow the conversation begins with
    kind: MessageKind
    received_at: datetime  # aware, UTC
    text: str = ""
    card: Mapping[str, Any] = field(default_factory=dict)  # structured value of an answered card
    attachments: tuple[Attachment, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)  # FORM: question name -> text
    failure: Failure | None = None
    visitor: Visitor = field(default_factory=Visitor)
    identity: Identity = NOBODY  # what the door itself could establish: a signed token, a trusted channel
    retry_fingerprint: str = ""  # same words in the same state; for channels whose retries change their id
