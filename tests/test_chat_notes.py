"""What was said in a chat stands as one note on the person's record, also when the chat goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.records import Contact, Lead
from motenashi.chat_notes import ChatNotes
from motenashi.database import Database
from motenashi.insights.voice.chats import KnownChat
from motenashi.insights.voice.response import Response
from tests.migrated import migrate

AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
SAID = Response(id=0, key="chat:c1", at=AT, channel="chat", type="chat", text="Is it quiet?", owner_id="o1")


def test_a_chat_becomes_one_note_that_grows_with_it(database: Database) -> None:
    migrate(database)
    crm = EmbeddedCrm(database)
    contact = crm.save_contact(Contact("", "Mori"))
    notes = ChatNotes(crm, ZoneInfo("Asia/Tokyo"))
    chat = KnownChat("c1", AT, "contact", contact.id, "verified", "en")

    notes.write(chat, SAID)
    notes.write(chat, SAID)
    notes.write(chat, replace(SAID, text="Is it quiet?\nAnd small?"))

    (note,) = crm.notes_of(contact_id=contact.id)
    assert note.title == "Chat on our website 2026-03-02 10:30"
    assert note.text == "The visitor wrote:\nIs it quiet?\nAnd small?"
    assert (note.at, note.owner_id) == (AT, "o1")


def test_a_typed_address_is_told_as_such_and_nobody_gets_no_note(database: Database) -> None:
    migrate(database)
    crm = EmbeddedCrm(database)
    lead = crm.save_lead(Lead("", "Aoki", "Minami"))
    notes = ChatNotes(crm, ZoneInfo("Asia/Tokyo"))

    notes.write(KnownChat("c2", AT, "lead", lead.id, "claimed", "ja"), SAID)
    notes.write(KnownChat("c3", AT, "", "", "", "ja"), SAID)

    (note,) = crm.notes_of(lead_id=lead.id)
    assert note.title.startswith("Webサイトのチャット 2026-03-02 10:30")
    assert note.text.startswith("メールアドレスは入力されただけ")
