"""What only one process may do at a time: a lease in the database that ends by itself when its holder is gone."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from motenashi.advice_desk.tables import advice_leases as table
from motenashi.database import Database

LEARNING = "learning"


class Lease:
    """One name, one holder. DBAPIError when the database is away."""

    def __init__(self, database: Database, name: str, length: timedelta) -> None:
        self._database = database
        self._name = name
        self._length = length
        self._me = uuid.uuid4().hex

    def take(self, now: datetime) -> bool:
        """Is it ours now? Also prolongs one that is."""
        free = or_(table.c.holder == self._me, table.c.until <= now)
        row = {"name": self._name, "holder": self._me, "until": now + self._length}
        with self._database.write() as connection:
            if connection.execute(update(table).where(table.c.name == self._name, free).values(row)).rowcount == 1:
                return True
            connection.execute(self._database.insert_or_ignore(table, row))
            holder = select(table.c.holder).where(table.c.name == self._name)
            return connection.execute(holder).scalar() == self._me

    def give_back(self, now: datetime, *, finished: bool) -> None:
        """Let others begin; `finished` notes when the work was last done to its end."""
        values = {"until": now} | ({"finished_at": now} if finished else {})
        mine = (table.c.name == self._name, table.c.holder == self._me)
        with self._database.write() as connection:
            connection.execute(update(table).where(*mine).values(values))

    def is_held(self, now: datetime) -> bool:
        """Is anybody at it, or died less than a lease ago?"""
        with self._database.read() as connection:
            until = connection.execute(select(table.c.until).where(table.c.name == self._name)).scalar()
        return until is not None and until > now

    def finished_at(self) -> datetime | None:
        """When the work was last done to its end, by whomever."""
        with self._database.read() as connection:
            return connection.execute(select(table.c.finished_at).where(table.c.name == self._name)).scalar()
