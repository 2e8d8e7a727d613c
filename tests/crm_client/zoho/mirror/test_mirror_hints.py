"""Hints: a record that may have changed is fetched by id; one that is gone goes; what fails comes again."""

from __future__ import annotations

import pytest

from crm_client.errors import CrmUnreachable
from crm_client.records import DealProduct
from crm_client.zoho.mirror.hints import Hints
from tests.crm_client.zoho.mirror.mirror_world import MirrorWorld


def test_a_hint_fetches_the_record_and_is_done_with(world: MirrorWorld) -> None:
    ann = world.person()
    world.mirror.hint("contacts", [ann, ann])

    assert world.mirror.take_hints() == 1
    assert world.mirror.take_hints() == 0
    assert world.crm.contact(ann) is not None


def test_a_record_that_changed_twice_is_fetched_as_it_stands_now(world: MirrorWorld) -> None:
    ann = world.person(Title="1")
    world.mirror.hint("contacts", [ann])
    world.changed_later("Contacts", ann, {"Title": "2"})
    world.mirror.hint("contacts", [ann])

    assert world.mirror.take_hints() == 1
    contact = world.crm.contact(ann)
    assert contact is not None and contact.title == "2"


def test_a_hint_that_comes_while_its_record_is_fetched_is_not_lost(world: MirrorWorld) -> None:
    ann = world.person(Title="1")
    hints = Hints(world.database)
    hints.add("contacts", [ann], world.now())
    taken = hints.take(world.now(), 10, details=False)
    world.zoho.advance(1)
    hints.add("contacts", [ann], world.now())
    hints.done(taken)

    assert [one.zoho_id for one in hints.take(world.now(), 10, details=False)] == [ann]


def test_who_takes_a_hint_has_it_alone_until_he_is_given_up(world: MirrorWorld) -> None:
    hints = Hints(world.database)
    hints.add("contacts", ["4876876000000000077"], world.now())

    assert len(hints.take(world.now(), 10, details=False)) == 1
    assert hints.take(world.now(), 10, details=False) == []
    world.zoho.advance(121)
    assert len(hints.take(world.now(), 10, details=False)) == 1


def test_hints_wait_out_an_outage(world: MirrorWorld) -> None:
    ann = world.person()
    world.mirror.hint("contacts", [ann])
    real = world.calls.records

    def away(*given: object) -> object:
        raise CrmUnreachable("read Contacts", "no answer", trouble="outage")

    world.calls.records = away  # type: ignore[method-assign,assignment]
    with pytest.raises(CrmUnreachable):
        world.mirror.take_hints()
    world.calls.records = real  # type: ignore[method-assign]
    assert world.mirror.freshness().of("contacts").trouble == "outage"  # polls are seldom: nobody else would tell
    assert world.mirror.take_hints() == 0  # not at once again
    world.zoho.advance(10)
    assert world.mirror.take_hints() == 1
    assert world.mirror.freshness().of("contacts").trouble == ""
    assert world.crm.contact(ann) is not None


def test_a_record_that_is_gone_is_removed(world: MirrorWorld) -> None:
    ann = world.person()
    world.filled()
    world.zoho.store.delete("Contacts", ann)
    world.mirror.hint("contacts", [ann], deleted=True)

    world.mirror.take_hints()
    assert world.crm.contact(ann) is None


def test_a_deletion_that_is_not_true_removes_nothing(world: MirrorWorld) -> None:
    ann = world.person()
    world.filled()
    world.mirror.hint("contacts", [ann], deleted=True)

    world.mirror.take_hints()
    assert world.crm.contact(ann) is not None


def test_a_record_that_is_not_found_once_is_not_removed_before_the_list_of_deletions_says_so(
    world: MirrorWorld,
) -> None:
    ann = world.person()
    world.filled()
    world.mirror.hint("contacts", [ann])
    real = world.calls.records
    world.calls.records = lambda *given: ()  # type: ignore[method-assign,assignment,misc]
    world.mirror.take_hints()
    assert world.crm.contact(ann) is not None

    world.calls.records = real  # type: ignore[method-assign]
    world.zoho.store.delete("Contacts", ann)
    world.zoho.advance(10)
    world.mirror.take_hints()
    assert world.crm.contact(ann) is None


def test_products_of_deals_come_after_them_and_count(world: MirrorWorld) -> None:
    put = world.zoho.store.put
    oven = put("Products", {"Product_Name": "Oven", "Product_Code": "OV", "Unit_Price": 45000, "Product_Active": True})
    pan = put("Products", {"Product_Name": "Pan", "Product_Code": "PA", "Unit_Price": 3000})
    deal = world.deal(Stage="Closed Won", Amount=90000)
    world.zoho.store.link(deal, oven)
    world.filled()

    assert world.mirror.freshness().details == 1
    assert world.mirror.take_details() == 1
    assert world.mirror.freshness().details == 0
    assert [line for line, _ in world.crm.products_of_deals([deal])] == [DealProduct(deal, oven, 1, 45000)]
    counted = world.crm.popular_products(by="revenue", now=world.now())
    assert [(one.product.id, one.deals, one.revenue) for one in counted] == [(oven, 1, 90000)]

    world.zoho.store.link(deal, pan)
    world.changed_later("Deals", deal, {"Amount": 93000})
    world.mirror.poll()
    world.mirror.take_details()
    assert [line.product_id for line, _ in world.crm.products_of_deals([deal])] == [oven, pan]
    counted = world.crm.popular_products(by="revenue", now=world.now())
    world.crm.recount()
    assert world.crm.popular_products(by="revenue", now=world.now()) == counted


def a_deal_with_a_new_product(world: MirrorWorld) -> tuple[str, str]:
    """The deal was looked at a moment ago; the product was linked within that second, so no newer version tells it."""
    oven = world.zoho.store.put("Products", {"Product_Name": "Oven", "Product_Code": "OV", "Unit_Price": 45000})
    deal = world.deal()
    world.filled()
    world.mirror.take_details()
    world.zoho.store.link(deal, oven)
    return deal, oven


def test_a_product_that_was_linked_within_the_second_of_the_last_look_comes_too(world: MirrorWorld) -> None:
    deal, oven = a_deal_with_a_new_product(world)
    world.mirror.hint("deals", [deal])
    world.mirror.take_hints()

    assert world.mirror.take_details() == 1
    assert [line.product_id for line, _ in world.crm.products_of_deals([deal])] == [oven]


def test_products_are_asked_for_when_ours_have_been_sent(world: MirrorWorld) -> None:
    deal, oven = a_deal_with_a_new_product(world)
    world.mirror.hint("deals", [deal])
    world.mirror.take_hints()
    world.wait_in_outbox("deals", deal, "products", fields={"product_ids": []}, before={"product_ids": []})
    before = len(world.zoho.calls_log)
    world.mirror.take_details(1)

    assert len(world.zoho.calls_log) == before
    assert world.mirror.freshness().details == 1
    world.empty_outbox()
    world.zoho.advance(60)
    world.mirror.take_details()
    assert [line.product_id for line, _ in world.crm.products_of_deals([deal])] == [oven]


@pytest.mark.parametrize("offered", [True, False])
def test_products_come_with_and_without_the_module_behind_the_list(world: MirrorWorld, offered: bool) -> None:
    world.zoho.switches.linking_module = offered
    product = world.zoho.store.put(
        "Products", {"Product_Name": "Oven", "Product_Code": "OV", "Unit_Price": 45000, "Product_Active": True}
    )
    deals = [world.deal(Deal_Name=f"D{n}") for n in range(7)]
    for deal in deals:
        world.zoho.store.link(deal, product)
    world.filled()

    assert world.mirror.take_details() == 7
    assert len(world.crm.products_of_deals(deals)) == 7


def test_lines_that_were_changed_here_stay_until_zoho_has_them(world: MirrorWorld) -> None:
    oven = world.zoho.store.put(
        "Products", {"Product_Name": "Oven", "Product_Code": "OV", "Unit_Price": 45000, "Product_Active": True}
    )
    deal = world.deal()
    world.filled()
    world.crm.set_products_of_deal(deal, [DealProduct(deal, oven, 3, 40000)])
    world.wait_in_outbox("deals", deal, "products")

    world.mirror.take_details()
    assert [line.quantity for line, _ in world.crm.products_of_deals([deal])] == [3]

    world.empty_outbox()
    world.zoho.store.link(deal, oven)
    world.changed_later("Deals", deal, {"Amount": 1})
    world.mirror.poll()
    world.mirror.take_details()
    assert [line.quantity for line, _ in world.crm.products_of_deals([deal])] == [3]


def test_the_history_of_stages_is_zohos_where_it_has_one(world: MirrorWorld) -> None:
    deal = world.deal()
    for stage in ("Needs Analysis", "Closed Won"):
        world.zoho.advance(86_400)
        world.zoho.store.change("Deals", deal, {"Stage": stage})
    world.filled()
    assert [one.to_stage for one in world.crm.stage_history(deal)] == ["Closed Won"]  # what was seen

    world.mirror.take_details()

    history = world.crm.stage_history(deal)
    assert [(one.from_stage, one.to_stage) for one in history] == [
        ("", "Qualification"),
        ("Qualification", "Needs Analysis"),
        ("Needs Analysis", "Closed Won"),
    ]
    assert round((history[2].at - history[0].at).total_seconds() / 86_400) == 2
    stored = world.crm.deal(deal)
    assert stored is not None and stored.closed_at == history[2].at


def test_two_steps_in_one_second_stay_in_their_order(world: MirrorWorld) -> None:
    deal = world.deal(Stage="Qualification")
    world.zoho.store.change("Deals", deal, {"Stage": "Needs Analysis"})
    world.zoho.store.change("Deals", deal, {"Stage": "Closed Won"})
    world.zoho.store.change("Deals", deal, {"Stage": "Needs Analysis"})
    world.mirror.fill()

    world.mirror.take_details()

    stages = ["Qualification", "Needs Analysis", "Closed Won", "Needs Analysis"]
    assert [one.to_stage for one in world.crm.stage_history(deal)] == stages


def test_a_deal_was_closed_when_it_came_into_its_stage_where_the_record_does_not_say(world: MirrorWorld) -> None:
    deal = world.deal()
    world.zoho.advance(86_400)
    world.zoho.store.change("Deals", deal, {"Stage": "Closed Won"})
    raw = world.raw("deals", deal)
    world.mirror.apply("deals", [{name: value for name, value in raw.items() if name != "Stage_Modified_Time"}])
    before = world.crm.deal(deal)

    world.mirror.take_details()

    after, history = world.crm.deal(deal), world.crm.stage_history(deal)
    assert before is not None and after is not None
    assert before.closed_at != after.closed_at == history[-1].at


def test_without_a_history_in_zoho_what_was_seen_stands(world: MirrorWorld) -> None:
    deal = world.deal()
    world.filled()
    world.zoho.faults.next("/coql", status=400, code="INVALID_MODULE", times=3)
    world.changed_later("Deals", deal, {"Stage": "Closed Lost"})
    world.mirror.poll()
    world.mirror.take_details()

    assert [one.to_stage for one in world.crm.stage_history(deal)] == ["Qualification", "Closed Lost"]
