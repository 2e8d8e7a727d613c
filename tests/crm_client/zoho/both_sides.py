"""Are Zoho and the mirror alike? Record by record and field by field, for tests and the soak.

What Zoho holds is handed in as the fake's store gives it; ours is read from the tables. Links say which is which; a
record without a link has the same id on both sides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from crm_client.embedded.record_rows import (
    ACCOUNTS,
    ACTIVITIES,
    CONTACTS,
    DEALS,
    LEADS,
    NOTES,
    PRODUCTS,
    Kind,
)
from crm_client.embedded.tables import crm_deal_products
from crm_client.errors import CrmRejected
from crm_client.zoho.mapping.field_map import MIRRORED, FieldMap
from crm_client.zoho.tables import zoho_links
from motenashi.database import Database

Raws = Callable[[str], Iterable[Mapping[str, Any]]]  # API name of a module -> all its records
ProductIds = Callable[[str], Collection[str]]  # Zoho's id of a deal -> Zoho's ids of its products

KINDS: Mapping[str, tuple[Kind[Any], str]] = {  # our module -> table, and which activities of it
    "accounts": (ACCOUNTS, ""),
    "contacts": (CONTACTS, ""),
    "leads": (LEADS, ""),
    "products": (PRODUCTS, ""),
    "deals": (DEALS, ""),
    "calls": (ACTIVITIES, "call"),
    "events": (ACTIVITIES, "event"),
    "tasks": (ACTIVITIES, "task"),
    "notes": (NOTES, ""),
}


@dataclass(frozen=True)
class Difference:
    """A field that is not the same; `field` is `record` for one that is on one side only, which is then the side that
    has a value."""

    module: str
    local_id: str
    zoho_id: str
    field: str
    here: Any
    there: Any


@dataclass
class Comparison:
    """`compared`: records of each module that both sides have."""

    compared: Counter[str] = field(default_factory=Counter)
    fields: int = 0
    different: list[Difference] = field(default_factory=list)

    @property
    def only_here(self) -> list[Difference]:
        return [one for one in self.different if one.field == "record" and one.here]

    @property
    def only_there(self) -> list[Difference]:
        return [one for one in self.different if one.field == "record" and one.there]

    @property
    def unequal(self) -> list[Difference]:
        return [one for one in self.different if one.field != "record"]


def compare(database: Database, field_map: FieldMap, theirs: Raws, products_of: ProductIds | None = None) -> Comparison:
    """`products_of`: without it, the products of deals are not compared."""
    found = Comparison()
    with database.read() as connection:
        links = _Links(connection)
        there = {module: list(theirs(field_map.api_module(module))) for module in MIRRORED}
        alive = {ours_id for module in MIRRORED for ours_id in ours(connection, module)}
        alive |= {str(raw["id"]) for raws in there.values() for raw in raws}
        for module in MIRRORED:
            _compare_module(connection, field_map, links, module, there[module], found)
        found.different = [one for one in found.different if not _both_name_what_is_gone(one, alive)]
        if products_of is not None:
            _compare_products(connection, links, products_of, found)
    return found


def _both_name_what_is_gone(one: Difference, alive: Collection[str]) -> bool:
    """A record that was deleted has no link any more, so its two ids are not known for one."""
    return one.field.endswith("_id") and bool(one.here and one.there) and not {one.here, one.there} & set(alive)


def ours(connection: Connection, module: str) -> dict[str, Any]:
    """Our id -> record, all of a module."""
    kind, of_activities = KINDS[module]
    query = select(*kind.columns)
    if of_activities:
        query = query.where(kind.table.c.kind == of_activities)
    return {record.id: record for record in (kind.record(*row) for row in connection.execute(query))}


class _Links:
    def __init__(self, connection: Connection) -> None:
        rows = connection.execute(select(zoho_links.c.module, zoho_links.c.local_id, zoho_links.c.zoho_id)).all()
        self._there: dict[tuple[str, str], str] = {(module, local_id): zoho_id for module, local_id, zoho_id in rows}
        self._here: dict[tuple[str, str], str] = {(module, zoho_id): local_id for module, local_id, zoho_id in rows}

    def local_id(self, module: str, zoho_id: str) -> str:
        return self._here.get((module, zoho_id), zoho_id)

    def zoho_id(self, module: str, local_id: str) -> str:
        return self._there.get((module, local_id), local_id)


def _compare_module(
    connection: Connection,
    field_map: FieldMap,
    links: _Links,
    module: str,
    raws: Iterable[Mapping[str, Any]],
    found: Comparison,
) -> None:
    here = ours(connection, module)
    there = {str(raw["id"]): raw for raw in raws}
    for zoho_id, raw in there.items():
        local_id = links.local_id(module, zoho_id)
        record = here.pop(local_id, None)
        if record is None:
            found.different.append(Difference(module, local_id, zoho_id, "record", None, _brief(raw)))
            continue
        found.compared[module] += 1
        _compare_fields(field_map, links, module, record, raw, found)
    for local_id, record in here.items():
        zoho_id = links.zoho_id(module, local_id)
        found.different.append(Difference(module, local_id, zoho_id, "record", type(record).__name__, None))


def _compare_fields(
    field_map: FieldMap, links: _Links, module: str, record: Any, raw: Mapping[str, Any], found: Comparison
) -> None:
    # An answer of the API names every field asked for, the empty ones as null; the store leaves those out.
    answer = dict.fromkeys(field_map.fields_to_read(module)) | dict(raw)
    try:
        theirs = field_map.to_record(module, answer, record, local=links.local_id)
    except CrmRejected as error:
        found.different.append(Difference(module, record.id, str(raw["id"]), "unreadable", None, str(error)))
        return
    there = field_map.base_of(module, theirs)
    for name, value in field_map.base_of(module, record).items():
        found.fields += 1
        if value != there.get(name):
            found.different.append(Difference(module, record.id, str(raw["id"]), name, value, there.get(name)))


def _compare_products(connection: Connection, links: _Links, products_of: ProductIds, found: Comparison) -> None:
    lines: dict[str, set[str]] = {}
    for deal_id, product_id in connection.execute(select(crm_deal_products.c.deal_id, crm_deal_products.c.product_id)):
        lines.setdefault(deal_id, set()).add(product_id)
    for local_id in ours(connection, "deals"):
        zoho_id = links.zoho_id("deals", local_id)
        here = lines.get(local_id, set())
        there = {links.local_id("products", one) for one in products_of(zoho_id)}
        found.fields += 1
        if here != there:
            found.different.append(Difference("deals", local_id, zoho_id, "products", sorted(here), sorted(there)))


def _brief(raw: Mapping[str, Any]) -> str:
    return f"modified {raw.get('Modified_Time')}"
