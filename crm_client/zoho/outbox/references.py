"""Which of a record's fields name other records that Zoho must have first."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection

from crm_client.zoho.outbox.entries import creates_of
from crm_client.zoho.outbox.links import Links

_OF_PEOPLE = {"contact_id": "contacts", "lead_id": "leads", "deal_id": "deals"}
FIELDS: Mapping[str, Mapping[str, str]] = {
    "contacts": {"account_id": "accounts"},
    "deals": {"account_id": "accounts", "contact_id": "contacts"},
    "calls": _OF_PEOPLE,
    "events": _OF_PEOPLE,
    "tasks": _OF_PEOPLE,
    "notes": _OF_PEOPLE,
    "emails": _OF_PEOPLE,
}


def named(module: str, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(our module, our id) of the records that these fields name."""
    for field, points_to in FIELDS.get(module, {}).items():
        if local_id := values.get(field):
            yield points_to, str(local_id)


def not_there_yet(connection: Connection, wanted: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those that are on their way to Zoho: what names them waits."""
    links = Links(connection)
    missing = {one for one in wanted if not links.zoho_id(*one)}
    return creates_of(connection, missing) if missing else set()


def without_strangers(module: str, record: Any, links: Links) -> Any:
    """The record without what names records that Zoho does not have and never will (somebody gave them up, or they
    were never there)."""
    fields = FIELDS.get(module, {})
    strangers = [field for field in fields if is_stranger(module, field, getattr(record, field), links)]
    return dataclasses.replace(record, **dict.fromkeys(strangers, "")) if strangers else record


def is_stranger(module: str, field: str, value: Any, links: Links) -> bool:
    points_to = FIELDS.get(module, {}).get(field, "")
    return bool(points_to and value) and not links.zoho_id(points_to, str(value))
