"""An answer that was not ready in time where no callback can bring it: the visitor presses a button to see it.

The turn goes on without us and its answer lands in the transcript. The button carries the transcript's length at that
moment, so that every process finds the answer: it is what was added since. Pressing it runs no turn.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

from motenashi.channels.salesiq.calm_words import calm
from motenashi.conversation.display_cards import Text
from motenashi.conversation.message import Message, MessageKind
from motenashi.conversation.reply import Action, Reply
from motenashi.conversation.transcript import Entry

History = Callable[[str, int], Sequence[Entry]]

_BUTTON = re.compile(r"(?:Show answer|回答を表示) ?\((\d{1,9})\)")


def asked_for(message: Message) -> int | None:
    """The number on the button, when this message is a press of it."""
    if message.kind is not MessageKind.TEXT:
        return None
    button = _BUTTON.fullmatch(unicodedata.normalize("NFKC", message.text).strip())
    return int(button[1]) if button else None


def waiting_answer(conversation_id: str, after: int, history: History, language: str) -> Reply:
    """The newest answer added to the transcript since entry `after`, or the wish to wait a little longer."""
    return last_reply(history(conversation_id, after)) or _still_looking(after, language)


def still_looking(message: Message, history: History, language: str) -> Reply:
    """What to say when the budget is over; the answer itself when it came just now."""
    entries = history(message.conversation_id, -20)
    if any(entry.delivery_id == message.delivery_id for entry in entries if entry.delivery_id):
        return last_reply(entries) or _still_looking(entries[-1].seq, language)
    return _still_looking(entries[-1].seq if entries else 0, language)


def last_reply(entries: Sequence[Entry]) -> Reply | None:
    """The newest answer of ours; None while the visitor's words are the newest."""
    for entry in reversed(entries):
        if entry.author == "visitor":
            return None
        if entry.reply is not None and entry.reply.action is not Action.PENDING:
            return entry.reply
    return None


def _still_looking(after: int, language: str) -> Reply:
    button = calm("show_answer", language, number=str(after))
    return Reply(displays=(Text(calm("still_looking", language)),), chips=(button,), language=language)
