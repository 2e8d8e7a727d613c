"""The words of an answer to a delivery: the reply, what it added to the transcript, what can keep it from coming."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from motenashi.conversation.reply import Reply
from motenashi.conversation.transcript import Entry


@dataclass(frozen=True)
class Answer:
    """`entries` are what this turn added to the transcript (visitor's words, then ours); `repeated` says that the
    delivery was answered before and this is that same answer."""

    reply: Reply
    entries: tuple[Entry, ...] = ()
    repeated: bool = False


@dataclass(frozen=True)
class LateDelivery:
    """Where an answer goes that was not ready in time: the channel's name and what its door needs to deliver it
    (plain JSON, no secrets: it is stored until delivered)."""

    channel: str
    data: Mapping[str, Any]


class UnknownBot(Exception):
    """No flow of that name begins a conversation."""


class ConversationBusy(Exception):
    """The turn could not be stored now; the same delivery may be tried again and nothing was lost or doubled."""
