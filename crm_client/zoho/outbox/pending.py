"""What waits to be told to Zoho, for whoever brings Zoho's records in: it must not be undone by them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, select

from crm_client.zoho.outbox.entries import DELETE, MOST_AT_ONCE, UPDATE
from crm_client.zoho.tables import zoho_links, zoho_outbox


def pending_fields(connection: Connection, module: str, local_ids: Collection[str]) -> dict[str, dict[str, datetime]]:
    """Our id -> field -> when it was last written here."""
    found: dict[str, dict[str, datetime]] = {}
    for part in _parts(local_ids):
        query = (
            select(zoho_outbox.c.local_id, zoho_outbox.c.fields, zoho_outbox.c.at)
            .where(zoho_outbox.c.module == module, zoho_outbox.c.action == UPDATE, zoho_outbox.c.local_id.in_(part))
            .order_by(zoho_outbox.c.number)
        )
        for local_id, fields, at in connection.execute(query):
            found.setdefault(local_id, {}).update(dict.fromkeys(fields or (), at))
    return found


def pending_deletes(connection: Connection, module: str, zoho_ids: Collection[str]) -> set[str]:
    """Those of Zoho's records that were deleted here and not there yet."""
    found: set[str] = set()
    for part in _parts(zoho_ids):
        query = (
            select(zoho_links.c.zoho_id)
            .join(
                zoho_outbox,
                (zoho_outbox.c.module == zoho_links.c.module) & (zoho_outbox.c.local_id == zoho_links.c.local_id),
            )
            .where(zoho_links.c.module == module, zoho_links.c.zoho_id.in_(part), zoho_outbox.c.action == DELETE)
        )
        found.update(connection.scalars(query))
    return found


def _parts(ids: Collection[str]) -> list[list[str]]:
    wanted = [one for one in dict.fromkeys(ids) if one]
    return [wanted[start : start + MOST_AT_ONCE] for start in range(0, len(wanted), MOST_AT_ONCE)]
