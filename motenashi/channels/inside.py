"""All that a door may ask for, handed over by `app.py`; so no door knows what lies behind it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from motenashi.conversation.message import Message
from motenashi.conversation.reply import Reply
from motenashi.conversation.transcript import Entry
from motenashi.plug_contract import Plug, PlugCall, PlugResult


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


@dataclass(frozen=True)
class Inside:
    """`answer` runs a turn to its end. `answer_in_time` waits `seconds` at most; then it returns a reply with action
    PENDING, and the real one is delivered later, also when this process dies in between.
    Both raise UnknownBot for a bot that no flow answers, and ConversationBusy when the store is locked."""

    answer: Callable[[Message], Answer]
    answer_in_time: Callable[[Message, float, LateDelivery], Answer]
    history: Callable[[str, int], Sequence[Entry]]  # conversation id, after this seq
    call_plug: Callable[[PlugCall], PlugResult]
    plugs: Sequence[Plug]
    bots: Callable[[], Collection[str]]  # flow ids that may begin a conversation


class UnknownBot(Exception):
    """No flow of that name begins a conversation."""


class ConversationBusy(Exception):
    """The turn could not be stored now; the same delivery may be tried again and nothing was lost or doubled."""
