"""Old mail that is no response yet: mails that were read when they came, and mails that only the CRM has.

Whom and which deal a mail is about says what the CRM keeps of it. Once a response is stored its mail is found no more,
so that whoever was interrupted goes on where it ended.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, String, and_, case, cast, exists, func, or_, select

from crm_client.embedded.tables import crm_contacts, crm_emails
from motenashi.database import Database
from motenashi.inbound_mail.mail_store import TRIED_OUT
from motenashi.inbound_mail.tables import inbound_mails
from motenashi.insights.voice.response import Response
from motenashi.insights.voice.tables import voice_responses
from motenashi.insights.voice.to_tell import ToTell
from nlp.reading import TextToRead
from nlp.reading_json import from_json

AT_ONCE = 500


class _OldMails(ABC):
    """A source by pages; `again`: also those that are responses already. DBAPIError when the database is away."""

    name = ""

    def __init__(self, database: Database, *, again: bool = False) -> None:
        self._database = database
        self._again = again

    def count(self) -> int:
        with self._database.read() as connection:
            counted = select(func.count()).select_from(self._wanted().subquery())
            return int(connection.execute(counted).scalar_one())

    def pages(self) -> Iterator[Sequence[ToTell]]:
        last: Any = None
        while True:
            query = self._wanted() if last is None else self._wanted().where(self._place() > last)
            with self._database.read() as connection:
                rows = connection.execute(query.order_by(self._place()).limit(AT_ONCE)).all()
            if rows:
                yield [told for row in rows if (told := self._told(row))]
                last = rows[-1].id
            if len(rows) < AT_ONCE:
                return

    @abstractmethod
    def _wanted(self) -> Select[Any]: ...

    @abstractmethod
    def _place(self) -> ColumnElement[Any]: ...

    @abstractmethod
    def _told(self, row: Row[Any]) -> ToTell | None: ...

    def _not_yet(self, key: ColumnElement[str]) -> list[ColumnElement[bool]]:
        return [] if self._again else [~exists().where(voice_responses.c.key == key)]


class ReadMails(_OldMails):
    """Stored mails of customers with their reading: nothing is read again."""

    name = "mails that were read"

    def _place(self) -> ColumnElement[Any]:
        return inbound_mails.c.id

    def _wanted(self) -> Select[Any]:
        mail, email = inbound_mails.c, crm_emails.c
        key = "mail:" + cast(mail.id, String)
        return (
            select(mail.id, mail.sent_at, mail.received_at, mail.reading, mail.links, *_ABOUT)
            .outerjoin(crm_emails, email.key == key)
            .outerjoin(crm_contacts, crm_contacts.c.id == email.contact_id)
            .where(
                mail.state == "read",
                mail.source != TRIED_OUT,
                mail.reading.is_not(None),
                mail.links["treatment"].as_string() == "customer",
                *self._not_yet(key),
            )
        )

    def _told(self, row: Row[Any]) -> ToTell | None:
        try:
            reading = from_json(row.reading)
        except (KeyError, TypeError, ValueError):
            return None  # of a version that told something else; the mail's page offers to read it again
        deals = (one for one in row.links.get("linked", ()) if one.get("kind") == "deal")
        sure = next(
            (float(one["certainty"]) for one in deals if one.get("id") == row.deal_id), float(bool(row.deal_id))
        )
        response = Response(
            id=0,
            key=f"mail:{row.id}",
            at=row.sent_at or row.received_at,
            channel="email",
            type="forwarded mail" if row.links.get("forwarded") else "mail",
            source=f"mail:{row.id}",
            deal_certainty=sure,
            **_about(row),
        )
        return ToTell(response, reading=reading)


class CrmMails(_OldMails):
    """Mails of customers that came into the CRM from elsewhere, with how they begin."""

    name = "mails of the CRM"

    def newest(self, most: int, before: tuple[datetime, str] | None = None) -> list[tuple[datetime, str]]:
        """When sent and which, the newest first, older than `before`. Mails of our own mailboxes are not among them:
        who reads them hears them, and knows more of them than the CRM does."""
        email = crm_emails.c
        ours = or_(email.key.is_(None), ~email.key.like("mail:%"))
        query = self._wanted().with_only_columns(email.sent_at, email.id).where(ours, func.trim(email.text) != "")
        if before is not None:
            sent_at, id_ = before
            query = query.where(or_(email.sent_at < sent_at, and_(email.sent_at == sent_at, email.id < id_)))
        with self._database.read() as connection:
            found = connection.execute(query.order_by(email.sent_at.desc(), email.id.desc()).limit(most))
            return [(row.sent_at, row.id) for row in found]

    def of(self, ids: Sequence[str]) -> list[ToTell]:
        """Of these mails those that are no responses yet, the newest first."""
        query = self._wanted().where(crm_emails.c.id.in_(ids)).order_by(crm_emails.c.sent_at.desc())
        with self._database.read() as connection:
            return [told for row in connection.execute(query) if (told := self._told(row))]

    def _place(self) -> ColumnElement[Any]:
        return crm_emails.c.id

    def _wanted(self) -> Select[Any]:
        email = crm_emails.c
        key = case((email.key.like("mail:%"), email.key), else_="email:" + email.id)
        return (
            select(email.id, key.label("key"), email.sent_at, email.subject, email.text, *_ABOUT)
            .outerjoin(crm_contacts, crm_contacts.c.id == email.contact_id)
            .where(
                email.direction == "in",
                email.status != "automatic",
                email.text.is_not(None),
                *self._not_yet(key),
            )
        )

    def _told(self, row: Row[Any]) -> ToTell | None:
        if not row.text.strip():
            return None
        response = Response(
            id=0,
            key=row.key,
            at=row.sent_at,
            channel="email",
            type="mail",
            source=row.key,
            deal_certainty=float(bool(row.deal_id)),
            **_about(row),
        )
        return ToTell(response, text=TextToRead(row.text, row.subject, sent_at=row.sent_at))


_ABOUT = (
    crm_emails.c.contact_id,
    crm_emails.c.lead_id,
    crm_emails.c.deal_id,
    crm_emails.c.owner_id,
    crm_contacts.c.account_id,
)


def _about(row: Row[Any]) -> Mapping[str, Any]:
    return {column.name: getattr(row, column.name) or "" for column in _ABOUT}
