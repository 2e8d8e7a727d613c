"""The CRM with Zoho behind it: who is asked when the mirror knows nobody, and what that costs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm_client.errors import CrmRejected, CrmUnreachable
from crm_client.records import Contact, Outcome, Owner, Stage
from crm_client.zoho.mirrored_crm import Misses
from tests.crm_client.zoho.mirrored.mirrored_world import MirroredWorld

MORI = {"Last_Name": "Mori", "Email": "mori@kita.example", "Phone": "03-1111-2222"}
AOKI = {"Last_Name": "Aoki", "Company": "Minami Cafe", "Email": "aoki@minami.example"}


def test_whom_the_mirror_knows_costs_nothing(world: MirroredWorld) -> None:
    world.zoho.store.put("Contacts", MORI)
    world.filled_long_ago()
    credits = world.credits()
    found = world.crm.find_contact(email="MORI@kita.example")

    assert found is not None
    assert world.crm.contact(found.id) == found
    assert world.credits() == credits


def test_a_person_whom_only_zoho_knows_is_found_and_kept(world: MirroredWorld) -> None:
    world.filled_long_ago()
    theirs = world.zoho.store.put("Contacts", MORI)
    credits = world.credits()
    found = world.crm.find_contact(email="mori@kita.example")

    assert found is not None
    assert (found.id, found.last_name, found.phone) == (theirs, "Mori", "03-1111-2222")
    assert world.crm.find_contact(phone="+81 3 1111 2222") == found
    assert world.credits() - credits == 1


def test_a_lead_whom_only_zoho_knows_is_found_unless_converted(world: MirroredWorld) -> None:
    world.filled_long_ago()
    world.zoho.store.put("Leads", AOKI | {"Email": "converted@minami.example", "Converted__s": True})
    theirs = world.zoho.store.put("Leads", AOKI)

    found = world.crm.find_lead(email="aoki@minami.example")
    assert found is not None
    assert found.id == theirs
    assert world.crm.find_lead(email="converted@minami.example") is None


def test_a_stranger_costs_two_credits_and_then_none_for_a_while(world: MirroredWorld) -> None:
    world.filled_long_ago()
    assert world.crm.find_contact(email="first@kita.example") is None  # a new token's first empty answer is checked
    credits = world.credits()
    for _ in range(5):
        assert world.crm.find_contact(email="nobody@kita.example", phone="03-9999-9999") is None
        assert world.crm.find_lead(email="nobody@kita.example", phone="03-9999-9999") is None
    assert world.credits() - credits == 2

    world.zoho.advance(601)
    assert world.crm.find_contact(email="nobody@kita.example", phone="03-9999-9999") is None
    assert world.credits() - credits == 3


def test_a_fresh_mirror_is_believed(world: MirroredWorld) -> None:
    world.filled()
    world.zoho.advance(30)
    credits = world.credits()

    assert world.crm.find_contact(email="nobody@kita.example") is None
    assert world.crm.contact("4876876000000999999") is None
    assert world.credits() == credits


def test_a_mirror_that_was_never_filled_is_not_believed(world: MirroredWorld) -> None:
    world.zoho.store.put("Contacts", MORI)

    assert world.crm.find_contact(email="mori@kita.example") is not None
    world.zoho.faults.outage = True
    with pytest.raises(CrmUnreachable):
        world.crm.find_contact(email="aoki@minami.example")


@pytest.mark.parametrize("trouble", ["outage", "revoked"])
def test_we_never_say_that_we_do_not_know_somebody_because_zoho_is_away(world: MirroredWorld, trouble: str) -> None:
    world.zoho.store.put("Contacts", MORI)
    world.filled_long_ago(540)
    if trouble == "outage":
        world.zoho.faults.outage = True
    else:
        world.zoho.tokens.revoke()
    assert world.crm.find_contact(email="nobody@kita.example") is None  # nine minutes old: that will do

    world.zoho.advance(120)
    with pytest.raises(CrmUnreachable):
        world.crm.find_contact(email="nobody@kita.example")
    with pytest.raises(CrmUnreachable):
        world.crm.find_lead(phone="03-9999-9999")
    assert world.crm.find_contact(email="mori@kita.example") is not None


def test_a_record_is_asked_for_by_an_id_of_zohos_only(world: MirroredWorld) -> None:
    world.filled_long_ago()
    contact = world.zoho.store.put("Contacts", MORI)
    lead = world.zoho.store.put("Leads", AOKI)
    credits = world.credits()

    assert world.crm.contact("no such id") is None
    assert world.credits() == credits
    found, other = world.crm.contact(contact), world.crm.lead(lead)
    assert (found and found.email, other and other.email) == ("mori@kita.example", "aoki@minami.example")
    assert world.credits() - credits == 2


def test_what_is_written_is_read_at_once_and_comes_into_zoho(world: MirroredWorld) -> None:
    contact = world.crm.save_contact(Contact("", "Mori", email="mori@kita.example"))
    assert world.crm.find_contact(email="mori@kita.example") == contact
    world.outbox.push()

    assert world.zoho.store.count("Contacts") == 1
    world.zoho.advance(5)
    world.zoho.store.change("Contacts", world.outbox.link("contacts", contact.id).zoho_id, {"Title": "Owner"})
    world.filled()
    here = world.crm.contact(contact.id)
    assert here is not None
    assert here.title == "Owner"
    assert world.zoho.store.count("Contacts") == 1
    assert world.outbox.rows() == []


def test_owners_and_stages_are_zohos(world: MirroredWorld) -> None:
    with pytest.raises(CrmRejected) as owner:
        world.crm.save_owner(Owner("", "Aya", "aya@shop.example"))
    with pytest.raises(CrmRejected) as stage:
        world.crm.set_stages([Stage("New", Outcome.OPEN, 1)])

    assert (owner.value.field, stage.value.field) == ("owner", "stage")


def test_only_so_many_misses_are_remembered(sqlite_world: MirroredWorld) -> None:
    misses = Misses(sqlite_world.outbox.now, most=3)
    for number in range(5):
        misses.remember("contacts", f"c{number}@kita.example")

    assert [misses.known("contacts", f"c{number}@kita.example") for number in range(5)] == [False] * 2 + [True] * 3
    assert not misses.known("leads", "c4@kita.example")
    sqlite_world.zoho.advance(timedelta(minutes=11).total_seconds())
    assert not misses.known("contacts", "c4@kita.example")
