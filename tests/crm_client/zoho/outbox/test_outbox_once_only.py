"""Once and only once: answers that never come, processes that die, people whom Zoho knows already, two who push."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from crm_client.records import Account, Activity, Contact, Deal, Email, Lead, Note, Product
from crm_client.zoho.api.shapes import Entry, Raw
from crm_client.zoho.outbox import entries, links
from crm_client.zoho.outbox.desk import LEASE
from motenashi.database import Database
from tests.crm_client.zoho.outbox.outbox_world import OutboxWorld, outbox_world
from tests.fake_zoho.fake import FakeZoho

Make = Callable[[OutboxWorld], Any]


def an_event(world: OutboxWorld) -> Any:
    start = world.now().replace(microsecond=0) + timedelta(days=1)
    return world.crm.save_activity(Activity("", "event", "Demo", start, start + timedelta(hours=1)))


def a_task(world: OutboxWorld) -> Any:
    return world.crm.save_activity(Activity("", "task", "Send quote", world.now().replace(microsecond=0)))


def a_note(world: OutboxWorld) -> Any:
    contact = world.contact()
    return world.crm.save_note(Note("", "Chat", "Asked for O'Brien's price.", world.now(), contact_id=contact.id))


def a_person_without_address(world: OutboxWorld) -> Any:
    return world.crm.save_contact(Contact("", "O'Brien", phone="03-1111-2222"))


def a_product(world: OutboxWorld) -> Any:
    return world.crm.save_product(Product("", "OV-S", "Oven S", "オーブン", "Hardware", 45_000))


NEW_RECORDS: dict[str, tuple[str, Make]] = {
    "account": ("Accounts", lambda world: world.crm.save_account(Account("", "Kita Foods"))),
    "contact": ("Contacts", lambda world: world.crm.save_contact(Contact("", "Mori", email="mori@kita.example"))),
    "contact without address": ("Contacts", a_person_without_address),
    "lead": ("Leads", lambda world: world.lead(email="aoki@minami.example")),
    "lead without address": ("Leads", lambda world: world.lead(mobile="090-1111-2222")),
    "product": ("Products", a_product),
    "deal": ("Deals", lambda world: world.crm.save_deal(Deal("", "Kita ovens", "Qualification"), at=world.now())),
    "call": ("Calls", lambda world: world.call()),
    "event": ("Events", an_event),
    "task": ("Tasks", a_task),
    "note": ("Notes", a_note),
}


@pytest.mark.parametrize("kind", NEW_RECORDS)
def test_a_record_whose_answer_was_lost_is_there_once(world: OutboxWorld, kind: str) -> None:
    module, make = NEW_RECORDS[kind]
    record = make(world)
    world.zoho.faults.next(f"/{module}$", method="POST", cut="after")
    first = world.push()
    assert (first.waiting, first.away) == (1, True)
    assert world.rows()[0].sent_at is not None
    pushed = world.push_until_quiet()

    assert (pushed.waiting, pushed.stuck) == (0, 0)
    assert world.zoho.store.count(module) == 1
    assert world.link(world.field_map.our_module(module), record.id).zoho_id == world.zoho.store.all(module)[0]["id"]
    assert len(world.zoho.calls("POST", f"/{module}$")) == 1


GONE_ON_WITH = {
    "deal": {"Next_Step": "Call on Friday", "Contact_Name": None},
    "call": {"Description": "They called back."},
    "event": {"Description": "Bring the samples.", "Start_DateTime": "2026-12-01T10:00:00+09:00"},
    "task": {"Description": "Sent on Monday.", "Due_Date": "2026-12-01"},
    "note": {"Note_Content": "Asked twice."},
}


@pytest.mark.parametrize("kind", GONE_ON_WITH)
def test_a_record_that_somebody_went_on_with_before_we_could_look_is_there_once(world: OutboxWorld, kind: str) -> None:
    module, make = NEW_RECORDS[kind]
    record = make(world)
    world.zoho.faults.next(f"/{module}$", method="POST", cut="after")
    world.push()
    made = world.zoho.store.all(module)[0]["id"]
    world.zoho.advance(60)
    world.zoho.store.change(module, made, GONE_ON_WITH[kind])
    pushed = world.push_until_quiet()

    assert (pushed.waiting, pushed.stuck) == (0, 0)
    assert [one["id"] for one in world.zoho.store.all(module)] == [made]
    assert world.link(world.field_map.our_module(module), record.id).zoho_id == made


@pytest.mark.parametrize("kind", NEW_RECORDS)
def test_a_record_that_did_not_get_there_is_sent_again(world: OutboxWorld, kind: str) -> None:
    module, make = NEW_RECORDS[kind]
    make(world)
    world.zoho.faults.next(f"/{module}$", method="POST", status=500)
    pushed = world.push_until_quiet()

    assert (pushed.waiting, pushed.stuck) == (0, 0)
    assert world.zoho.store.count(module) == 1


def test_records_that_are_alike_stay_two(world: OutboxWorld) -> None:
    calls = [world.call() for _ in range(2)]
    world.zoho.faults.next("/Calls$", method="POST", cut="after")
    world.push_until_quiet()

    assert world.zoho.store.count("Calls") == 2
    assert len({world.link("calls", call.id).zoho_id for call in calls}) == 2


def test_an_email_whose_answer_was_lost_is_there_once(world: OutboxWorld) -> None:
    contact = world.contact()
    mail = world.crm.save_email(Email("", "out", "Quote", world.now().replace(microsecond=0), contact_id=contact.id))
    world.zoho.faults.next("/actions/associate_email", cut="after")
    pushed = world.push_until_quiet()

    assert (pushed.waiting, pushed.stuck) == (0, 0)
    [beside] = world.zoho.store.emails_of("Contacts", world.link("contacts", contact.id).zoho_id)
    assert world.link("emails", mail.id).zoho_id == beside["message_id"]


class Killed(BaseException):
    """As when the process is killed: nobody catches it, and nothing is tidied up."""


class DiesAfter:
    """Zoho's calls, by a process that dies when `name` was done, before anybody here hears of it."""

    def __init__(self, calls: Any, name: str) -> None:
        self._calls, self._name = calls, name

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._calls, name)
        if name != self._name:
            return real

        def and_die(*given: Any, **named: Any) -> Any:
            real(*given, **named)
            raise Killed

        return and_die


@pytest.mark.parametrize("kind", NEW_RECORDS)
def test_a_process_that_dies_between_sending_and_linking_leaves_one_record(world: OutboxWorld, kind: str) -> None:
    module, make = NEW_RECORDS[kind]
    record = make(world)
    with pytest.raises(Killed):
        world.another_pusher(calls=DiesAfter(world.calls, "insert")).push()
    assert world.zoho.store.count(module) == 1
    assert [row.state for row in world.rows()] == ["sending"]
    assert world.push().sent == 0  # somebody may still be at it
    world.zoho.advance(LEASE.total_seconds() + 1)
    world.push()

    assert world.rows() == []
    assert world.zoho.store.count(module) == 1
    assert world.link(world.field_map.our_module(module), record.id).zoho_id == world.zoho.store.all(module)[0]["id"]


def test_a_process_that_dies_while_updating_loses_nothing(world: OutboxWorld) -> None:
    contact = world.contact()
    world.crm.update_record("contacts", contact.id, {"Title": "Cook"})
    with pytest.raises(Killed):
        world.another_pusher(calls=DiesAfter(world.calls, "records")).push()
    world.zoho.advance(LEASE.total_seconds() + 1)
    world.push()

    assert world.there("contacts", contact.id)["Title"] == "Cook"
    assert world.rows() == []


def test_a_change_made_while_the_outcome_was_unknown_arrives(world: OutboxWorld) -> None:
    deal = world.crm.save_deal(Deal("", "Kita ovens", "Qualification"), at=world.now())
    world.zoho.faults.next("/Deals$", method="POST", cut="after")
    world.push()
    world.crm.update_record("deals", deal.id, {"name": "Kita grills"})
    assert [row.action for row in world.rows()] == ["create", "update"]
    world.push_until_quiet()

    assert [raw["Deal_Name"] for raw in world.zoho.store.all("Deals")] == ["Kita grills"]


def test_a_record_deleted_while_the_outcome_was_unknown_is_deleted_there(world: OutboxWorld) -> None:
    deal = world.crm.save_deal(Deal("", "Kita ovens", "Qualification"), at=world.now())
    world.zoho.faults.next("/Deals$", method="POST", cut="after")
    world.push()
    world.crm.delete_deal(deal.id)
    pushed = world.push_until_quiet()

    assert (pushed.waiting, pushed.stuck) == (0, 0)
    assert world.zoho.store.count("Deals") == 0


class ChangesMeanwhile:
    """Zoho's calls; while the first `name` is on its way, somebody changes something here."""

    def __init__(self, calls: Any, name: str, change: Callable[[], object]) -> None:
        self._calls, self._name, self._change = calls, name, change

    def __getattr__(self, name: str) -> Any:
        if name == self._name:
            self._name = ""
            self._change()
        return getattr(self._calls, name)


def test_a_change_made_while_the_creation_is_on_its_way_arrives(world: OutboxWorld) -> None:
    contact = world.crm.save_contact(Contact("", "Mori", email="mori@kita.example"))
    change = ChangesMeanwhile(
        world.calls, "insert", lambda: world.crm.update_record("contacts", contact.id, {"Title": "Cook"})
    )
    world.another_pusher(calls=change).push()
    world.push()

    assert world.there("contacts", contact.id)["Title"] == "Cook"
    assert world.rows() == []


# People whom Zoho knows already


def test_a_person_whom_somebody_entered_in_zoho_is_not_doubled(world: OutboxWorld) -> None:
    theirs = world.zoho.store.put(
        "Contacts", {"Last_Name": "Mori", "Email": "Mori@Kita.example", "Phone": "03-9999-9999", "Title": "Owner"}
    )
    world.zoho.advance(5)
    contact = world.crm.save_contact(Contact("", "Mori", "Ken", email="mori@kita.example"))
    pushed = world.push()

    assert (pushed.waiting, pushed.stuck) == (0, 0)
    assert world.zoho.store.count("Contacts") == 1
    assert world.link("contacts", contact.id).zoho_id == theirs
    raw = world.there("contacts", contact.id)
    assert (raw["First_Name"], raw["Phone"], raw["Title"]) == ("Ken", "03-9999-9999", "Owner")
    here = world.crm.contact(contact.id)
    assert here is not None
    assert (here.first_name, here.phone, here.title) == ("Ken", "03-9999-9999", "Owner")


def test_a_converted_lead_is_another_person(world: OutboxWorld) -> None:
    world.zoho.store.put("Leads", {"Last_Name": "Aoki", "Email": "aoki@minami.example", "Converted__s": True})
    world.lead(email="aoki@minami.example")
    world.push()

    assert world.zoho.store.count("Leads") == 2


def test_a_person_who_came_through_the_mirror_meanwhile_becomes_one_with_ours(world: OutboxWorld) -> None:
    contact = world.crm.save_contact(Contact("", "Mori", email="mori@kita.example"))
    theirs = world.zoho.store.put("Contacts", {"Last_Name": "Mori", "Email": "mori@kita.example"})
    world.mirrored.save_contact(Contact(theirs, "Mori", email="mori@kita.example"))
    with world.database.write() as connection:
        entries.add(
            connection, "contacts", theirs, "update", at=world.now(), fields={"title": "Cook"}, before={"title": ""}
        )
        links.store(connection, "contacts", links.Link(theirs, theirs, None, {"last_name": "Mori"}))
    world.mirrored.save_activity(Activity("", "call", "Ring", world.now(), contact_id=theirs))
    world.push_until_quiet()

    assert world.zoho.store.count("Contacts") == 1
    assert world.link("contacts", contact.id).zoho_id == theirs
    assert world.crm.contact(theirs) is None
    assert [call.subject for call in world.crm.activities_of(contact_id=contact.id)] == ["Ring"]
    assert world.rows() == []


def test_a_unique_value_that_somebody_has_makes_one_of_the_two(world: OutboxWorld) -> None:
    theirs = world.zoho.store.put("Contacts", {"Last_Name": "Mori", "Email": "other@kita.example"})

    class SaysDuplicate:
        def __getattr__(self, name: str) -> Any:
            return getattr(world.calls, name)

        def insert(self, module: str, raws: Sequence[Raw]) -> Sequence[Entry]:
            return [Entry(False, code="DUPLICATE_DATA", field="Email", duplicate_of=theirs)]

    contact = world.crm.save_contact(Contact("", "Mori", "Ken", email="mori@kita.example"))
    world.another_pusher(calls=SaysDuplicate()).push()
    world.push()

    assert world.link("contacts", contact.id).zoho_id == theirs
    assert world.there("contacts", contact.id)["First_Name"] == "Ken"
    assert world.rows() == []


# Several at once


def test_two_who_push_at_once_make_each_record_once(world: OutboxWorld) -> None:
    for number in range(25):
        world.call()
        world.crm.save_account(Account("", f"Company {number}"))
    pushers = [world.another_pusher() for _ in range(3)]
    threads = [threading.Thread(target=pusher.push) for pusher in pushers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    world.push_until_quiet()

    assert world.zoho.store.count("Calls") == 25
    assert world.zoho.store.count("Accounts") == 25
    assert world.rows() == []


def test_with_a_field_for_our_key_zoho_itself_sees_that_it_has_it(fake_zoho: FakeZoho, database: Database) -> None:
    fake_zoho.admin.add_key_field("Our_Key")
    with outbox_world(fake_zoho, database, key_field="Our_Key") as world:
        account = world.crm.save_account(Account("", "Kita Foods"))
        world.zoho.faults.next("/Accounts/upsert", method="POST", cut="after")
        world.push_until_quiet()

        assert world.zoho.store.count("Accounts") == 1
        assert world.there("accounts", account.id)["Our_Key"] == account.id


def test_a_lead_saved_again_with_its_key_is_one(world: OutboxWorld) -> None:
    lead = Lead("", "Aoki", "Minami Cafe", email="aoki@minami.example")
    for _ in range(2):
        world.crm.save_lead(lead, key="chat-1")
        world.push()

    assert world.zoho.store.count("Leads") == 1
    assert replace(lead, id="").last_name == world.zoho.store.all("Leads")[0]["Last_Name"]


def test_when_a_round_breaks_off_what_was_taken_for_it_is_free_again(world: OutboxWorld) -> None:
    for number in range(4):
        world.crm.save_contact(Contact("", "Mori", email=f"mori{number}@kita.example"))
    world.zoho.faults.next("/coql$", cut="before", times=100)

    assert world.push().away
    assert {(row.state, row.claimed_until) for row in world.rows()} == {("waiting", None)}


def test_who_looked_before_another_tried_knows_what_became_of_it(world: OutboxWorld, database: Database) -> None:
    a_task(world)
    (seen,) = world.rows()
    world.zoho.faults.next("/Tasks$", method="POST", cut="after")
    world.push()

    def taken(after: timedelta) -> list[entries.Row]:
        now = world.now() + after
        with database.write() as connection:
            return entries.claim(connection, [seen], now, now + LEASE)

    assert taken(timedelta(0)) == []  # the other one wants it left alone for a while
    (row,) = taken(timedelta(minutes=2))
    assert seen.sent_at is None
    assert row.sent_at is not None


def test_two_people_of_one_name_are_never_taken_for_each_other(world: OutboxWorld) -> None:
    """The first one's creation failed before Zoho did anything; the second one's was done, and its answer was lost."""
    first, second = (world.lead(email=f"aoki{number}@minami.example") for number in (1, 2))
    world.zoho.faults.next("/Leads$", method="POST", cut="before")
    world.push()
    made = {"Last_Name": "Aoki", "Company": "Minami Cafe", "Email": "aoki2@minami.example"}
    zoho_id = world.zoho.store.put("Leads", made)
    pushed = world.push_until_quiet()

    assert (pushed.waiting, pushed.stuck, world.zoho.store.count("Leads")) == (0, 0, 2)
    assert world.link("leads", second.id).zoho_id == zoho_id
    assert world.there("leads", first.id)["Email"] == "aoki1@minami.example"
