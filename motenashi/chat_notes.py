"""What a visitor wrote in a chat, as a note on their contact or lead: who opens the record in the CRM's own pages reads
there what was said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final
from zoneinfo import ZoneInfo

from crm_client.client import CrmClient
from crm_client.records import Note
from motenashi.insights.voice.chats import KnownChat
from motenashi.insights.voice.response import Response

LONGEST = 10_000  # characters of a chat
_WORDS: Final[Mapping[str, tuple[str, str, str]]] = {
    "en": ("Chat on our website", "The visitor wrote:", "The address was only typed in, not verified."),
    "ja": ("Webサイトのチャット", "お客様の発言:", "メールアドレスは入力されただけで、確認されていません。"),
}


class ChatNotes:
    def __init__(self, crm: CrmClient, zone: ZoneInfo) -> None:
        self._crm = crm
        self._zone = zone

    def write(self, chat: KnownChat, said: Response) -> None:
        """One note a chat; a chat that goes on brings its note up to date. CrmError."""
        if chat.kind not in ("contact", "lead"):
            return
        wanted = self._note(chat, said)
        stored = self._crm.save_note(wanted, key=f"chat:{chat.id}")
        if stored.text != wanted.text:
            self._crm.save_note(replace(stored, text=wanted.text))

    def _note(self, chat: KnownChat, said: Response) -> Note:
        title, wrote, unsure = _WORDS["ja" if chat.language == "ja" else "en"]
        began = said.at.astimezone(self._zone)
        lines = [wrote, said.text[:LONGEST]]
        if chat.assurance != "verified":
            lines = [unsure, "", *lines]
        return Note(
            id="",
            title=f"{title} {began:%Y-%m-%d %H:%M}",
            text="\n".join(lines),
            at=said.at,
            contact_id=chat.record_id if chat.kind == "contact" else "",
            lead_id=chat.record_id if chat.kind == "lead" else "",
            owner_id=said.owner_id,
        )
