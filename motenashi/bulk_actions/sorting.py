"""Planning: from ids that were frozen to who will be reached and who will not, and why; batch by batch.

What was sorted is on disk after each batch, so a plan that is cut off goes on where it was. One process at a time
sorts a plan; what it decided for a content that was changed meanwhile is thrown away.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, or_, select, update

from motenashi.bulk_actions.content import from_json
from motenashi.bulk_actions.deciding import Deciding, Decision, name_of
from motenashi.bulk_actions.plans import Plans, move_job, read_job
from motenashi.bulk_actions.tables import bulk_jobs, bulk_rows
from motenashi.bulk_actions.words import Job

AT_ONCE = 500
HELD_FOR = timedelta(minutes=2)

_PLACE = (bulk_rows.c.job_id == bindparam("of_job"), bulk_rows.c.number == bindparam("of_number"))


class Sorting:
    """CrmError and DBAPIError; nothing is half done then."""

    def __init__(self, plans: Plans, deciding: Deciding) -> None:
        self._plans = plans
        self._deciding = deciding

    def step(self, now: datetime) -> bool:
        """One batch of one plan that waits. False: there was none."""
        return any(self.sort(job.id, now) for job in self._plans.in_state("planning")[:1])

    def sort(self, job_id: int, now: datetime, *, most: int = AT_ONCE) -> bool:
        """At most so many rows. False when somebody else is at it, or nothing is left to sort."""
        lease = uuid.uuid4().hex
        job = self._hold(job_id, lease, now)
        if job is None:
            return False
        rows = self._plans.rows(job.id, states=("new",), most=most)
        content = from_json(job.action, job.content)
        decisions = self._deciding.decide(rows, content, owner_only=job.owner_only)
        self._store(job, lease, decisions)
        return bool(rows)

    def _hold(self, job_id: int, lease: str, now: datetime) -> Job | None:
        free = or_(bulk_jobs.c.lease_until.is_(None), bulk_jobs.c.lease_until <= now)
        right = (bulk_jobs.c.id == job_id, bulk_jobs.c.state == "planning", free)
        with self._plans.database.write() as connection:
            held = update(bulk_jobs).where(*right).values(lease=lease, lease_until=now + HELD_FOR)
            return read_job(connection, job_id) if connection.execute(held).rowcount == 1 else None

    def _store(self, job: Job, lease: str, decisions: Sequence[Decision]) -> None:
        with self._plans.database.write() as connection:
            there = read_job(connection, job.id, to_change=True)
            holder = connection.execute(select(bulk_jobs.c.lease).where(bulk_jobs.c.id == job.id)).scalar()
            if there is None or there.version != job.version or holder != lease:
                return
            if decisions:
                connection.execute(_writing(), _values(connection, job.id, decisions))
            over = connection.execute(
                select(bulk_rows.c.number).where(bulk_rows.c.job_id == job.id, bulk_rows.c.state == "new").limit(1)
            ).first()
            free: dict[str, Any] = {"lease": "", "lease_until": None}
            move_job(connection, job.id, ("planning",), **free, **({} if over else {"state": "preview"}))


def _writing() -> Any:
    names = ("state", "why", "detail", "mark", "name", "contact_id", "lead_id", "deal_id", "owner_id", "before")
    return update(bulk_rows).where(*_PLACE).values({name: bindparam(f"new_{name}") for name in names})


def _values(connection: Connection, job_id: int, decisions: Sequence[Decision]) -> list[dict[str, Any]]:
    """What each row becomes. The first one with an address gets its mail, the others are told apart."""
    marks = [one.mark for one in decisions if one.mark]
    known = select(bulk_rows.c.mark).where(bulk_rows.c.job_id == job_id, bulk_rows.c.mark.in_(marks))
    taken = set(connection.execute(known).scalars()) if marks else set()
    values = []
    for one in decisions:
        why = "duplicate" if one.mark in taken else one.why
        values.append(_row_values(one, why))
        taken |= {one.mark} if one.mark else set()
    return values


def _row_values(one: Decision, why: str) -> dict[str, Any]:
    row, facts = one.row, one.facts
    contact = facts.contact if facts else None
    about = row.module in ("contacts", "leads") or one.letter is not None or one.task is not None
    empty = "" if one.letter is None else ", ".join(one.letter.empty)
    return {
        "of_job": row.job_id,
        "of_number": row.number,
        "new_state": "skipped" if why else "ready",
        "new_why": why,
        "new_detail": (one.detail or empty)[:500],
        "new_mark": one.mark if one.mark and not why else None,
        "new_name": name_of(facts, row.module) if facts else row.name,
        "new_contact_id": contact.id if contact and about else row.contact_id,
        "new_lead_id": facts.lead.id if facts and facts.lead else row.lead_id,
        "new_deal_id": facts.deal.id if facts and facts.deal else "",
        "new_owner_id": facts.owner.id if facts and facts.owner else "",
        "new_before": dict(one.before) if one.before else None,
    }
