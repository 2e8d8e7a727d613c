"""Somebody is entered here whom Zoho knows already, and says something else of them."""

from __future__ import annotations

import pytest

from crm_client.records import Contact
from motenashi.database import Database
from tests.crm_client.zoho.outbox.outbox_world import choices, outbox_world
from tests.fake_zoho.fake import FakeZoho


@pytest.mark.parametrize("policy, phone", [("zoho", "03-9999-9999"), ("newest", "03-0000-0000")])
def test_what_zoho_knows_otherwise_is_a_conflict_and_never_overwritten_unseen(
    fake_zoho: FakeZoho, database: Database, policy: str, phone: str
) -> None:
    with outbox_world(fake_zoho, database, **choices(policy)) as world:
        world.zoho.store.put(
            "Contacts", {"Last_Name": "Mori", "Email": "mori@kita.example", "Phone": "03-9999-9999", "Title": "Owner"}
        )
        world.zoho.advance(5)
        typed = Contact("", "Mori", "Ken", email="mori@kita.example", phone="03-0000-0000")
        contact = world.crm.save_contact(typed)
        world.push_until_quiet()

        raw, here = world.there("contacts", contact.id), world.crm.contact(contact.id)
        assert here is not None
        assert (raw["Phone"], here.phone) == (phone, phone)
        assert (raw["First_Name"], raw["Title"], here.title) == ("Ken", "Owner", "Owner")
        [conflict] = world.waiting.conflicts()
        assert (conflict.field, conflict.ours, conflict.theirs) == ("phone", "03-0000-0000", "03-9999-9999")
        assert world.rows() == []


def test_what_we_sent_ourselves_is_no_conflict_when_its_answer_was_lost(
    fake_zoho: FakeZoho, database: Database
) -> None:
    with outbox_world(fake_zoho, database, **choices("zoho")) as world:
        fake_zoho.faults.next("/Contacts$", method="POST", cut="after")
        contact = world.crm.save_contact(Contact("", "Mori", email="mori@kita.example", phone="03-0000-0000"))
        world.push()
        world.crm.update_record("contacts", contact.id, {"Phone": "03-1111-2222"}, by="Aya")
        world.zoho.advance(400)
        world.push_until_quiet()

        assert world.there("contacts", contact.id)["Phone"] == "03-1111-2222"
        assert list(world.waiting.conflicts()) == []
