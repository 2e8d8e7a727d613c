"""Deals that are won or lost now, since when, and the events that this makes."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Select, and_, func, insert, literal, or_, select

from crm_client.embedded.tables import crm_contacts, crm_deals, crm_stage_changes, crm_stages
from motenashi.insights.voice.events.found import closed_deals

_CLOSED = ("won", "lost")


def fill_closed_deals(connection: Connection) -> None:
    """A deal is closed since it came to stages of its outcome for the last time, whatever their names; where nobody
    noted that, since the CRM says so. A deal that was opened again is none of them. A deal without a company is its
    contact's company's."""
    now_in, then_in = crm_stages.alias("now_in"), crm_stages.alias("then_in")
    changes, deals = crm_stage_changes, crm_deals
    outcomes = (
        select(changes.c.deal_id, changes.c.at, then_in.c.outcome.label("then"), now_in.c.outcome.label("now"))
        .join(then_in, then_in.c.name == changes.c.to_stage)
        .join(deals, deals.c.id == changes.c.deal_id)
        .join(now_in, now_in.c.name == deals.c.stage)
        .where(now_in.c.outcome.in_(_CLOSED))
        .cte("outcomes")
    )
    elsewhere = (
        select(outcomes.c.deal_id, func.max(outcomes.c.at).label("at"))
        .where(outcomes.c.then != outcomes.c.now)
        .group_by(outcomes.c.deal_id)
        .cte("elsewhere")
    )
    since = (
        select(outcomes.c.deal_id, func.min(outcomes.c.at).label("at"))
        .outerjoin(elsewhere, elsewhere.c.deal_id == outcomes.c.deal_id)
        .where(outcomes.c.then == outcomes.c.now, or_(elsewhere.c.at.is_(None), outcomes.c.at >= elsewhere.c.at))
        .group_by(outcomes.c.deal_id)
        .cte("since")
    )
    at = func.coalesce(since.c.at, deals.c.closed_at, deals.c.created_at)
    closed = (
        select(
            deals.c.id,
            now_in.c.outcome,
            at,
            deals.c.contact_id,
            func.coalesce(func.nullif(deals.c.account_id, ""), crm_contacts.c.account_id, ""),
            deals.c.owner_id,
            deals.c.type,
            deals.c.stage,
        )
        .join(now_in, and_(now_in.c.name == deals.c.stage, now_in.c.outcome.in_(_CLOSED)))
        .outerjoin(since, since.c.deal_id == deals.c.id)
        .outerjoin(crm_contacts, crm_contacts.c.id == deals.c.contact_id)
    )
    connection.execute(insert(closed_deals).from_select(list(closed_deals.c.keys()), closed))


def won_and_lost() -> Select[Any]:
    """deal_won and deal_lost; `detail` is the stage."""
    deal = closed_deals.c
    kind = "deal_" + deal.outcome
    return _of_deals(kind + ":" + deal.deal_id, kind, deal.stage)


def lost_renewals(types: Collection[str]) -> Select[Any]:
    """churn: a customer who did not renew."""
    deal = closed_deals.c
    return _of_deals("churn:deal:" + deal.deal_id, literal("churn"), literal("renewal lost")).where(
        deal.outcome == "lost", func.lower(deal.type).in_([one.lower() for one in types])
    )


def _of_deals(key: Any, kind: Any, detail: Any) -> Select[Any]:
    deal = closed_deals.c
    nobody = literal("")
    return select(key, kind, deal.at, deal.contact_id, nobody, deal.account_id, deal.deal_id, deal.owner_id, detail)
