"""Who is to be erased: one human being may be a contact and the leads they once were, with several addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, or_, select

from crm_client.embedded.tables import crm_contacts, crm_deals, crm_leads
from crm_client.identifiers import email_key

PersonKind = Literal["contact", "lead"]


@dataclass(frozen=True)
class Whose:
    """`addresses` are look-up keys (lower case), `phones` too (digits with country code)."""

    contact_ids: frozenset[str] = frozenset()
    lead_ids: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()

    @property
    def ids(self) -> frozenset[str]:
        return self.contact_ids | self.lead_ids


def whose(connection: Connection, kind: PersonKind, person_id: str) -> Whose | None:
    """The person behind a record: a contact with the leads that became it, or a lead with the contact it became.
    None when there is no such record."""
    first = crm_contacts if kind == "contact" else crm_leads
    found = connection.execute(select(first).where(first.c.id == person_id)).mappings().first()
    if found is None:
        return None
    contact_id = person_id if kind == "contact" else _contact_of(connection, found)
    contacts = _rows(connection, select(crm_contacts).where(crm_contacts.c.id == contact_id)) if contact_id else []
    became = _became(contact_id) if contact_id else crm_leads.c.id == person_id
    itself = crm_leads.c.id == person_id if kind == "lead" else crm_leads.c.id == ""
    leads = _rows(connection, select(crm_leads).where(or_(became, itself)))
    people = contacts + leads
    return Whose(
        contact_ids=frozenset(row["id"] for row in contacts),
        lead_ids=frozenset(row["id"] for row in leads),
        addresses=frozenset(_keys(people, ("email", "secondary_email"), as_address=True)),
        phones=frozenset(_keys(people, ("phone_key", "mobile_key"), as_address=False)),
    )


def _contact_of(connection: Connection, lead: RowMapping) -> str:
    """The contact that a lead became; some CRMs tell only the deal that came of it."""
    if lead["converted_contact_id"] or not lead["converted_deal_id"]:
        return str(lead["converted_contact_id"] or "")
    query = select(crm_deals.c.contact_id).where(crm_deals.c.id == lead["converted_deal_id"])
    return str(connection.execute(query).scalar() or "")


def _became(contact_id: str) -> ColumnElement[bool]:
    """As the timeline has it (insights/timeline/person_rows.py)."""
    lead = crm_leads.c
    deals = select(crm_deals.c.id).where(crm_deals.c.contact_id == contact_id)
    by_deal = and_(lead.converted_contact_id == "", lead.converted_deal_id != "", lead.converted_deal_id.in_(deals))
    return or_(lead.converted_contact_id == contact_id, by_deal)


def _rows(connection: Connection, query: Any) -> list[RowMapping]:
    return list(connection.execute(query).mappings())


def _keys(rows: list[RowMapping], names: tuple[str, ...], *, as_address: bool) -> set[str]:
    values = {str(row.get(name) or "") for row in rows for name in names}
    return {key for value in values if (key := email_key(value) if as_address else value)}
