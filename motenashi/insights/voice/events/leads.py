"""Leads that became customers, and leads that came to nothing."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, and_, case, func, literal, or_, select, union_all

from crm_client.embedded.tables import (
    crm_activities,
    crm_contacts,
    crm_deals,
    crm_emails,
    crm_field_changes,
    crm_leads,
    crm_touchpoints,
)

_CONVERSION = ("converted_deal_id", "converted_contact_id")


def converted() -> Select[Any]:
    """lead_converted: since the change was noted; else since the deal was made of it, or the contact (who may have been
    there before), and never before the lead itself."""
    lead, deal, contact = crm_leads.c, crm_deals.c, crm_contacts.c
    noted = (
        select(crm_field_changes.c.record_id, func.min(crm_field_changes.c.at).label("at"))
        .where(
            crm_field_changes.c.module == "leads",
            or_(
                crm_field_changes.c.field.in_(_CONVERSION),
                and_(crm_field_changes.c.field == "status", func.lower(crm_field_changes.c.to_value) == "converted"),
            ),
        )
        .group_by(crm_field_changes.c.record_id)
        .subquery()
    )
    made = func.coalesce(noted.c.at, deal.created_at, contact.created_at, lead.created_at)
    return (
        select(
            "lead_converted:" + lead.id,
            literal("lead_converted"),
            case((made < lead.created_at, lead.created_at), else_=made),
            lead.converted_contact_id,
            lead.id,
            func.coalesce(contact.account_id, deal.account_id, ""),
            lead.converted_deal_id,
            lead.owner_id,
            lead.source,
        )
        .select_from(crm_leads)
        .outerjoin(noted, noted.c.record_id == lead.id)
        .outerjoin(crm_deals, and_(deal.id == lead.converted_deal_id, lead.converted_deal_id != ""))
        .outerjoin(crm_contacts, and_(contact.id == lead.converted_contact_id, lead.converted_contact_id != ""))
        .where(or_(lead.converted_deal_id != "", lead.converted_contact_id != ""))
    )


def junk(statuses: Collection[str]) -> Select[Any]:
    """lead_junk: since the status was noted; else since the last thing that happened with the lead, for nobody gives
    somebody up before that. `detail` is the status."""
    lead = crm_leads.c
    wanted = [one.lower() for one in statuses]
    change = crm_field_changes.c
    noted = (
        select(change.record_id, change.to_value, func.max(change.at).label("at"))
        .where(
            change.module == "leads",
            change.field == "status",
            change.from_value != "",  # a lead's creation tells nothing of its end
            func.lower(change.to_value).in_(wanted),
        )
        .group_by(change.record_id, change.to_value)
        .subquery()
    )
    return (
        select(
            "lead_junk:" + lead.id,
            literal("lead_junk"),
            func.coalesce(noted.c.at, _last_touch(), lead.created_at),
            literal(""),
            lead.id,
            literal(""),
            literal(""),
            lead.owner_id,
            lead.status,
        )
        .select_from(crm_leads)
        .outerjoin(noted, and_(noted.c.record_id == lead.id, noted.c.to_value == lead.status))
        .where(func.lower(lead.status).in_(wanted), lead.converted_deal_id == "", lead.converted_contact_id == "")
    )


def _last_touch() -> Any:
    """Of the lead in the row around it."""
    touches = [
        select(func.max(moment).label("at")).where(column == crm_leads.c.id).correlate(crm_leads)
        for moment, column in (
            (crm_touchpoints.c.at, crm_touchpoints.c.lead_id),
            (crm_emails.c.sent_at, crm_emails.c.lead_id),
            (crm_activities.c.start_at, crm_activities.c.lead_id),
        )
    ]
    each = union_all(*touches).subquery()
    return select(func.max(each.c.at)).scalar_subquery()
