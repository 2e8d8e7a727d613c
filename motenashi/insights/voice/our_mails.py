"""Mails of ours, looked through for products that we named to somebody. They are no responses: who counts what people
say must not count us. Only the catalogue is needed for it, not the whole reader.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, exists, or_, select

from crm_client.embedded.tables import crm_emails
from motenashi.database import Database
from motenashi.insights.voice.heard import Heard, note_heard
from motenashi.insights.voice.recommendations import Recommendation, Recommendations
from motenashi.insights.voice.tables import voice_heard

ProductsIn = Callable[[str], Sequence[str]]  # a text, the ids of our products that it names


class OurMails:
    """DBAPIError when the database is away; nothing is half done then."""

    def __init__(self, database: Database, products_in: ProductsIn) -> None:
        self._database = database
        self._recommendations = Recommendations(database)
        self._products_in = products_in

    def look(self, most: int = 500, since: datetime | None = None, after: str = "") -> tuple[int, str]:
        """Look through mails that nobody looked through yet, by id after `after`, sent after `since` if one is given;
        how many, and the id of the last. Safe to do twice."""
        mails = crm_emails.c
        query = select(mails.id, mails.sent_at, mails.contact_id, mails.lead_id, mails.subject, mails.text).where(
            mails.direction == "out",
            mails.id > after,
            or_(mails.contact_id != "", mails.lead_id != ""),
            ~exists().where(voice_heard.c.key == "mail of ours:" + mails.id),
        )
        if since is not None:
            query = query.where(mails.sent_at > since)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(mails.id).limit(most)).all()
        self._recommendations.add_all(one for row in rows for one in self._named(row))
        note_heard(
            self._database,
            [Heard(f"mail of ours:{row.id}", row.sent_at, row.contact_id, row.lead_id) for row in rows],
        )
        return len(rows), rows[-1].id if rows else after

    def _named(self, row: Row[Any]) -> list[Recommendation]:
        text = f"{row.subject}\n\n{row.text or ''}"
        source = f"mail of ours:{row.id}"
        found = dict.fromkeys(self._products_in(text))
        return [Recommendation(one, row.sent_at, source, row.contact_id, row.lead_id) for one in found]
