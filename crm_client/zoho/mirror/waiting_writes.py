"""What the outbox holds beyond fields and deletions (outbox/pending.py) that records from Zoho must not undo."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select

from crm_client.zoho.mirror.links_in_bulk import parts
from crm_client.zoho.outbox.entries import CREATE, DELETE, PRODUCTS, STUCK
from crm_client.zoho.tables import zoho_links, zoho_outbox

_FIRST_CREATE_UNDER_WAY: Select[Any] = select(func.min(zoho_outbox.c.sent_at)).where(
    zoho_outbox.c.module == bindparam("module"),
    zoho_outbox.c.action == CREATE,
    zoho_outbox.c.state != STUCK,
    zoho_outbox.c.sent_at.is_not(None),
)
_LINES: Select[Any] = select(zoho_outbox.c.local_id).where(
    zoho_outbox.c.module == "deals",
    zoho_outbox.c.action == PRODUCTS,
    zoho_outbox.c.local_id.in_(bindparam("ids", expanding=True)),
)
_PEOPLE_LEAVING: Select[Any] = (
    select(zoho_links.c.module, zoho_links.c.zoho_id)
    .join(
        zoho_outbox, (zoho_outbox.c.module == zoho_links.c.module) & (zoho_outbox.c.local_id == zoho_links.c.local_id)
    )
    .where(zoho_outbox.c.action == DELETE, zoho_outbox.c.module.in_(("contacts", "leads")))
)


def people_leaving(connection: Connection) -> set[tuple[str, str]]:
    """(our module, Zoho's id) of the people who were deleted here and not yet there: until they are, Zoho's other
    records go on naming them."""
    return {(module, zoho_id) for module, zoho_id in connection.execute(_PEOPLE_LEAVING)}


def pending_lines(connection: Connection, deal_ids: Collection[str]) -> set[str]:
    """Our ids of the deals whose products were changed here and not yet there."""
    return {one for part in parts(deal_ids) for one in connection.scalars(_LINES, {"ids": part})}


def create_under_way_since(connection: Connection, module: str) -> datetime | None:
    """When the first create went out whose outcome is not known yet; None when there is none."""
    found: datetime | None = connection.scalar(_FIRST_CREATE_UNDER_WAY, {"module": module})
    return found
