"""When each mail leaves: at its reader's best hour for e-mail within the days given, else in business hours."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

from motenashi.bulk_actions.gather import Facts
from motenashi.business_hours.business_hours import BusinessHours
from motenashi.database import Database
from motenashi.suggestions.best_time.dated_slots import next_window
from motenashi.suggestions.best_time.store import BestTimesStore


class BestHours:
    """DBAPIError when the database is away."""

    def __init__(self, database: Database, hours: BusinessHours) -> None:
        self._store = BestTimesStore(database)
        self._hours = hours

    def when(self, facts: Facts | None, *, now: datetime, until: datetime) -> datetime:
        """In UTC; never before `now`, and within `until` where there is such an hour."""
        window = self._window(facts, now)
        if window is not None and now <= window < until:
            return window
        opening = self._hours.next_opening("", now)
        return opening.astimezone(UTC) if opening is not None and opening < max(until, now) else now

    def _window(self, facts: Facts | None, now: datetime) -> datetime | None:
        person = facts.person if facts else None
        if facts is None or person is None:
            return None
        kind: Literal["contact", "lead"] = "contact" if facts.contact else "lead"
        window = next_window(
            self._store.find(kind, person.id, "email"),
            self._hours,
            now=now,
            override=self._store.find_override(kind, person.id),
        )
        return window.start.astimezone(UTC) if window else None
