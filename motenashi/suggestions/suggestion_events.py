"""What happened with suggestions: shown, accepted, turned down, put off; done, moved on, won, lost, expired. Never lost
while the suggestion is kept, and each thing noted once, however often it is told."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from motenashi.database import Database
from motenashi.suggestions.suggestion import What
from motenashi.suggestions.tables import suggestion_events as table

MOST_AT_ONCE = 500  # databases take only so many values in one statement


@dataclass(frozen=True)
class SuggestionEvent:
    """`by` is who did it, '' for what the CRM shows. `data` says more, as JSON."""

    suggestion_id: int
    what: What
    at: datetime
    by: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def once(self) -> str:
        """What is noted once a day, once each time, or once for ever."""
        if self.what == "shown":
            return self.at.astimezone(UTC).date().isoformat()
        return self.at.astimezone(UTC).isoformat() if self.what == "snoozed" else ""


class SuggestionEvents:
    """DBAPIError when the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, events: Sequence[SuggestionEvent]) -> None:
        """Those that are new are kept, in one transaction; when none is, nobody waits for the writers' lock."""
        known = self._known({event.suggestion_id for event in events})
        fresh = [event for event in events if (event.suggestion_id, event.what, event.once) not in known]
        if fresh:
            with self._database.write() as connection:
                note_events(connection, fresh)

    def of(self, suggestion_id: int) -> tuple[SuggestionEvent, ...]:
        """In the order in which they happened."""
        query = select(table).where(table.c.suggestion_id == suggestion_id).order_by(table.c.at, table.c.id)
        with self._database.read() as connection:
            return tuple(
                SuggestionEvent(row.suggestion_id, row.what, row.at, row.by, row.data)
                for row in connection.execute(query)
            )

    def _known(self, ids: Collection[int]) -> set[tuple[int, str, str]]:
        wanted = sorted(ids)
        with self._database.read() as connection:
            return {
                tuple(row)
                for start in range(0, len(wanted), MOST_AT_ONCE)
                for row in connection.execute(
                    select(table.c.suggestion_id, table.c.what, table.c.once).where(
                        table.c.suggestion_id.in_(wanted[start : start + MOST_AT_ONCE])
                    )
                )
            }


def note_events(connection: Connection, events: Sequence[SuggestionEvent]) -> None:
    """Within somebody's transaction; what is noted already stays as it was."""
    rows = [
        {
            "suggestion_id": event.suggestion_id,
            "what": event.what,
            "once": event.once,
            "at": event.at,
            "by": event.by,
            "data": dict(event.data),
        }
        for event in events
    ]
    if rows:
        fresh = postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)
        connection.execute(fresh.on_conflict_do_nothing(), rows)
