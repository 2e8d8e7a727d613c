"""A large import fills tables that PostgreSQL has planned for as empty: it is told how full they are, once or twice,
instead of reading them whole for each batch until it finds out by itself (within a minute)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from crm_client.embedded.tables import crm_touchpoints
from motenashi.database import Database
from motenashi.touchpoint_intake.result import RowResult
from motenashi.touchpoint_intake.tables import touchpoint_intake

BATCHES = frozenset({3, 20, 100})  # after so many

Take = Callable[[Sequence[object], datetime], Sequence[RowResult]]


def with_fresh_statistics(database: Database, take: Take) -> Take:
    """`take`, and a look at the tables after some batches. SQLite needs none."""
    if database.dialect != "postgresql":
        return take
    taken = 0

    def taking(rows: Sequence[object], now: datetime) -> Sequence[RowResult]:
        nonlocal taken
        results = take(rows, now)
        taken += 1
        if taken in BATCHES:
            with database.write() as connection:
                for table in (touchpoint_intake, crm_touchpoints):
                    connection.exec_driver_sql(f'ANALYZE "{table.name}"')
        return results

    return taking
