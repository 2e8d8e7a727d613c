"""Of all processes, the one whose clock runs the jobs: a lease in the database, taken over when its holder is gone."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy import Column, MetaData, String, Table, or_, select, update
from sqlalchemy.exc import DBAPIError

from motenashi.database import Database, UtcTime

metadata = MetaData()
job_leases = Table(
    "job_leases",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("holder", String(36), nullable=False),
    Column("until", UtcTime, nullable=False),
)

LEASE = timedelta(seconds=15)
# A holder renews when this much is left, so that it does not write every second.
RENEW_BELOW = timedelta(seconds=8)


class Leader:
    def __init__(self, database: Database, name: str = "jobs") -> None:
        self._database = database
        self._name = name
        self._me = str(uuid.uuid4())
        self._until: datetime | None = None

    def leads(self, now: datetime) -> bool:
        """Is it us? Renews or takes over the lease when needed. False when the database can't be asked."""
        if self._until is not None and self._until - now > RENEW_BELOW:
            return True
        try:
            held = self._take(now)
        except DBAPIError:
            return self._until is not None and self._until > now
        self._until = now + LEASE if held else None
        return held

    def step_down(self, now: datetime) -> None:
        """Give the lease back, so that whoever starts next need not wait for its end. Harmless when it is not ours."""
        mine = (job_leases.c.name == self._name, job_leases.c.holder == self._me)
        self._until = None
        try:
            with self._database.write() as connection:
                connection.execute(update(job_leases).where(*mine).values(until=now))
        except DBAPIError:
            return  # it ends by itself

    def _take(self, now: datetime) -> bool:
        row = {"name": self._name, "holder": self._me, "until": now + LEASE}
        free = or_(job_leases.c.holder == self._me, job_leases.c.until < now)
        change = update(job_leases).where(job_leases.c.name == self._name, free).values(row)
        with self._database.write() as connection:
            if connection.execute(change).rowcount == 1:
                return True
            connection.execute(self._database.insert_or_ignore(job_leases, row))
            holder = select(job_leases.c.holder).where(job_leases.c.name == self._name)
            return connection.execute(holder).scalar() == self._me
