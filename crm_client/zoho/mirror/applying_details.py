"""Products and stage histories of deals, as Zoho tells them, into our tables."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from crm_client.embedded import popularity
from crm_client.embedded.changes import RecordChange, change_of_deal
from crm_client.embedded.deals import line_rows
from crm_client.embedded.record_rows import DEALS
from crm_client.embedded.stages import read_stages
from crm_client.embedded.tables import crm_deal_products, crm_deals, crm_products, crm_stage_changes
from crm_client.records import Deal, DealProduct, Outcome, StageChange
from crm_client.zoho.mirror.deal_rows import lines_of
from crm_client.zoho.mirror.links_in_bulk import links_with, made_here, parts
from crm_client.zoho.mirror.waiting_writes import pending_lines

_CHANGE_COLUMNS = tuple(crm_stage_changes.c[entry.name] for entry in dataclasses.fields(StageChange))


def apply_details(
    connection: Connection,
    lines: Mapping[str, Sequence[str]],
    histories: Mapping[str, Sequence[StageChange]],
) -> list[RecordChange]:
    """Both by Zoho's ids of the deals; `lines` names Zoho's ids of products. Deals that are not here are left out."""
    zoho_ids = list(dict.fromkeys((*lines, *histories)))
    links = links_with(connection, "deals", zoho_ids)
    local = {one: links[one].local_id if one in links else one for one in zoho_ids}
    deals = _deals(connection, sorted(local.values()))
    products = made_here(connection, ["products"], {one for ids in lines.values() for one in ids}).get("products", {})
    wanted = {local[deal]: [products.get(one, one) for one in ids] for deal, ids in lines.items()}
    told = {local[deal]: history for deal, history in histories.items()}
    different = _apply_lines(connection, deals, wanted) | _apply_histories(connection, deals, told)
    return [change_of_deal(deals[deal_id]) for deal_id in sorted(different)]


def _deals(connection: Connection, ids: Sequence[str]) -> dict[str, Deal]:
    query = select(*DEALS.columns).order_by(crm_deals.c.id).with_for_update()
    rows = (row for part in parts(ids) for row in connection.execute(query.where(crm_deals.c.id.in_(part))))
    return {row[0]: Deal(*row) for row in rows}


def _apply_lines(connection: Connection, deals: Mapping[str, Deal], wanted: Mapping[str, list[str]]) -> set[str]:
    """Zoho's list has neither quantities nor an order: lines of products that stay are left as they are."""
    held = pending_lines(connection, list(deals))
    old = lines_of(connection, list(deals))
    prices = _prices(connection, {one for ids in wanted.values() for one in ids})
    new: dict[str, list[DealProduct]] = {}
    for deal_id, product_ids in wanted.items():
        lines = old.get(deal_id, [])
        if deal_id not in deals or deal_id in held or {line.product_id for line in lines} == set(product_ids):
            continue
        staying = [line for line in lines if line.product_id in product_ids]
        known = {line.product_id for line in staying}
        coming = [DealProduct(deal_id, one, 1, prices.get(one, 0)) for one in product_ids if one not in known]
        new[deal_id] = [*staying, *coming]
    _write_lines(connection, deals, old, new)
    return set(new)


def _write_lines(
    connection: Connection,
    deals: Mapping[str, Deal],
    old: Mapping[str, list[DealProduct]],
    new: Mapping[str, list[DealProduct]],
) -> None:
    meanings = {stage.name: stage.outcome for stage in read_stages(connection)}
    before: dict[str, popularity.Share] = {}
    after: dict[str, popularity.Share] = {}
    for deal_id, lines in new.items():
        outcome = meanings.get(deals[deal_id].stage, Outcome.OPEN)
        popularity.add(before, popularity.shares(deals[deal_id], old.get(deal_id, []), outcome))
        popularity.add(after, popularity.shares(deals[deal_id], lines, outcome))
    for part in parts(list(new)):
        connection.execute(delete(crm_deal_products).where(crm_deal_products.c.deal_id.in_(part)))
    rows = [row for deal_id, lines in new.items() for row in line_rows(deal_id, lines)]
    if rows:
        connection.execute(insert(crm_deal_products), rows)
    popularity.count(connection, before, after)


def _prices(connection: Connection, product_ids: set[str]) -> dict[str, int]:
    query = select(crm_products.c.id, crm_products.c.unit_price)
    return {
        product_id: price
        for part in parts(sorted(product_ids))
        for product_id, price in connection.execute(query.where(crm_products.c.id.in_(part)))
    }


def _apply_histories(
    connection: Connection, deals: Mapping[str, Deal], told: Mapping[str, Sequence[StageChange]]
) -> set[str]:
    seen = _seen(connection, [deal_id for deal_id in told if deal_id in deals])
    new = {
        deal_id: history
        for deal_id, changes in told.items()
        if deal_id in deals and changes
        for history in [_joined(deal_id, changes, seen.get(deal_id, []))]
        if history != seen.get(deal_id, [])
    }
    for part in parts(list(new)):
        connection.execute(delete(crm_stage_changes).where(crm_stage_changes.c.deal_id.in_(part)))
    rows = [dataclasses.asdict(change) for history in new.values() for change in history]
    if rows:
        connection.execute(insert(crm_stage_changes), rows)
    _set_closed(connection, deals, new)
    return set(new)


def _joined(deal_id: str, told: Sequence[StageChange], seen: Sequence[StageChange]) -> list[StageChange]:
    """Zoho's history, with who did it where we saw that; then what is newer than it (Zoho's list lags behind)."""
    who = {(change.to_stage, change.at): change.changed_by for change in seen}
    history = [
        dataclasses.replace(one, deal_id=deal_id, changed_by=one.changed_by or who.get((one.to_stage, one.at), ""))
        for one in told
    ]
    for change in seen:
        last = history[-1]
        if change.at > last.at and change.to_stage != last.to_stage:
            history.append(dataclasses.replace(change, from_stage=last.to_stage))
    return history


def _seen(connection: Connection, deal_ids: Sequence[str]) -> dict[str, list[StageChange]]:
    query = select(*_CHANGE_COLUMNS).order_by(crm_stage_changes.c.at, crm_stage_changes.c.number)
    found: dict[str, list[StageChange]] = {}
    for part in parts(deal_ids):
        for row in connection.execute(query.where(crm_stage_changes.c.deal_id.in_(part))):
            found.setdefault(row[0], []).append(StageChange(*row))
    return found


def _set_closed(
    connection: Connection, deals: Mapping[str, Deal], histories: Mapping[str, Sequence[StageChange]]
) -> None:
    """A closed deal was closed when it came into its stage; the record itself does not say so well."""
    rows: list[dict[str, Any]] = [
        {"the_id": deal_id, "the_time": history[-1].at}
        for deal_id, history in histories.items()
        if deals[deal_id].closed_at not in (None, history[-1].at) and history[-1].to_stage == deals[deal_id].stage
    ]
    for row in rows:
        connection.execute(update(crm_deals).where(crm_deals.c.id == row["the_id"]).values(closed_at=row["the_time"]))
