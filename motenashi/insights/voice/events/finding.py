"""Finds all voice events anew and stores what changed: new ones, other moments or people, those that are no more.

What is true now is put together by SQL in passing tables, beside the store and without a lock on it; only differences
are written, in portions. So a run before which nothing happened writes nothing, and one that is cut short is finished
by the next.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, insert, text

from motenashi.database import Database
from motenashi.insights.voice.events import calls, deals, leads, purchases, silence
from motenashi.insights.voice.events.found import closed_deals, found_events, found_links, passing_tables
from motenashi.insights.voice.events.links import fill_links
from motenashi.insights.voice.events.storing import COLUMNS, Storing
from motenashi.insights.voice.settings import VoiceSettings


@dataclass(frozen=True)
class Changes:
    """What a run wrote: events that are new, told otherwise, gone; links of either kind."""

    new: int = 0
    changed: int = 0
    gone: int = 0
    links: int = 0
    seconds: float = 0.0

    @property
    def any(self) -> bool:
        return bool(self.new or self.changed or self.gone or self.links)


class VoiceEvents:
    """DBAPIError when the database is away; what was written until then stays, and the next run goes on."""

    def __init__(
        self,
        database: Database,
        settings: VoiceSettings | None = None,
        recommendations: Sequence[Select[Any]] = (),
    ) -> None:
        """`recommendations`: products recommended to people beyond those that the voice itself noted, as selects of
        (product_id, contact_id, lead_id, at)."""
        self._database = database
        self._settings = settings or VoiceSettings()
        self._recommendations = tuple(recommendations)

    def find(self, now: datetime) -> Changes:
        """All events and their links as the records of now tell them."""
        began = time.monotonic()
        with self._database.read() as connection, passing_tables(connection):
            storing = Storing(self._database, connection)
            deals.fill_closed_deals(connection)
            self._known_to_planner(connection, closed_deals.name)
            for kind in self._kinds(now):
                connection.execute(insert(found_events).from_select(COLUMNS, kind))
            self._known_to_planner(connection, found_events.name)
            new, changed, gone = storing.events()
            fill_links(connection, self._settings)
            self._known_to_planner(connection, found_links.name)
            links = storing.links()
        return Changes(new, changed, gone, links, time.monotonic() - began)

    def _kinds(self, now: datetime) -> Iterator[Select[Any]]:
        settings, dialect = self._settings, self._database.dialect
        yield deals.won_and_lost()
        yield deals.lost_renewals(settings.renewal_types)
        yield leads.converted()
        yield leads.junk(settings.junk_statuses)
        within = timedelta(days=settings.recommended_days)
        yield purchases.recommended_and_bought(within, self._recommendations, dialect)
        yield calls.call_outcomes()
        if settings.silent_days:
            yield silence.fell_silent(timedelta(days=settings.silent_days), now, dialect)

    def _known_to_planner(self, connection: Connection, table: str) -> None:
        """PostgreSQL takes a new table for nearly empty until somebody counts."""
        if self._database.dialect == "postgresql":
            connection.execute(text(f"ANALYZE {table}"))
