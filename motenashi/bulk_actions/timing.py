"""Before rows are done: do they still fit the filter, and when is each one's time?

Both are looked at again while a job goes on for days: the filter once an hour, the best hour of who missed theirs.
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime, timedelta

from sqlalchemy import and_, bindparam, or_, select, update

from motenashi.bulk_actions import audit
from motenashi.bulk_actions.best_hours import BestHours
from motenashi.bulk_actions.content import Content, MailContent
from motenashi.bulk_actions.gather import Facts, Gather
from motenashi.bulk_actions.plans import Plans, move_job
from motenashi.bulk_actions.selection import Filters
from motenashi.bulk_actions.tables import bulk_rows
from motenashi.bulk_actions.words import Job
from motenashi.filters.filter import FilterTooSlow, FilterWrong

log = logging.getLogger(__name__)

LOOK_AGAIN = timedelta(hours=1)
# So many records of a filter are looked at; where it finds more by now, nobody is left out for not being among them.
MOST_LOOKED_AT = 200_000
MISSED_BY = timedelta(hours=3)
AT_ONCE = 200
_ROWS_AT_ONCE = 1_000

_THIS = (bulk_rows.c.job_id == bindparam("of_job"), bulk_rows.c.number == bindparam("of_number"))


class Timing:
    """CrmError and DBAPIError."""

    def __init__(self, plans: Plans, filters: Filters, gather: Gather, hours: BestHours) -> None:
        self._plans = plans
        self._filters = filters
        self._gather = gather
        self._hours = hours

    def prepare(self, job: Job, content: Content, now: datetime) -> bool:
        """True when something was done, and the job is to be looked at anew."""
        if job.look_again and (job.looked_at is None or job.looked_at <= now - LOOK_AGAIN):
            self._look_again(job, now)
            return True
        if isinstance(content, MailContent) and content.best_time_days and job.confirmed_at is not None:
            return self._give_times(job, job.confirmed_at + timedelta(days=content.best_time_days), now)
        return False

    def _look_again(self, job: Job, now: datetime) -> None:
        try:
            ids = self._filters.ids(self._filters.read(job.module, json.loads(job.filter)), MOST_LOOKED_AT)
        except FilterWrong:
            with self._plans.database.write() as connection:
                if move_job(connection, job.id, ("running",), state="paused", trouble="filter_wrong"):
                    audit.note(connection, job.id, "waits", by="", at=now, detail={"why": "filter_wrong"})
            return
        except FilterTooSlow:
            log.warning("whether records still fit the filter of bulk action %s could not be seen in time", job.id)
            ids = ("",) * MOST_LOOKED_AT
        if len(ids) < MOST_LOOKED_AT:
            self._leave_out(job, frozenset(ids), now)
        with self._plans.database.write() as connection:
            move_job(connection, job.id, ("running", "paused"), looked_at=now)

    def _leave_out(self, job: Job, fitting: frozenset[str], now: datetime) -> None:
        after = 0
        ready = and_(bulk_rows.c.job_id == job.id, bulk_rows.c.state == "ready")
        query = select(bulk_rows.c.number, bulk_rows.c.found_id).where(ready).order_by(bulk_rows.c.number)
        while True:
            with self._plans.database.read() as connection:
                rows = connection.execute(query.where(bulk_rows.c.number > after).limit(_ROWS_AT_ONCE)).all()
            if not rows:
                return
            after = rows[-1].number
            gone = [row.number for row in rows if row.found_id not in fitting]
            values = {"state": "skipped", "why": "no_match", "finished_at": now}
            if gone:
                with self._plans.database.write() as connection:
                    connection.execute(update(bulk_rows).where(ready, bulk_rows.c.number.in_(gone)).values(values))

    def _give_times(self, job: Job, until: datetime, now: datetime) -> bool:
        """Each ready row that has none yet, or whose time went by (the worker was away), gets its time."""
        missed = now - MISSED_BY if now < until else datetime.min.replace(tzinfo=UTC)
        none_yet = or_(bulk_rows.c.due_at.is_(None), bulk_rows.c.due_at < missed)
        query = select(bulk_rows.c.number, bulk_rows.c.module, bulk_rows.c.record_id).where(
            bulk_rows.c.job_id == job.id, bulk_rows.c.state == "ready", none_yet
        )
        with self._plans.database.read() as connection:
            rows = connection.execute(query.order_by(bulk_rows.c.number).limit(AT_ONCE)).all()
        if not rows:
            return False
        facts: dict[tuple[str, str], Facts] = {}
        for module in sorted({row.module for row in rows}):
            known = self._gather.facts(module, {row.record_id for row in rows if row.module == module})
            facts |= {(module, record_id): one for record_id, one in known.items()}
        times = [
            {
                "of_job": job.id,
                "of_number": row.number,
                "at": self._hours.when(facts.get((row.module, row.record_id)), now=now, until=until),
            }
            for row in rows
        ]
        giving = update(bulk_rows).where(*_THIS, bulk_rows.c.state == "ready").values(due_at=bindparam("at"))
        with self._plans.database.write() as connection:
            connection.execute(giving, times)
        return True
