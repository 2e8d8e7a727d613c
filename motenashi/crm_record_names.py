"""What records of the mirror are called, for pages that list records of all modules: one read for each module named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Table, select

from crm_client.embedded.tables import (
    crm_accounts,
    crm_activities,
    crm_contacts,
    crm_deals,
    crm_leads,
    crm_notes,
    crm_owners,
    crm_products,
)
from crm_client.records import Contact, Lead
from motenashi.record_facts import full_name

Wanted = tuple[str, str]  # module, local id


@dataclass(frozen=True)
class Named:
    """`currency`: of deals and products, in which their amounts are; '' else."""

    name: str
    currency: str = ""


# Module -> its table, the column that names a record, and its currency's. Owners are no module of Zoho's, but named.
_TABLES: Mapping[str, tuple[Table, str, str]] = {
    "owners": (crm_owners, "name", ""),
    "accounts": (crm_accounts, "name", ""),
    "products": (crm_products, "name_en", "currency"),
    "deals": (crm_deals, "name", "currency"),
    "calls": (crm_activities, "subject", ""),
    "events": (crm_activities, "subject", ""),
    "tasks": (crm_activities, "subject", ""),
    "notes": (crm_notes, "title", ""),
}
_PEOPLE: Mapping[str, Table] = {"contacts": crm_contacts, "leads": crm_leads}


def names_of(connection: Connection, wanted: Iterable[Wanted]) -> Mapping[Wanted, Named]:
    """Records that are gone are left out. People are named as people of their language write it."""
    ids: defaultdict[str, set[str]] = defaultdict(set)
    for module, record_id in wanted:
        if record_id:
            ids[module].add(record_id)
    named: dict[Wanted, Named] = {}
    for module, some in ids.items():
        read = _people if module in _PEOPLE else _others if module in _TABLES else None
        if read is not None:
            named.update({(module, record_id): one for record_id, one in read(connection, module, some)})
    return named


def _people(connection: Connection, module: str, ids: set[str]) -> Iterator[tuple[str, Named]]:
    table = _PEOPLE[module].c
    columns = (table.id, table.last_name, table.first_name, table.email, table.language)
    for row in connection.execute(select(*columns).where(table.id.in_(ids))):
        about = {"first_name": row.first_name, "email": row.email, "language": row.language}
        person = (
            Contact(row.id, row.last_name, **about)
            if module == "contacts"
            else Lead(row.id, row.last_name, "", **about)
        )
        yield row.id, Named(full_name(person))


def _others(connection: Connection, module: str, ids: set[str]) -> Iterator[tuple[str, Named]]:
    table, name, currency = _TABLES[module]
    columns = [table.c.id, table.c[name], *([table.c[currency]] if currency else [])]
    for row in connection.execute(select(*columns).where(table.c.id.in_(ids))):
        yield row[0], Named(row[1], row[2] if currency else "")
