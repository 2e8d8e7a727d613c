"""The store of filters with a name: each person's own, and those that people share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, or_, select, update

from motenashi.clean_text import clean_text
from motenashi.database import Database
from motenashi.filters.infos import SavedFilter
from motenashi.filters.tables import LONGEST_NAME, saved_filters

_TABLE = saved_filters


class NameWrong(Exception):
    """A filter can't have this name."""


class SavedFilters:
    def __init__(self, database: Database) -> None:
        self._database = database

    def save(
        self, module: str, name: str, written: Mapping[str, Any], *, owner: str, shared: bool, now: datetime
    ) -> SavedFilter:
        """The owner's filter of that name is replaced. NameWrong for an empty or too long name."""
        name = " ".join(clean_text(name).split())
        if not name or len(name) > LONGEST_NAME:
            raise NameWrong(f"a filter's name has 1 to {LONGEST_NAME} characters")
        who = owner.strip().lower()
        named = and_(_TABLE.c.owner == who, _TABLE.c.module == module, _TABLE.c.name == name)
        changes = {"written": dict(written), "shared": shared, "changed_at": now}
        row = {"module": module, "name": name, "owner": who, "created_at": now, **changes}
        with self._database.write() as connection:
            # First add, so that two at once can't both find nothing there.
            connection.execute(self._database.insert_or_ignore(_TABLE, row))
            connection.execute(update(_TABLE).where(named).values(changes))
            return SavedFilter(**connection.execute(select(_TABLE).where(named)).mappings().one())

    def visible(self, module: str, viewer: str) -> tuple[SavedFilter, ...]:
        query = select(_TABLE).where(_TABLE.c.module == module, _seen_by(viewer))
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(_TABLE.c.name, _TABLE.c.id)).mappings()
            return tuple(SavedFilter(**row) for row in rows)

    def find(self, filter_id: int, viewer: str) -> SavedFilter | None:
        query = select(_TABLE).where(_TABLE.c.id == filter_id, _seen_by(viewer))
        with self._database.read() as connection:
            row = connection.execute(query).mappings().first()
        return SavedFilter(**row) if row else None

    def remove(self, filter_id: int, owner: str) -> bool:
        theirs = and_(_TABLE.c.id == filter_id, _TABLE.c.owner == owner.strip().lower())
        with self._database.write() as connection:
            return connection.execute(delete(_TABLE).where(theirs)).rowcount > 0


def _seen_by(viewer: str) -> Any:
    return or_(_TABLE.c.shared.is_(True), _TABLE.c.owner == viewer.strip().lower())
