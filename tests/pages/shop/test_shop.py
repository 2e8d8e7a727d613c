"""The demo shop's pages: both languages, every product, honest errors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask.testing import FlaskClient

from crm_client.demo.catalogue import catalogue
from crm_client.records import Product
from motenashi.pages.shop.shop import front_products, price, shelves
from motenashi.pages.shop.texts import FILE, LANGUAGES, shop_texts
from tests.pages.shop.shop_app import STATIC, build_shop_app

PAGES = ("/", "/products", "/services", "/services/setup", "/services/leasing", "/services/care", "/support", "/about")
PRODUCTS = [entry.product for entry in catalogue()]
FLOWS = Path(__file__).parents[3] / "flows"


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return build_shop_app().test_client()


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_speaks_both_languages(client: FlaskClient, path: str, language: str) -> None:
    page = client.get(f"{path}?lang={language}").get_data(as_text=True)

    assert f'<html lang="{language}">' in page
    assert shop_texts(language)["shop"] in page
    assert f'data-lang="{language}"' in page


def test_every_text_is_written_in_both_languages_and_none_is_empty() -> None:
    for language in LANGUAGES:
        texts = [text for text in leaves(shop_texts(language)) if text != ""]
        assert all(isinstance(text, str) for text in texts)
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))

    assert [pair for pair in pairs(data) if not (pair["en"] and pair["ja"])] == []


def test_every_product_has_a_page_in_both_languages(client: FlaskClient) -> None:
    for product in PRODUCTS:
        for language in LANGUAGES:
            page = client.get(f"{product.url}?lang={language}").get_data(as_text=True)

            assert product.name(language) in page
            assert price(product) in page


def test_every_category_has_a_name(client: FlaskClient) -> None:
    for language in LANGUAGES:
        assert {product.category for product in PRODUCTS} <= set(shop_texts(language)["categories"])


def test_a_shelf_shows_its_own_products_only(client: FlaskClient) -> None:
    page = client.get("/products?category=server&lang=en").get_data(as_text=True)

    assert "RackMate R350" in page
    assert "AeroBook 14" not in page


def test_what_is_not_there_is_not_found(client: FlaskClient) -> None:
    assert client.get("/products/nb-99").status_code == 404
    assert client.get("/services/magic").status_code == 404


def test_an_empty_shelf_says_so_without_repeating_what_was_asked_for(client: FlaskClient) -> None:
    page = client.get("/products?category=<script>alert(1)</script>&lang=en").get_data(as_text=True)

    assert "nothing on this shelf" in page
    assert "alert(1)" not in page


def test_the_pages_keep_a_strict_content_security_policy(client: FlaskClient) -> None:
    for path in (*PAGES, PRODUCTS[0].url):
        page = client.get(path).get_data(as_text=True)

        assert re.findall(r"<script(?![^>]*\ssrc=)", page) == []
        assert re.findall(r"\sstyle=|<style|\son\w+=", page) == []
        assert re.findall(r'(?:src|href)="https?://', page) == []


def test_every_file_a_page_names_is_there(client: FlaskClient) -> None:
    page = client.get("/").get_data(as_text=True)

    for name in re.findall(r'(?:src|href)="/static/([^"]+)"', page):
        if not name.startswith("products/"):  # drawn with the demo company
            assert (STATIC / name).is_file(), name


def test_the_pages_that_the_flows_link_to_are_there(client: FlaskClient) -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in FLOWS.rglob("*.yaml"))
    paths = set(re.findall(r"\b(?:url|link): (/[^\s,}]*)", text))

    assert "/services/care" in paths
    assert [path for path in sorted(paths) if client.get(path).status_code != 200] == []


def test_in_production_nobody_is_offered_to_be_played() -> None:
    page = build_shop_app(try_out=False).test_client().get("/?lang=en").get_data(as_text=True)

    assert "haruka.mori@example.com" not in page
    assert "/dev/outbox" not in page


def test_the_people_to_try_out_are_offered_with_their_addresses(client: FlaskClient) -> None:
    page = client.get("/?lang=en").get_data(as_text=True)

    for address in ("haruka.mori@example.com", "tom.becker@example.com", "new.contact@example.com", ""):
        assert f'data-as="{address}"' in page


def test_the_front_page_shows_something_of_every_shelf_first() -> None:
    shown = front_products(shelves(PRODUCTS, {}), 8)

    assert len({product.category for product in shown}) == 8


def test_shelves_hold_every_product_once() -> None:
    found = [product for shelf in shelves(PRODUCTS, {}) for product in shelf.products]

    assert sorted(product.id for product in found) == sorted(product.id for product in PRODUCTS)


def test_shelves_stand_in_the_shops_order_and_unknown_ones_last() -> None:
    found = shelves([PRODUCTS[-1], PRODUCTS[0]], {"notebook": "Notebooks", "power": "Power"})

    assert [shelf.title for shelf in found] == ["Notebooks", "Service"]


def test_prices_are_written_as_people_write_them() -> None:
    assert price(Product("a", "A", "A", "A", "x", 148_000)) == "¥148,000"
    assert price(Product("a", "A", "A", "A", "x", 9_950, "USD")) == "USD 99.50"


def leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for item in value.values():
            yield from leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item)
    else:
        yield value


def pairs(value: Any) -> Iterator[dict[str, str]]:
    if isinstance(value, dict) and set(value) == set(LANGUAGES):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from pairs(item)
