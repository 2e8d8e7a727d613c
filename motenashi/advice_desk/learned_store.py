"""What learning left behind: tables as bytes with a few facts about them. The newest counts, the three last are kept.

Web processes read the facts only; the bytes are for the worker.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select

from motenashi.advice_desk.tables import learned_tables as table
from motenashi.database import Database

ACTIONS, TIMES = "actions", "times"
KEPT = 3
FORM = "form"  # among the facts: which version of the program learned it


@dataclass(frozen=True)
class LearnedFacts:
    """`id` tells one learning from the next. `as_of`: the moment the history ended."""

    id: int
    made_at: datetime
    as_of: datetime
    facts: Mapping[str, Any]

    @property
    def form(self) -> str:
        return str(self.facts.get(FORM, ""))


class LearnedStore:
    """DBAPIError when the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, name: str, data: bytes, *, made_at: datetime, as_of: datetime, facts: Mapping[str, Any]) -> int:
        """The newest from now on; what is older than the last three goes. Its id."""
        row = {"name": name, "made_at": made_at, "as_of": as_of, "data": data, "facts": dict(facts)}
        with self._database.write() as connection:
            made: int = connection.execute(insert(table).values(row).returning(table.c.id)).scalar_one()
            newest = select(table.c.id).where(table.c.name == name).order_by(table.c.id.desc()).limit(KEPT)
            ids = list(connection.scalars(newest))
            connection.execute(delete(table).where(table.c.name == name, table.c.id.not_in(ids)))
        return made

    def facts(self, name: str) -> LearnedFacts | None:
        """About the newest; None when nothing was ever learned."""
        columns = (table.c.id, table.c.made_at, table.c.as_of, table.c.facts)
        query = select(*columns).where(table.c.name == name).order_by(table.c.id.desc()).limit(1)
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return LearnedFacts(*row) if row else None

    def data(self, learned_id: int) -> bytes | None:
        """None when it was thrown away meanwhile."""
        with self._database.read() as connection:
            found = connection.execute(select(table.c.data).where(table.c.id == learned_id)).scalar()
        return bytes(found) if found is not None else None
