"""Erasing as the page shows it: tables gathered into kinds that a person has words for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from crm_client.client import CrmClient
from motenashi.erasing.erase import Eraser, Extent
from motenashi.erasing.whose import PersonKind
from motenashi.pages.records.erase_view import EraseDone, ErasePlan, Group, StillNamed
from motenashi.record_facts import full_name

# By the beginning of a table's name; the longest that fits counts.
_GROUPS: Mapping[str, Group] = {
    "crm_contacts": "records",
    "crm_leads": "records",
    "crm_field_changes": "records",
    "conversation": "talks",
    "late_answers": "talks",
    "hand_overs": "talks",
    "identity_codes": "talks",
    "inbound_": "mails",
    "mail_": "mails",
    "crm_emails": "mails",
    "crm_activities": "touches",
    "crm_touchpoints": "touches",
    "touchpoint": "touches",
    "visit": "touches",
    "voice_": "voice",
    "suggestion": "advice",
    "advice_": "advice",
    "best_times": "advice",
    "time_": "advice",
    "absences": "advice",
}


class EraseForPages:
    """An EraseDesk. DBAPIError and CrmError pass through; nothing is half done then."""

    def __init__(self, eraser: Eraser, crm: CrmClient, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)):
        self._eraser = eraser
        self._crm = crm
        self._clock = clock

    def plan(self, kind: PersonKind, person_id: str) -> ErasePlan | None:
        extent = self._eraser.extent(kind, person_id)
        return _plan(extent, self._name(kind, person_id)) if extent else None

    def erase(self, kind: PersonKind, person_id: str, *, by: str) -> EraseDone | None:
        name = self._name(kind, person_id)
        erased = self._eraser.erase(kind, person_id, by=by, now=self._clock())
        if erased is None:
            return None
        named = tuple(StillNamed(one.table, one.column, one.rows) for one in erased.found)
        return EraseDone(_plan(erased.extent, name), erased.searched, named, erased.at)

    def erased_at(self, kind: PersonKind, person_id: str) -> datetime | None:
        return self._eraser.was_erased(kind, person_id)

    def _name(self, kind: PersonKind, person_id: str) -> str:
        person = self._crm.contact(person_id) if kind == "contact" else self._crm.lead(person_id)
        return full_name(person) if person else ""


def _plan(extent: Extent, name: str) -> ErasePlan:
    rows: dict[Group, int] = {}
    for table, count in extent.rows.items():
        group = group_of(table)
        rows[group] = rows.get(group, 0) + count
    return ErasePlan(name or extent.name, rows, extent.deals_kept, extent.records)


def group_of(table: str) -> Group:
    fits = [begin for begin in _GROUPS if table.startswith(begin)]
    return _GROUPS[max(fits, key=len)] if fits else "other"
