"""One chunk of records of one module, written in one transaction with everything the embedded CRM keeps beside them.

An older version than the one we have is dropped, the same one changes nothing. A field that was changed here and is
not in Zoho yet keeps our value, and its base: so whoever sends it later sees that both sides changed it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, bindparam, insert, select

from crm_client.embedded import diary
from crm_client.embedded.changes import RecordChange
from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.embedded.field_changes import MODULE_OF, changed
from crm_client.embedded.record_rows import Kind, check
from crm_client.embedded.tables import crm_field_changes, crm_products
from crm_client.errors import CrmRejected
from crm_client.records import Activity, Product
from crm_client.zoho.mapping.field_map import MIRRORED, FieldMap
from crm_client.zoho.mirror.deal_rows import DealBooks
from crm_client.zoho.mirror.incoming import Incoming, Unreadable, look_ups, unreadable
from crm_client.zoho.mirror.kinds import KINDS, row_of, told, upsert
from crm_client.zoho.mirror.links_in_bulk import Link, links_with, made_here, parts, store_links
from crm_client.zoho.mirror.waiting_writes import create_under_way_since, people_leaving
from crm_client.zoho.outbox.pending import pending_deletes, pending_fields

# Versions are whole seconds: a product that is linked within the second of the last change makes no newer one. For as
# long as its notification may take, a deal that comes again is looked at as if it were new.
SAME_SECOND = timedelta(seconds=30)
# A record that Zoho made after a create of ours went out may be that one. Clocks differ by up to this much.
CLOCKS_DIFFER = timedelta(minutes=2)


@dataclass
class Written:
    """What became of a chunk. `postponed`: deals in stages nobody knows. `may_be_ours`: Zoho's ids of records that
    may come from a create of ours that went out at `create_sent_at` and whose answer is still out. `newer`: Zoho's ids
    of records that came in a newer version, whether or not a field that we keep is another. `new_stages`: stages that
    Zoho lists nowhere; they count as open."""

    changes: list[RecordChange] = field(default_factory=list)
    skipped: int = 0
    bad: list[Unreadable] = field(default_factory=list)
    postponed: list[Incoming] = field(default_factory=list)
    may_be_ours: list[str] = field(default_factory=list)
    create_sent_at: datetime | None = None
    newer: list[str] = field(default_factory=list)
    new_stages: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Known:
    """What the database knows about a chunk before it is written."""

    links: Mapping[str, Link]
    olds: Mapping[str, Any]
    held: Mapping[str, Mapping[str, datetime]]
    local: Callable[[str, str], str]


class Chunk:
    """Lives for one transaction."""

    def __init__(
        self, connection: Connection, crm: EmbeddedCrm, field_map: FieldMap, module: str, *, unknown_stages_open: bool
    ) -> None:
        self._connection = connection
        self._crm = crm
        self._map = field_map
        self._module = module
        self._kind: Kind[Any] = KINDS[module]
        self._books = DealBooks(connection, unknown_stages_open) if module == "deals" else None
        self._rows: list[dict[str, Any]] = []
        self._links: list[Link] = []
        self._histories: list[dict[str, Any]] = []
        self.written = Written()

    def write(self, incoming: Mapping[str, Incoming]) -> Written:
        wanted, links = self._wanted(incoming)
        known = self._known(wanted, links)
        if self._books is not None:
            self._books.open([links[one.zoho_id].local_id for one in wanted if one.zoho_id in links])
        for one in wanted:
            try:
                self._take(one, known)
            except CrmRejected as error:
                self.written.bad.append(unreadable(one.zoho_id, error))
        self._store()
        return self.written

    def _wanted(self, incoming: Mapping[str, Incoming]) -> tuple[list[Incoming], dict[str, Link]]:
        links = links_with(self._connection, self._module, incoming)
        going = pending_deletes(self._connection, self._module, incoming)
        since = self.written.create_sent_at = create_under_way_since(self._connection, self._module)
        wanted = []
        for one in incoming.values():
            link = links.get(one.zoho_id)
            if one.zoho_id in going or _is_older(one, link):
                self.written.skipped += 1
            elif link is None and since is not None and one.modified_at >= since - CLOCKS_DIFFER:
                self.written.may_be_ours.append(one.zoho_id)
            else:
                wanted.append(one)
        return wanted, links

    def _known(self, wanted: Sequence[Incoming], links: Mapping[str, Link]) -> _Known:
        ids = sorted(links[one.zoho_id].local_id if one.zoho_id in links else one.zoho_id for one in wanted)
        ours = made_here(self._connection, MIRRORED, look_ups(wanted))
        leaving = people_leaving(self._connection)

        def local(module: str, zoho_id: str) -> str:
            return "" if (module, zoho_id) in leaving else ours.get(module, {}).get(zoho_id, zoho_id)

        return _Known(
            links,
            _olds(self._connection, self._kind, ids),
            pending_fields(self._connection, self._module, ids),
            local,
        )

    def _take(self, one: Incoming, known: _Known) -> None:
        link = known.links.get(one.zoho_id)
        local_id = link.local_id if link else one.zoho_id
        old = known.olds.get(local_id)
        theirs = self._map.to_record(self._module, one.raw, old, local=known.local)
        theirs = dataclasses.replace(theirs, id=local_id)
        base = dict(self._map.base_of(self._module, theirs))
        record = theirs
        for name in known.held.get(local_id, ()):
            record = _with_our_value(record, old, name)
            _keep_base(base, link, name)
        record = self._made_to_fit(record, old, one)
        if record is None:
            self.written.postponed.append(one)
            return
        if link is None or link.modified_at != one.modified_at or self._crm.now() - one.modified_at < SAME_SECOND:
            self.written.newer.append(one.zoho_id)
        if record != old:
            self._change(old, record, one)
        else:
            self.written.skipped += 1
        if link is None or link.modified_at != one.modified_at or link.base != base:
            self._links.append(Link(one.zoho_id, local_id, one.modified_at, base))

    def _made_to_fit(self, record: Any, old: Any, one: Incoming) -> Any:
        """What our tables demand and Zoho does not; None for a deal that has to wait for its stage."""
        if "created_at" in self._kind.names and record.created_at is None:
            record = dataclasses.replace(record, created_at=old.created_at if old else one.modified_at)
        if self._books is not None:
            if not self._books.knows(record.stage):
                return None
            record = self._books.timed(record, old, one.modified_at)
        if isinstance(record, Product) and old is not None and old.code == _code_apart(record.code, record.id):
            record = dataclasses.replace(record, code=old.code)
        check(self._kind, record, "apply record")
        return record

    def _change(self, old: Any, record: Any, one: Incoming) -> None:
        self._rows.append(row_of(self._crm, self._kind, record))
        self.written.changes.append(told(self._module, record))
        if self._books is not None:
            self._books.changed(old, record, one.modified_at, one.modified_by)
        if type(record) in MODULE_OF:
            fields = self._crm.tracked(record)
            self._histories.extend(
                dataclasses.asdict(change)
                for change in changed(fields, old, record, at=one.modified_at, by=one.modified_by)
            )

    def _store(self) -> None:
        connection = self._connection
        if self._kind.record is Activity:
            for owner_id in sorted({row["owner_id"] for row in self._rows if _takes_time(row)}):
                diary.hold(connection, owner_id)
        if self._kind.record is Product and self._rows:
            _keep_codes_apart(connection, self._rows)
        if self._rows:
            connection.execute(upsert(self._kind, connection.dialect.name, tuple(self._rows[0])), self._rows)
        store_links(connection, self._module, self._links)
        if self._histories:
            connection.execute(insert(crm_field_changes), self._histories)
        if self._books is not None:
            self.written.new_stages.extend(self._books.close())


def _is_older(one: Incoming, link: Link | None) -> bool:
    return link is not None and link.modified_at is not None and link.modified_at > one.modified_at


def _olds(connection: Connection, kind: Kind[Any], ids: Sequence[str]) -> dict[str, Any]:
    """Our id -> record as it stands; nobody else changes these until the transaction ends."""
    query: Select[Any] = (
        select(*kind.columns)
        .where(kind.table.c.id.in_(bindparam("ids", expanding=True)))
        .order_by(kind.table.c.id)  # one order for all, so that no two writers wait for each other
        .with_for_update()
    )
    found = (kind.record(*row) for part in parts(ids) for row in connection.execute(query, {"ids": part}))
    return {record.id: record for record in found}


def _with_our_value(record: Any, old: Any, name: str) -> Any:
    if old is None:
        return record
    if hasattr(record, name):
        return dataclasses.replace(record, **{name: getattr(old, name)})
    return dataclasses.replace(record, extra={**record.extra, name: old.extra.get(name)})


def _keep_base(base: dict[str, Any], link: Link | None, name: str) -> None:
    agreed = link.base if link and link.base else {}
    if name in agreed:
        base[name] = agreed[name]
    else:
        base.pop(name, None)


def _takes_time(row: Mapping[str, Any]) -> bool:
    return row["kind"] == "event" and row["status"] == "open" and bool(row["owner_id"])


def _keep_codes_apart(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Zoho lets two products have one code, our shop does not: the later one's is followed by its id."""
    taken = {
        code: product_id
        for part in parts([row["code"] for row in rows])
        for code, product_id in connection.execute(
            select(crm_products.c.code, crm_products.c.id).where(crm_products.c.code.in_(part))
        )
    }
    coming = {row["id"] for row in rows}
    taken = {code: product_id for code, product_id in taken.items() if product_id not in coming}
    for row in rows:
        if taken.setdefault(row["code"], row["id"]) != row["id"]:
            row["code"] = _code_apart(row["code"], row["id"])


def _code_apart(code: str, product_id: str) -> str:
    return f"{code} ({product_id})"
