"""What a customer has bought: the products of won deals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Annotated
from zoneinfo import ZoneInfo

from crm_client.client import CrmClient
from crm_client.records import Deal, Outcome, Product
from motenashi.conversation.display_cards import ProductTile
from motenashi.plug_contract import plug
from plugs.product_tiles import as_lines, joined, tile_of

MOST_SHOWN = 50
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True)
class PastOrders:
    products: Annotated[tuple[ProductTile, ...], "Tiles with total quantity and date; last bought first."]
    count: Annotated[int, "How many different products there are, also beyond the limit."]
    text: Annotated[str, "The same as text, one product a line."]


@dataclass
class _Bought:
    product: Product
    quantity: int = 0
    deal_ids: set[str] = field(default_factory=set)
    last_on: date | None = None


@plug(title="Past orders of a customer", reveals="personal", about="contact_id", credits=4)
def past_orders(
    *,
    contact_id: Annotated[str, "The contact's record id, from identify_visitor."],
    limit: Annotated[int, "How many at most, 1 to 50."] = 20,
    crm: CrmClient,
    language: str,
    now: datetime,
) -> PastOrders:
    """Each product of a contact's won deals once, with the total quantity and the day it was last bought."""
    deals = sorted(crm.deals_of_contact(contact_id, outcomes=(Outcome.WON,)), key=_bought_at, reverse=True)
    bought = _by_product(crm, deals, _zone_of(crm, contact_id, now)) if deals else []
    shown = bought[: min(max(limit, 1), MOST_SHOWN)]
    tiles = tuple(tile_of(each.product, _subtitle(each, language), language) for each in shown)
    return PastOrders(products=tiles, count=len(bought), text=as_lines(tiles, language))


def _by_product(crm: CrmClient, deals: Sequence[Deal], zone: tzinfo | None) -> list[_Bought]:
    days = {deal.id: _day_of(deal, zone) for deal in deals}
    found: dict[str, _Bought] = {}
    for line, product in crm.products_of_deals(list(days)):
        bought = found.setdefault(product.id, _Bought(product))
        bought.quantity += line.quantity
        bought.deal_ids.add(line.deal_id)
        bought.last_on = bought.last_on or days[line.deal_id]  # the newest deal comes first
    return list(found.values())


def _bought_at(deal: Deal) -> float:
    moment = deal.closed_at or deal.created_at
    return moment.timestamp() if moment else 0.0


def _day_of(deal: Deal, zone: tzinfo | None) -> date | None:
    moment = deal.closed_at or deal.created_at
    return moment.astimezone(zone).date() if moment else None


def _zone_of(crm: CrmClient, contact_id: str, now: datetime) -> tzinfo | None:
    """Where this customer's days begin: an order of a Tokyo morning is still yesterday's in UTC."""
    contact = crm.contact(contact_id)
    try:
        return ZoneInfo(contact.time_zone) if contact and contact.time_zone else now.tzinfo
    except (KeyError, ValueError, OSError):  # no such zone, or a name that is no file's
        return now.tzinfo


def _subtitle(bought: _Bought, language: str) -> str:
    again = len(bought.deal_ids) > 1
    if language == "ja":
        parts = [f"合計数量 {bought.quantity}" if again else f"数量 {bought.quantity}"]
        if day := bought.last_on:
            parts.append(f"{'最終ご購入日' if again else 'ご購入日'} {day.year}年{day.month}月{day.day}日")
    else:
        parts = [f"Total quantity {bought.quantity}" if again else f"Quantity {bought.quantity}"]
        if day := bought.last_on:
            parts.append(f"{'last bought' if again else 'bought'} {day.day} {_MONTHS[day.month - 1]} {day.year}")
    return joined(parts, language)
