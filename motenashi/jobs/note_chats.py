"""Chats of people we know become touchpoints in the CRM, one a conversation, so that the timeline has them; a chat that
goes on brings its touchpoint up to date.

Not done within the turn: it would cost every visitor's answer a second write.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from crm_client.client import CrmClient
from crm_client.records import Touchpoint
from motenashi.clean_text import plain_line
from motenashi.conversation.session_store import KnownChat
from motenashi.hand_over import HandOverState

LONGEST_TITLE = 120
# An address that was only typed, or set by a page, is no proof of who was there: the type says so, whatever the status.
CHAT, CLAIMED_CHAT = "chat", "claimed chat"

Asked = Callable[[Sequence[str]], Mapping[str, HandOverState]]


def note_chats(
    to_note: Callable[[], Sequence[KnownChat]],
    noted: Callable[[Sequence[KnownChat]], None],
    crm: CrmClient,
    asked: Asked = lambda conversation_ids: {},
) -> int:
    """Returns how many there were. Killed in between, it does some again: a chat's key keeps it to one touchpoint.
    `asked` tells in which conversations a person was asked for.

    A CrmError leaves the rest for the next look.
    """
    chats = to_note()
    known = [chat for chat in chats if chat.kind]
    requests = asked([chat.conversation_id for chat in known]) if known else {}
    for chat in known:
        _note(crm, chat, requests.get(chat.conversation_id))
    if chats:
        noted(chats)
    return len(chats)


def _note(crm: CrmClient, chat: KnownChat, request: HandOverState | None) -> None:
    wanted = _touchpoint(chat, request)
    stored = crm.save_touchpoint(wanted, key=f"chat:{chat.conversation_id}")
    # Whom the chat began with it stays with, even if somebody else goes on from the same browser.
    now = replace(
        stored,
        type=wanted.type,
        status=wanted.status,
        duration_s=wanted.duration_s,
        count=wanted.count,
        title=wanted.title,
    )
    same_person = (stored.contact_id, stored.lead_id) == (wanted.contact_id, wanted.lead_id)
    if same_person and now != stored:
        crm.save_touchpoint(now)


def _touchpoint(chat: KnownChat, request: HandOverState | None) -> Touchpoint:
    return Touchpoint(
        id="",
        channel="chat",
        type=CHAT if chat.sure else CLAIMED_CHAT,
        at=chat.began_at,
        signal=True,
        contact_id=chat.record_id if chat.kind == "contact" else "",
        lead_id=chat.record_id if chat.kind == "lead" else "",
        status=_status(chat, request),
        duration_s=max(0, round((chat.last_at - chat.began_at).total_seconds())),
        count=chat.said,
        title=plain_line(chat.first_words)[:LONGEST_TITLE],
    )


def _status(chat: KnownChat, request: HandOverState | None) -> str:
    if request is not None:
        return "answered" if request is HandOverState.DONE else "missed"
    return "verified" if chat.sure else "claimed"
