"""What was written here about somebody and is not in Zoho yet, when Zoho deletes them."""

from __future__ import annotations

from crm_client.records import Activity, Note, Touchpoint
from tests.crm_client.zoho.mirror.mirror_world import MirrorWorld


def test_what_zoho_never_had_is_not_taken_away_with_its_person(world: MirrorWorld) -> None:
    ann = world.person()
    world.filled()
    note = world.crm.save_note(Note("", "Chat", "Asked for a price.", world.now(), contact_id=ann))
    call = world.crm.save_activity(Activity("", "call", "Ring", world.now(), contact_id=ann))
    world.crm.save_touchpoint(Touchpoint("", "web", "visit", world.now(), True, contact_id=ann))
    for module, piece in (("notes", note.id), ("calls", call.id)):
        world.wait_in_outbox(module, piece, "create")
    world.zoho.store.delete("Contacts", ann)

    world.mirror.remove("contacts", [ann])

    assert world.crm.contact(ann) is None
    assert [one.id for one in world.crm.notes_of(contact_id=ann)] == [note.id]
    assert [one.id for one in world.crm.activities_of(contact_id=ann)] == [call.id]
    assert len(world.crm.touchpoints_of(contact_id=ann)) == 1
