"""Many records at once, for imports and the demo company: one transaction a chunk, one statement a table.

A deal comes with its whole history, so that a chunk never holds half a deal and the popularity counters stay right.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table, insert

from crm_client.embedded import popularity
from crm_client.embedded.deals import line_rows
from crm_client.embedded.diary import busy_until
from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.embedded.field_changes import MODULE_OF, Tracked, changed
from crm_client.embedded.record_rows import (
    ACCOUNTS,
    ACTIVITIES,
    CONTACTS,
    DEALS,
    EMAILS,
    LEADS,
    OWNERS,
    PRODUCTS,
    TOUCHPOINTS,
    Kind,
    check,
    new_id,
)
from crm_client.embedded.stages import outcomes
from crm_client.embedded.tables import crm_deal_products, crm_field_changes, crm_stage_changes
from crm_client.errors import CrmRejected
from crm_client.records import (
    Account,
    Activity,
    Contact,
    Deal,
    DealProduct,
    Email,
    FieldChange,
    Lead,
    Owner,
    Product,
    StageChange,
    Touchpoint,
)

CHUNK = 250  # deals with their histories; some thousand rows


@dataclass(frozen=True)
class DealHistory:
    """A deal and everything that hangs on it. Pieces that are not saved yet take the deal's id."""

    deal: Deal
    products: tuple[DealProduct, ...] = ()
    stage_changes: tuple[StageChange, ...] = ()
    activities: tuple[Activity, ...] = ()
    emails: tuple[Email, ...] = ()
    touchpoints: tuple[Touchpoint, ...] = ()


@dataclass(frozen=True)
class WithHistory:
    """A record and when its tracked fields got their values, the first ones included."""

    record: Account | Contact | Lead
    field_changes: tuple[FieldChange, ...] = ()


Record = Account | Activity | Contact | DealHistory | Email | Lead | Owner | Product | Touchpoint | WithHistory

KINDS: dict[type, Kind[Any]] = {
    kind.record: kind for kind in (ACCOUNTS, ACTIVITIES, CONTACTS, DEALS, EMAILS, LEADS, OWNERS, PRODUCTS, TOUCHPOINTS)
}


def insert_many(
    crm: EmbeddedCrm,
    records: Iterable[Record],
    *,
    chunk_size: int = CHUNK,
    progress: Callable[[int], None] = lambda done: None,
) -> int:
    """Insert new records (never change old ones) and say how many. Memory stays that of one chunk.

    `progress` is told after each chunk how many are on disk. CrmRejected for the first record that does not fit or
    whose id is there already; the chunks before it stay, of its own chunk nothing does.
    """
    done = 0
    for chunk in chunks(records, chunk_size):
        insert_chunk(crm, chunk)
        done += len(chunk)
        progress(done)
    return done


def chunks(records: Iterable[Record], size: int) -> Iterator[list[Record]]:
    rest = iter(records)
    while chunk := list(islice(rest, size)):
        yield chunk


def insert_chunk(crm: EmbeddedCrm, records: Sequence[Record]) -> None:
    """All of them in one transaction."""
    rows: dict[Table, list[dict[str, Any]]] = {}
    totals: dict[str, popularity.Share] = {}
    with crm.writing("insert records") as connection:
        meanings = outcomes(connection)
        for record in records:
            if isinstance(record, DealHistory):
                _put_history(crm, record, rows)
                outcome = meanings.get(record.deal.stage)
                if outcome is None:
                    raise CrmRejected("insert records", f"there is no stage {record.deal.stage}", "stage")
                popularity.add(totals, popularity.shares(record.deal, record.products, outcome))
            elif isinstance(record, WithHistory):
                _put(crm, record.record, rows, field_changes=record.field_changes)
            else:
                _put(crm, record, rows)
        _write(connection, rows)
        popularity.count(connection, {}, totals)


def _write(connection: Connection, rows: dict[Table, list[dict[str, Any]]]) -> None:
    # Deals before their lines and stage changes, which refer to them.
    for table, values in sorted(rows.items(), key=lambda item: item[0] in (crm_deal_products, crm_stage_changes)):
        if values:
            connection.execute(insert(table), values)


def _put_history(crm: EmbeddedCrm, history: DealHistory, rows: dict[Table, list[dict[str, Any]]]) -> None:
    deal = history.deal
    if not deal.id or deal.created_at is None:
        raise CrmRejected("insert records", "a deal with a history needs its id and created_at", "id")
    _put(crm, deal, rows)
    rows.setdefault(crm_deal_products, []).extend(line_rows(deal.id, history.products))
    rows.setdefault(crm_stage_changes, []).extend(
        {name: getattr(change, name) for name in _CHANGE_FIELDS} | {"deal_id": deal.id}
        for change in history.stage_changes
    )
    for piece in (*history.activities, *history.emails, *history.touchpoints):
        _put(crm, piece, rows, deal_id=deal.id)


_CHANGE_FIELDS = tuple(field.name for field in dataclasses.fields(StageChange))


def _put(
    crm: EmbeddedCrm,
    record: Any,
    rows: dict[Table, list[dict[str, Any]]],
    *,
    field_changes: Sequence[FieldChange] | None = None,
    **more: Any,
) -> None:
    kind = KINDS[type(record)]
    check(kind, record, "insert records")
    values = kind.values(record) | _looked_up_by(crm, record) | more
    values["id"] = values["id"] or new_id()
    if "created_at" in values and values["created_at"] is None:
        values["created_at"] = crm.now()
    rows.setdefault(kind.table, []).append(values)
    if type(record) in MODULE_OF:
        record = dataclasses.replace(record, id=values["id"])
        changes = first_values(crm, record) if field_changes is None else field_changes
        rows.setdefault(crm_field_changes, []).extend(map(dataclasses.asdict, changes))


def first_values(crm: EmbeddedCrm, record: Tracked) -> Sequence[FieldChange]:
    """What the history says of the tracked fields of a record that was just made."""
    return tuple(changed(crm.tracked(record), None, record, at=crm.now()))


def _looked_up_by(crm: EmbeddedCrm, record: Any) -> dict[str, Any]:
    """Values of columns that are no fields."""
    if isinstance(record, Contact):
        return crm.contact_keys(record)
    if isinstance(record, Lead):
        return crm.lead_keys(record)
    return {"busy_until": busy_until(record)} if isinstance(record, Activity) else {}
