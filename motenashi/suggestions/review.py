"""Suggestions whose time has come: the window passed, a snooze or a rest is over. Their records are due again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from motenashi.database import Database
from motenashi.suggestions.suggestion import Suggestion
from motenashi.suggestions.suggestion_rows import review_at, suggestion_of
from motenashi.suggestions.tables import suggestions


class Review:
    """DBAPIError when the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def due(self, now: datetime, most: int = 500) -> tuple[Suggestion, ...]:
        """The earliest first, whatever has become of them, until somebody sees to them."""
        query = select(suggestions).where(suggestions.c.review_at <= now).order_by(suggestions.c.review_at).limit(most)
        with self._database.read() as connection:
            return tuple(suggestion_of(row) for row in connection.execute(query))

    def seen_to(self, several: Sequence[Suggestion]) -> None:
        these = suggestions.c.id.in_([one.id for one in several])
        with self._database.write() as connection:
            connection.execute(update(suggestions).where(these).values(review_at=None))

    def again(self, several: Sequence[Suggestion], *, now: datetime) -> None:
        """Thought about, and still right: those that are open are due again when their time has passed."""
        with self._database.write() as connection:
            for one in several:
                still_open = (suggestions.c.id == one.id, suggestions.c.state == "open")
                connection.execute(update(suggestions).where(*still_open).values(review_at=review_at(one, now)))
