"""Make the demo company in a store, or say that it is there already.

The same seed, scale and moment make the same company. Every chunk is one transaction and known by its first record,
so a run that was cut off is simply run again and goes on where it stopped.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from crm_client.demo.block import ACCOUNTS, CONTACTS, DEALS, LEADS, Block
from crm_client.demo.catalogue import catalogue
from crm_client.demo.people import owners
from crm_client.embedded.bulk import CHUNK, KINDS, DealHistory, Record, WithHistory, chunks, insert_chunk
from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.embedded.record_rows import fetch
from crm_client.embedded.store import as_crm_errors
from crm_client.embedded.tables import crm_demo
from crm_client.records import Account, Activity, Contact, Email, Lead, Owner, Product, Touchpoint
from motenashi.database import Database

Progress = Callable[[str, int, int], None]  # what is being made, how many are there, how many there will be

SEED = 2_026
_THE_ONE = 1


@dataclass(frozen=True)
class DemoCounts:
    """How many of each there are. `already_there`: nothing was changed."""

    owners: int = 0
    products: int = 0
    accounts: int = 0
    contacts: int = 0
    leads: int = 0
    deals: int = 0
    activities: int = 0
    emails: int = 0
    touchpoints: int = 0
    already_there: bool = False


@dataclass(frozen=True)
class _Recipe:
    """What the company is made from; kept, so that a second run after a cut makes the same one."""

    seed: int
    scale: int
    now: datetime
    counts: dict[str, Any]


def demo_is_there(database: Database) -> bool:
    """Is the whole demo company in this store? CrmUnreachable when the store does not answer."""
    recipe = _recipe(database)
    return recipe is not None and bool(recipe.counts)


def make_demo(
    database: Database,
    *,
    scale: int = 1,
    seed: int = SEED,
    now: datetime,
    progress: Progress = lambda what, done, total: None,
) -> DemoCounts:
    """Write the demo company (`scale` times 120 accounts and 2,000 deals) with two years of history up to `now`.

    On a store that has one already, of whatever seed and scale, nothing changes and `already_there` is True.
    """
    if scale < 1:
        raise ValueError("scale must be 1 or more")
    recipe = _recipe(database) or _begin(database, seed, scale, now)
    if recipe.counts:
        return dataclasses.replace(DemoCounts(**recipe.counts), already_there=True)
    counts = _Maker(EmbeddedCrm(database, clock=lambda: recipe.now), progress).make(recipe)
    with as_crm_errors("make demo"), database.write() as connection:
        done = update(crm_demo).where(crm_demo.c.id == _THE_ONE)
        connection.execute(done.values(counts=counts))
    return DemoCounts(**counts)


def _recipe(database: Database) -> _Recipe | None:
    with as_crm_errors("look for demo"), database.read() as connection:
        return _read_recipe(connection)


def _read_recipe(connection: Connection) -> _Recipe | None:
    row = connection.execute(select(crm_demo)).first()
    return _Recipe(row.seed, row.scale, row.made_for, row.counts) if row else None


def _begin(database: Database, seed: int, scale: int, now: datetime) -> _Recipe:
    with as_crm_errors("begin demo"), database.write() as connection:
        values = {"id": _THE_ONE, "seed": seed, "scale": scale, "made_for": now, "counts": None}
        connection.execute(insert(crm_demo), values)
    return _Recipe(seed, scale, now, {})


_COUNTED: dict[type, str] = {
    Owner: "owners",
    Product: "products",
    Account: "accounts",
    Contact: "contacts",
    Lead: "leads",
    DealHistory: "deals",
    Activity: "activities",
    Email: "emails",
    Touchpoint: "touchpoints",
}


class _Maker:
    def __init__(self, crm: EmbeddedCrm, progress: Progress) -> None:
        self._crm = crm
        self._progress = progress
        self._counts: dict[str, Any] = {
            field.name: 0 for field in dataclasses.fields(DemoCounts) if field.name != "already_there"
        }

    def make(self, recipe: _Recipe) -> dict[str, Any]:
        self._put("owners", owners(), 0)
        self._put("products", (entry.product for entry in catalogue()), 0)
        for number in range(recipe.scale):
            block = Block(recipe.seed, number, recipe.now)
            self._put("accounts", block.accounts(), recipe.scale * ACCOUNTS)
            self._put("contacts", block.contacts, recipe.scale * CONTACTS)
            self._put("leads", _flat(block.leads()), recipe.scale * LEADS)
            self._put("deals", block.deals(), recipe.scale * DEALS)
        return self._counts

    def _put(self, what: str, records: Iterable[Record], total: int) -> None:
        for chunk in chunks(records, CHUNK):
            if not self._is_there(chunk[0]):
                insert_chunk(self._crm, chunk)
            for record in chunk:
                self._count(record)
            self._progress(what, self._counts[what], total or self._counts[what])

    def _is_there(self, record: Record) -> bool:
        """A chunk is on disk as a whole or not at all, so its first record speaks for it."""
        with self._crm.reading("look for demo") as connection:
            one = _itself(record)
            return fetch(connection, KINDS[type(one)], one.id) is not None

    def _count(self, record: Record) -> None:
        self._counts[_COUNTED[DealHistory if isinstance(record, DealHistory) else type(_itself(record))]] += 1
        if isinstance(record, DealHistory):
            for name in ("activities", "emails", "touchpoints"):
                self._counts[name] += len(getattr(record, name))


def _itself(record: Record) -> Any:
    """The record without its history."""
    if isinstance(record, DealHistory):
        return record.deal
    return record.record if isinstance(record, WithHistory) else record


def _flat(histories: Iterator[list[Record]]) -> Iterator[Record]:
    for history in histories:
        yield from history
