"""Doing what was confirmed: a few rows of each running job at a time, each in one process's hands.

What can't be done because something is missing for all (no mail server) makes the job wait for somebody; what can't be
done to one record is told there. Cut off anywhere, a row is taken up again after its lease.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, select, update
from sqlalchemy.exc import DBAPIError

from crm_client.errors import CrmError
from motenashi.bulk_actions import audit
from motenashi.bulk_actions.changes import Changes
from motenashi.bulk_actions.claims import Claims
from motenashi.bulk_actions.content import Content, MailContent, UpdateContent, from_json
from motenashi.bulk_actions.deciding import Deciding, Decision
from motenashi.bulk_actions.mails import Mails
from motenashi.bulk_actions.pace import Pace
from motenashi.bulk_actions.plans import UNFINISHED, Plans, is_row, move_job
from motenashi.bulk_actions.tables import bulk_rows
from motenashi.bulk_actions.tasks import Tasks
from motenashi.bulk_actions.timing import Timing
from motenashi.bulk_actions.words import Job, Row
from motenashi.outgoing_mail.mail import MailNotConfigured

log = logging.getLogger(__name__)

MAILS_AT_ONCE = 10  # few, so that a pause or a cancel is heard within a second
OTHERS_AT_ONCE = 50
# A row whose work failed by a fault of ours is left alone after so many tries.
MOST_TRIES = 5


class Working:
    """CrmError and DBAPIError: what was begun is taken up again later."""

    def __init__(
        self,
        plans: Plans,
        deciding: Deciding,
        mails: Mails,
        changes: Changes,
        tasks: Tasks,
        timing: Timing,
        pace: Pace,
    ) -> None:
        self._plans = plans
        self._claims = Claims(plans.database)
        self._deciding = deciding
        self._mails = mails
        self._changes = changes
        self._tasks = tasks
        self._timing = timing
        self._pace = pace

    def step(self, now: datetime) -> bool:
        """A few rows of each job that runs. False: nothing was to be done."""
        did = [self._go_on(job, now) for job in self._plans.in_state("running")]
        did += [self._clear_up(job, now) for job in self._plans.left_over(now)]
        return any(did)

    def undo_step(self, now: datetime) -> bool:
        """Take back some of what is to be taken back."""
        did = [self._undo(job, now) for job in self._plans.being_undone()]
        return any(did)

    def _go_on(self, job: Job, now: datetime) -> bool:
        content = from_json(job.action, job.content)
        if now >= job.good_until:
            self._leave_the_rest(job, "too_late", now)
            return self._finish(job, now)
        if self._timing.prepare(job, content, now):
            return True
        if not self._claims.anything(job.id, now):
            return self._finish(job, now)
        rows = self._take(job, now)
        self._do(job, rows, content, now)
        return bool(rows)

    def _take(self, job: Job, now: datetime) -> tuple[Row, ...]:
        if job.action != "mail":
            return self._claims.to_do(job.id, OTHERS_AT_ONCE, now)
        free = self._pace.take(MAILS_AT_ONCE, now)
        rows = self._claims.to_do(job.id, free, now) if free else ()
        self._pace.give_back(free - len(rows))
        return rows

    def _do(self, job: Job, rows: Sequence[Row], content: Content, now: datetime) -> None:
        if job.action == "mail":
            rows = [row for row in rows if not self._mails.left_already(row)]
        decisions = self._deciding.decide(rows, content, owner_only=job.owner_only) if rows else []
        for place, one in enumerate(decisions):
            try:
                going_on = self._do_one(job, one, content, now)
            except MailNotConfigured:
                self._wait_for_somebody(job, "mail_not_set_up", now)
                going_on = False
            except (CrmError, DBAPIError):
                raise  # away: all of them are taken up again
            except Exception:  # a fault of ours must not stop the others
                log.exception("row %s of bulk action %s failed", one.row.number, job.id)
                if one.row.tries >= MOST_TRIES:
                    self._plans.finish_row(one.row, "failed", now, why="error")
                continue
            if not going_on:
                self._put_back([left.row for left in decisions[place:]])
                return

    def _do_one(self, job: Job, one: Decision, content: Content, now: datetime) -> bool:
        """False: the job does not run any more; this row and those after it are let go."""
        if isinstance(content, MailContent):
            if not self._plans.is_running(job.id):
                return False
            self._mails.do(job, one, now)
        elif isinstance(content, UpdateContent):
            self._changes.do(job, one, content, now)
        else:
            self._tasks.do(one, content, now)
        return True

    def _put_back(self, rows: Sequence[Row]) -> None:
        """Rows that we hold and have not begun; of a cancelled job they stay undone."""
        for row in rows:
            with self._plans.database.write() as connection:
                held = and_(is_row(row), bulk_rows.c.state == "working", bulk_rows.c.lease == row.lease)
                back = {"state": "ready", "lease_until": None, "tries": row.tries - 1}
                if row.job_id in self._plans.cancelled([row.job_id]):
                    back = {"state": "stopped", "why": "cancelled"}
                connection.execute(update(bulk_rows).where(held).values(back))

    def _wait_for_somebody(self, job: Job, trouble: str, now: datetime) -> None:
        with self._plans.database.write() as connection:
            if move_job(connection, job.id, ("running",), state="paused", trouble=trouble):
                audit.note(connection, job.id, "waits", by="", at=now, detail={"why": trouble})

    def _leave_the_rest(self, job: Job, why: str, now: datetime) -> None:
        rest = and_(bulk_rows.c.job_id == job.id, bulk_rows.c.state == "ready")
        with self._plans.database.write() as connection:
            connection.execute(update(bulk_rows).where(rest).values(state="skipped", why=why, finished_at=now))

    def _finish(self, job: Job, now: datetime) -> bool:
        """When nothing is left, also nothing that is with the mail server."""
        left = and_(bulk_rows.c.job_id == job.id, bulk_rows.c.state.in_(UNFINISHED))
        with self._plans.database.read() as connection:
            if connection.execute(select(bulk_rows.c.number).where(left).limit(1)).first() is not None:
                return False
        done = {f"{one.state} {one.why}".strip(): one.rows for one in self._plans.counts(job.id)}
        with self._plans.database.write() as connection:
            if move_job(connection, job.id, ("running",), state="done", finished_at=now):
                audit.note(connection, job.id, "finished", by="", at=now, detail=done)
        return True

    def _clear_up(self, job: Job, now: datetime) -> bool:
        """What a dead process left of a cancelled job: a mail that has not left stays unsent, the rest is ended."""
        rows = self._claims.left_over(job.id, OTHERS_AT_ONCE, now)
        if job.action != "mail":
            self._do(job, rows, from_json(job.action, job.content), now)
            return bool(rows)
        for row in rows:
            if not self._mails.left_already(row):
                self._plans.finish_row(row, "stopped", now, why="cancelled")
        return bool(rows)

    def _undo(self, job: Job, now: datetime) -> bool:
        content = from_json(job.action, job.content)
        rows = self._claims.to_undo(job.id, OTHERS_AT_ONCE, now)
        if isinstance(content, UpdateContent):
            for row in rows:
                self._changes.undo(job, row, content, now)
        if not rows and not {"wanted", "working"} & set(self._plans.undo_counts(job.id)):
            with self._plans.database.write() as connection:
                move_job(connection, job.id, ("done", "cancelled"), undo="done", undone_at=now)
                audit.note(connection, job.id, "undone", by="", at=now, detail=self._plans.undo_counts(job.id))
            return True
        return bool(rows)
