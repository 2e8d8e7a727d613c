"""New responses and voice events since a place, in the order they were stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select

from motenashi.alerts.facts import Happening
from motenashi.alerts.variables import When
from motenashi.database import Database
from motenashi.insights.voice.response import Response
from motenashi.insights.voice.responses import Responses
from motenashi.insights.voice.tables import voice_events, voice_responses

MOST_HOLES = 100
_TABLES = {"response": voice_responses, "event": voice_events}


@dataclass(frozen=True)
class Place:
    """How far one has looked: the highest number, and the newest of those below it that were not there."""

    last_id: int
    holes: tuple[int, ...] = ()

    def after(self, found: Sequence[int]) -> Place:
        reached = max([self.last_id, *found])
        missed = {*self.holes, *range(max(self.last_id, reached - MOST_HOLES) + 1, reached)} - set(found)
        return Place(reached, tuple(sorted(missed)[-MOST_HOLES:]))


class Happenings:
    """DBAPIError when the database is away."""

    def __init__(self, database: Database, responses: Responses) -> None:
        self._database = database
        self._responses = responses

    def last_id(self, when: When) -> int:
        with self._database.read() as connection:
            return int(connection.execute(select(func.max(_TABLES[when].c.id))).scalar() or 0)

    def since(self, when: When, place: Place, newer_than: datetime, most: int = 500) -> tuple[list[Happening], Place]:
        """Those stored after `place` that happened after `newer_than`; and the new place."""
        table = _TABLES[when]
        there = or_(table.c.id > place.last_id, table.c.id.in_(place.holes))
        new = select(table.c.id, table.c.at).where(there).order_by(table.c.id).limit(most)
        with self._database.read() as connection:
            rows = connection.execute(new).all()
        return self.with_ids(when, [row.id for row in rows if row.at > newer_than]), place.after(
            [row.id for row in rows]
        )

    def with_ids(self, when: When, ids: list[int]) -> list[Happening]:
        """In the order of their numbers; those that are gone are left out."""
        if when == "response":
            return [_of_response(one) for number in ids if (one := self._responses.find(number)) is not None]
        query = select(voice_events).where(voice_events.c.id.in_(ids)).order_by(voice_events.c.id)
        with self._database.read() as connection:
            rows = connection.execute(query).mappings().all() if ids else []
        names = ("id", "at", "contact_id", "lead_id", "account_id", "deal_id", "owner_id", "kind", "detail")
        return [Happening(when="event", **{name: row[name] for name in names}) for row in rows]


def _of_response(one: Response) -> Happening:
    return Happening(
        when="response",
        id=one.id,
        at=one.at,
        contact_id=one.contact_id,
        lead_id=one.lead_id,
        account_id=one.account_id,
        deal_id=one.deal_id,
        owner_id=one.owner_id,
        response=one,
    )
