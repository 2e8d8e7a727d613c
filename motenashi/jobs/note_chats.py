"""Chats of people we know become touchpoints in the CRM, one a conversation, so that the timeline has them.

Not done within the turn: it would cost every visitor's answer a second write.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from crm_client.client import CrmClient
from crm_client.records import Touchpoint
from motenashi.conversation.session_store import KnownChat

# A look goes back further than the one before it began, so that nothing is missed; the key keeps it to one each.
OVERLAP = timedelta(minutes=2)
FIRST_LOOK = timedelta(days=1)


class NoteChats:
    def __init__(self, chats_since: Callable[[datetime], Sequence[KnownChat]], crm: CrmClient) -> None:
        self._chats_since = chats_since
        self._crm = crm
        self._since = datetime.now(UTC) - FIRST_LOOK

    def run(self) -> int:
        """Returns how many chats were looked at. A CrmError leaves them for the next look."""
        began = datetime.now(UTC)
        chats = self._chats_since(self._since)
        for chat in chats:
            self._crm.save_touchpoint(_touchpoint(chat), key=f"chat:{chat.conversation_id}")
        self._since = began - OVERLAP
        return len(chats)


def _touchpoint(chat: KnownChat) -> Touchpoint:
    return Touchpoint(
        id="",
        channel="chat",
        type="chat",
        at=chat.began_at,
        signal=True,
        contact_id=chat.record_id if chat.kind == "contact" else "",
        lead_id=chat.record_id if chat.kind == "lead" else "",
    )
