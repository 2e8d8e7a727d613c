"""Chats of people we know become touchpoints in the CRM, one a conversation, so that the timeline has them.

Not done within the turn: it would cost every visitor's answer a second write.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from crm_client.client import CrmClient
from crm_client.records import Touchpoint
from motenashi.conversation.session_store import KnownChat


def note_chats(
    to_note: Callable[[], Sequence[KnownChat]], noted: Callable[[Sequence[str]], None], crm: CrmClient
) -> int:
    """Returns how many there were. Killed in between, it does some again: a chat's key keeps it to one touchpoint.

    A CrmError leaves the rest for the next look.
    """
    chats = to_note()
    for chat in chats:
        if chat.kind:
            crm.save_touchpoint(_touchpoint(chat), key=f"chat:{chat.conversation_id}")
    if chats:
        noted([chat.conversation_id for chat in chats])
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
