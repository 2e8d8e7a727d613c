"""The demo shop's pages: front page, products, services, support, about us. The chat box stands on each of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from flask import Blueprint, abort, render_template, request

from crm_client.records import Product
from motenashi.pages.shop.texts import LANGUAGES, shop_texts

MOST_ON_FRONT_PAGE = 8

Products = Callable[[], Sequence[Product]]


@dataclass(frozen=True)
class Shelf:
    """A category with its products, in the shop's order."""

    category: str
    title: str
    products: tuple[Product, ...]


def build_shop(
    products: Products,
    *,
    language: Callable[[], str],
    bot: str = "storefront",
    try_out: bool = True,
) -> Blueprint:
    """A blueprint with `/`, /products, /services, /support and /about.

    `products` gives what is sold now, asked for on every page that shows some; `language` the page's language ('en' or
    'ja'). `try_out` shows who may be played in the demo company; leave it out in production.
    """
    door = Blueprint("shop", __name__, template_folder="../templates")

    def show(template: str, **values: Any) -> str:
        spoken = language() if language() in LANGUAGES else LANGUAGES[0]
        return render_template(
            f"shop/{template}.html", t=shop_texts(spoken), language=spoken, bot=bot, price=price, here=here, **values
        )

    def say(name: str) -> Mapping[str, Any]:
        part: Mapping[str, Any] = shop_texts(language() if language() in LANGUAGES else LANGUAGES[0])[name]
        return part

    @door.get("/")
    def front() -> str:
        every = shelves(products(), say("categories"))
        return show("front", shelves=every, products=front_products(every, MOST_ON_FRONT_PAGE), try_out=try_out)

    @door.get("/products")
    def all_products() -> str:
        category = request.args.get("category", "")
        every = shelves(products(), say("categories"))
        return show("products", shelves=every, category=category, shown=only(every, category))

    @door.get("/products/<code>")
    def product(code: str) -> str:
        listed = products()
        found = next((item for item in listed if code.lower() in (item.id.lower(), item.code.lower())), None)
        if found is None:
            abort(404)
        beside = [item for item in listed if item.category == found.category and item.id != found.id]
        return show("product", product=found, beside=beside[:4])

    @door.get("/services")
    def services() -> str:
        return show("services")

    @door.get("/services/<slug>")
    def service(slug: str) -> str:
        listed = say("services")["list"]
        found = next((item for item in listed if item["slug"] == slug), None)
        if found is None:
            abort(404)
        return show("service", service=found, others=[item for item in listed if item["slug"] != slug])

    @door.get("/<any(support, about):name>")
    def page(name: str) -> str:
        return show(name)

    return door


def shelves(products: Sequence[Product], titles: Mapping[str, str]) -> tuple[Shelf, ...]:
    """The products by category, in the order of `titles`; categories nobody has named come last."""
    categories = dict.fromkeys((*titles, *(product.category for product in products)))
    filled = (
        Shelf(name, titles.get(name, name.title()), tuple(item for item in products if item.category == name))
        for name in categories
    )
    return tuple(shelf for shelf in filled if shelf.products)


def only(every: Sequence[Shelf], category: str) -> Sequence[Shelf]:
    """The one shelf asked for, or all of them when nothing of that name is there to choose."""
    return [shelf for shelf in every if shelf.category == category] if category else every


def front_products(every: Sequence[Shelf], most: int) -> Sequence[Product]:
    """A varied choice: the first of every shelf, then the second, until there are enough."""
    rounds = zip_longest(*(shelf.products for shelf in every))
    return [product for row in rounds for product in row if product is not None][:most]


def price(product: Product) -> str:
    """¥148,000; other currencies by their code, from their smallest part."""
    if product.currency == "JPY":
        return f"¥{product.unit_price:,}"
    return f"{product.currency} {product.unit_price / 100:,.2f}"


def here(path: str) -> bool:
    """Does the page being shown lie below this path?"""
    return request.path == path or request.path.startswith(f"{path}/")
