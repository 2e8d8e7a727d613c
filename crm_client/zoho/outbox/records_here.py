"""Our own copies: read as they stand, and changed without the ledger hearing of it, because the change is Zoho's."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, delete, update

from crm_client.embedded.changes import RecordChange, change_of, change_of_deal
from crm_client.embedded.deals import store_deal
from crm_client.embedded.diary import busy_until
from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.embedded.record_rows import (
    ACCOUNTS,
    ACTIVITIES,
    CONTACTS,
    DEALS,
    EMAILS,
    LEADS,
    NOTES,
    PRODUCTS,
    TOUCHPOINTS,
    Kind,
    fetch,
    save,
)
from crm_client.records import Contact, Deal, Lead, Product

KINDS: Mapping[str, Kind[Any]] = {
    "accounts": ACCOUNTS,
    "contacts": CONTACTS,
    "leads": LEADS,
    "products": PRODUCTS,
    "deals": DEALS,
    "calls": ACTIVITIES,
    "events": ACTIVITIES,
    "tasks": ACTIVITIES,
    "notes": NOTES,
    "emails": EMAILS,
}
_NAMING_CONTACTS = (
    DEALS.table.c.contact_id,
    ACTIVITIES.table.c.contact_id,
    EMAILS.table.c.contact_id,
    NOTES.table.c.contact_id,
    TOUCHPOINTS.table.c.contact_id,
    LEADS.table.c.converted_contact_id,
)
_NAMING_LEADS = (
    ACTIVITIES.table.c.lead_id,
    EMAILS.table.c.lead_id,
    NOTES.table.c.lead_id,
    TOUCHPOINTS.table.c.lead_id,
)


def read(connection: Connection, module: str, local_id: str, *, to_change: bool = False) -> Any:
    """None when it is not here (any more)."""
    return fetch(connection, KINDS[module], local_id, to_change=to_change)


def take_over(
    connection: Connection, crm: EmbeddedCrm, module: str, local_id: str, theirs: Any, fields: Collection[str]
) -> RecordChange | None:
    """Set these fields of ours to what Zoho's record has. What to tell when the transaction is over."""
    old = read(connection, module, local_id, to_change=True)
    if old is None:
        return None
    ours = {name: getattr(theirs, name) for name in fields if name in KINDS[module].names}
    extra = {name: theirs.extra.get(name) for name in fields if name not in ours and hasattr(theirs, "extra")}
    new = dataclasses.replace(old, **ours, **({"extra": {**old.extra, **extra}} if extra else {}))
    if new == old:
        return None
    _save(connection, crm, module, new)
    return told(new)


def _save(connection: Connection, crm: EmbeddedCrm, module: str, record: Any) -> None:
    now = crm.now()
    if isinstance(record, Deal):
        store_deal(connection, record, None, at=now, by="", tracked=crm.tracked(record))
    elif isinstance(record, Contact):
        crm.save_tracked(connection, CONTACTS, record, **crm.contact_keys(record))
    elif isinstance(record, Lead):
        crm.save_tracked(connection, LEADS, record, **crm.lead_keys(record))
    elif module == "accounts":
        crm.save_tracked(connection, ACCOUNTS, record)
    else:
        more: dict[str, Any] = {"busy_until": busy_until(record)} if KINDS[module] is ACTIVITIES else {}
        save(connection, KINDS[module], record, now=now, **more)


def told(record: Any) -> RecordChange | None:
    """What listeners are told of a record that was written."""
    if isinstance(record, Product):
        return None
    if isinstance(record, Deal):
        return change_of_deal(record)
    if isinstance(record, Contact):
        return RecordChange("contacts", contact_id=record.id)
    if isinstance(record, Lead):
        return RecordChange("leads", lead_id=record.id)
    kind = next(kind for kind in KINDS.values() if kind.record is type(record))
    if kind is ACCOUNTS:
        return RecordChange("accounts")
    return change_of({ACTIVITIES: "activities", NOTES: "notes", EMAILS: "emails"}[kind], record)


def become_one(connection: Connection, module: str, stays: str, goes: str) -> None:
    """Two of our records are one person in Zoho: what names the second names the first from now on, and the second is
    gone."""
    for column in _NAMING_CONTACTS if module == "contacts" else _NAMING_LEADS:
        connection.execute(update(column.table).where(column == goes).values({column.name: stays}))
    table = KINDS[module].table
    connection.execute(delete(table).where(table.c.id == goes))
