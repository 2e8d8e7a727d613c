"""Recommended, then bought: a product that we named to a customer who never bought it before, in a deal won later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, and_, case, exists, func, literal, or_, select, union_all

from crm_client.embedded.tables import crm_contacts, crm_deal_products, crm_leads
from motenashi.insights.voice.events.found import closed_deals
from motenashi.insights.voice.events.moments import shifted
from motenashi.insights.voice.tables import voice_recommendations


def recommended_and_bought(within: timedelta, more: Sequence[Select[Any]], dialect: str) -> Select[Any]:
    """recommendation_bought, one for each product and customer: their first purchase of it, if we had named it to
    anybody of theirs within that time before. `more`: other recommendations, as (product_id, contact_id, lead_id, at).
    `detail` is the product's id."""
    named = _named(more)
    deal, line = closed_deals.c, crm_deal_products.c
    customer = case((deal.account_id != "", "account:" + deal.account_id), else_="contact:" + deal.contact_id)
    place = func.row_number().over(partition_by=(customer, line.product_id), order_by=(deal.at, deal.deal_id))
    bought = (
        select(
            customer.label("customer"),
            line.product_id,
            deal.deal_id,
            deal.at,
            deal.contact_id,
            deal.account_id,
            deal.owner_id,
            place.label("place"),
        )
        .join(crm_deal_products, line.deal_id == deal.deal_id)
        .where(deal.outcome == "won", or_(deal.account_id != "", deal.contact_id != ""), line.product_id != "")
        .subquery()
    )
    was_named = exists().where(
        named.c.customer == bought.c.customer,
        named.c.product_id == bought.c.product_id,
        named.c.at < bought.c.at,
        named.c.at >= shifted(bought.c.at, -within, dialect),
    )
    return select(
        "recommendation_bought:" + bought.c.deal_id + ":" + bought.c.product_id,
        literal("recommendation_bought"),
        bought.c.at,
        bought.c.contact_id,
        literal(""),
        bought.c.account_id,
        bought.c.deal_id,
        bought.c.owner_id,
        bought.c.product_id,
    ).where(bought.c.place == 1, was_named)


def _named(more: Sequence[Select[Any]]) -> Any:
    """Recommendations by customer: the company of whom we named it to, or the person without one. Of a lead it is the
    contact that became of it."""
    table = voice_recommendations.c
    ours = select(table.product_id, table.contact_id, table.lead_id, table.at)
    each = union_all(ours, *more).subquery()
    became = case((each.c.contact_id != "", each.c.contact_id), else_=crm_leads.c.converted_contact_id)
    account = crm_contacts.c.account_id
    customer = case((account != "", "account:" + account), else_="contact:" + crm_contacts.c.id)
    return (
        select(customer.label("customer"), each.c.product_id, each.c.at)
        .outerjoin(crm_leads, and_(each.c.contact_id == "", crm_leads.c.id == each.c.lead_id))
        .join(crm_contacts, crm_contacts.c.id == became)
        .cte("named")
    )
