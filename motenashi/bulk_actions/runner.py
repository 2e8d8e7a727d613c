"""The worker's part of bulk actions: one step at a time, of everything that waits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from motenashi.bulk_actions import audit
from motenashi.bulk_actions.plans import Plans, move_job
from motenashi.bulk_actions.results import Results
from motenashi.bulk_actions.sorting import Sorting
from motenashi.bulk_actions.tables import bulk_jobs, bulk_rows
from motenashi.bulk_actions.words import JobState
from motenashi.bulk_actions.working import Working

_NEVER_BEGUN: tuple[JobState, ...] = ("freezing", "planning", "preview")


class BulkRunner:
    """Safe to call twice, in several threads and processes, and to be cut off anywhere."""

    def __init__(self, plans: Plans, sorting: Sorting, working: Working, results: Results) -> None:
        self._plans = plans
        self._sorting = sorting
        self._working = working
        self._results = results

    def step(self, now: datetime) -> bool:
        """A second's work at most. False: nothing was to be done, and there is time until the next look. CrmError and
        DBAPIError when the CRM or the database is away: nothing is lost, step again later."""
        did = [
            self._sorting.step(now),
            self._working.step(now),
            self._results.step(now),
            self._working.undo_step(now),
        ]
        return any(did)

    def tidy(self, now: datetime) -> int:
        """Throw away the lists of plans that nobody confirmed in time; says how many plans there were."""
        old = select(bulk_jobs.c.id).where(bulk_jobs.c.state.in_(_NEVER_BEGUN), bulk_jobs.c.good_until <= now)
        with self._plans.database.read() as connection:
            job_ids = list(connection.execute(old).scalars())
        for job_id in job_ids:
            with self._plans.database.write() as connection:
                if move_job(connection, job_id, _NEVER_BEGUN, state="cancelled", finished_at=now):
                    connection.execute(delete(bulk_rows).where(bulk_rows.c.job_id == job_id))
                    audit.note(connection, job_id, "expired", by="", at=now)
        return len(job_ids)
