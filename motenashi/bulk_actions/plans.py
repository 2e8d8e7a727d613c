"""The store of plans: jobs with their rows, read and counted. Who changes them does so in its own transaction."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, select, update
from sqlalchemy import Row as SqlRow

from motenashi.bulk_actions import audit
from motenashi.bulk_actions.tables import bulk_jobs, bulk_rows
from motenashi.bulk_actions.words import AuditEntry, Count, Job, JobState, Row
from motenashi.database import Database

_JOB = tuple(bulk_jobs.c[field.name] for field in dataclasses.fields(Job))
_ROW = tuple(bulk_rows.c[field.name] for field in dataclasses.fields(Row))
UNFINISHED = ("new", "ready", "working", "handed")


class Plans:
    """DBAPIError when the database is away."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def job(self, job_id: int) -> Job | None:
        with self.database.read() as connection:
            return read_job(connection, job_id)

    def newest(self, *, by: str = "", before: int | None = None, most: int = 30) -> tuple[Job, ...]:
        """The newest first; of one planner only, when named. What was never frozen whole is left out."""
        wanted: list[ColumnElement[bool]] = [bulk_jobs.c.total > 0]
        wanted += [bulk_jobs.c.created_by == by] if by else []
        wanted += [bulk_jobs.c.id < before] if before is not None else []
        query = select(*_JOB).where(*wanted).order_by(bulk_jobs.c.id.desc()).limit(most)
        with self.database.read() as connection:
            return tuple(as_job(row) for row in connection.execute(query))

    def in_state(self, *states: JobState) -> tuple[Job, ...]:
        query = select(*_JOB).where(bulk_jobs.c.state.in_(states)).order_by(bulk_jobs.c.id)
        with self.database.read() as connection:
            return tuple(as_job(row) for row in connection.execute(query))

    def cancelled(self, job_ids: Collection[int]) -> frozenset[int]:
        """Those of these jobs that were cancelled."""
        query = select(bulk_jobs.c.id).where(bulk_jobs.c.id.in_(sorted(job_ids)), bulk_jobs.c.state == "cancelled")
        with self.database.read() as connection:
            return frozenset(connection.execute(query).scalars())

    def left_over(self, now: datetime) -> tuple[Job, ...]:
        """Cancelled jobs of whose rows a dead process left some."""
        rows = select(bulk_rows.c.job_id).where(bulk_rows.c.state == "working", bulk_rows.c.lease_until <= now)
        query = select(*_JOB).where(bulk_jobs.c.id.in_(rows), bulk_jobs.c.state == "cancelled")
        with self.database.read() as connection:
            return tuple(as_job(row) for row in connection.execute(query))

    def is_running(self, job_id: int) -> bool:
        query = select(bulk_jobs.c.state).where(bulk_jobs.c.id == job_id)
        with self.database.read() as connection:
            return connection.execute(query).scalar() == "running"

    def being_undone(self) -> tuple[Job, ...]:
        query = select(*_JOB).where(bulk_jobs.c.undo == "running").order_by(bulk_jobs.c.id)
        with self.database.read() as connection:
            return tuple(as_job(row) for row in connection.execute(query))

    def counts(self, job_id: int) -> tuple[Count, ...]:
        """How many rows are in which state, and why; the most first."""
        rows = func.count()
        query = (
            select(bulk_rows.c.state, bulk_rows.c.why, rows)
            .where(bulk_rows.c.job_id == job_id)
            .group_by(bulk_rows.c.state, bulk_rows.c.why)
            .order_by(rows.desc(), bulk_rows.c.state, bulk_rows.c.why)
        )
        with self.database.read() as connection:
            return tuple(Count(*row) for row in connection.execute(query))

    def undo_counts(self, job_id: int) -> dict[str, int]:
        query = select(bulk_rows.c.undo, func.count()).where(bulk_rows.c.job_id == job_id, bulk_rows.c.undo != "")
        with self.database.read() as connection:
            return {str(state): int(rows) for state, rows in connection.execute(query.group_by(bulk_rows.c.undo))}

    def rows(
        self,
        job_id: int,
        *,
        states: Collection[str] = (),
        why: str = "",
        undo: str = "",
        after: int = 0,
        most: int = 50,
    ) -> tuple[Row, ...]:
        """In the order of the plan, from behind the number `after`."""
        wanted = [bulk_rows.c.job_id == job_id, bulk_rows.c.number > after]
        wanted += [bulk_rows.c.state.in_(sorted(states))] if states else []
        wanted += [bulk_rows.c.why == why] if why else []
        wanted += [bulk_rows.c.undo == undo] if undo else []
        query = select(*_ROW).where(*wanted).order_by(bulk_rows.c.number).limit(most)
        with self.database.read() as connection:
            return tuple(as_row(row) for row in connection.execute(query))

    def ready_row(self, job_id: int, *, at_or_after: int = 0, before: int | None = None) -> Row | None:
        """One that it will be done to: the first from a number on, or the last before one."""
        wanted = [bulk_rows.c.job_id == job_id, bulk_rows.c.state == "ready"]
        if before is not None:
            wanted.append(bulk_rows.c.number < before)
            order: Any = bulk_rows.c.number.desc()
        else:
            wanted.append(bulk_rows.c.number >= at_or_after)
            order = bulk_rows.c.number
        with self.database.read() as connection:
            row = connection.execute(select(*_ROW).where(*wanted).order_by(order).limit(1)).first()
            return as_row(row) if row else None

    def place_among_ready(self, job_id: int, number: int) -> int:
        """Counted from 1."""
        wanted = (bulk_rows.c.job_id == job_id, bulk_rows.c.state == "ready", bulk_rows.c.number <= number)
        with self.database.read() as connection:
            return int(connection.execute(select(func.count()).select_from(bulk_rows).where(*wanted)).scalar_one())

    def audit(self, job_id: int) -> tuple[AuditEntry, ...]:
        with self.database.read() as connection:
            return audit.entries(connection, job_id)

    def change_row(self, row: Row, **values: Any) -> bool:
        """Write down what became of a row that we hold; False when somebody else holds it by now."""
        held = (bulk_rows.c.state == row.state, bulk_rows.c.lease == row.lease, bulk_rows.c.tries == row.tries)
        with self.database.write() as connection:
            return connection.execute(update(bulk_rows).where(is_row(row), *held).values(values)).rowcount == 1

    def finish_row(self, row: Row, state: str, now: datetime, *, why: str = "", detail: str = "", **more: Any) -> bool:
        return self.change_row(row, state=state, why=why, detail=detail[:500], finished_at=now, **more)


def move_job(connection: Connection, job_id: int, from_states: Sequence[JobState], **values: Any) -> bool:
    """Change a job that is in one of these states; False when it is not (any more)."""
    right = and_(bulk_jobs.c.id == job_id, bulk_jobs.c.state.in_(from_states))
    return connection.execute(update(bulk_jobs).where(right).values(values)).rowcount == 1


def read_job(connection: Connection, job_id: int, *, to_change: bool = False) -> Job | None:
    """`to_change` keeps others from changing it until this transaction ends."""
    query = select(*_JOB).where(bulk_jobs.c.id == job_id)
    row = connection.execute(query.with_for_update() if to_change else query).first()
    return as_job(row) if row else None


def is_row(row: Row) -> ColumnElement[bool]:
    return and_(bulk_rows.c.job_id == row.job_id, bulk_rows.c.number == row.number)


def row_columns() -> tuple[Any, ...]:
    return _ROW


def as_job(row: SqlRow[Any]) -> Job:
    return Job(*row)


def as_row(row: SqlRow[Any]) -> Row:
    values = row._asdict()
    return Row(**{**values, "mark": values["mark"] or "", "text": values["text"] or ""})
