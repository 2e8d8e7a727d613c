"""An answer that was not ready in time where no callback can bring it: the visitor presses a button to see it.

The turn goes on without us and its answer lands in the transcript. Pressing the button runs no turn: it shows the
newest answer of the transcript, or asks to wait a little longer.
"""

from __future__ import annotations

from collections.abc import Sequence

from motenashi.channels.salesiq.calm_words import calm, every
from motenashi.conversation.display_cards import Text
from motenashi.conversation.message import Message, MessageKind
from motenashi.conversation.reply import Action, Reply
from motenashi.conversation.transcript import Entry


def asks_for_answer(message: Message) -> bool:
    return message.kind is MessageKind.TEXT and message.text.strip() in every("show_answer")


def still_looking(language: str) -> Reply:
    return Reply(
        displays=(Text(calm("still_looking", language)),),
        chips=(calm("show_answer", language),),
        language=language,
    )


def last_reply(entries: Sequence[Entry]) -> Reply | None:
    """The newest answer of ours; None while the visitor's words are the newest."""
    for entry in reversed(entries):
        if entry.author == "visitor":
            return None
        if entry.reply is not None and entry.reply.action is not Action.PENDING:
            return entry.reply
    return None
