"""A record that is gone in Zoho goes here, too, with what is nothing without it.

What happened with a person and was seen here (mails, touchpoints) is ours and stays; `erase` takes that, too. Calls,
events, tasks and notes of somebody who is gone are taken away and then asked for again: when two people were merged
they belong to the other one now.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select

from crm_client.embedded import popularity
from crm_client.embedded.changes import RecordChange
from crm_client.embedded.record_rows import ACTIVITIES, NOTES, Kind
from crm_client.embedded.stages import read_stages
from crm_client.embedded.tables import crm_field_changes
from crm_client.zoho.mirror import hints
from crm_client.zoho.mirror.deal_rows import lines_of
from crm_client.zoho.mirror.kinds import KINDS, told
from crm_client.zoho.mirror.links_in_bulk import links_with, parts, unlink
from crm_client.zoho.tables import zoho_links

_PERSON = {"contacts": "contact_id", "leads": "lead_id"}
_MODULE_OF_KIND = {"call": "calls", "event": "events", "task": "tasks"}


def remove(connection: Connection, module: str, zoho_ids: Collection[str], now: datetime) -> list[RecordChange]:
    """Those that are here; what listeners are told of."""
    kind = KINDS[module]
    links = links_with(connection, module, zoho_ids)
    local_ids = [links[one].local_id if one in links else one for one in dict.fromkeys(zoho_ids)]
    gone = _records(connection, kind, "id", local_ids)
    ids = [record.id for record in gone]
    if module == "deals":
        _uncount(connection, gone)
        hints.forget(connection, hints.DETAILS, zoho_ids)
    for part in parts(ids):
        connection.execute(delete(kind.table).where(kind.table.c.id.in_(part)))
        connection.execute(
            delete(crm_field_changes).where(
                crm_field_changes.c.module == module, crm_field_changes.c.record_id.in_(part)
            )
        )
    unlink(connection, module, zoho_ids)
    if module in _PERSON and ids:
        _remove_pieces(connection, _PERSON[module], ids, now)
    return [told(module, record) for record in gone]


def _records(connection: Connection, kind: Kind[Any], column: str, values: Sequence[str]) -> list[Any]:
    query = select(*kind.columns).order_by(kind.table.c.id).with_for_update()
    return [
        kind.record(*row)
        for part in parts(sorted(values))
        for row in connection.execute(query.where(kind.table.c[column].in_(part)))
    ]


def _uncount(connection: Connection, deals: Sequence[Any]) -> None:
    meanings = {stage.name: stage.outcome for stage in read_stages(connection)}
    lines = lines_of(connection, [deal.id for deal in deals])
    before: dict[str, popularity.Share] = {}
    for deal in deals:
        if deal.stage in meanings:
            popularity.add(before, popularity.shares(deal, lines.get(deal.id, []), meanings[deal.stage]))
    popularity.count(connection, before, {})


def _remove_pieces(connection: Connection, column: str, person_ids: Sequence[str], now: datetime) -> None:
    for kind in (ACTIVITIES, NOTES):
        pieces = _records(connection, kind, column, person_ids)
        by_module: dict[str, list[str]] = {}
        for piece in pieces:
            by_module.setdefault(_MODULE_OF_KIND[piece.kind] if kind is ACTIVITIES else "notes", []).append(piece.id)
        for module, ids in by_module.items():
            for part in parts(ids):
                _remove_part(connection, kind, module, part, now)


def _remove_part(connection: Connection, kind: Kind[Any], module: str, ids: list[str], now: datetime) -> None:
    """Only what Zoho has: what is not there yet is nowhere else, and the outbox tells what becomes of it."""
    linked = (zoho_links.c.module == module) & zoho_links.c.local_id.in_(ids)
    known = connection.execute(select(zoho_links.c.local_id, zoho_links.c.zoho_id).where(linked)).all()
    connection.execute(delete(kind.table).where(kind.table.c.id.in_([row.local_id for row in known])))
    connection.execute(delete(zoho_links).where(linked))
    hints.add(connection, module, [row.zoho_id for row in known], now)
