"""The development outbox: what would have been sent, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from motenashi.database import Database
from motenashi.outgoing_mail.tables import mail_outbox


@dataclass(frozen=True)
class OutboxMail:
    """`at` is in UTC."""

    id: int
    at: datetime
    to: str
    subject: str
    text: str
    html: str
    language: str


class Outbox:
    def __init__(self, database: Database) -> None:
        self._database = database

    def newest(self, most: int = 100) -> list[OutboxMail]:
        with self._database.read() as connection:
            rows = connection.execute(_select.order_by(mail_outbox.c.id.desc()).limit(most))
            return [OutboxMail(*row) for row in rows]

    def find(self, mail_id: int) -> OutboxMail | None:
        with self._database.read() as connection:
            row = connection.execute(_select.where(mail_outbox.c.id == mail_id)).first()
            return OutboxMail(*row) if row else None


_select = select(
    mail_outbox.c.id,
    mail_outbox.c.created_at,
    mail_outbox.c.to,
    mail_outbox.c.subject,
    mail_outbox.c.text,
    mail_outbox.c.html,
    mail_outbox.c.language,
)
