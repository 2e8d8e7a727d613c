"""Who is away, and until when: told by their own absence notes. No suggestion sends anybody to an empty desk."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, or_, select

from motenashi.clean_text import clean_text
from motenashi.database import Database
from motenashi.suggestions.tables import LONGEST_NAME, absences

log = logging.getLogger(__name__)

MOST_AT_ONCE = 500  # databases take only so many values in one statement


@dataclass(frozen=True)
class Absence:
    """`until` is when they are back, None when they did not say. `sentence` is their own."""

    key: str
    noted_at: datetime
    contact_id: str = ""
    lead_id: str = ""
    until: datetime | None = None
    sentence: str = ""


class Absences:
    """DBAPIError when the database is away."""

    def __init__(self, database: Database, *, on_added: Callable[[Absence], object] | None = None) -> None:
        """`on_added` is told of each note after it is on disk; it breaks nothing when it fails."""
        self._database = database
        self._on_added = on_added

    def add(self, absence: Absence) -> None:
        """Once a key; somebody's newer note goes before an older one."""
        row = {
            "key": absence.key[:LONGEST_NAME],
            "contact_id": absence.contact_id,
            "lead_id": absence.lead_id,
            "until": absence.until,
            "sentence": clean_text(absence.sentence),
            "noted_at": absence.noted_at,
        }
        with self._database.write() as connection:
            connection.execute(self._database.insert_or_ignore(absences, row))
        if self._on_added is not None:
            try:
                self._on_added(absence)
            except Exception:  # somebody else's code, and the note is kept
                log.exception("an absence could not be passed on")

    def newest(self, *, contact_id: str = "", lead_id: str = "") -> Absence | None:
        """What they said last, over or not."""
        which = _theirs(contact_id, lead_id)
        if which is None:
            return None
        newest = select(absences).where(which).order_by(absences.c.noted_at.desc(), absences.c.id.desc()).limit(1)
        with self._database.read() as connection:
            row = connection.execute(newest).first()
        if row is None:
            return None
        return Absence(row.key, row.noted_at, row.contact_id, row.lead_id, row.until, row.sentence)

    def away_of_all(
        self, now: datetime, *, contact_ids: Collection[str] = (), lead_ids: Collection[str] = ()
    ) -> Mapping[str, datetime]:
        """Id -> when this person is back, of those who are away now; one query for 500 ids."""
        newest: dict[str, datetime | None] = {}
        with self._database.read() as connection:
            for column, ids in ((absences.c.contact_id, contact_ids), (absences.c.lead_id, lead_ids)):
                wanted = sorted({one for one in ids if one})
                for start in range(0, len(wanted), MOST_AT_ONCE):
                    theirs = column.in_(wanted[start : start + MOST_AT_ONCE])
                    query = select(column, absences.c.until).where(theirs)
                    for person_id, until in connection.execute(query.order_by(absences.c.noted_at, absences.c.id)):
                        newest[person_id] = until
        return {person_id: until for person_id, until in newest.items() if until is not None and until > now}

    def away_until(self, now: datetime, *, contact_id: str = "", lead_id: str = "") -> datetime | None:
        """When this person is back; None when they are here, as far as we know."""
        last = self.newest(contact_id=contact_id, lead_id=lead_id)
        return last.until if last and last.until is not None and last.until > now else None

    def forget(self, *, contact_id: str = "", lead_id: str = "") -> int:
        """Delete what a person told of their absences; says how many notes there were."""
        which = _theirs(contact_id, lead_id)
        if which is None:
            return 0
        with self._database.write() as connection:
            return connection.execute(delete(absences).where(which)).rowcount


def _theirs(contact_id: str, lead_id: str) -> ColumnElement[bool] | None:
    columns = ((absences.c.contact_id, contact_id), (absences.c.lead_id, lead_id))
    named = [column == value for column, value in columns if value]
    return or_(*named) if named else None
