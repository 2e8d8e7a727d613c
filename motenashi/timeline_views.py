"""What the page of a timeline sees: the reader's rows, and the name of the person from the CRM."""

from __future__ import annotations

from crm_client.client import CrmClient
from motenashi.insights.timeline.reader import TimelineReader
from motenashi.insights.timeline.timeline import PersonKind, Query, Timeline
from motenashi.pages.timeline.timeline_view import ExportFormat
from motenashi.record_facts import full_name


class TimelineViews:
    """A TimelineDesk (motenashi/pages/timeline). CrmError passes through."""

    def __init__(self, reader: TimelineReader, crm: CrmClient) -> None:
        self._reader = reader
        self._crm = crm

    def timeline(
        self, kind: PersonKind, person_id: str, query: Query, *, most: int, skip: int = 0, outline: bool = False
    ) -> Timeline | None:
        return self._reader.read(kind, person_id, query, most=most, skip=skip, outline=outline)

    def person_name(self, kind: PersonKind, person_id: str) -> str | None:
        person = self._crm.contact(person_id) if kind == "contact" else self._crm.lead(person_id)
        return full_name(person) if person else None

    def export(self, kind: PersonKind, person_id: str, query: Query, file_format: ExportFormat) -> str | bytes | None:
        return self._reader.export(kind, person_id, query, file_format)
