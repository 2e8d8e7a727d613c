"""Notes: what somebody, or a chat, wrote down about a person or a deal."""

from __future__ import annotations

from collections.abc import Sequence

from crm_client.embedded.changes import change_of
from crm_client.embedded.histories import of_person
from crm_client.embedded.record_rows import NOTES, check, save_once
from crm_client.embedded.store import Store
from crm_client.errors import CrmRejected
from crm_client.records import Note


class Notes(Store):
    def notes_of(self, *, contact_id: str = "", lead_id: str = "", deal_id: str = "") -> Sequence[Note]:
        """Those that fit all the ids named, in time order; none when no id is named."""
        wanted = {"contact_id": contact_id, "lead_id": lead_id, "deal_id": deal_id}
        with self.reading("list notes") as connection:
            return of_person(connection, NOTES, "at", wanted)

    def save_note(self, note: Note, *, key: str = "") -> Note:
        """CrmRejected (field `contact_id`) for a note about nobody and nothing, (field `text`) for an empty one."""
        asking = "save note"
        check(NOTES, note, asking)
        if not (note.contact_id or note.lead_id or note.deal_id):
            raise CrmRejected(asking, "a note is about a contact, a lead or a deal: none is named", "contact_id")
        if not (note.title.strip() or note.text.strip()):
            raise CrmRejected(asking, "text is missing", "text")
        with self.writing(asking) as connection:
            saved = save_once(connection, NOTES, note, key=key, now=self._clock())
        self.tell(change_of("notes", saved))
        return saved
