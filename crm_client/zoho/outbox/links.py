"""Which record of ours is which record of Zoho's.

A record that came from Zoho keeps Zoho's id here; one that was made here has an id of its own and gets a link when
Zoho has it. Owners are never made here: their ids are always Zoho's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from crm_client.zoho.tables import zoho_links

_AN_ID_OF_ZOHO = re.compile(r"[0-9]{10,20}", re.ASCII)


@dataclass(frozen=True)
class Link:
    """`base`: our field -> the JSON value that both sides last agreed on."""

    zoho_id: str
    local_id: str
    modified_at: datetime | None
    base: Mapping[str, Any]


class Links:
    """Looks links up through one connection, and remembers those of made records while it lives."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[tuple[str, str], Link | None] = {}

    def zoho_id(self, module: str, local_id: str) -> str:
        """'' while Zoho does not have the record."""
        if not local_id:
            return ""
        found = None if module == "owners" else self.of(module, local_id)
        return found.zoho_id if found else local_id if is_zoho_id(local_id) else ""

    def local_id(self, module: str, zoho_id: str) -> str:
        """The same id, where nothing else is known."""
        found = None if module == "owners" else by_zoho_id(self._connection, module, zoho_id)
        return found.local_id if found else zoho_id

    def of(self, module: str, local_id: str) -> Link | None:
        key = (module, local_id)
        if key not in self._known:
            self._known[key] = by_local_id(self._connection, module, local_id)
        return self._known[key]


def is_zoho_id(text: str) -> bool:
    return _AN_ID_OF_ZOHO.fullmatch(text) is not None


def by_local_id(connection: Connection, module: str, local_id: str) -> Link | None:
    return _read(connection, zoho_links.c.module == module, zoho_links.c.local_id == local_id)


def by_zoho_id(connection: Connection, module: str, zoho_id: str) -> Link | None:
    return _read(connection, zoho_links.c.module == module, zoho_links.c.zoho_id == zoho_id)


def _read(connection: Connection, *where: Any) -> Link | None:
    columns = (zoho_links.c.zoho_id, zoho_links.c.local_id, zoho_links.c.modified_at, zoho_links.c.base)
    row = connection.execute(select(*columns).where(*where)).first()
    return None if row is None else Link(row[0], row[1], row[2], row[3] or {})


def store(connection: Connection, module: str, link: Link) -> None:
    """New, or instead of what this record of ours was linked to."""
    values = {
        "module": module,
        "local_id": link.local_id,
        "zoho_id": link.zoho_id,
        "modified_at": link.modified_at,
        "base": dict(link.base),
    }
    kind: Any = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    fresh = kind(zoho_links).values(values)
    changed = {name: fresh.excluded[name] for name in ("zoho_id", "modified_at", "base")}
    connection.execute(fresh.on_conflict_do_update(index_elements=["module", "local_id"], set_=changed))


def agree(
    connection: Connection, module: str, local_id: str, fields: Mapping[str, Any], modified_at: datetime | None
) -> None:
    """Both sides have these values now."""
    found = by_local_id(connection, module, local_id)
    if found is None:
        return
    times = [one for one in (found.modified_at, modified_at) if one is not None]
    connection.execute(
        update(zoho_links)
        .where(zoho_links.c.module == module, zoho_links.c.local_id == local_id)
        .values(base={**found.base, **fields}, modified_at=max(times) if times else None)
    )


def cut(connection: Connection, module: str, local_id: str) -> None:
    connection.execute(delete(zoho_links).where(zoho_links.c.module == module, zoho_links.c.local_id == local_id))
