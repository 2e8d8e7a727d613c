"""Giving one record its new values, and taking them back; through the CRM, so that all that follows from it follows.

A value that was changed by somebody else since the preview is left alone, and told. What was there before is on disk
before anything is changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from crm_client.client import CrmClient
from crm_client.errors import CrmConflict, CrmRefused, CrmRejected
from motenashi.bulk_actions.content import UpdateContent
from motenashi.bulk_actions.deciding import Decision, record_of
from motenashi.bulk_actions.gather import Gather
from motenashi.bulk_actions.plans import Plans
from motenashi.bulk_actions.settable import value_in
from motenashi.bulk_actions.words import Job, Row

# These say that this record can't take it; everything else means "try again later".
REFUSED = (CrmRejected, CrmConflict, CrmRefused)


class _Updating(Protocol):
    def update_record(self, module: str, record_id: str, fields: Mapping[str, Any], *, by: str = "") -> None: ...


class Changes:
    """CrmError and DBAPIError."""

    def __init__(self, plans: Plans, crm: CrmClient, gather: Gather) -> None:
        self._plans = plans
        self._crm: _Updating = crm
        self._gather = gather

    def do(self, job: Job, decision: Decision, content: UpdateContent, now: datetime) -> None:
        row, seen = decision.row, decision.row.before or {}
        if decision.facts is None or (decision.why and decision.why != "unchanged"):
            self._plans.finish_row(row, "skipped", now, why=decision.why or "gone")
            return
        record = record_of(decision.facts, row.module)
        stands = {name: value_in(record, name) for name in seen}
        missing = {name: value for name, value in stands.items() if value != content.values[name]}
        if any(value != seen[name] for name, value in missing.items()):
            self._plans.finish_row(row, "skipped", now, why="changed_meanwhile", before=None)
        elif not missing:
            # A process that died may have set them; the first time somebody else has, and there is nothing to undo.
            again = row.tries > 1
            self._plans.finish_row(row, "done" if again else "skipped", now, why="" if again else "unchanged")
        elif missing == seen or self._plans.change_row(row, before=missing):
            self._set(row, {name: content.values[name] for name in missing}, job.confirmed_by, now)

    def undo(self, job: Job, row: Row, content: UpdateContent, now: datetime) -> None:
        """Only where the value is still the one that we set; which ones are not is told."""
        facts = self._gather.facts(row.module, [row.record_id]).get(row.record_id)
        if facts is None:
            self._told(row, "failed", "gone")
            return
        record, before = record_of(facts, row.module), row.before or {}
        stands = {name: value_in(record, name) for name in before}
        ours = [name for name, value in stands.items() if value == content.values[name]]
        theirs = [name for name, value in stands.items() if name not in ours and value != before[name]]
        if ours:
            try:
                back = {name: before[name] for name in ours}
                self._crm.update_record(row.module, row.record_id, back, by=job.confirmed_by)
            except REFUSED as error:
                self._told(row, "failed", getattr(error, "field", ""))
                return
        self._told(row, "changed" if theirs else "done", ", ".join(theirs))

    def _set(self, row: Row, values: Mapping[str, Any], by: str, now: datetime) -> None:
        try:
            self._crm.update_record(row.module, row.record_id, values, by=by)
        except REFUSED as error:
            field = getattr(error, "field", "")
            self._plans.finish_row(row, "failed", now, why="rejected", detail=field)
        else:
            self._plans.finish_row(row, "done", now)

    def _told(self, row: Row, undo: str, detail: str) -> None:
        self._plans.change_row(row, undo=undo, undo_detail=detail[:500])
