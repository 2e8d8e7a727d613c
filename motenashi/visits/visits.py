"""Views of pages become visits: those of one browser with less than half an hour between them."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, insert, select, update

from motenashi.database import Database
from motenashi.visits.tables import visit_browsers, visit_views, visits

# A pause this long ends a visit, as the field's tools have it.
PAUSE = timedelta(minutes=30)
MOST_VIEWS = 500  # of one visit; more is no person looking
LONGEST_VIEW = 3_600  # seconds that one look at one page can count


@dataclass(frozen=True)
class View:
    """One look at one page, told again and again while it lasts. `seconds`: how long so far, on a visible page."""

    view: str
    page: str  # path
    title: str
    seconds: int
    conversation_id: str = ""


@dataclass(frozen=True)
class Visit:
    """A visit that is over, of a browser that has held a conversation."""

    id: int
    began_at: datetime
    last_at: datetime
    pages: int
    seconds: int
    title: str
    conversation_id: str


class Visits:
    """DBAPIError when the database is away."""

    def __init__(self, database: Database, secret_key: bytes) -> None:
        self._database = database
        self._key = secret_key

    def seen(self, browser: str, view: View, now: datetime) -> None:
        """Note a view, or that it went on. `browser` is the number that the browser made up."""
        mark = self._mark(browser)
        with self._database.write() as connection:
            self._touch(connection, mark, view.conversation_id, now)
            known = connection.execute(
                select(visit_views.c.visit_id, visit_views.c.seconds).where(_is_view(mark, view.view))
            ).first()
            if known is None:
                self._begin(connection, mark, view, now)
            else:
                self._go_on(connection, mark, view, known, now)

    def _touch(self, connection: Connection, mark: str, conversation_id: str, now: datetime) -> None:
        row = {"mark": mark, "conversation_id": conversation_id, "agreed_at": now, "last_at": now}
        connection.execute(self._database.insert_or_ignore(visit_browsers, row))
        changes = {"last_at": now} | ({"conversation_id": conversation_id} if conversation_id else {})
        connection.execute(update(visit_browsers).where(visit_browsers.c.mark == mark).values(changes))

    def _begin(self, connection: Connection, mark: str, view: View, now: datetime) -> None:
        seconds = min(max(view.seconds, 0), LONGEST_VIEW)
        going = and_(visits.c.mark == mark, visits.c.last_at > now - PAUSE, visits.c.noted == 0)
        newest = select(visits).where(going).order_by(visits.c.last_at.desc()).limit(1)
        visit = connection.execute(newest).first()
        if visit is None:
            began = {
                "mark": mark,
                "began_at": now - timedelta(seconds=seconds),
                "last_at": now,
                "pages": 1,
                "seconds": seconds,
                "title": view.title or view.page,
                "longest": seconds,
                "noted": 0,
            }
            visit_id = connection.execute(insert(visits).values(began).returning(visits.c.id)).scalar_one()
        elif visit.pages >= MOST_VIEWS:
            return
        else:
            visit_id = visit.id
            self._add(connection, visit, view, seconds, seconds, now, pages=1)
        row = {"mark": mark, "view": view.view, "visit_id": visit_id, "seconds": seconds}
        connection.execute(insert(visit_views).values(row))

    def _go_on(self, connection: Connection, mark: str, view: View, known: Row[Any], now: datetime) -> None:
        seconds = min(view.seconds, LONGEST_VIEW)
        visit = connection.execute(select(visits).where(visits.c.id == known.visit_id, visits.c.noted == 0)).first()
        if visit is None or seconds <= known.seconds:  # told twice, or out of order
            return
        connection.execute(update(visit_views).where(_is_view(mark, view.view)).values(seconds=seconds))
        self._add(connection, visit, view, seconds - known.seconds, seconds, now, pages=0)

    def _add(
        self, connection: Connection, visit: Row[Any], view: View, more: int, whole: int, now: datetime, *, pages: int
    ) -> None:
        changes: dict[str, object] = {"last_at": now, "pages": visit.pages + pages, "seconds": visit.seconds + more}
        if whole > visit.longest:
            changes |= {"longest": whole, "title": view.title or view.page}
        connection.execute(update(visits).where(visits.c.id == visit.id).values(changes))

    def to_note(self, now: datetime, most: int = 200, after: int = 0) -> Sequence[Visit]:
        """Visits that are over, of browsers that have held a conversation; by number, from behind `after`."""
        names = ("id", "began_at", "last_at", "pages", "seconds", "title")
        query = (
            select(*(visits.c[name] for name in names), visit_browsers.c.conversation_id)
            .join_from(visits, visit_browsers, visits.c.mark == visit_browsers.c.mark)
            .where(visits.c.noted == 0, visits.c.last_at <= now - PAUSE, visit_browsers.c.conversation_id != "")
            .where(visits.c.id > after)
            .order_by(visits.c.id)
            .limit(most)
        )
        with self._database.read() as connection:
            return [Visit(**row) for row in connection.execute(query).mappings()]

    def noted(self, ids: Sequence[int]) -> None:
        """These stand in the CRM's timeline now."""
        with self._database.write() as connection:
            connection.execute(update(visits).where(visits.c.id.in_(ids)).values(noted=1))

    def forget(self, browser: str) -> None:
        """The visitor does not agree any more: everything of this browser goes."""
        with self._database.write() as connection:
            _delete(connection, [self._mark(browser)])

    def forget_old(self, before: datetime) -> int:
        """Browsers that were not seen since then go, with their visits; says how many."""
        with self._database.write() as connection:
            old = select(visit_browsers.c.mark).where(visit_browsers.c.last_at < before)
            marks = list(connection.execute(old).scalars())
            _delete(connection, marks)
        return len(marks)

    def _mark(self, browser: str) -> str:
        return hmac.new(self._key, f"visits {browser}".encode(), hashlib.sha256).hexdigest()


def _is_view(mark: str, view: str) -> ColumnElement[bool]:
    return and_(visit_views.c.mark == mark, visit_views.c.view == view)


def _delete(connection: Connection, marks: Sequence[str]) -> None:
    for start in range(0, len(marks), 500):
        some = marks[start : start + 500]
        for table in (visit_views, visits, visit_browsers):
            connection.execute(delete(table).where(table.c.mark.in_(some)))
