"""Suggestions of which it is not yet clear what came of them, until somebody has found out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, select, update

from motenashi.database import Database
from motenashi.suggestions.suggestion import Suggestion
from motenashi.suggestions.suggestion_events import MOST_AT_ONCE, SuggestionEvent, note_events
from motenashi.suggestions.suggestion_rows import ADVICE, suggestion_of
from motenashi.suggestions.tables import suggestion_events as events
from motenashi.suggestions.tables import suggestions

# Nobody has seen it and it is closed for so long: nobody will.
UNSEEN = timedelta(days=2)


@dataclass(frozen=True)
class Unsettled:
    """Advice that somebody has seen. `noted`: what is known to have happened with it. `planned_at`: the time that
    accepting it put into the calendar."""

    suggestion: Suggestion
    shown_at: datetime
    noted: frozenset[str]
    planned_at: datetime | None = None


class Settling:
    """DBAPIError when the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def unsettled(self, batch: int = MOST_AT_ONCE) -> Iterator[list[Unsettled]]:
        """All of them, oldest first, in batches."""
        last = 0
        while found := self._batch(last, batch):
            last = found[-1].suggestion.id
            yield found

    def _batch(self, after: int, most: int) -> list[Unsettled]:
        shown_at = func.min(events.c.at).label("shown_at")
        seen = select(events.c.suggestion_id, shown_at).where(events.c.what == "shown").group_by(events.c.suggestion_id)
        seen_ones = seen.subquery()
        query = (
            select(suggestions, seen_ones.c.shown_at)
            .join(seen_ones, seen_ones.c.suggestion_id == suggestions.c.id)
            .where(suggestions.c.made_by == ADVICE, suggestions.c.settled_at.is_(None), suggestions.c.id > after)
            .where(suggestions.c.action != "none")
            .order_by(suggestions.c.id)
            .limit(most)
        )
        with self._database.read() as connection:
            rows = connection.execute(query).all()
            ids = [row.id for row in rows]
            columns = (events.c.suggestion_id, events.c.what, events.c.data)
            happened = connection.execute(select(*columns).where(events.c.suggestion_id.in_(ids))).all()
        noted: dict[int, set[str]] = {}
        planned: dict[int, datetime] = {}
        for event in happened:
            noted.setdefault(event.suggestion_id, set()).add(event.what)
            if event.what == "accepted" and event.data.get("start"):
                planned[event.suggestion_id] = datetime.fromisoformat(event.data["start"])
        return [
            Unsettled(suggestion_of(row), row.shown_at, frozenset(noted.get(row.id, ())), planned.get(row.id))
            for row in rows
        ]

    def note(self, found: Sequence[SuggestionEvent], settled: Sequence[int], *, now: datetime) -> None:
        """What happened, and of which suggestions nothing more is awaited; in one transaction."""
        with self._database.write() as connection:
            note_events(connection, found)
            for start in range(0, len(settled), MOST_AT_ONCE):
                these = suggestions.c.id.in_(settled[start : start + MOST_AT_ONCE])
                connection.execute(update(suggestions).where(these).values(settled_at=now))

    def settle_unseen(self, now: datetime) -> int:
        """Closed advice that nobody has seen taught nobody anything; how much there was."""
        seen = select(events.c.suggestion_id).where(
            events.c.suggestion_id == suggestions.c.id, events.c.what == "shown"
        )
        old = and_(
            suggestions.c.made_by == ADVICE,
            suggestions.c.settled_at.is_(None),
            suggestions.c.state != "open",
            suggestions.c.closed_at < now - UNSEEN,
        )
        unseen = update(suggestions).where(old, ~seen.exists())
        with self._database.write() as connection:
            return connection.execute(unseen.values(settled_at=now)).rowcount
