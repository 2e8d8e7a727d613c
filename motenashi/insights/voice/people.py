"""Whose words they are: company, owner and, where only one is open, the deal. A question or two to the CRM's tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from crm_client.embedded.tables import crm_activities, crm_contacts, crm_deals, crm_leads, crm_stages, crm_touchpoints

ONLY_ONE_OPEN = 0.95  # how sure it is that somebody speaks of their only open deal; as for mails
_BESIDE = timedelta(minutes=15)


@dataclass(frozen=True)
class Whose:
    account_id: str = ""
    owner_id: str = ""
    deal_id: str = ""
    deal_certainty: float = 0.0


@dataclass(frozen=True)
class LoggedCall:
    """What our people noted of a call in the CRM."""

    result: str = ""
    note: str = ""


def whose(connection: Connection, contact_id: str, lead_id: str, deal_id: str = "") -> Whose:
    """`deal_id`: as whoever wrote it down says; without one it is the contact's only open deal, or none."""
    if not contact_id:
        owner = connection.scalar(select(crm_leads.c.owner_id).where(crm_leads.c.id == lead_id))
        return Whose("", owner or "", deal_id, float(bool(deal_id)))
    contact = crm_contacts.c
    found = connection.execute(select(contact.account_id, contact.owner_id).where(contact.id == contact_id)).first()
    account_id, owner_id = (found.account_id, found.owner_id) if found else ("", "")
    if deal_id:
        return Whose(account_id, owner_id, deal_id, 1.0)
    open_deals = (
        select(crm_deals.c.id)
        .join(crm_stages, crm_stages.c.name == crm_deals.c.stage)
        .where(crm_deals.c.contact_id == contact_id, crm_stages.c.outcome == "open")
        .limit(2)
    )
    deals = connection.scalars(open_deals).all()
    return Whose(account_id, owner_id, deals[0], ONLY_ONE_OPEN) if len(deals) == 1 else Whose(account_id, owner_id)


def call_beside(connection: Connection, contact_id: str, lead_id: str, at: datetime) -> LoggedCall:
    """The call with this person that our people logged nearest to that moment, within a quarter of an hour."""
    table = crm_activities.c
    person = table.contact_id == contact_id if contact_id else table.lead_id == lead_id
    near = table.start_at.between(at - _BESIDE, at + _BESIDE)
    query = select(table.start_at, table.result, table.note).where(person, near, table.kind == "call")
    calls = connection.execute(query).all()
    if not calls:
        return LoggedCall()
    nearest = min(calls, key=lambda call: abs(call.start_at - at))
    return LoggedCall(nearest.result, nearest.note)


def how_long(connection: Connection, key: str) -> timedelta:
    """How long the touchpoint of this key lasted; nothing where nobody knows."""
    seconds = connection.scalar(select(crm_touchpoints.c.duration_s).where(crm_touchpoints.c.key == key))
    return timedelta(seconds=seconds or 0)
