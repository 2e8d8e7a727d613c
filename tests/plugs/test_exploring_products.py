"""What a customer is thinking of buying."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crm_client.records import Contact, Outcome, Stage
from tests.plugs.conftest import Shop, verified

HARUKA = verified("haruka.mori@example.com")
MARCH, APRIL = datetime(2026, 3, 5, tzinfo=UTC), datetime(2026, 4, 5, tzinfo=UTC)


@pytest.fixture
def exploring(shop: Shop, haruka: Contact) -> Contact:
    shop.deal(haruka, "Qualification", MARCH, NB_14=1, MS_1=2)
    shop.deal(haruka, "Negotiation/Review", APRIL, SV_2=1, MS_1=3)
    shop.deal(haruka, "Closed Won", APRIL, NB_14=9)
    shop.deal(haruka, "Closed Lost", APRIL, NB_14=9)
    return haruka


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "- SV-2 (en) (¥498,000)\n- MS-1 (en) (¥3,980 · quantity 5)\n- NB-14 (en) (¥128,000)"),
        ("ja", "・SV-2（日）（498,000円）\n・MS-1（日）（3,980円・数量 5）\n・NB-14（日）（128,000円）"),
    ],
)
def test_products_of_open_deals_are_shown_once_newest_deal_first(
    shop: Shop, exploring: Contact, language: str, text: str
) -> None:
    answer = shop.ask("exploring_products", HARUKA, language, contact_id=exploring.id)

    assert answer["text"] == text
    assert answer["count"] == 3
    assert answer["products"][2]["image"] == "/static/products/nb-14.svg"


def test_the_price_is_the_lists_and_not_an_offer_nobody_made_yet(shop: Shop, exploring: Contact) -> None:
    """The deals say 90,000 for everything."""
    answer = shop.ask("exploring_products", HARUKA, contact_id=exploring.id)

    assert "90,000" not in str(answer)


def test_open_is_what_the_stage_means_and_not_what_it_is_called(shop: Shop, haruka: Contact) -> None:
    shop.crm.set_stages(
        [
            Stage("Qualification", Outcome.OPEN, 1),
            Stage("Closed Won?", Outcome.OPEN, 2),
            Stage("ご成約", Outcome.WON, 3),
        ]
    )
    shop.deal(haruka, "Closed Won?", MARCH, NB_14=1)
    shop.deal(haruka, "ご成約", APRIL, SV_2=1)

    exploring = shop.ask("exploring_products", HARUKA, contact_id=haruka.id)
    bought = shop.ask("past_orders", HARUKA, contact_id=haruka.id)

    assert [tile["title"] for tile in exploring["products"]] == ["NB-14 (en)"]
    assert [tile["title"] for tile in bought["products"]] == ["SV-2 (en)"]


def test_who_explores_nothing_gets_an_empty_list(shop: Shop, haruka: Contact) -> None:
    shop.deal(haruka, "Closed Won", MARCH, NB_14=1)

    assert shop.ask("exploring_products", HARUKA, contact_id=haruka.id) == {"products": [], "count": 0, "text": ""}


def test_the_limit_shortens_the_list_and_not_the_count(shop: Shop, exploring: Contact) -> None:
    answer = shop.ask("exploring_products", HARUKA, contact_id=exploring.id, limit=2)

    assert (len(answer["products"]), answer["count"]) == (2, 3)
