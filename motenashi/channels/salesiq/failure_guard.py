"""SalesIQ could not carry out our answer and asks again: make sure that this comes to an end.

Answering its `failure` with another forward makes it ask for ever. So a failure is never answered by a forward, and
when failures of one conversation follow each other too fast, the chat is closed with a calm sentence.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import replace

from motenashi.channels.salesiq.calm_words import calm
from motenashi.conversation.display_cards import Text
from motenashi.conversation.reply import Action, Reply

_MOST = 3  # failures in a row of one conversation
_WITHIN = 60.0  # seconds
_REMEMBERED = 10_000  # conversations


class FailureGuard:
    """Counts in this process only: with several, a loop takes a few more rounds to end, but it ends."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, list[float]] = OrderedDict()
        self._lock = threading.Lock()

    def too_many(self, conversation_id: str, now: float) -> bool:
        """Note one more failure at `now` (seconds, any clock); True when it is time to stop."""
        with self._lock:
            recent = [at for at in self._seen.pop(conversation_id, []) if now - at < _WITHIN]
            self._seen[conversation_id] = [*recent, now][-_MOST:]
            while len(self._seen) > _REMEMBERED:
                self._seen.popitem(last=False)
            return len(recent) + 1 >= _MOST

    def visitor_spoke(self, conversation_id: str) -> None:
        with self._lock:
            self._seen.pop(conversation_id, None)


def never_again_forward(reply: Reply) -> Reply:
    """The reply to a failure: what would fail the same way becomes the offer to leave a message."""
    if reply.action not in (Action.FORWARD, Action.PENDING):
        return reply
    sorry = Text(calm("nobody_free", reply.language))
    return replace(reply, action=Action.OPERATOR_BUSY, displays=(sorry,), input=None, chips=(), form=None)


def give_up(language: str) -> Reply:
    return Reply(displays=(Text(calm("give_up", language)),), action=Action.END, language=language)
