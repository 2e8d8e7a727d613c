"""What names records that somebody deleted in Zoho a moment ago goes there without them, and nothing is stuck."""

from __future__ import annotations

from typing import Any

import pytest

from crm_client.records import Activity, Deal, DealProduct, Product
from tests.crm_client.zoho.outbox.outbox_world import OutboxWorld


@pytest.fixture
def deal(world: OutboxWorld) -> Deal:
    """One that Zoho has, with a product that it has, too."""
    found = world.deal()
    world.crm.save_product(Product("", "OV-S", "Oven S", "オーブン", "Hardware", 45_000))
    world.push_until_quiet()
    return found


def delete_there(world: OutboxWorld, module: str, local_id: str) -> None:
    """The mirror does not know yet."""
    world.zoho.store.delete(world.field_map.api_module(module), world.link(module, local_id).zoho_id)


def test_a_task_about_a_deleted_deal_is_there_without_it(world: OutboxWorld, deal: Deal) -> None:
    contact = world.contact()
    delete_there(world, "deals", deal.id)
    task = world.crm.save_activity(Activity("", "task", "Call", world.now(), contact_id=contact.id, deal_id=deal.id))
    pushed = world.push()

    assert (pushed.waiting, pushed.stuck) == (0, 0)
    there = world.there("tasks", task.id)
    assert there["Who_Id"]["id"] == world.link("contacts", contact.id).zoho_id
    assert there.get("What_Id") is None
    (here,) = world.crm.activities_of(contact_id=contact.id)
    assert here.deal_id == ""
    assert world.rows() == []


def test_a_deal_of_a_deleted_contact_is_there_without_it(world: OutboxWorld) -> None:
    contact = world.contact()
    delete_there(world, "contacts", contact.id)
    made = world.crm.save_deal(Deal("", "Ovens", "Qualification", contact_id=contact.id), at=world.now())
    pushed = world.push()

    assert (pushed.waiting, pushed.stuck) == (0, 0)
    assert world.there("deals", made.id).get("Contact_Name") is None
    assert getattr(world.crm.deal(made.id), "contact_id", None) == ""


def test_others_of_the_same_call_are_there_as_they_are(world: OutboxWorld, deal: Deal) -> None:
    delete_there(world, "deals", deal.id)
    contact = world.contact()
    given: dict[str, Any] = {"contact_id": contact.id}
    names = world.crm.save_activity(Activity("", "task", "Names it", world.now(), deal_id=deal.id, **given))
    other = world.crm.save_activity(Activity("", "task", "Does not", world.now(), **given))
    world.push()

    assert {world.there("tasks", one.id)["Subject"] for one in (names, other)} == {"Names it", "Does not"}
    assert world.zoho.store.count("Tasks") == 2


def test_a_look_up_that_is_refused_though_nothing_is_gone_is_stuck(world: OutboxWorld, deal: Deal) -> None:
    refused = {"code": "INVALID_DATA", "status": "error", "message": "no", "details": {"api_name": "What_Id"}}
    world.crm.save_activity(Activity("", "task", "Call", world.now(), deal_id=deal.id))
    world.zoho.faults.next("/Tasks$", method="POST", status=400, body={"data": [refused]})
    pushed = world.push()

    assert (pushed.waiting, pushed.stuck) == (0, 1)
    assert world.zoho.store.count("Tasks") == 0


def test_products_of_a_deleted_deal_are_nothing_to_tell(world: OutboxWorld, deal: Deal) -> None:
    (product,) = world.crm.products()
    delete_there(world, "deals", deal.id)
    world.crm.set_products_of_deal(deal.id, [DealProduct(deal.id, product.id)])
    pushed = world.push()

    assert (pushed.waiting, pushed.stuck) == (0, 0)


def test_products_that_are_refused_for_another_reason_are_stuck(world: OutboxWorld, deal: Deal) -> None:
    (product,) = world.crm.products()
    world.crm.set_products_of_deal(deal.id, [DealProduct(deal.id, product.id)])
    world.zoho.faults.next("/Products$", method="PUT", status=400, code="INVALID_DATA")

    assert world.push().stuck == 1
