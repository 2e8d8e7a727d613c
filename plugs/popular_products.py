"""What other customers buy most: for visitors of whom we know nothing yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from crm_client.client import CrmClient
from motenashi.conversation.display_cards import ProductTile
from motenashi.plug_contract import plug
from plugs.product_tiles import as_lines, price_of, tile_of

MOST_SHOWN = 20


@dataclass(frozen=True)
class PopularProducts:
    products: Annotated[tuple[ProductTile, ...], "Tiles with name and price, the most popular first."]
    count: Annotated[int, "How many products are in the list; 0 when no deal has products yet."]
    text: Annotated[str, "The same as text, one product a line."]


@plug(title="Popular products", cache=60.0, credits=1)
def popular_products(
    *,
    by: Annotated[
        Literal["deals", "recent", "revenue"],
        "deals: linked to most deals. recent: the same, newer deals counting more. revenue: most money in won deals.",
    ] = "deals",
    category: Annotated[str, "Only products of this category, as the CRM names it. Empty: all."] = "",
    limit: Annotated[int, "How many at most, 1 to 20."] = 5,
    crm: CrmClient,
    language: str,
    now: datetime,
) -> PopularProducts:
    """The products that sell best, with their prices in the visitor's language."""
    limit = min(max(limit, 1), MOST_SHOWN)
    ranked = crm.popular_products(by=by, category=category.strip(), limit=limit, now=now)
    tiles = tuple(tile_of(each.product, price_of(each.product, language), language) for each in ranked)
    return PopularProducts(products=tiles, count=len(tiles), text=as_lines(tiles, language))
