"""Deals with their products and the history of their stages."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, insert, select

from crm_client.embedded import popularity
from crm_client.embedded.changes import change_of_deal
from crm_client.embedded.field_changes import note, tracked_fields
from crm_client.embedded.ledger import ledger_of, note_change
from crm_client.embedded.record_rows import DEALS, PRODUCTS, check, fault, fetch, insert_if_new, new_id, put
from crm_client.embedded.stages import Stages, outcomes
from crm_client.embedded.tables import crm_deal_products, crm_stage_changes, crm_stages
from crm_client.errors import CrmRejected
from crm_client.records import Deal, DealProduct, Outcome, Product, StageChange

_LINE_COLUMNS = tuple(crm_deal_products.c[field.name] for field in dataclasses.fields(DealProduct))
_CHANGE_COLUMNS = tuple(crm_stage_changes.c[field.name] for field in dataclasses.fields(StageChange))

_OF_CONTACT: Select[Any] = (
    select(*DEALS.columns)
    .join(crm_stages, crm_stages.c.name == DEALS.table.c.stage)
    .where(DEALS.table.c.contact_id == bindparam("contact_id"))
    .where(crm_stages.c.outcome.in_(bindparam("outcomes", expanding=True)))
    .order_by(DEALS.table.c.created_at.desc(), DEALS.table.c.id.desc())
)
_LINES: Select[Any] = (
    select(*_LINE_COLUMNS, *PRODUCTS.columns)
    .join(PRODUCTS.table, PRODUCTS.table.c.id == crm_deal_products.c.product_id)
    .where(crm_deal_products.c.deal_id.in_(bindparam("deal_ids", expanding=True)))
    .order_by(crm_deal_products.c.deal_id, crm_deal_products.c.position)
)
_LINES_OF_ONE: Select[Any] = (
    select(*_LINE_COLUMNS)
    .where(crm_deal_products.c.deal_id == bindparam("deal_id"))
    .order_by(crm_deal_products.c.position)
)
_HISTORY: Select[Any] = (
    select(*_CHANGE_COLUMNS)
    .where(crm_stage_changes.c.deal_id == bindparam("deal_id"))
    .order_by(crm_stage_changes.c.at, crm_stage_changes.c.number)
)
_KNOWN_PRODUCTS: Select[Any] = select(PRODUCTS.table.c.id).where(
    PRODUCTS.table.c.id.in_(bindparam("ids", expanding=True))
)


@dataclass(frozen=True)
class _Stored:
    """A deal as it stood before a change."""

    deal: Deal | None = None
    lines: tuple[DealProduct, ...] = ()


class Deals(Stages):
    def deal(self, deal_id: str) -> Deal | None:
        with self.reading("read deal") as connection:
            return fetch(connection, DEALS, deal_id)

    def deals_of_contact(self, contact_id: str, outcomes: Collection[Outcome] = ()) -> Sequence[Deal]:
        """Newest first; all outcomes when none is named. One query."""
        if not contact_id:
            return ()
        wanted = {"contact_id": contact_id, "outcomes": [outcome.value for outcome in outcomes or Outcome]}
        with self.reading("deals of contact") as connection:
            return tuple(Deal(*row) for row in connection.execute(_OF_CONTACT, wanted))

    def products_of_deals(self, deal_ids: Collection[str]) -> Sequence[tuple[DealProduct, Product]]:
        """In the order of `deal_ids`, each deal's in the order of its lines. One query."""
        place = {deal_id: number for number, deal_id in enumerate(dict.fromkeys(deal_ids))}
        if not place:
            return ()
        width = len(_LINE_COLUMNS)
        with self.reading("products of deals") as connection:
            rows = connection.execute(_LINES, {"deal_ids": list(place)}).all()
        found = [(DealProduct(*row[:width]), Product(*row[width:])) for row in rows]
        return tuple(sorted(found, key=lambda pair: place.get(pair[0].deal_id, len(place))))

    def stage_history(self, deal_id: str) -> Sequence[StageChange]:
        """In time order."""
        with self.reading("stage history") as connection:
            return tuple(StageChange(*row) for row in connection.execute(_HISTORY, {"deal_id": deal_id}))

    def save_deal(self, deal: Deal, products: Sequence[DealProduct] = (), *, at: datetime, by: str = "") -> Deal:
        """A changed stage goes into the stage history at `at`. `products` replace the deal's lines; without any
        named, the lines stay as they are. A deal that comes to a closed stage is closed at `at`."""
        with self.writing("save deal") as connection:
            tracked = tracked_fields(self._settings, "deals")
            stored = store_deal(connection, deal, tuple(products) or None, at=at, by=by, tracked=tracked)
        self.tell(change_of_deal(stored))
        return stored

    def set_products_of_deal(self, deal_id: str, products: Sequence[DealProduct]) -> None:
        """Exactly these lines; also none."""
        with self.writing("set products of deal") as connection:
            deal = fetch(connection, DEALS, deal_id, to_change=True)
            if deal is None:
                raise CrmRejected("set products of deal", "there is no such deal", "deal_id")
            store_deal(connection, deal, tuple(products), at=self._clock(), by="")
        self.tell(change_of_deal(deal))

    def delete_deal(self, deal_id: str) -> None:
        """With its lines and stage history. Nothing happens when there is no such deal."""
        with self.writing("delete deal") as connection:
            old = _stored(connection, deal_id)
            if old.deal is not None:
                meaning = outcomes(connection)[old.deal.stage]
                connection.execute(delete(DEALS.table).where(DEALS.table.c.id == deal_id))
                note_change(connection, old.deal, None)
                popularity.count(connection, popularity.shares(old.deal, old.lines, meaning), {})
        if old.deal is not None:
            self.tell(change_of_deal(old.deal))


def store_deal(
    connection: Connection,
    deal: Deal,
    lines: tuple[DealProduct, ...] | None,
    *,
    at: datetime,
    by: str,
    tracked: Sequence[str] = (),
) -> Deal:
    """Write a deal with all that follows from it: lines (None: as they are), stage history, popularity, and changes
    of `tracked` fields."""
    meanings = outcomes(connection)
    _check(connection, deal, lines, meanings, at)
    if deal.id:
        old = _stored(connection, deal.id)
    else:
        deal, old = dataclasses.replace(deal, id=new_id()), _Stored()
    deal = _timed(deal, old.deal, meanings[deal.stage], at)
    if old.deal is None and not _inserted(connection, deal):
        old = _stored(connection, deal.id)  # somebody was faster with this very id
    stored = put(connection, DEALS, deal, now=at)
    new_lines = old.lines if lines is None else _write_lines(connection, deal.id, lines)
    note_change(connection, old.deal, stored, by=by)
    _note_lines(connection, deal.id, old.lines, new_lines, by)
    _note_stage(connection, old.deal, stored, at, by)
    note(connection, tracked, old.deal, stored, at=at, by=by)
    before = popularity.shares(old.deal, old.lines, meanings[old.deal.stage]) if old.deal else {}
    popularity.count(connection, before, popularity.shares(stored, new_lines, meanings[stored.stage]))
    return stored


def _check(connection: Connection, deal: Deal, lines: Any, meanings: Collection[str], at: datetime) -> None:
    asking = "save deal"
    check(DEALS, deal, asking)
    if deal.stage not in meanings:
        raise CrmRejected(asking, f"stage must be one of: {', '.join(meanings)}", "stage")
    if not isinstance(at, datetime) or at.tzinfo is None:
        raise CrmRejected(asking, "at must be a moment with its time zone", "at")
    for line in lines or ():
        for column in _LINE_COLUMNS[1:]:
            if what := fault(column, getattr(line, column.name)):
                raise CrmRejected(asking, f"{column.name} of a product {what}", column.name)
    ids = {line.product_id for line in lines or ()}
    unknown = ids - set(connection.scalars(_KNOWN_PRODUCTS, {"ids": list(ids)})) if ids else set()
    if unknown:
        raise CrmRejected(asking, f"there is no product {min(unknown)}", "product_id")


def _timed(deal: Deal, old: Deal | None, outcome: Outcome, at: datetime) -> Deal:
    created_at = deal.created_at or (old.created_at if old else at)
    if outcome is Outcome.OPEN:
        return dataclasses.replace(deal, created_at=created_at, closed_at=None)
    closed_before = old.closed_at if old and old.stage == deal.stage else None
    return dataclasses.replace(deal, created_at=created_at, closed_at=deal.closed_at or closed_before or at)


def _stored(connection: Connection, deal_id: str) -> _Stored:
    deal = fetch(connection, DEALS, deal_id, to_change=True)
    if deal is None:
        return _Stored()
    rows = connection.execute(_LINES_OF_ONE, {"deal_id": deal_id})
    return _Stored(deal, tuple(DealProduct(*row) for row in rows))


def _inserted(connection: Connection, deal: Deal) -> bool:
    values = DEALS.values(deal)
    return connection.execute(insert_if_new(DEALS, connection.dialect.name, tuple(values)), values).first() is not None


def _write_lines(connection: Connection, deal_id: str, lines: tuple[DealProduct, ...]) -> tuple[DealProduct, ...]:
    connection.execute(delete(crm_deal_products).where(crm_deal_products.c.deal_id == deal_id))
    if lines:
        connection.execute(insert(crm_deal_products), line_rows(deal_id, lines))
    return lines


def line_rows(deal_id: str, lines: Sequence[DealProduct]) -> list[dict[str, Any]]:
    return [
        {
            "deal_id": deal_id,
            "product_id": line.product_id,
            "quantity": line.quantity,
            "unit_price": line.unit_price,
            "position": position,
        }
        for position, line in enumerate(lines)
    ]


def _note_lines(
    connection: Connection, deal_id: str, old: Sequence[DealProduct], new: Sequence[DealProduct], by: str
) -> None:
    """Tell the ledger which products the deal had and has."""
    ledger = ledger_of(connection)
    before, now = ([*dict.fromkeys(line.product_id for line in lines)] for lines in (old, new))
    if ledger is not None and set(before) != set(now):
        ledger.lines_changed(connection, deal_id, before, now, by=by)


def _note_stage(connection: Connection, old: Deal | None, new: Deal, at: datetime, by: str) -> None:
    before = old.stage if old else ""
    if before != new.stage:
        change = {"deal_id": new.id, "from_stage": before, "to_stage": new.stage, "at": at, "changed_by": by}
        connection.execute(insert(crm_stage_changes), change)
