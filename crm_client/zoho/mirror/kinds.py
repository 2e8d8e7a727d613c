"""Which table mirrors which module, what a row holds beside its record, and whom a change is about."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, text
from sqlalchemy.dialects import postgresql, sqlite

from crm_client.embedded.changes import RecordChange, change_of, change_of_deal
from crm_client.embedded.diary import busy_until
from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.embedded.record_rows import ACCOUNTS, ACTIVITIES, CONTACTS, DEALS, LEADS, NOTES, PRODUCTS, Kind
from crm_client.records import Account, Activity, Contact, Deal, Lead, Note

KINDS: Final[Mapping[str, Kind[Any]]] = {
    "accounts": ACCOUNTS,
    "contacts": CONTACTS,
    "leads": LEADS,
    "products": PRODUCTS,
    "deals": DEALS,
    "calls": ACTIVITIES,
    "events": ACTIVITIES,
    "tasks": ACTIVITIES,
    "notes": NOTES,
}


def row_of(crm: EmbeddedCrm, kind: Kind[Any], record: Any) -> dict[str, Any]:
    """The record's fields, and the columns that are made from them."""
    values = kind.values(record)
    if isinstance(record, Contact):
        return values | crm.contact_keys(record)
    if isinstance(record, Lead):
        return values | crm.lead_keys(record)
    if isinstance(record, Activity):
        return values | {"busy_until": busy_until(record)}
    return values


def told(module: str, record: Any) -> RecordChange:
    """What listeners are told of a record that was written or is gone."""
    if isinstance(record, Deal):
        return change_of_deal(record)
    if isinstance(record, Contact):
        return RecordChange("contacts", contact_id=record.id)
    if isinstance(record, Lead):
        return RecordChange("leads", lead_id=record.id)
    if isinstance(record, Activity):
        return change_of("activities", record)
    if isinstance(record, Note):
        return change_of("notes", record)
    return RecordChange("accounts" if isinstance(record, Account) else module)


@cache
def upsert(kind: Kind[Any], dialect: str, names: tuple[str, ...]) -> Any:
    """For many rows in one go. A key is whoever made the record's, and never overwritten from outside."""
    fresh: Any = postgresql.insert(kind.table) if dialect == "postgresql" else sqlite.insert(kind.table)
    changed = {name: fresh.excluded[name] for name in names if name not in ("id", "key")}
    return fresh.on_conflict_do_update(index_elements=["id"], set_=changed)


def one_at_a_time(connection: Connection, module: str) -> None:
    """Until the transaction ends nobody else writes what Zoho tells of this module: two who bring the same new record
    would both note its beginning. (SQLite lets only one write anyway.)"""
    if connection.dialect.name == "postgresql":
        connection.execute(_LOCK, {"number": zlib.crc32(f"zoho mirror {module}".encode())})


_LOCK = text("SELECT pg_advisory_xact_lock(:number)")
