"""What became of mails that were handed over: seen in the outgoing mail by the row's key, told to the CRM once.

A mail that still waits is taken back when its action was cancelled, or its reader wants no mail any more.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from crm_client.client import CrmClient
from crm_client.records import Email
from motenashi.bulk_actions.mails import key_of
from motenashi.bulk_actions.plans import Plans, as_row, is_row, row_columns
from motenashi.bulk_actions.refusals import Refusals
from motenashi.bulk_actions.tables import bulk_jobs, bulk_rows
from motenashi.bulk_actions.words import Row
from motenashi.outgoing_mail.followed_mail import FollowedMail, MailState

AT_ONCE = 200
LOOK_AGAIN = timedelta(seconds=10)
PURPOSE = "campaign"

_FOR_GOOD = re.compile(r"\b5\d\d\b")


class Results:
    """CrmError and DBAPIError; safe in several processes, as all that it writes is the same again."""

    def __init__(self, plans: Plans, followed: FollowedMail, refusals: Refusals, crm: CrmClient) -> None:
        self._plans = plans
        self._followed = followed
        self._refusals = refusals
        self._crm = crm

    def step(self, now: datetime) -> bool:
        """Look after some of those that were handed over. True when something was heard of one."""
        rows = self._on_their_way(now)
        if not rows:
            return False
        self._take_back(rows, now)
        states = self._followed.states([key_of(row) for row in rows])
        heard = [self._note(row, states.get(key_of(row)), now) for row in rows]
        return any(heard)

    def take_back(self, job_id: int, now: datetime) -> None:
        """All of a cancelled job that still wait."""
        after = 0
        while rows := self._plans.rows(job_id, states=("handed",), after=after, most=AT_ONCE):
            self._followed.withdraw([key_of(row) for row in rows], now)
            after = rows[-1].number

    def _on_their_way(self, now: datetime) -> list[Row]:
        look = or_(bulk_rows.c.looked_at.is_(None), bulk_rows.c.looked_at <= now - LOOK_AGAIN)
        jobs = select(bulk_jobs.c.id).where(bulk_jobs.c.state.in_(("running", "paused", "cancelled")))
        query = select(*row_columns()).where(bulk_rows.c.job_id.in_(jobs), bulk_rows.c.state == "handed", look)
        with self._plans.database.read() as connection:
            return [as_row(row) for row in connection.execute(query.limit(AT_ONCE))]

    def _take_back(self, rows: Sequence[Row], now: datetime) -> None:
        cancelled = self._plans.cancelled({row.job_id for row in rows})
        refused = self._refusals.among({row.mark for row in rows})
        unwanted = [key_of(row) for row in rows if row.job_id in cancelled or row.mark in refused]
        if unwanted:
            self._followed.withdraw(unwanted, now)

    def _note(self, row: Row, state: MailState | None, now: datetime) -> bool:
        if state is None:  # forgotten before anybody looked
            return self._plans.finish_row(row, "failed", now, why="lost", text=None)
        if state.state == "waiting":
            with self._plans.database.write() as connection:
                connection.execute(update(bulk_rows).where(is_row(row)).values(looked_at=now, detail=state.error[:500]))
            return False
        if state.state == "withdrawn":
            why = "unsubscribed" if row.mark in self._refusals.among({row.mark}) else "cancelled"
            return self._plans.finish_row(row, "stopped", now, why=why, text=None)
        if state.state == "failed":
            why = "refused" if _FOR_GOOD.search(state.error) else "not_sent"
            return self._plans.finish_row(row, "failed", state.at, why=why, detail=state.error, text=None)
        self._crm.save_email(self._email(row, state.at), key=key_of(row))
        return self._plans.finish_row(row, "done", state.at, text=None)

    def _email(self, row: Row, sent_at: datetime) -> Email:
        return Email(
            id="",
            direction="out",
            subject=row.subject,
            sent_at=sent_at,
            deal_id=row.deal_id,
            contact_id=row.contact_id,
            lead_id=row.lead_id,
            owner_id=row.owner_id,
            purpose=PURPOSE,
            status="sent",
            message_id=self._followed.message_id(key_of(row)),
            text=row.text,
        )
