"""What people do with a plan: confirm, pause, go on, cancel, undo. Each is one transaction, and a line in the audit."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, update

from motenashi.bulk_actions import audit
from motenashi.bulk_actions.content import MailContent, from_json
from motenashi.bulk_actions.planning import begun_already
from motenashi.bulk_actions.plans import Plans, move_job, read_job
from motenashi.bulk_actions.results import Results
from motenashi.bulk_actions.settings import BulkSettings
from motenashi.bulk_actions.tables import bulk_jobs, bulk_rows
from motenashi.bulk_actions.words import Job, JobState, wrong

_CAN_CANCEL: tuple[JobState, ...] = ("planning", "preview", "running", "paused")


class Deeds:
    """BulkWrong when it can't be done (any more); DBAPIError."""

    def __init__(self, plans: Plans, results: Results, settings: BulkSettings) -> None:
        self._plans = plans
        self._results = results
        self._settings = settings

    def confirm(self, job: Job, *, version: int, said: int, typed: str, by: str, now: datetime) -> None:
        """Let it begin. `version` and `said` (how many) are what was seen; of many the number is `typed`, too."""
        with self._plans.database.write() as connection:
            there = read_job(connection, job.id, to_change=True)
            if there is None or there.state != "preview" or there.version != version:
                raise begun_already()
            if now >= there.good_until:
                raise wrong(
                    "plan",
                    "This plan is too old. Please begin anew.",
                    "古い計画のため実行できません。最初からやり直してください。",
                )
            ready = connection.execute(select(func.count()).where(_rows_in(job.id, "ready"))).scalar_one()
            if ready == 0:
                raise wrong("plan", "There is nobody to do it to.", "対象となるレコードがありません。")
            if ready > said:
                raise begun_already()
            if ready > self._settings.type_number_over and _number(typed) != said:
                raise wrong(
                    "typed",
                    f"Type the number {said} to confirm.",
                    f"確認のため、件数「{said}」を入力してください。",
                )
            content = from_json(there.action, there.content)
            later = isinstance(content, MailContent) and content.best_time_days > 0
            due = {"due_at": None if later else now}
            connection.execute(update(bulk_rows).where(_rows_in(job.id, "ready")).values(due))
            confirmed = {"state": "running", "confirmed_at": now, "confirmed_by": by[:320], "looked_at": None}
            move_job(connection, job.id, ("preview",), **confirmed)
            audit.note(connection, job.id, "confirmed", by=by, at=now, detail={"records": ready})

    def pause(self, job: Job, *, by: str, now: datetime) -> None:
        self._move(job, "paused", "running", {"state": "paused", "trouble": ""}, by, now)

    def resume(self, job: Job, *, by: str, now: datetime) -> None:
        """Where the filter could not be read any more, it goes on without looking who still fits."""
        look = job.look_again and job.trouble != "filter_wrong"
        self._move(job, "resumed", "paused", {"state": "running", "trouble": "", "look_again": look}, by, now)

    def cancel(self, job: Job, *, by: str, now: datetime) -> None:
        """What is not done stays undone; mail that waits for the mail server is taken back."""
        with self._plans.database.write() as connection:
            if not move_job(connection, job.id, _CAN_CANCEL, state="cancelled", finished_at=now, trouble=""):
                raise begun_already()
            rest = and_(bulk_rows.c.job_id == job.id, bulk_rows.c.state.in_(("new", "ready")))
            values = {"state": "stopped", "why": "cancelled", "finished_at": now}
            stopped = connection.execute(update(bulk_rows).where(rest).values(values)).rowcount
            audit.note(connection, job.id, "cancelled", by=by, at=now, detail={"records": stopped})
        self._results.take_back(job.id, now)

    def may_undo_until(self, job: Job) -> datetime | None:
        """Until when its new values can be taken back; None when they can't."""
        if job.action != "update" or job.state not in ("done", "cancelled") or job.undo or job.confirmed_at is None:
            return None
        return job.confirmed_at + timedelta(days=self._settings.undo_days)

    def undo(self, job: Job, *, by: str, now: datetime) -> None:
        until = self.may_undo_until(job)
        if until is None or now >= until:
            raise wrong("plan", "This can't be undone any more.", "元に戻せる期間を過ぎているか、元に戻せません。")
        with self._plans.database.write() as connection:
            mine = (bulk_jobs.c.undo == "", bulk_jobs.c.state.in_(("done", "cancelled")), bulk_jobs.c.id == job.id)
            if connection.execute(update(bulk_jobs).where(*mine).values(undo="running")).rowcount == 0:
                raise begun_already()
            rows = update(bulk_rows).where(_rows_in(job.id, "done")).values(undo="wanted", lease_until=None)
            undone = connection.execute(rows).rowcount
            audit.note(connection, job.id, "undo", by=by, at=now, detail={"records": undone})

    def _move(self, job: Job, what: str, from_state: Any, values: dict[str, Any], by: str, now: datetime) -> None:
        with self._plans.database.write() as connection:
            if not move_job(connection, job.id, (from_state,), **values):
                raise begun_already()
            audit.note(connection, job.id, what, by=by, at=now)


def _rows_in(job_id: int, state: str) -> ColumnElement[bool]:
    return and_(bulk_rows.c.job_id == job_id, bulk_rows.c.state == state)


def _number(typed: str) -> int:
    """What somebody typed, with or without separators, in whatever width."""
    plain = "".join(letter for letter in typed if letter not in ",，、. 　")
    return int(plain) if plain.isdecimal() and len(plain) < 12 else -1
