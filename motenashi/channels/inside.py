"""All that a door may ask for, handed over by `app.py`; so no door knows what lies behind it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from motenashi.conversation.answering import Answer, ConversationBusy, LateDelivery, UnknownBot
from motenashi.conversation.message import Message
from motenashi.conversation.transcript import Entry
from motenashi.plug_contract import Plug, PlugCall, PlugResult

__all__ = ["Answer", "ConversationBusy", "Inside", "LateDelivery", "UnknownBot"]


@dataclass(frozen=True)
class Inside:
    """`answer` runs a turn to its end. `answer_in_time` waits `seconds` at most; then it returns a reply with action
    PENDING, and the real one is delivered later, also when this process dies in between.
    Both raise UnknownBot for a bot that no flow answers, and ConversationBusy when the store is locked."""

    answer: Callable[[Message], Answer]
    answer_in_time: Callable[[Message, float, LateDelivery], Answer]
    history: Callable[[str, int], Sequence[Entry]]  # conversation id, after this seq; -n: the last n
    call_plug: Callable[[PlugCall], PlugResult]
    plugs: Sequence[Plug]
    bots: Callable[[], Collection[str]]  # flow ids that may begin a conversation
