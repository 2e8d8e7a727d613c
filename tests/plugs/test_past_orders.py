"""What a customer has bought."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crm_client.records import Contact
from motenashi.conversation.assurance import NOBODY, Identity
from motenashi.plug_contract import PlugRefused
from tests.plugs.conftest import Shop, claimed, verified

HARUKA = verified("haruka.mori@example.com")
MARCH = datetime(2026, 3, 5, 3, 0, tzinfo=UTC)
APRIL = datetime(2026, 4, 30, 22, 30, tzinfo=UTC)  # in Tokyo it is the 1st of May already


@pytest.fixture
def orders(shop: Shop, haruka: Contact) -> Contact:
    shop.deal(haruka, "Closed Won", MARCH, NB_14=2, MS_1=1)
    shop.deal(haruka, "Closed Won", APRIL, MS_1=3)
    shop.deal(haruka, "Closed Lost", APRIL, SV_2=1)
    shop.deal(haruka, "Negotiation/Review", APRIL, SV_2=1)
    return haruka


def test_each_product_of_won_deals_is_shown_once_newest_first(shop: Shop, orders: Contact) -> None:
    answer = shop.ask("past_orders", HARUKA, contact_id=orders.id)

    assert answer["count"] == 2
    assert answer["products"] == [
        {
            "id": shop.products["MS-1"].id,
            "title": "MS-1 (en)",
            "subtitle": "Total quantity 4 · last bought 1 May 2026",
            "image": "",
            "url": "",
            "buttons": [],
        },
        {
            "id": shop.products["NB-14"].id,
            "title": "NB-14 (en)",
            "subtitle": "Quantity 2 · bought 5 March 2026",
            "image": "/static/products/nb-14.svg",
            "url": "/products/nb-14",
            "buttons": [],
        },
    ]
    assert answer["text"] == (
        "- MS-1 (en) (Total quantity 4 · last bought 1 May 2026)\n- NB-14 (en) (Quantity 2 · bought 5 March 2026)"
    )


def test_in_japanese_everything_is_japanese(shop: Shop, orders: Contact) -> None:
    answer = shop.ask("past_orders", HARUKA, "ja", contact_id=orders.id)

    assert answer["text"] == (
        "・MS-1（日）（合計数量 4・最終ご購入日 2026年5月1日）\n・NB-14（日）（数量 2・ご購入日 2026年3月5日）"
    )


def test_the_limit_shortens_the_list_and_not_the_count(shop: Shop, orders: Contact) -> None:
    for limit in (1, 0, -3):
        answer = shop.ask("past_orders", HARUKA, contact_id=orders.id, limit=limit)

        assert (len(answer["products"]), answer["count"]) == (1, 2)


def test_who_bought_nothing_gets_an_empty_list(shop: Shop, haruka: Contact) -> None:
    shop.deal(haruka, "Closed Lost", MARCH, NB_14=2)

    assert shop.ask("past_orders", HARUKA, contact_id=haruka.id) == {"products": [], "count": 0, "text": ""}


@pytest.mark.parametrize("time_zone", ["", "Mars/Olympus", "../etc/passwd"])
def test_a_time_zone_that_is_none_does_not_hide_the_orders(shop: Shop, time_zone: str) -> None:
    contact = shop.crm.save_contact(Contact("", "Sato", email="sato@example.com", time_zone=time_zone))
    shop.deal(contact, "Closed Won", APRIL, NB_14=1)

    answer = shop.ask("past_orders", verified("sato@example.com"), contact_id=contact.id)

    assert answer["products"][0]["subtitle"] == "Quantity 1 · bought 30 April 2026"


@pytest.mark.parametrize("plug", ["past_orders", "exploring_products"])
@pytest.mark.parametrize("identity", [NOBODY, claimed("haruka.mori@example.com"), verified("tom.becker@example.com")])
def test_orders_are_for_the_customer_alone(shop: Shop, orders: Contact, plug: str, identity: Identity) -> None:
    with pytest.raises(PlugRefused):
        shop.ask(plug, identity, contact_id=orders.id)
