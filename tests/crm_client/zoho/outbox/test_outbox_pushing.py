"""What is written here comes into Zoho: each kind of record, in order, and nothing when nothing changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from crm_client.records import Account, Activity, Contact, Deal, DealProduct, Email, Note, Product
from tests.crm_client.zoho.outbox.outbox_world import OutboxWorld


def test_a_contact_comes_into_zoho_and_is_linked(world: OutboxWorld) -> None:
    contact = world.crm.save_contact(Contact("", "Mori", "Ken", email="mori@kita.example", phone="03-1111-2222"))
    assert world.woken == 1
    pushed = world.push()

    assert (pushed.sent, pushed.waiting, pushed.stuck) == (1, 0, 0)
    raw = world.there("contacts", contact.id)
    assert (raw["Last_Name"], raw["First_Name"], raw["Email"]) == ("Mori", "Ken", "mori@kita.example")
    link = world.link("contacts", contact.id)
    assert link.zoho_id != contact.id
    assert link.base["phone"] == "03-1111-2222"
    assert link.modified_at is not None


def test_every_kind_comes_into_zoho_with_what_it_names(world: OutboxWorld) -> None:
    crm = world.crm
    account = crm.save_account(Account("", "Kita Foods"))
    contact = crm.save_contact(Contact("", "Mori", email="mori@kita.example", account_id=account.id))
    lead = world.lead(email="aoki@minami.example")
    product = crm.save_product(Product("", "OV-S", "Oven S", "オーブンS", "Hardware", 45_000))
    deal = crm.save_deal(
        Deal("", "Kita ovens", "Qualification", account.id, contact.id, amount=90_000),
        [DealProduct("", product.id)],
        at=world.now(),
    )
    call = world.call(contact_id=contact.id, deal_id=deal.id)
    start = world.now().replace(microsecond=0)
    meeting = crm.book_event(
        Activity("", "event", "Demo", start, start + timedelta(hours=1), contact_id=contact.id), key="demo"
    )
    task = crm.save_activity(Activity("", "task", "Send quote", start, lead_id=lead.id))
    note = crm.save_note(Note("", "Chat", "Asked for the price.", start, contact_id=contact.id))
    mail = crm.save_email(
        Email("", "in", "Hello", start, contact_id=contact.id, message_id="a@kita.example", text="Hi")
    )
    pushed = world.push()

    assert (pushed.waiting, pushed.stuck) == (0, 0)
    assert world.rows() == []
    there, link = world.there, world.link
    assert there("contacts", contact.id)["Account_Name"]["id"] == link("accounts", account.id).zoho_id
    assert there("deals", deal.id)["Contact_Name"]["id"] == link("contacts", contact.id).zoho_id
    assert world.zoho.store.products_of(link("deals", deal.id).zoho_id) == [link("products", product.id).zoho_id]
    assert there("calls", call.id)["What_Id"]["id"] == link("deals", deal.id).zoho_id
    assert there("events", meeting.id)["Who_Id"]["id"] == link("contacts", contact.id).zoho_id
    assert there("tasks", task.id)["What_Id"]["id"] == link("leads", lead.id).zoho_id
    assert there("notes", note.id)["Parent_Id"]["id"] == link("contacts", contact.id).zoho_id
    [beside] = world.zoho.store.emails_of("Contacts", link("contacts", contact.id).zoho_id)
    assert (beside["subject"], beside["sent"], beside["original_message_id"]) == ("Hello", False, "<a@kita.example>")
    assert link("emails", mail.id).zoho_id == beside["message_id"]


def test_only_changed_fields_go_out(world: OutboxWorld) -> None:
    contact = world.contact(title="Cook")
    world.zoho.store.change("Contacts", world.link("contacts", contact.id).zoho_id, {"Department": "Kitchen"})
    world.crm.save_contact(replace(contact, phone="03-1111-2222"))
    [row] = world.rows()
    assert (row.action, row.fields, row.before) == ("update", {"phone": "03-1111-2222"}, {"phone": ""})
    world.push()

    raw = world.there("contacts", contact.id)
    assert (raw["Phone"], raw["Title"], raw["Department"]) == ("03-1111-2222", "Cook", "Kitchen")
    assert world.link("contacts", contact.id).base["phone"] == "03-1111-2222"


def test_nothing_is_sent_when_nothing_changed(world: OutboxWorld) -> None:
    contact = world.contact()
    asked = len(world.zoho.calls_log)
    woken = world.woken
    world.crm.save_contact(contact)
    world.crm.save_contact(replace(contact, language="ja"))  # Zoho has no field for it
    world.crm.update_record("contacts", contact.id, {"Last_Name": contact.last_name})
    pushed = world.push()

    assert world.rows() == []
    assert pushed.sent == 0
    assert world.woken == woken
    assert len(world.zoho.calls_log) == asked


def test_changes_of_a_waiting_creation_need_no_rows_of_their_own(world: OutboxWorld) -> None:
    contact = world.crm.save_contact(Contact("", "Mori", email="mori@kita.example"))
    world.crm.save_contact(replace(contact, last_name="Mori-Sato"))
    world.crm.update_record("contacts", contact.id, {"Title": "Cook"})

    assert [row.action for row in world.rows()] == ["create"]
    world.push()
    raw = world.there("contacts", contact.id)
    assert (raw["Last_Name"], raw["Title"]) == ("Mori-Sato", "Cook")


def test_several_changes_of_a_record_go_out_as_one(world: OutboxWorld) -> None:
    contact = world.contact()
    for title in ("Cook", "Chef", "Owner"):
        world.crm.update_record("contacts", contact.id, {"Title": title})
    before = len(world.zoho.calls("PUT", "/Contacts"))
    pushed = world.push()

    assert len(world.zoho.calls("PUT", "/Contacts")) - before == 1
    assert world.there("contacts", contact.id)["Title"] == "Owner"
    assert pushed.waiting == 0


def test_ten_changes_cost_two_credits(world: OutboxWorld) -> None:
    contacts = [world.contact(email=f"c{number}@kita.example") for number in range(10)]
    for contact in contacts:
        world.crm.update_record("contacts", contact.id, {"Title": "Cook"})
    before = len(world.zoho.calls_log)
    world.push()

    calls = world.zoho.calls_log[before:]
    assert [call.method for call in calls] == ["GET", "PUT"]
    assert sum(call.credits for call in calls) == 2


def test_a_deal_that_is_deleted_here_is_deleted_there(world: OutboxWorld) -> None:
    deal = world.deal()
    zoho_id = world.link("deals", deal.id).zoho_id
    world.crm.delete_deal(deal.id)
    world.push()

    assert world.zoho.store.get("Deals", zoho_id) is None
    assert world.rows() == []


def test_a_deal_that_was_deleted_there_first_is_no_trouble(world: OutboxWorld) -> None:
    deal = world.deal()
    world.zoho.store.delete("Deals", world.link("deals", deal.id).zoho_id)
    world.crm.delete_deal(deal.id)
    pushed = world.push()

    assert (pushed.waiting, pushed.stuck) == (0, 0)


def test_a_deal_that_never_went_out_needs_no_deletion(world: OutboxWorld) -> None:
    deal = world.crm.save_deal(Deal("", "Kita ovens", "Qualification"), at=world.now())
    world.crm.delete_deal(deal.id)

    assert world.rows() == []


def test_products_of_a_deal_follow_and_those_of_others_stay(world: OutboxWorld) -> None:
    crm = world.crm
    one, two = (crm.save_product(Product("", code, code, code, "Hardware", 1_000)) for code in ("OV-1", "OV-2"))
    deal = world.deal()
    crm.set_products_of_deal(deal.id, [DealProduct(deal.id, one.id)])
    world.push()
    there = world.link("deals", deal.id).zoho_id
    theirs = world.zoho.store.put("Products", {"Product_Name": "Theirs"})
    world.zoho.store.link(there, theirs)
    crm.set_products_of_deal(deal.id, [DealProduct(deal.id, two.id)])
    world.push()

    assert set(world.zoho.store.products_of(there)) == {theirs, world.link("products", two.id).zoho_id}


@pytest.mark.parametrize("away", ["outage", "503"])
def test_nothing_is_lost_while_zoho_is_away(world: OutboxWorld, away: str) -> None:
    contact = world.contact()
    world.crm.update_record("contacts", contact.id, {"Title": "Cook"})
    world.lead(email="aoki@minami.example")
    if away == "outage":
        world.zoho.faults.outage = True
    else:
        world.zoho.faults.next("/crm/", status=503, times=50)
    pushed = world.push()
    assert (pushed.sent, pushed.waiting, pushed.stuck, pushed.away) == (0, 2, 0, True)
    world.zoho.faults.clear()
    pushed = world.push_until_quiet()

    assert (pushed.waiting, pushed.stuck) == (0, 0)
    assert world.there("contacts", contact.id)["Title"] == "Cook"
    assert world.zoho.store.count("Leads") == 1
