"""What Zoho refuses is stuck with its reason; its record's later changes wait, all others go on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crm_client.records import Account, Contact, Note
from tests.crm_client.zoho.outbox.outbox_world import OutboxWorld


def a_rejected_status(world: OutboxWorld) -> str:
    """A lead whose status is in no picklist; its id here."""
    return world.lead(email="aoki@minami.example", status="Thinking it over").id


def test_a_refused_record_is_stuck_with_field_and_reason(world: OutboxWorld) -> None:
    lead_id = a_rejected_status(world)
    pushed = world.push()

    assert (pushed.waiting, pushed.stuck) == (0, 1)
    [stuck] = world.waiting.stuck()
    assert (stuck.module, stuck.local_id, stuck.name, stuck.action) == ("leads", lead_id, "Aoki", "create")
    assert stuck.trouble == "unknown_value"
    assert "Lead_Status" in stuck.why
    assert "Thinking" not in stuck.why
    assert "aoki" not in stuck.why


def test_one_refused_record_of_a_batch_does_not_hold_the_others(world: OutboxWorld) -> None:
    a_rejected_status(world)
    others = [world.lead(email=f"l{number}@minami.example").id for number in range(5)]
    pushed = world.push()

    assert (pushed.sent, pushed.stuck) == (5, 1)
    assert world.zoho.store.count("Leads") == 5
    assert all(world.link("leads", lead_id) for lead_id in others)


def test_later_changes_wait_behind_a_stuck_one_and_notes_wait_for_their_lead(world: OutboxWorld) -> None:
    lead_id = a_rejected_status(world)
    world.push()
    world.crm.save_note(Note("", "Chat", "Hello", world.now(), lead_id=lead_id))
    world.crm.update_record("leads", lead_id, {"Phone": "03-1111-2222"})
    pushed = world.push()

    assert (pushed.sent, pushed.waiting, pushed.stuck) == (0, 2, 1)
    assert world.waiting.stuck()[0].behind == 1
    note = next(one for one in world.waiting.waiting() if one.module == "notes")
    assert note.waits_for == (("leads", lead_id),)
    counts = world.waiting.counts()
    assert (counts.waiting, counts.stuck) == (2, 1)
    assert counts.oldest == world.rows()[0].at


def test_a_mended_record_goes_out_when_it_is_tried_again(world: OutboxWorld) -> None:
    lead_id = a_rejected_status(world)
    world.push()
    world.crm.save_note(Note("", "Chat", "Hello", world.now(), lead_id=lead_id))
    world.crm.update_record("leads", lead_id, {"Lead_Status": "Contacted"})
    woken = world.woken
    assert world.waiting.try_again(world.waiting.stuck()[0].number)
    assert world.woken == woken + 1
    pushed = world.push()

    assert (pushed.waiting, pushed.stuck) == (0, 0)
    assert world.there("leads", lead_id)["Lead_Status"] == "Contacted"
    assert world.zoho.store.count("Notes") == 1


def test_a_creation_given_up_takes_its_changes_along_and_others_go_without_it(world: OutboxWorld) -> None:
    world.zoho.admin.set_field("Accounts", "Industry", mandatory=True)
    account = world.crm.save_account(Account("", "Kita Foods"))
    contact = world.crm.save_contact(Contact("", "Mori", email="mori@kita.example", account_id=account.id))
    world.push()
    world.crm.save_account(replace(account, website="https://kita.example"))
    [stuck] = world.waiting.stuck()
    would = world.waiting.would_give_up(stuck.number)
    assert (would.rows, would.named_by) == (2, 1)
    assert world.waiting.give_up(stuck.number) == would
    world.push()

    assert world.rows() == []
    assert world.zoho.store.count("Accounts") == 0
    assert "Account_Name" not in world.there("contacts", contact.id)
    assert world.waiting.give_up(stuck.number).rows == 0
    assert not world.waiting.try_again(stuck.number)


def test_of_several_changes_only_the_wrong_one_is_stuck(world: OutboxWorld) -> None:
    lead_id = world.lead(email="aoki@minami.example").id
    world.push()
    world.zoho.advance(2)
    world.crm.update_record("leads", lead_id, {"Phone": "03-1111-2222"})
    world.crm.update_record("leads", lead_id, {"Lead_Status": "Thinking it over"})
    world.crm.update_record("leads", lead_id, {"Mobile": "090-1111-2222"})
    pushed = world.push()

    assert (pushed.waiting, pushed.stuck) == (1, 1)
    assert world.there("leads", lead_id)["Phone"] == "03-1111-2222"
    [stuck] = world.waiting.stuck()
    assert stuck.fields == ("status",)
    world.waiting.give_up(stuck.number)
    world.push()
    assert world.there("leads", lead_id)["Mobile"] == "090-1111-2222"
    assert world.rows() == []


def test_a_locked_record_is_tried_again_by_itself(world: OutboxWorld) -> None:
    contact = world.contact()
    world.crm.update_record("contacts", contact.id, {"Title": "Cook"})
    locked = {"data": [{"code": "RECORD_LOCKED", "status": "error", "message": "locked", "details": {}}]}
    world.zoho.faults.next("/Contacts$", method="PUT", status=400, body=locked)
    pushed = world.push()

    assert (pushed.waiting, pushed.stuck) == (1, 0)
    assert world.waiting.waiting()[0].trouble == "record_locked"
    world.zoho.advance(1_000)
    world.push()
    assert world.there("contacts", contact.id)["Title"] == "Cook"


def test_a_token_that_was_revoked_makes_everything_wait_and_nothing_stuck(world: OutboxWorld) -> None:
    world.lead(email="aoki@minami.example")
    world.zoho.switches.dead_token = "INVALID_TOKEN"
    world.zoho.tokens.revoke()
    pushed = world.push()

    assert (pushed.waiting, pushed.stuck, pushed.away) == (1, 0, True)
    assert world.waiting.waiting()[0].trouble == "revoked_token"


@pytest.mark.parametrize("code, trouble", [("NO_PERMISSION", "no_permission"), ("INVALID_MODULE", "module_missing")])
def test_what_a_whole_module_refuses_holds_only_that_module(world: OutboxWorld, code: str, trouble: str) -> None:
    world.call()
    world.crm.save_account(Account("", "Kita Foods"))
    status = 403 if code == "NO_PERMISSION" else 400
    world.zoho.faults.next("/Calls$", method="POST", status=status, code=code, times=2)
    pushed = world.push()

    assert pushed.sent == 1
    shown = [*world.waiting.stuck(), *world.waiting.waiting()]
    assert [(one.module, one.trouble) for one in shown] == [("calls", trouble)]
    assert shown[0].state == ("stuck" if code == "NO_PERMISSION" else "waiting")
