"""A task in the CRM for the owner of one record, once, however often asked."""

from __future__ import annotations

from datetime import datetime, time, tzinfo

from crm_client.client import CrmClient
from crm_client.records import Activity
from motenashi.bulk_actions.changes import REFUSED
from motenashi.bulk_actions.content import TaskContent
from motenashi.bulk_actions.deciding import Decision
from motenashi.bulk_actions.mails import key_of
from motenashi.bulk_actions.plans import Plans

DUE_AT = time(9)  # on the house's clock; a task has a day, the CRM keeps a moment


class Tasks:
    """CrmError and DBAPIError."""

    def __init__(self, plans: Plans, crm: CrmClient, zone: tzinfo) -> None:
        self._plans = plans
        self._crm = crm
        self._zone = zone

    def do(self, decision: Decision, content: TaskContent, now: datetime) -> None:
        row, facts, task = decision.row, decision.facts, decision.task
        if decision.why or facts is None or facts.owner is None or task is None:
            self._plans.finish_row(row, "skipped", now, why=decision.why or "gone", detail=decision.detail)
            return
        activity = Activity(
            id="",
            kind="task",
            subject=task.subject,
            start_at=datetime.combine(content.due, DUE_AT, self._zone),
            deal_id=facts.deal.id if facts.deal else "",
            contact_id=facts.contact.id if facts.contact else "",
            lead_id=facts.lead.id if facts.lead else "",
            owner_id=facts.owner.id,
            note=task.note,
        )
        try:
            self._crm.save_activity(activity, key=key_of(row))
        except REFUSED as error:
            self._plans.finish_row(row, "failed", now, why="rejected", detail=getattr(error, "field", ""))
        else:
            self._plans.finish_row(row, "done", now, subject=task.subject)
