"""Erase a person: count first, then delete everything in one transaction, then search the whole store for them."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from crm_client.embedded.tables import crm_deals
from motenashi.database import Database
from motenashi.erasing.rules import theirs
from motenashi.erasing.search import Found, Search, search
from motenashi.erasing.tables import erasures
from motenashi.erasing.whose import PersonKind, Whose, whose


@dataclass(frozen=True)
class Extent:
    """What would go: rows by table (those with none left out), and deals that stay without the person."""

    name: str
    rows: Mapping[str, int]
    deals_kept: int
    records: tuple[tuple[PersonKind, str], ...]


@dataclass(frozen=True)
class Erased:
    """`found`: what the search of the whole store still found; empty is the proof."""

    extent: Extent
    searched: int
    found: tuple[Found, ...]
    at: datetime


Erasing = Callable[[Connection, Whose], object]


def nobody_else(connection: Connection, who: Whose) -> None:
    """Our own store is all there is."""


class Eraser:
    """DBAPIError when the database is away; nothing is half done then. `on_erased` is told of deals whose person went,
    after it is on disk; `erasing` of whom is about to go, inside the transaction (the CRM that we mirror must hear of
    it, or it would bring them back)."""

    def __init__(
        self,
        database: Database,
        secret_key: bytes,
        *,
        on_erased: Callable[[str], object] = lambda deal_id: None,
        erasing: Erasing = nobody_else,
    ) -> None:
        self._database = database
        self._key = secret_key
        self._on_erased = on_erased
        self._erasing = erasing

    def extent(self, kind: PersonKind, person_id: str) -> Extent | None:
        """What erasing would delete; changes nothing. None when there is nobody of this id."""
        with self._database.read() as connection:
            who = _whose(connection, kind, person_id)
            return _extent(connection, who) if who else None

    def erase(self, kind: PersonKind, person_id: str, *, by: str, now: datetime) -> Erased | None:
        """Delete it all, then search. None when there is nobody of this id (any more)."""
        with self._database.write() as connection:
            who = _whose(connection, kind, person_id)
            if who is None:
                return None
            extent = _extent(connection, who)
            self._erasing(connection, who)
            deals = _take_out_of_deals(connection, who)
            for one in theirs(who):
                connection.execute(delete(one.table).where(one.rows))
            looked = search(connection, who)
            connection.execute(insert(erasures).values(self._row(kind, person_id, by, now, extent, looked)))
        for deal_id in deals:
            self._on_erased(deal_id)
        return Erased(extent, looked.columns, looked.found, now)

    def was_erased(self, kind: PersonKind, person_id: str) -> datetime | None:
        """When a record with this id was erased; None when it never was."""
        query = select(func.max(erasures.c.at)).where(erasures.c.mark == self._mark(kind, person_id))
        with self._database.read() as connection:
            at: datetime | None = connection.execute(query).scalar()
        return at

    def _mark(self, kind: PersonKind, person_id: str) -> str:
        return hmac.new(self._key, f"erased {kind} {person_id}".encode(), hashlib.sha256).hexdigest()

    def _row(
        self, kind: PersonKind, person_id: str, by: str, now: datetime, extent: Extent, looked: Search
    ) -> dict[str, object]:
        return {
            "mark": self._mark(kind, person_id),
            "at": now,
            "by": by[:320],
            "deleted": dict(extent.rows),
            "searched": looked.columns,
            "found": [[one.table, one.column, one.rows] for one in looked.found],
        }


def _whose(connection: Connection, kind: PersonKind, person_id: str) -> Whose | None:
    """Also somebody whose record is gone (deleted in the CRM that we mirror) while things seen here still name it."""
    found = whose(connection, kind, person_id)
    if found is not None or not person_id:
        return found
    ids = frozenset({person_id})
    gone = Whose(contact_ids=ids) if kind == "contact" else Whose(lead_ids=ids)
    left = _extent(connection, gone)
    return gone if left.rows or left.deals_kept else None


def _extent(connection: Connection, who: Whose) -> Extent:
    rows = {}
    for one in theirs(who):
        count = connection.execute(select(func.count()).select_from(one.table).where(one.rows)).scalar_one()
        if count:
            rows[one.table.name] = int(count)
    of_them = crm_deals.c.contact_id.in_(sorted(who.contact_ids))
    kept = connection.execute(select(func.count()).select_from(crm_deals).where(of_them)).scalar_one()
    contacts: tuple[tuple[PersonKind, str], ...] = tuple(("contact", one) for one in sorted(who.contact_ids))
    leads: tuple[tuple[PersonKind, str], ...] = tuple(("lead", one) for one in sorted(who.lead_ids))
    return Extent(", ".join(sorted(who.addresses)), rows, int(kept), contacts + leads)


def _take_out_of_deals(connection: Connection, who: Whose) -> list[str]:
    """The deals stay, with their amounts and stages, and no longer say whose they were."""
    of_them = crm_deals.c.contact_id.in_(sorted(who.contact_ids))
    deals = list(connection.execute(select(crm_deals.c.id).where(of_them)).scalars())
    connection.execute(update(crm_deals).where(of_them).values(contact_id=""))
    return deals
