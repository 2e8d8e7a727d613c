"""Taking rows for a while: each row is in one process's hands at a time, and what a dead one held is taken again."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, update

from motenashi.bulk_actions.plans import as_row, row_columns
from motenashi.bulk_actions.tables import bulk_jobs, bulk_rows
from motenashi.bulk_actions.words import Row
from motenashi.database import Database

HELD_FOR = timedelta(minutes=3)


class Claims:
    """DBAPIError when the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def anything(self, job_id: int, now: datetime) -> bool:
        """Looked up without a write lock: often there is nothing to do yet."""
        query = select(bulk_rows.c.number).where(bulk_rows.c.job_id == job_id, _free(now)).limit(1)
        with self._database.read() as connection:
            return connection.execute(query).first() is not None

    def to_do(self, job_id: int, most: int, now: datetime) -> tuple[Row, ...]:
        """Rows whose time has come, and those that a dead process left; none of a job that is not running."""
        free = _free(now)
        running = exists().where(bulk_jobs.c.id == job_id, bulk_jobs.c.state == "running")
        due = select(bulk_rows.c.number).where(bulk_rows.c.job_id == job_id, free)
        order = due.order_by(bulk_rows.c.due_at, bulk_rows.c.number).limit(most)
        return self._take(job_id, order, and_(free, running), {"state": "working"}, now)

    def left_over(self, job_id: int, most: int, now: datetime) -> tuple[Row, ...]:
        """Rows that a dead process left, of whatever job."""
        free = and_(bulk_rows.c.state == "working", bulk_rows.c.lease_until <= now)
        due = select(bulk_rows.c.number).where(bulk_rows.c.job_id == job_id, free).limit(most)
        return self._take(job_id, due, free, {"state": "working"}, now)

    def to_undo(self, job_id: int, most: int, now: datetime) -> tuple[Row, ...]:
        free = or_(bulk_rows.c.undo == "wanted", and_(bulk_rows.c.undo == "working", bulk_rows.c.lease_until <= now))
        due = select(bulk_rows.c.number).where(bulk_rows.c.job_id == job_id, free).order_by(bulk_rows.c.number)
        return self._take(job_id, due.limit(most), free, {"undo": "working"}, now)

    def _take(
        self, job_id: int, pick: Select[Any], free: ColumnElement[bool], values: dict[str, Any], now: datetime
    ) -> tuple[Row, ...]:
        lease = uuid.uuid4().hex
        held = {"lease": lease, "lease_until": now + HELD_FOR, "tries": bulk_rows.c.tries + 1, **values}
        if self._database.dialect == "postgresql":
            pick = pick.with_for_update(skip_locked=True)
        with self._database.write() as connection:
            numbers = list(connection.execute(pick).scalars())
            if not numbers:
                return ()
            these = and_(bulk_rows.c.job_id == job_id, bulk_rows.c.number.in_(numbers), free)
            taken = connection.execute(update(bulk_rows).where(these).values(held).returning(*row_columns()))
            return tuple(sorted((as_row(row) for row in taken), key=lambda row: row.number))


def _free(now: datetime) -> ColumnElement[bool]:
    return or_(
        and_(bulk_rows.c.state == "ready", bulk_rows.c.due_at <= now),
        and_(bulk_rows.c.state == "working", bulk_rows.c.lease_until <= now),
    )
