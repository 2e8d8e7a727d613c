"""Which rows of the store belong to one person, as SQL.

A contact's are those that name the contact, those of the lead that became this contact, and those of the contact's
deals that name nobody. A lead's are those that name the lead.

Statements are built once for each shape of person (with leads, with deals, …) and given the ids when they are asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    FromClause,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    union,
)

from crm_client.embedded.tables import crm_contacts, crm_deals, crm_leads
from motenashi.database import UtcTime
from motenashi.insights.timeline.timeline import PersonKind

NOW: BindParameter[Any] = bindparam("now", type_=UtcTime())
PERSON: BindParameter[Any] = bindparam("person")


class Shape(NamedTuple):
    """What of a person there is to look for."""

    kind: PersonKind
    leads: bool
    deals: bool


@dataclass(frozen=True)
class Person:
    """`lead_ids`: the lead itself, or the leads that became this contact. `deals`: id to name, of a contact."""

    kind: PersonKind
    id: str
    lead_ids: tuple[str, ...]
    deals: dict[str, str]

    @property
    def module(self) -> str:
        return f"{self.kind}s"

    @property
    def shape(self) -> Shape:
        return Shape(self.kind, bool(self.lead_ids), bool(self.deals))

    def values(self, now: datetime) -> dict[str, Any]:
        """What statements for this shape ask for."""
        told: dict[str, Any] = {"now": now}
        if self.kind == "contact":
            told["person"] = self.id
        if self.lead_ids:
            told["leads"] = self.lead_ids
        if self.deals:
            told["deals"] = tuple(self.deals)
        return told


def _is_empty(column: ColumnElement[str]) -> ColumnElement[bool]:
    """Asked by length, since by an index over the column a database would find everybody for whom it is empty."""
    return func.length(column) == 0


def _says(column: ColumnElement[str]) -> ColumnElement[bool]:
    """In the words of the index of rows that say something."""
    return column != literal_column("''")


_EXISTS = {
    "contact": select(crm_contacts.c.id).where(crm_contacts.c.id == PERSON),
    "lead": select(crm_leads.c.id).where(crm_leads.c.id == PERSON),
}
_DEALS = select(crm_deals.c.id, crm_deals.c.name).where(crm_deals.c.contact_id == PERSON)
_BECAME = union(
    select(crm_leads.c.id).where(crm_leads.c.converted_contact_id == PERSON, _says(crm_leads.c.converted_contact_id)),
    select(crm_leads.c.id)
    .join(crm_deals, crm_deals.c.id == crm_leads.c.converted_deal_id)
    .where(_says(crm_leads.c.converted_deal_id), _is_empty(crm_leads.c.converted_contact_id))
    .where(crm_deals.c.contact_id == PERSON),
)


def find(connection: Connection, kind: PersonKind, person_id: str) -> Person | None:
    """None: there is no such person."""
    asked = {"person": person_id}
    if not person_id or connection.execute(_EXISTS[kind], asked).first() is None:
        return None
    if kind == "lead":
        return Person(kind, person_id, (person_id,), {})
    deals = dict(connection.execute(_DEALS, asked).tuples().all())
    leads = sorted(connection.execute(_BECAME, asked).scalars())
    return Person(kind, person_id, tuple(leads), deals)


def theirs(table: FromClause, shape: Shape) -> ColumnElement[bool]:
    """Is a row of this table (with contact_id, lead_id and deal_id) about a person of this shape?"""
    columns: Any = table.c
    ways = [columns.contact_id == PERSON] if shape.kind == "contact" else []
    if shape.leads:
        ways.append(in_leads(columns.lead_id))
    if shape.deals:
        ways.append(and_(in_deals(columns.deal_id), _is_empty(columns.contact_id), _is_empty(columns.lead_id)))
    return or_(*ways)


def in_leads(column: ColumnElement[str]) -> ColumnElement[bool]:
    return column.in_(bindparam("leads", expanding=True))


def in_deals(column: ColumnElement[str]) -> ColumnElement[bool]:
    return column.in_(bindparam("deals", expanding=True))
