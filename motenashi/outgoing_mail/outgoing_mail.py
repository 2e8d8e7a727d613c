"""The one way out for mail. A mail is on disk before anybody says it was sent.

With an SMTP server, `send` stores the mail and `deliver_waiting` (a job, safe to run at any time and in several
processes) hands it over, again and again with growing pauses while the server does not answer. A process killed
in between loses nothing; a mail whose hand-over was cut off is sent again under the same Message-ID. Without a server,
mail stays in the development outbox, and in production it is refused.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, and_, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from motenashi.clean_text import clean_text
from motenashi.database import Database
from motenashi.outgoing_mail.mail import Mail, MailNotConfigured, MailRefused, header_fault, is_address, one_line
from motenashi.outgoing_mail.settings import OutgoingMailSettings
from motenashi.outgoing_mail.smtp import SmtpServer, Trouble
from motenashi.outgoing_mail.tables import mail_outbox, mail_outgoing

log = logging.getLogger(__name__)

# While one process hands a mail over, nobody else takes it; after this long that process counts as dead.
HAND_OVER = timedelta(minutes=5)
LONGEST_WAIT = timedelta(hours=1)


@dataclass(frozen=True)
class Delivered:
    """What one round of `deliver_waiting` did; `waiting` will be tried again later."""

    sent: int = 0
    failed: int = 0
    waiting: int = 0


def utc_now() -> datetime:
    return datetime.now(UTC)


class OutgoingMail:
    """`wake` is called after a mail was stored for the SMTP server, so that a queue can deliver it at once."""

    def __init__(
        self,
        settings: OutgoingMailSettings,
        database: Database,
        *,
        production: bool = False,
        wake: Callable[[], object] = lambda: None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._settings = settings
        self._database = database
        self._production = production
        self._wake = wake
        self._clock = clock

    def send(self, mail: Mail) -> None:
        """Store a mail that will then go out by itself; the same key again changes nothing.

        MailRefused when `to` is no address or there is no key; MailNotConfigured in production without a server.
        """
        if not is_address(mail.to):
            raise MailRefused(f"'{one_line(mail.to)[:100]}' is no e-mail address")
        if not mail.key:
            raise MailRefused("a mail needs a key")
        if fault := header_fault(mail.headers):
            raise MailRefused(fault)
        if self._settings.smtp_host:
            self._store(mail_outgoing, mail, state="waiting", due_at=self._clock(), good_until=mail.good_until)
            self._wake()
        elif self._production:
            raise MailNotConfigured("no mail can be sent: set outgoing_mail.smtp_host in config.yaml")
        else:
            self._store(mail_outbox, mail)

    def _store(self, table: Table, mail: Mail, **more: Any) -> None:
        row = {
            "key": mail.key,
            "to": mail.to,
            "subject": one_line(mail.subject),
            "text": clean_text(mail.text),
            "html": clean_text(mail.html),
            "language": mail.language,
            "created_at": self._clock(),
            "headers": dict(mail.headers) or None,
        }
        try:
            with self._database.write() as connection:
                known = select(table.c.id).where(table.c.key == mail.key)
                if connection.execute(known).first() is None:
                    connection.execute(insert(table).values(row | more))
        except IntegrityError:
            log.debug("mail %s was stored by somebody else at the same moment", mail.key)

    def deliver_waiting(self, now: datetime | None = None, *, most: int = 50) -> Delivered:
        """Hand up to `most` due mails to the SMTP server, over one connection. Never raises for a mail's sake."""
        now = now or self._clock()
        if not self._settings.smtp_host or not self._anything_due(now):
            return Delivered()
        counts = {"sent": 0, "failed": 0, "waiting": 0}
        with SmtpServer(self._settings) as server:
            for _ in range(most):
                row = self._claim(now)
                if row is None:
                    break
                counts[self._deliver(server, row, now)] += 1
                if not server.reachable:
                    break  # the others keep their tries for when it is back
        return Delivered(**counts)

    def forget_finished(self, before: datetime) -> int:
        """Throw away what was sent or given up before that moment; says how many. Keys older than that may repeat."""
        old = and_(mail_outgoing.c.state.in_(("sent", "failed")), mail_outgoing.c.finished_at < before)
        with self._database.write() as connection:
            return connection.execute(delete(mail_outgoing).where(old)).rowcount

    def _anything_due(self, now: datetime) -> bool:
        """Looked up without a write lock: nearly always there is nothing to do."""
        with self._database.read() as connection:
            return connection.execute(select(mail_outgoing.c.id).where(_due(now)).limit(1)).first() is not None

    def _claim(self, now: datetime) -> Row[Any] | None:
        """The next due mail, ours alone until HAND_OVER has passed."""
        table, due = mail_outgoing, _due(now)
        with self._database.write() as connection:
            first = select(table.c.id).where(due).order_by(table.c.due_at, table.c.id).limit(1)
            if self._database.dialect == "postgresql":
                first = first.with_for_update(skip_locked=True)
            mail_id = connection.execute(first).scalar()
            if mail_id is None:
                return None
            taken = update(table).where(table.c.id == mail_id, due)
            values = {"state": "sending", "due_at": now + HAND_OVER, "attempts": table.c.attempts + 1}
            return connection.execute(taken.values(values).returning(*table.c)).first()

    def _deliver(self, server: SmtpServer, row: Row[Any], now: datetime) -> str:
        if row.good_until is not None and now >= row.good_until:
            return self._finish(row, now, "failed", "it was no longer worth sending")
        trouble = server.send(row)
        if trouble is None:
            return self._finish(row, now, "sent", "")
        log.warning("mail %s (try %s) was not taken: %s", row.id, row.attempts, trouble.what)
        if trouble.for_good or row.attempts >= self._settings.most_attempts:
            return self._finish(row, now, "failed", trouble.what)
        return self._wait(row, now, trouble)

    def _wait(self, row: Row[Any], now: datetime, trouble: Trouble) -> str:
        pause = min(LONGEST_WAIT, timedelta(seconds=self._settings.first_wait * 2 ** (row.attempts - 1)))
        self._change(row, state="waiting", due_at=now + pause, last_error=trouble.what)
        return "waiting"

    def _finish(self, row: Row[Any], now: datetime, state: str, error: str) -> str:
        # What was in it is nobody's business any more; a one-time code may have been.
        self._change(row, state=state, finished_at=now, last_error=error, text="", html="")
        return state

    def _change(self, row: Row[Any], **values: Any) -> None:
        mine = and_(
            mail_outgoing.c.id == row.id, mail_outgoing.c.state == "sending", mail_outgoing.c.attempts == row.attempts
        )
        with self._database.write() as connection:
            connection.execute(update(mail_outgoing).where(mine).values(values))


def _due(now: datetime) -> ColumnElement[bool]:
    state = mail_outgoing.c.state
    return and_(or_(state == "waiting", state == "sending"), mail_outgoing.c.due_at <= now)
