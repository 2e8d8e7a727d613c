"""Whose mail came back: by what the CRM knows of the person's mails, and by what mail servers said of the address.

Somebody whose last mail bounced gets none of a mass mail, until something shows that mail reaches them: they wrote, or
opened, followed or answered one of ours after it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Connection, and_, case, func, or_, select

from crm_client.embedded.tables import crm_emails
from motenashi.bulk_actions.tables import bulk_rows
from motenashi.database import Database

_AT_ONCE = 400


class Bounces:
    """DBAPIError when the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def people(self, column: str, ids: Collection[str]) -> frozenset[str]:
        """Those of these contacts (`contact_id`) or leads (`lead_id`) whom mail does not reach."""
        person, mail = crm_emails.c[column], crm_emails.c
        bounced = func.max(case((and_(mail.direction == "out", mail.status == "bounced"), mail.sent_at)))
        arrived = func.max(case((_reached(), func.coalesce(mail.replied_at, mail.opened_at, mail.sent_at))))
        found: set[str] = set()
        with self._database.read() as connection:
            for part in _parts(ids):
                query = select(person, bounced, arrived).where(person.in_(part)).group_by(person)
                found |= _still_bouncing(connection, query)
        return frozenset(found)

    def marks(self, marks: Collection[str]) -> frozenset[str]:
        """Those of these addresses that a mail server refused for good the last time."""
        row = bulk_rows.c
        refused = func.max(case((row.why == "refused", row.finished_at)))
        taken = func.max(case((row.state == "done", row.finished_at)))
        found: set[str] = set()
        with self._database.read() as connection:
            for part in _parts(marks):
                query = select(row.mark, refused, taken).where(row.mark.in_(part)).group_by(row.mark)
                found |= _still_bouncing(connection, query)
        return frozenset(found)


def _reached() -> Any:
    mail = crm_emails.c
    noticed = or_(mail.opened_at.is_not(None), mail.clicked_at.is_not(None), mail.replied_at.is_not(None))
    return or_(mail.direction == "in", mail.status == "delivered", noticed)


def _still_bouncing(connection: Connection, query: Any) -> set[str]:
    rows = connection.execute(query)
    return {str(who) for who, bounced, arrived in rows if bounced and (arrived is None or arrived <= bounced)}


def _parts(ids: Collection[str]) -> Iterator[list[str]]:
    wanted = sorted(set(ids) - {""})
    for start in range(0, len(wanted), _AT_ONCE):
        yield wanted[start : start + _AT_ONCE]
