"""Customers who fell silent: they bought, nothing is open with them, and nothing was heard of them for long.

A customer is an account, or a contact without one. Heard is what comes from them: a signal of any channel, a mail, a
call or meeting that took place, a response, a purchase. What we send them is not: who never answers is silent.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, and_, case, exists, func, literal, or_, select, union_all

from crm_client.embedded.tables import (
    crm_accounts,
    crm_activities,
    crm_contacts,
    crm_deals,
    crm_emails,
    crm_stages,
    crm_touchpoints,
)
from motenashi.insights.voice.events.found import closed_deals
from motenashi.insights.voice.events.moments import shifted
from motenashi.insights.voice.tables import voice_responses

SILENT = "silent"  # the detail of such a churn


def fell_silent(after: timedelta, now: datetime, dialect: str) -> Select[Any]:
    """churn: at the moment when they had been silent for that long. Who comes back was not lost: the event goes."""
    buyers = _buyers()
    heard = union_all(*_heard(buyers), select(buyers.c.account_id, buyers.c.contact_id, buyers.c.at)).subquery()
    silent_since = func.max(heard.c.at)
    lost_at = shifted(silent_since, after, dialect)
    silent = (
        select(heard.c.account_id, heard.c.contact_id, lost_at.label("at"))
        .group_by(heard.c.account_id, heard.c.contact_id)
        .having(silent_since <= now - after)
        .subquery()
    )
    of_account = silent.c.account_id != ""
    key = case(
        (of_account, "churn:silent:account:" + silent.c.account_id),
        else_="churn:silent:contact:" + silent.c.contact_id,
    )
    return (
        select(
            key,
            literal("churn"),
            silent.c.at,
            case((of_account, func.coalesce(_last_buyer(silent.c.account_id), "")), else_=silent.c.contact_id),
            literal(""),
            silent.c.account_id,
            literal(""),
            func.coalesce(crm_accounts.c.owner_id, crm_contacts.c.owner_id, ""),
            literal(SILENT),
        )
        .select_from(silent)
        .outerjoin(crm_accounts, and_(of_account, crm_accounts.c.id == silent.c.account_id))
        .outerjoin(crm_contacts, and_(~of_account, crm_contacts.c.id == silent.c.contact_id))
    )


def _buyers() -> CTE:
    """Customers with a won deal and no open one: an account or a contact, the other ''; and their last purchase."""
    deal, other = closed_deals.c, crm_deals.alias("other")
    still_open = (
        exists()
        .where(
            or_(
                and_(deal.account_id != "", other.c.account_id == deal.account_id),
                and_(deal.contact_id != "", other.c.contact_id == deal.contact_id),
            ),
            other.c.stage.in_(select(crm_stages.c.name).where(crm_stages.c.outcome == "open")),
        )
        .correlate(closed_deals)
    )
    contact = case((deal.account_id == "", deal.contact_id), else_="")
    return (
        select(deal.account_id, contact.label("contact_id"), func.max(deal.at).label("at"))
        .where(deal.outcome == "won", or_(deal.account_id != "", deal.contact_id != ""), ~still_open)
        .group_by(deal.account_id, contact)
        .cte("buyers")
    )


def _heard(buyers: CTE) -> list[Select[Any]]:
    """The last signs of life, a query a table and kind of customer; each contact's newest is one step in an index."""
    person = crm_contacts.alias("person")
    last = [
        _newest(crm_touchpoints, crm_touchpoints.c.at, person, crm_touchpoints.c.signal.is_(True)),
        _newest(crm_emails, crm_emails.c.sent_at, person, crm_emails.c.direction == "in"),
        _newest(
            crm_activities, crm_activities.c.start_at, person, crm_activities.c.result.in_(("answered", "attended"))
        ),
        _newest(voice_responses, voice_responses.c.at, person, literal(1) == 1),
    ]
    of_account, of_contact = person.c.account_id == buyers.c.account_id, person.c.id == buyers.c.contact_id
    return [
        select(buyers.c.account_id, buyers.c.contact_id, newest.label("at")).select_from(
            buyers.join(person, and_(column != "", same))
        )
        for newest in last
        for column, same in ((buyers.c.account_id, of_account), (buyers.c.contact_id, of_contact))
    ]


def _newest(table: Any, moment: Any, person: Any, counts: ColumnElement[bool]) -> Any:
    newest = select(moment).where(table.c.contact_id == person.c.id, counts).order_by(moment.desc()).limit(1)
    return newest.correlate(person).scalar_subquery()


def _last_buyer(account_id: Any) -> Any:
    """The contact of the account's last purchase."""
    deal = closed_deals.alias("last_deal").c
    bought = (deal.account_id == account_id, deal.outcome == "won", deal.contact_id != "")
    return select(deal.contact_id).where(*bought).order_by(deal.at.desc(), deal.deal_id).limit(1).scalar_subquery()
