"""Every mail that came in, as the bytes it was, with how far we are with it. The one truth: queues are only hints.

A mail is waiting, and then read, set aside with its error, or skipped with the reason. It waits until somebody has
read it to the end: a claim keeps others away for a while and then ends by itself, so a reader that died or hangs
holds nobody up. All methods raise SQLAlchemy's DBAPIError when the database is away; nothing is half done then.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, case, delete, func, insert, or_, select, true, update

from motenashi.clean_text import clean_text, plain_line
from motenashi.database import Database
from motenashi.inbound_mail.calm_words import NEVER_ENDED
from motenashi.inbound_mail.mail_marks import LONGEST_HEADLINE, Headline, MailMark, mark_of
from motenashi.inbound_mail.settings import InboundMailSettings
from motenashi.inbound_mail.tables import inbound_mails, inbound_raw_mails

# A reader has this long for one mail; then it counts as dead, and another may claim the mail.
CLAIM = timedelta(minutes=10)
LONGEST_PAUSE = timedelta(hours=1)
# Fast is better than small here: mail is full of base64, and every delivery waits for this.
PACKING = 3
# The source of a mail that somebody only tries out: it is read, and nothing comes of it.
TRIED_OUT = "page"
# Rows thrown away in one transaction, so that nobody waits long for the writers' lock.
FORGET_AT_ONCE = 200


@dataclass(frozen=True)
class Kept:
    """`new` is False when that mail was here already; `id` is then that of the one that was here."""

    id: int
    new: bool


@dataclass(frozen=True)
class MailToKeep:
    """One mail for `keep_many`."""

    raw: bytes
    source: str
    received_at: datetime


@dataclass(frozen=True)
class StoredMail:
    """A mail without its bytes. `summary`, `links` and `reading` are what `keep_reading` was given."""

    id: int
    message_id: str
    source: str
    received_at: datetime
    size: int
    state: str  # waiting, read, set_aside, skipped
    why: str
    tries: int
    due_at: datetime
    error: str
    cause: str
    read_at: datetime | None
    sender: str
    subject: str
    sent_at: datetime | None
    summary: Mapping[str, Any] | None
    links: Mapping[str, Any] | None
    reading: Mapping[str, Any] | None = None  # None also in lists, which do without it


class MailStore:
    def __init__(self, database: Database, settings: InboundMailSettings | None = None) -> None:
        self._database = database
        self._settings = settings or InboundMailSettings()

    # Keeping

    def keep(self, raw: bytes, *, source: str, received_at: datetime) -> Kept:
        """Any bytes. On disk when this returns; the same mail again changes nothing (see mail_marks.py)."""
        return self.keep_many([MailToKeep(raw, source, received_at)])[0]

    def keep_many(self, mails: Sequence[MailToKeep]) -> list[Kept]:
        """As `keep`, in one transaction: all of them or none."""
        prepared = [(mail, mark_of(mail.raw), zlib.compress(mail.raw, PACKING)) for mail in mails]
        with self._database.write() as connection:
            return [self._keep(connection, *each) for each in prepared]

    def keep_aside(self, head: bytes, *, size: int, source: str, received_at: datetime, error: str, cause: str) -> Kept:
        """A mail that we can't or don't take whole: its headers are kept, set aside for a person to see."""
        mark = mark_of(head)
        more = {"key": mark.aside_key, "size": size, "state": "set_aside", "error": error, "cause": cause}
        with self._database.write() as connection:
            return self._insert(
                connection, MailToKeep(head, source, received_at), mark, zlib.compress(head, PACKING), **more
            )

    def _keep(self, connection: Connection, mail: MailToKeep, mark: MailMark, packed: bytes) -> Kept:
        kept = self._insert(connection, mail, mark, packed)
        if not kept.new and self._was_only_tried_out(connection, kept.id, mail, mark, packed):
            return Kept(kept.id, True)
        if kept.new or not mark.message_id or self._content_of(connection, kept.id) == mark.content:
            return kept
        # Somebody used a Message-ID, sender and date again for other words. Nothing is thrown away.
        copy = {"key": mark.copy_key, "state": "skipped", "why": "copy"}
        self._insert(connection, mail, mark, packed, **copy)
        return kept

    def _insert(self, connection: Connection, mail: MailToKeep, mark: MailMark, packed: bytes, **more: object) -> Kept:
        table = inbound_mails
        row = {
            "key": mark.key,
            "message_id": mark.message_id,
            "content": mark.content,
            "source": mail.source,
            "received_at": mail.received_at,
            "size": len(mail.raw),
            "state": "waiting",
            "due_at": mail.received_at,
            **_headline_columns(mark.headline),
            **more,
        }
        adding = self._database.insert_or_ignore(table, row)
        new = connection.execute(adding, execution_options={"preserve_rowcount": True}).rowcount == 1
        mail_id: int = connection.execute(select(table.c.id).where(table.c.key == row["key"])).scalar_one()
        if new:
            connection.execute(insert(inbound_raw_mails).values(mail_id=mail_id, packed=packed))
        return Kept(mail_id, new)

    def _was_only_tried_out(
        self, connection: Connection, mail_id: int, mail: MailToKeep, mark: MailMark, packed: bytes
    ) -> bool:
        """Somebody pasted this mail to see how it is read, and now it comes in earnest: it begins anew as itself."""
        if mail.source == TRIED_OUT:
            return False
        tried = and_(_is(mail_id), inbound_mails.c.source == TRIED_OUT)
        values = {
            "source": mail.source,
            "received_at": mail.received_at,
            "due_at": mail.received_at,
            "state": "waiting",
        }
        values |= {"why": "", "tries": 0, "error": "", "cause": "", "content": mark.content, "size": len(mail.raw)}
        if connection.execute(update(inbound_mails).where(tried).values(values)).rowcount != 1:
            return False
        bytes_of = inbound_raw_mails.c.mail_id == mail_id
        connection.execute(update(inbound_raw_mails).where(bytes_of).values(packed=packed))
        return True

    def _content_of(self, connection: Connection, mail_id: int) -> str:
        found: str = connection.execute(
            select(inbound_mails.c.content).where(inbound_mails.c.id == mail_id)
        ).scalar_one()
        return found

    # Looking

    def raw(self, mail_id: int) -> bytes | None:
        """The bytes as they came; None when there is no such mail."""
        with self._database.read() as connection:
            found = select(inbound_raw_mails.c.packed).where(inbound_raw_mails.c.mail_id == mail_id)
            packed = connection.execute(found).scalar()
        return None if packed is None else zlib.decompress(packed)

    def mail(self, mail_id: int) -> StoredMail | None:
        with self._database.read() as connection:
            row = connection.execute(select(*_LINE, inbound_mails.c.reading).where(_is(mail_id))).first()
        return _mail(row) if row else None

    def newest(self, before: int | None = None, most: int = 50, state: str = "", text: str = "") -> list[StoredMail]:
        """The latest that came, without their readings; `before` is the id of the last one of the page before.
        `text` is looked for in sender and subject, whatever the case of Latin letters."""
        table = inbound_mails
        wanted: list[ColumnElement[bool]] = []
        if before is not None:
            wanted.append(table.c.id < before)
        if state:
            wanted.append(table.c.state == state)
        if text:
            wanted.append(
                or_(table.c.sender.icontains(text, autoescape=True), table.c.subject.icontains(text, autoescape=True))
            )
        with self._database.read() as connection:
            rows = connection.execute(select(*_LINE).where(*wanted).order_by(table.c.id.desc()).limit(most))
            return [_mail(row) for row in rows]

    def with_message_ids(self, message_ids: Sequence[str]) -> list[StoredMail]:
        """Mails of the same thread, found by what a mail's References and In-Reply-To name (without < >)."""
        if not message_ids:
            return []
        with self._database.read() as connection:
            rows = connection.execute(select(*_LINE).where(inbound_mails.c.message_id.in_(message_ids[:100])))
            return [_mail(row) for row in rows]

    def counts(self) -> dict[str, int]:
        """How many mails there are in each state, those with none included."""
        state = inbound_mails.c.state
        with self._database.read() as connection:
            rows = connection.execute(select(state, func.count()).group_by(state))
            return dict.fromkeys(("waiting", "read", "set_aside", "skipped"), 0) | {row[0]: row[1] for row in rows}

    def waiting_since(self) -> datetime | None:
        """When the mail that waits longest came in; None when none waits."""
        table = inbound_mails
        with self._database.read() as connection:
            return connection.execute(
                select(func.min(table.c.received_at, type_=table.c.received_at.type)).where(table.c.state == "waiting")
            ).scalar()

    # Reading

    def waiting(self, limit: int, now: datetime) -> list[int]:
        """Mails that may be claimed now, those that are due longest first."""
        table = inbound_mails
        due = select(table.c.id).where(_due(now)).order_by(table.c.due_at, table.c.id).limit(limit)
        with self._database.read() as connection:
            return list(connection.execute(due).scalars())

    def claim(self, mail_id: int, now: datetime) -> bool:
        """Is it ours to read now? For CLAIM nobody else gets it. False when it does not wait, is not yet due, or is
        being read. One whose readers died again and again is set aside here: it may be the mail that kills them."""
        mine = and_(_is(mail_id), _due(now))
        table, most = inbound_mails, self._settings.most_tries
        worn_out = {
            "state": "set_aside",
            "error": NEVER_ENDED["en"],
            "cause": f"{most} readers stopped without a word",
        }
        with self._database.write() as connection:
            if connection.execute(update(table).where(mine, table.c.tries >= most).values(worn_out)).rowcount:
                return False
            claimed = {"due_at": now + CLAIM, "tries": table.c.tries + 1}
            return connection.execute(update(table).where(mine).values(claimed)).rowcount == 1

    def keep_reading(
        self,
        mail_id: int,
        reading: Mapping[str, Any],
        *,
        now: datetime,
        headline: Headline | None = None,
        links: Mapping[str, Any] | None = None,
        summary: Mapping[str, Any] | None = None,
        source: str = "",
    ) -> bool:
        """The mail is read. All mappings are JSON; a later reading replaces an earlier one whole.

        `source`: what the mail's was when reading began. When it is another one by now, the mail was only tried out and
        has come in earnest meanwhile: nothing is kept, it waits to be read as itself, and the answer is False.
        """
        values = {
            "state": "read",
            "why": "",
            "read_at": now,
            "error": "",
            "cause": "",
            "reading": _clean(reading),
            "links": _clean(links),
            "summary": _clean(summary),
            **(_headline_columns(headline) if headline else {}),
        }
        same = inbound_mails.c.source == source if source else true()
        return self._change(and_(_is(mail_id), same), values) == 1

    def failed(self, mail_id: int, *, now: datetime, error: str, cause: str) -> str:
        """Reading failed: it is tried again later, with growing pauses, or set aside. Returns the new state.

        `error` is for people; `cause` (an exception's type and place) must hold no personal data.
        """
        mail = self.mail(mail_id)
        if mail is None or mail.state != "waiting":
            return mail.state if mail else ""
        if mail.tries >= self._settings.most_tries:
            self.set_aside(mail_id, error, cause)
            return "set_aside"
        pause = timedelta(seconds=self._settings.first_pause * 2 ** max(0, mail.tries - 1))
        self.try_later(mail_id, now + min(pause, LONGEST_PAUSE), error, cause)
        return "waiting"

    def try_later(self, mail_id: int, at: datetime, error: str, cause: str = "") -> None:
        """Nobody reads it before that moment."""
        self._change(_waits(mail_id), {"due_at": at, "error": clean_text(error), "cause": clean_text(cause)})

    def give_back(self, mail_id: int, at: datetime, error: str, cause: str = "") -> None:
        """As `try_later`, and the claim counts as no try: it was not the mail's fault (the CRM was away, say)."""
        values = {"due_at": at, "error": clean_text(error), "cause": clean_text(cause), "tries": _ONE_TRY_LESS}
        self._change(_waits(mail_id), values)

    def set_aside(self, mail_id: int, error: str, cause: str = "") -> None:
        """It can't be read; a person sees it with the reason, and can put it back."""
        self._change(_waits(mail_id), {"state": "set_aside", "error": clean_text(error), "cause": clean_text(cause)})

    def skip(self, mail_id: int, why: str) -> None:
        """It needs no reading: a loop, a bounce ... (`why`: one word of ours)."""
        self._change(_waits(mail_id), {"state": "skipped", "why": why[:32], "error": "", "cause": ""})

    def put_back(self, mail_id: int, now: datetime) -> bool:
        """Read it, whatever was found before. False when there is no such mail, or when it waits already."""
        values = {"state": "waiting", "why": "", "tries": 0, "due_at": now, "error": "", "cause": ""}
        return self._change(and_(_is(mail_id), inbound_mails.c.state != "waiting"), values) == 1

    # Forgetting

    def forget(self, before: datetime) -> int:
        """Throw away what came before that moment, unless it still waits; says how much that was."""
        table, gone = inbound_mails, 0
        old = and_(table.c.received_at < before, table.c.state != "waiting")
        while True:
            with self._database.write() as connection:
                ids = list(connection.execute(select(table.c.id).where(old).limit(FORGET_AT_ONCE)).scalars())
                connection.execute(delete(inbound_raw_mails).where(inbound_raw_mails.c.mail_id.in_(ids)))
                connection.execute(delete(table).where(table.c.id.in_(ids)))
            gone += len(ids)
            if len(ids) < FORGET_AT_ONCE:
                return gone

    def _change(self, which: ColumnElement[bool], values: Mapping[str, Any]) -> int:
        with self._database.write() as connection:
            return connection.execute(update(inbound_mails).where(which).values(values)).rowcount


_LINE = [inbound_mails.c[field.name] for field in fields(StoredMail) if field.name != "reading"]


_ONE_TRY_LESS = case((inbound_mails.c.tries > 0, inbound_mails.c.tries - 1), else_=0)


def _is(mail_id: int) -> ColumnElement[bool]:
    return inbound_mails.c.id == mail_id


def _waits(mail_id: int) -> ColumnElement[bool]:
    return and_(_is(mail_id), inbound_mails.c.state == "waiting")


def _due(now: datetime) -> ColumnElement[bool]:
    return and_(inbound_mails.c.state == "waiting", inbound_mails.c.due_at <= now)


def _mail(row: Row[Any]) -> StoredMail:
    return StoredMail(**row._mapping)


def _headline_columns(headline: Headline) -> dict[str, Any]:
    return {
        "sender": plain_line(headline.sender)[:LONGEST_HEADLINE],
        "subject": plain_line(headline.subject)[:LONGEST_HEADLINE],
        "sent_at": headline.sent_at,
    }


def _clean(value: Any) -> Any:
    """JSON whose texts every database takes."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, Mapping):
        return {clean_text(str(key)): _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    return value
