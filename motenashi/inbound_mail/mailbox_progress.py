"""How far each IMAP mailbox is read, and how it stands with it: kept in the database, for pollers and for pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from motenashi.clean_text import clean_text
from motenashi.database import Database
from motenashi.inbound_mail.tables import inbound_mailboxes


@dataclass(frozen=True)
class MailboxState:
    """`last_uid`: all mail up to that UID is here. `uid_validity` 0: it was never read to its end.

    `state`: connected, away (the server does not answer), refused (it does not let us in), '' (never tried).
    """

    name: str
    uid_validity: int = 0
    last_uid: int = 0
    state: str = ""
    trouble: str = ""
    changed_at: datetime | None = None
    looked_at: datetime | None = None


class MailboxProgress:
    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, name: str) -> MailboxState:
        with self._database.read() as connection:
            row = connection.execute(select(*_COLUMNS).where(inbound_mailboxes.c.name == name)).first()
        return MailboxState(*row) if row else MailboxState(name)

    def all(self) -> list[MailboxState]:
        """Every mailbox that was ever watched, by name."""
        with self._database.read() as connection:
            return [
                MailboxState(*row) for row in connection.execute(select(*_COLUMNS).order_by(inbound_mailboxes.c.name))
            ]

    def reached(self, name: str, uid_validity: int, last_uid: int, now: datetime) -> None:
        """All mail up to `last_uid` is stored."""
        self._set(name, now, uid_validity=uid_validity, last_uid=last_uid)

    def looked(self, name: str, now: datetime) -> None:
        """There was nothing that we do not have."""
        self._set(name, now, looked_at=now)

    def tell(self, name: str, state: str, trouble: str, now: datetime) -> None:
        """How it stands with the mailbox; `trouble` is for people and holds no secret."""
        self._set(name, now, state=state, trouble=clean_text(trouble), changed_at=now)

    def _set(self, name: str, now: datetime, **values: Any) -> None:
        table = inbound_mailboxes
        with self._database.write() as connection:
            if connection.execute(update(table).where(table.c.name == name).values(values)).rowcount == 0:
                row = {"name": name, "changed_at": now, **values}
                connection.execute(self._database.insert_or_ignore(table, row))


_COLUMNS = [
    inbound_mailboxes.c[name]
    for name in ("name", "uid_validity", "last_uid", "state", "trouble", "changed_at", "looked_at")
]
