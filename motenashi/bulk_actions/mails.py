"""Handing one row's mail over: stored for the mail server under the row's own key, so that it leaves once.

Whoever is wanted no more, unsubscribed, or can't be written to by now is left out with the reason. A row that a dead
process left is looked up first: what was stored is never stored again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from motenashi.bulk_actions.deciding import Decision
from motenashi.bulk_actions.plans import Plans
from motenashi.bulk_actions.stop_links import StopLinks
from motenashi.bulk_actions.words import Job, Row
from motenashi.outgoing_mail.followed_mail import FollowedMail
from motenashi.outgoing_mail.mail import Mail, MailRefused

LONGEST_KEPT = 20_000  # of the text, until the CRM has it


def key_of(row: Row) -> str:
    """The same row makes the same mail, task or entry."""
    return f"bulk:{row.job_id}:{row.number}"


class Mails:
    """MailNotConfigured when no mail can leave at all; CrmError and DBAPIError."""

    def __init__(self, plans: Plans, send: Callable[[Mail], object], followed: FollowedMail, links: StopLinks) -> None:
        self._plans = plans
        self._send = send
        self._followed = followed
        self._links = links

    def left_already(self, row: Row) -> bool:
        """Did a process that died have it stored? Then it counts as handed over."""
        if row.tries <= 1 or not self._followed.states([key_of(row)]):
            return False
        self._plans.change_row(row, state="handed", looked_at=None)
        return True

    def do(self, job: Job, decision: Decision, now: datetime) -> bool:
        """True when it is on its way; the row says why where it is not."""
        row, letter = decision.row, decision.letter
        if decision.why or letter is None:
            self._plans.finish_row(row, "skipped", now, why=decision.why, detail=decision.detail)
            return False
        if decision.mark != row.mark and not self._takes_mark(row, decision.mark, now):
            return False
        link = self._links.link(decision.address, letter.language)
        # Before it leaves: whoever finds this row after our end must know what was sent.
        if not self._plans.change_row(row, subject=letter.subject, text=letter.text[:LONGEST_KEPT]):
            return False
        try:
            headers = self._links.headers(link)
            self._send(
                Mail(
                    decision.address,
                    letter.subject,
                    letter.text,
                    letter.html,
                    letter.language,
                    key_of(row),
                    good_until=job.good_until,
                    headers=headers,
                )
            )
        except MailRefused:
            self._plans.finish_row(row, "skipped", now, why="bad_address")
            return False
        return self._plans.change_row(row, state="handed", looked_at=None)

    def _takes_mark(self, row: Row, mark: str, now: datetime) -> bool:
        """The person's address has changed since the preview; somebody else of the plan may have the new one."""
        try:
            return self._plans.change_row(row, mark=mark)
        except IntegrityError:
            self._plans.finish_row(row, "skipped", now, why="duplicate")
            return False
