"""Links of many records at once: Zoho's ids to ours, and what was last agreed on."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from crm_client.zoho.tables import zoho_links

MOST_AT_ONCE = 500  # databases take only so many values in one statement

_WITH_ZOHO_ID: Select[Any] = select(
    zoho_links.c.zoho_id, zoho_links.c.local_id, zoho_links.c.modified_at, zoho_links.c.base
).where(
    zoho_links.c.module == bindparam("module"),
    zoho_links.c.zoho_id.in_(bindparam("ids", expanding=True)),
)
# Records made here: of all others, both ids are the same, and nothing need be known of them.
_MADE_HERE: Select[Any] = select(zoho_links.c.module, zoho_links.c.zoho_id, zoho_links.c.local_id).where(
    zoho_links.c.module.in_(bindparam("modules", expanding=True)),
    zoho_links.c.zoho_id.in_(bindparam("ids", expanding=True)),
    zoho_links.c.local_id != zoho_links.c.zoho_id,
)


@dataclass(frozen=True)
class Link:
    zoho_id: str
    local_id: str
    modified_at: datetime | None = None
    base: Mapping[str, Any] | None = None


def links_with(connection: Connection, module: str, zoho_ids: Collection[str]) -> dict[str, Link]:
    """By Zoho's id; ids that are not linked are left out."""
    return {
        row.zoho_id: Link(*row)
        for part in parts(zoho_ids)
        for row in connection.execute(_WITH_ZOHO_ID, {"module": module, "ids": part})
    }


def made_here(connection: Connection, modules: Collection[str], zoho_ids: Collection[str]) -> dict[str, dict[str, str]]:
    """Module -> Zoho's id -> our id, of the records that have an id of their own here."""
    found: dict[str, dict[str, str]] = {}
    for part in parts(zoho_ids):
        wanted = {"modules": list(modules), "ids": part}
        for module, zoho_id, local_id in connection.execute(_MADE_HERE, wanted):
            found.setdefault(module, {})[zoho_id] = local_id
    return found


def store_links(connection: Connection, module: str, links: Sequence[Link]) -> None:
    rows = [
        {
            "module": module,
            "local_id": link.local_id,
            "zoho_id": link.zoho_id,
            "modified_at": link.modified_at,
            "base": link.base,
        }
        for link in links
    ]
    if rows:
        connection.execute(_STORE[connection.dialect.name], rows)


def unlink(connection: Connection, module: str, zoho_ids: Collection[str]) -> None:
    for part in parts(zoho_ids):
        connection.execute(
            delete(zoho_links).where(zoho_links.c.module == module, zoho_links.c.zoho_id.in_(part)),
        )


def parts(ids: Collection[str]) -> Iterator[list[str]]:
    wanted = [one for one in dict.fromkeys(ids) if one]
    for start in range(0, len(wanted), MOST_AT_ONCE):
        yield wanted[start : start + MOST_AT_ONCE]


def _storing(fresh: Any) -> Any:
    changed = {name: fresh.excluded[name] for name in ("zoho_id", "modified_at", "base")}
    return fresh.on_conflict_do_update(index_elements=["module", "local_id"], set_=changed)


_STORE = {"sqlite": _storing(sqlite.insert(zoho_links)), "postgresql": _storing(postgresql.insert(zoho_links))}
