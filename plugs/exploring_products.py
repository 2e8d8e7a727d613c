"""What a customer is thinking of buying: the products of deals that are neither won nor lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from crm_client.client import CrmClient
from crm_client.records import Outcome, Product
from motenashi.conversation.display_cards import ProductTile
from motenashi.plug_contract import plug
from plugs.product_tiles import as_lines, joined, price_of, tile_of

MOST_SHOWN = 50


@dataclass(frozen=True)
class ExploringProducts:
    products: Annotated[tuple[ProductTile, ...], "Tiles with price and quantity; of the newest deal first."]
    count: Annotated[int, "How many different products there are, also beyond the limit."]
    text: Annotated[str, "The same as text, one product a line."]


@plug(title="Products a customer is exploring", reveals="personal", about="contact_id", credits=3)
def exploring_products(
    *,
    contact_id: Annotated[str, "The contact's record id, from identify_visitor."],
    limit: Annotated[int, "How many at most, 1 to 50."] = 20,
    crm: CrmClient,
    language: str,
) -> ExploringProducts:
    """Each product of a contact's open deals once, with the quantity over all of them."""
    deals = crm.deals_of_contact(contact_id, outcomes=(Outcome.OPEN,))
    quantities: dict[Product, int] = {}
    for line, product in crm.products_of_deals([deal.id for deal in deals]) if deals else ():
        quantities[product] = quantities.get(product, 0) + line.quantity
    tiles = tuple(tile_of(each, _subtitle(each, many, language), language) for each, many in quantities.items())
    shown = tiles[: min(max(limit, 1), MOST_SHOWN)]
    return ExploringProducts(products=shown, count=len(tiles), text=as_lines(shown, language))


def _subtitle(product: Product, quantity: int, language: str) -> str:
    # The list price: what stands in an open deal may be an offer that sales has not made yet.
    price = price_of(product, language)
    if quantity <= 1:
        return price
    return joined((price, f"数量 {quantity}" if language == "ja" else f"quantity {quantity}"), language)
