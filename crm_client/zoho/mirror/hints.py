"""Records to be fetched by id: what pushes named, and deals whose products and stage history are still to be read.

A queue in a table: whoever takes an entry has it for a while; one that fails comes again later and later; one that is
told of again while somebody fetches it stays for another round.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Select, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from crm_client.embedded.store import as_crm_errors
from crm_client.zoho.mirror.links_in_bulk import parts
from crm_client.zoho.tables import zoho_hints
from motenashi.database import Database

DETAILS: Final = "deals:details"  # Zoho's ids of deals; no module has this name
LEASE = timedelta(minutes=2)
LONGEST_PAUSE = timedelta(hours=1)


@dataclass(frozen=True)
class Hint:
    module: str
    zoho_id: str
    deleted: bool
    at: datetime
    attempts: int


class Hints:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        module: str,
        zoho_ids: Collection[str],
        now: datetime,
        *,
        deleted: bool = False,
        not_before: datetime | None = None,
    ) -> None:
        with as_crm_errors("note hints"), self._database.write() as connection:
            add(connection, module, zoho_ids, now, deleted=deleted, not_before=not_before)

    def take(self, now: datetime, most: int, *, details: bool) -> list[Hint]:
        """Up to `most` of one module, which nobody else gets while the lease runs. Hints: the oldest first; details:
        the newest deals first, since those are asked for most."""
        of_kind = zoho_hints.c.module == DETAILS if details else zoho_hints.c.module != DETAILS
        free = or_(zoho_hints.c.claimed_until.is_(None), zoho_hints.c.claimed_until <= now)
        order = (zoho_hints.c.at.desc() if details else zoho_hints.c.at.asc(), zoho_hints.c.zoho_id.desc())
        columns = (zoho_hints.c.module, zoho_hints.c.zoho_id, zoho_hints.c.deleted, zoho_hints.c.at)
        query: Select[Any] = select(*columns, zoho_hints.c.attempts).where(of_kind, free).order_by(*order)
        with as_crm_errors("take hints"), self._database.write() as connection:
            first = connection.execute(query.limit(1)).first()
            if first is None:
                return []
            mine = query.where(zoho_hints.c.module == first.module).limit(most).with_for_update(skip_locked=True)
            taken = [Hint(*row) for row in connection.execute(mine)]
            _lease(connection, taken, now + LEASE)
        return taken

    def done(self, hints: Iterable[Hint]) -> None:
        """Gone, unless they were told of again since."""
        with as_crm_errors("forget hints"), self._database.write() as connection:
            for hint in hints:
                connection.execute(
                    delete(zoho_hints).where(
                        zoho_hints.c.module == hint.module,
                        zoho_hints.c.zoho_id == hint.zoho_id,
                        zoho_hints.c.at == hint.at,
                    )
                )

    def later(self, hints: Iterable[Hint], now: datetime) -> None:
        """Tried in vain: again after a pause that doubles."""
        with as_crm_errors("put hints back"), self._database.write() as connection:
            for hint in hints:
                pause = min(timedelta(seconds=2 ** min(hint.attempts + 1, 12)), LONGEST_PAUSE)
                connection.execute(
                    update(zoho_hints)
                    .where(
                        zoho_hints.c.module == hint.module,
                        zoho_hints.c.zoho_id == hint.zoho_id,
                        zoho_hints.c.at == hint.at,
                    )
                    .values(attempts=hint.attempts + 1, claimed_until=now + pause)
                )

    def waiting(self) -> tuple[int, int]:
        """(records, deals whose details wait)."""
        query = select(zoho_hints.c.module, func.count()).group_by(zoho_hints.c.module)
        with as_crm_errors("count hints"), self._database.read() as connection:
            found = dict(connection.execute(query).tuples().all())
        details = found.pop(DETAILS, 0)
        return sum(found.values()), details


def add(
    connection: Connection,
    module: str,
    zoho_ids: Collection[str],
    now: datetime,
    *,
    deleted: bool = False,
    not_before: datetime | None = None,
) -> None:
    rows = [
        {"module": module, "zoho_id": one, "deleted": deleted, "at": now, "claimed_until": not_before, "attempts": 0}
        for one in dict.fromkeys(zoho_ids)
    ]
    if rows:
        connection.execute(_ADD[connection.dialect.name], rows)


def forget(connection: Connection, module: str, zoho_ids: Collection[str]) -> None:
    for part in parts(zoho_ids):
        connection.execute(delete(zoho_hints).where(zoho_hints.c.module == module, zoho_hints.c.zoho_id.in_(part)))


def _lease(connection: Connection, hints: Collection[Hint], until: datetime) -> None:
    for part in parts([hint.zoho_id for hint in hints]):
        module = next(iter(hints)).module
        connection.execute(
            update(zoho_hints)
            .where(zoho_hints.c.module == module, zoho_hints.c.zoho_id.in_(part))
            .values(claimed_until=until)
        )


def _adding(fresh: Any) -> Any:
    changed = {name: fresh.excluded[name] for name in ("deleted", "at", "claimed_until", "attempts")}
    return fresh.on_conflict_do_update(index_elements=["module", "zoho_id"], set_=changed)


_ADD = {"sqlite": _adding(sqlite.insert(zoho_hints)), "postgresql": _adding(postgresql.insert(zoho_hints))}
