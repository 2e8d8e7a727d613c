"""What other customers buy most."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crm_client.records import Contact
from motenashi.plug_contract import PlugCall, PlugInputWrong
from tests.plugs.conftest import NOW, Shop


@pytest.fixture
def sold(shop: Shop, haruka: Contact) -> Shop:
    """Mice are in most deals, notebooks in the newest ones, servers bring the money."""
    for day in (1, 2, 3):
        shop.deal(haruka, "Closed Lost", datetime(2025, 1, day, tzinfo=UTC), MS_1=1)
    for day in (1, 2):
        shop.deal(haruka, "Qualification", datetime(2026, 4, day, tzinfo=UTC), NB_14=1)
    shop.deal(haruka, "Closed Won", datetime(2025, 1, 1, tzinfo=UTC), SV_2=1)
    return shop


@pytest.mark.parametrize(
    ("by", "titles"),
    [
        ("deals", ["MS-1 (en)", "NB-14 (en)", "SV-2 (en)"]),
        ("recent", ["NB-14 (en)", "MS-1 (en)", "SV-2 (en)"]),
        ("revenue", ["SV-2 (en)"]),
    ],
)
def test_products_rank_as_asked(sold: Shop, by: str, titles: list[str]) -> None:
    answer = sold.ask("popular_products", by=by)

    assert [tile["title"] for tile in answer["products"]] == titles
    assert answer["count"] == len(titles)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "- MS-1 (en) (¥3,980)\n- NB-14 (en) (¥128,000)\n- SV-2 (en) (¥498,000)"),
        ("ja", "・MS-1（日）（3,980円）\n・NB-14（日）（128,000円）\n・SV-2（日）（498,000円）"),
    ],
)
def test_names_and_prices_are_in_the_visitors_language(sold: Shop, language: str, text: str) -> None:
    assert sold.ask("popular_products", language=language)["text"] == text


def test_one_category_and_the_first_few_can_be_asked_for(sold: Shop) -> None:
    servers = sold.ask("popular_products", category=" servers ")
    first = sold.ask("popular_products", limit="1")
    none = sold.ask("popular_products", category="no such")

    assert [tile["title"] for tile in servers["products"]] == ["SV-2 (en)"]
    assert [tile["title"] for tile in first["products"]] == ["MS-1 (en)"]
    assert none == {"products": [], "count": 0, "text": ""}


def test_five_are_shown_when_nobody_says_how_many(sold: Shop, haruka: Contact) -> None:
    for number in range(10):
        sold.product(f"X-{number}", 1_000)
        sold.deal(haruka, "Qualification", NOW, **{f"X_{number}": 1})

    assert sold.ask("popular_products")["count"] == 5
    assert sold.ask("popular_products", limit=99_999)["count"] == 13
    assert sold.ask("popular_products", limit=-1)["count"] == 1


def test_another_order_than_the_known_ones_is_a_wrong_input(shop: Shop) -> None:
    with pytest.raises(PlugInputWrong, match="one of: deals, recent, revenue"):
        shop.ask("popular_products", by="price")


def test_the_answer_is_kept_for_a_minute(sold: Shop) -> None:
    call = PlugCall("popular_products", {}, NOW)

    assert [sold.runner.run(call).from_cache for _ in range(2)] == [False, True]
