"""What the page of a timeline asks for. The house answers with `motenashi.insights.timeline`."""

from __future__ import annotations

from typing import Literal, Protocol

from motenashi.insights.timeline.timeline import PersonKind, Query, Timeline

ExportFormat = Literal["csv", "json"]


class TimelineDesk(Protocol):
    """All may raise CrmError."""

    def timeline(
        self, kind: PersonKind, person_id: str, query: Query, *, most: int, skip: int = 0, outline: bool = False
    ) -> Timeline | None:
        """At most `most` rows after the first `skip`, newest first; None when the CRM has no such person. `outline`:
        touches without titles, counts and deals, which saves most of the time where there are thousands."""

    def person_name(self, kind: PersonKind, person_id: str) -> str | None:
        """None when the CRM has no such person."""

    def export(self, kind: PersonKind, person_id: str, query: Query, file_format: ExportFormat) -> str | bytes | None:
        """All rows of the query as a file; None when the CRM has no such person."""
