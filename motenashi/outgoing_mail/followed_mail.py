"""What became of mails, asked by their keys; and taking back those that have not begun to leave."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select, update

from motenashi.database import Database
from motenashi.outgoing_mail.outgoing_mail import utc_now
from motenashi.outgoing_mail.settings import OutgoingMailSettings
from motenashi.outgoing_mail.smtp import message_id
from motenashi.outgoing_mail.tables import mail_outbox, mail_outgoing

WITHDRAWN = "withdrawn"
_AT_ONCE = 500


@dataclass(frozen=True)
class MailState:
    """`at`: when it was sent or given up; for one that waits, when it was stored. `error`: the server's last words.
    `withdrawn`: it was taken back before it began to leave."""

    state: Literal["waiting", "sent", "failed", "withdrawn"]
    at: datetime
    error: str = ""


class FollowedMail:
    """DBAPIError when the database is away."""

    def __init__(self, database: Database, settings: OutgoingMailSettings) -> None:
        self._database = database
        self._settings = settings

    def message_id(self, key: str) -> str:
        """What the mail with this key is called on its way, without angle brackets."""
        return message_id(key, self._settings)

    def states(self, keys: Collection[str]) -> Mapping[str, MailState]:
        """By key. Left out: those that nobody sent, or that were forgotten since."""
        found: dict[str, MailState] = {}
        for part in _parts(keys):
            with self._database.read() as connection:
                for key, at in connection.execute(_IN_OUTBOX.where(mail_outbox.c.key.in_(part))):
                    found[key] = MailState("sent", at)
                for row in connection.execute(_ON_ITS_WAY.where(mail_outgoing.c.key.in_(part))):
                    found[row.key] = _state(row.state, row.finished_at or row.created_at, row.last_error)
        return found

    def withdraw(self, keys: Collection[str], now: datetime | None = None) -> tuple[str, ...]:
        """Take back those that wait; the keys of those that will not leave now. What a server has in hand goes on."""
        values = {"state": "failed", "finished_at": now or utc_now(), "last_error": WITHDRAWN, "text": "", "html": ""}
        taken: list[str] = []
        for part in _parts(keys):
            waiting = (mail_outgoing.c.key.in_(part), mail_outgoing.c.state == "waiting")
            back = update(mail_outgoing).where(*waiting).values(values).returning(mail_outgoing.c.key)
            with self._database.write() as connection:
                taken += connection.execute(back).scalars()
        return tuple(taken)


def _state(state: str, at: datetime, error: str) -> MailState:
    if state == "sent":
        return MailState("sent", at)
    if state == "failed":
        return MailState("withdrawn" if error == WITHDRAWN else "failed", at, error)
    return MailState("waiting", at, error)


def _parts(keys: Collection[str]) -> Iterator[list[str]]:
    wanted = list(keys)
    for start in range(0, len(wanted), _AT_ONCE):
        yield wanted[start : start + _AT_ONCE]


_IN_OUTBOX = select(mail_outbox.c.key, mail_outbox.c.created_at)
_ON_ITS_WAY = select(
    mail_outgoing.c.key,
    mail_outgoing.c.state,
    mail_outgoing.c.created_at,
    mail_outgoing.c.finished_at,
    mail_outgoing.c.last_error,
)
