"""Whom somebody wanted to be reminded of by now, for the bell in the header of every page."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from crm_client.client import CrmClient
from crm_client.errors import CrmError
from motenashi.advice_desk.desk import AdviceDesk
from motenashi.pages.today.today_view import Notice
from motenashi.record_facts import full_name
from motenashi.suggestions.best_time.best_times import Reminder

log = logging.getLogger(__name__)


class DueReminders:
    """A bell must never keep a page from being shown: without store or CRM it is silent, and the log says why."""

    def __init__(
        self, desk: AdviceDesk, crm: CrmClient, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._desk = desk
        self._crm = crm
        self._clock = clock

    def __call__(self, email: str) -> Sequence[Notice]:
        """`email`: of whoever looks; reminders are kept under the address of whoever asked for them."""
        try:
            due = self._desk.reminders(email, now=self._clock())
            return self._named(due) if due else ()
        except (CrmError, DBAPIError, NoConnectionFree) as error:
            log.warning("no reminders are shown: %s", type(error).__name__)
            return ()

    def _named(self, due: Sequence[Reminder]) -> list[Notice]:
        """Somebody whom the CRM no longer has needs no reminder."""
        contacts = self._crm.contacts_with([one.person_id for one in due if one.kind == "contact"])
        leads = self._crm.leads_with([one.person_id for one in due if one.kind == "lead"])
        names = {("contact", one.id): full_name(one) for one in contacts}
        names |= {("lead", one.id): full_name(one) for one in leads}
        return [
            Notice(
                one.id,
                "lead" if one.kind == "lead" else "contact",
                one.person_id,
                names[one.kind, one.person_id],
                one.due_at,
                one.channel,
            )
            for one in due
            if (one.kind, one.person_id) in names
        ]
