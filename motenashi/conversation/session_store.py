"""Keeps conversations: one transaction a turn, and the same delivery once.

A turn reads one row and writes one row and its two entries, however long the conversation is. Whoever writes second
notices (the row's version has moved on, or the delivery stands there already) and gets TurnConflict.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, tuple_, update
from sqlalchemy.engine import Row
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

from motenashi.conversation.as_json import (
    channel_from_json,
    channel_to_json,
    reply_from_json,
    reply_to_json,
    session_from_json,
    session_to_json,
)
from motenashi.conversation.message import Channel, Message, MessageKind
from motenashi.conversation.reply import Reply
from motenashi.conversation.session import Session
from motenashi.conversation.tables import NOTED, TO_NOTE, conversations, entries
from motenashi.conversation.transcript import Entry
from motenashi.database import Database

# The database is locked, away, or all its connections are in use: a later try may well work.
_AWAY = (OperationalError, InterfaceError, NoFreeConnection)

# How many deliveries a conversation's row remembers. Older ones are found in the entries.
RECENT = 8


class TurnConflict(Exception):
    """Somebody else wrote a turn of this conversation in between: read again, and look whether it was this one."""


class StoreBusy(Exception):
    """The database could not be used now. Nothing was written."""


@dataclass(frozen=True)
class Delivery:
    """A delivery that was answered: by which entries, when, and whether the answer came late."""

    id: str
    fingerprint: str
    first_seq: int
    last_seq: int
    answered_at: float  # seconds since 1970
    slow: bool

    def as_list(self) -> list[Any]:
        return [self.id, self.fingerprint, self.first_seq, self.last_seq, self.answered_at, int(self.slow)]

    @classmethod
    def from_list(cls, data: list[Any]) -> Delivery:
        return cls(data[0], data[1], data[2], data[3], data[4], bool(data[5]))


@dataclass(frozen=True)
class Stored:
    """A conversation as it stands in the store. `version` 0: it is not there yet."""

    session: Session
    version: int = 0
    last_seq: int = 0
    recent: tuple[Delivery, ...] = ()
    noted: int = 0  # see tables.TO_NOTE


@dataclass(frozen=True)
class Sleeper:
    """A conversation whose time to wake has come."""

    conversation_id: str
    bot: str
    channel: Channel
    wake_at: datetime


@dataclass(frozen=True)
class KnownChat:
    """A conversation with somebody whom the flow has recognised. `kind`: contact, lead, or '' when it has forgotten.

    `sure`: they have shown that the address is theirs; else they, or a page, only said so. `said` counts what the
    visitor said, `first_words` is how it began.
    """

    conversation_id: str
    kind: str
    record_id: str
    began_at: datetime
    last_at: datetime
    version: int
    sure: bool = False
    said: int = 0
    first_words: str = ""


_COLUMNS = [conversations.c[name] for name in ("state", "version", "last_seq", "recent", "noted")]
_LOAD = select(*_COLUMNS).where(conversations.c.id == bindparam("id"))
_ENTRIES = (
    select(entries)
    .where(entries.c.conversation_id == bindparam("id"), entries.c.seq >= bindparam("first"))
    .order_by(entries.c.seq)
    .limit(bindparam("most"))
)
_OF_DELIVERY = (
    select(entries.c.seq)
    .where(entries.c.conversation_id == bindparam("id"), entries.c.delivery_id == bindparam("delivery"))
    .order_by(entries.c.seq)
)
_INSERT = conversations.insert()
_INSERT_ENTRIES = entries.insert()
_UPDATE = (
    update(conversations)
    .where(conversations.c.id == bindparam("the_id"), conversations.c.version == bindparam("the_version"))
    .values({name: bindparam(f"new_{name}") for name in ("state", "version", "last_seq", "recent", "flow_set")})
    .values({name: bindparam(f"new_{name}") for name in ("email", "last_at", "wake_at", "noted")})
)
_SAID = (
    select(entries.c.conversation_id, func.count(), func.min(entries.c.seq))
    .where(entries.c.conversation_id.in_(bindparam("ids", expanding=True)), entries.c.author == "visitor")
    .group_by(entries.c.conversation_id)
)
_FIRST = select(entries.c.conversation_id, entries.c.text).where(
    tuple_(entries.c.conversation_id, entries.c.seq).in_(bindparam("firsts", expanding=True))
)
_NOTED = (
    update(conversations)
    .where(conversations.c.id == bindparam("the_id"), conversations.c.version == bindparam("the_version"))
    .values(noted=NOTED)
)


class SessionStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    def load(self, conversation_id: str, bot: str) -> Stored:
        """The conversation, or a new one that is not stored yet. StoreBusy when the database can't be read."""
        try:
            with self._database.read() as connection:
                row = connection.execute(_LOAD, {"id": conversation_id}).first()
        except _AWAY as error:
            raise StoreBusy(_why(error)) from error
        return _stored(row) if row else Stored(Session(conversation_id, bot))

    def commit(
        self, stored: Stored, session: Session, message: Message, reply: Reply, *, now: datetime, slow: bool = False
    ) -> tuple[Entry, ...]:
        """Write one turn: the session, the visitor's words and our reply. Returns the entries it added.

        TurnConflict when the conversation has moved on since `stored` was read; StoreBusy when it can't be written.
        """
        added = tuple(_new_entries(stored.last_seq, message, reply, now))
        delivery = Delivery(
            message.delivery_id, message.retry_fingerprint, added[0].seq, added[-1].seq, now.timestamp(), slow
        )
        row = _row(stored, session, (*stored.recent, delivery)[-RECENT:], added[-1].seq, now)
        try:
            with self._database.write() as connection:
                if stored.version == 0:
                    connection.execute(_INSERT, _new_row(session, message, row, now))
                elif connection.execute(_UPDATE, _for_update(stored, row)).rowcount != 1:
                    raise TurnConflict
                connection.execute(_INSERT_ENTRIES, [_entry_row(message.conversation_id, entry) for entry in added])
        except IntegrityError as error:
            raise TurnConflict from error
        except _AWAY as error:
            raise StoreBusy(_why(error)) from error
        return added

    def answered(self, stored: Stored, delivery_id: str) -> tuple[Entry, ...]:
        """The entries of a delivery that was answered before; empty when it was not."""
        known = next((delivery for delivery in stored.recent if delivery.id == delivery_id), None)
        if known is not None:
            return self.entries(stored.session.conversation_id, known.first_seq - 1, known.last_seq)
        if len(stored.recent) < RECENT:  # the row remembers every delivery there ever was
            return ()
        return self._of_delivery(stored.session.conversation_id, delivery_id)

    def _of_delivery(self, conversation_id: str, delivery_id: str) -> tuple[Entry, ...]:
        try:
            with self._database.read() as connection:
                found = (
                    connection.execute(_OF_DELIVERY, {"id": conversation_id, "delivery": delivery_id}).scalars().all()
                )
        except _AWAY as error:
            raise StoreBusy(_why(error)) from error
        return self.entries(conversation_id, found[0] - 1, found[-1]) if found else ()

    def entries(
        self, conversation_id: str, after: int = 0, until: int | None = None, most: int = 500
    ) -> tuple[Entry, ...]:
        """What was said after entry `after` (up to `until`), in order, at most `most` of it."""
        count = most if until is None else max(0, min(most, until - after))
        try:
            with self._database.read() as connection:
                rows = connection.execute(_ENTRIES, {"id": conversation_id, "first": after + 1, "most": count}).all()
        except _AWAY as error:
            raise StoreBusy(_why(error)) from error
        return tuple(_entry(row) for row in rows)

    def newest(self, conversation_id: str, count: int) -> tuple[Entry, ...]:
        """The last `count` entries, in order."""
        query = select(entries).where(entries.c.conversation_id == conversation_id)
        try:
            with self._database.read() as connection:
                rows = connection.execute(query.order_by(entries.c.seq.desc()).limit(count)).all()
        except _AWAY as error:
            raise StoreBusy(_why(error)) from error
        return tuple(_entry(row) for row in reversed(rows))

    def due(self, now: datetime, most: int = 100) -> Sequence[Sleeper]:
        """Conversations whose `wait` is over."""
        columns = (conversations.c.id, conversations.c.bot, conversations.c.channel_data, conversations.c.wake_at)
        query = select(*columns).where(conversations.c.wake_at <= now).order_by(conversations.c.wake_at).limit(most)
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return [Sleeper(row.id, row.bot, channel_from_json(json.loads(row.channel_data)), row.wake_at) for row in rows]

    def put_off(self, sleeper: Sleeper, until: datetime) -> None:
        """Wake it at another time, unless it has moved on."""
        same = (conversations.c.id == sleeper.conversation_id, conversations.c.wake_at == sleeper.wake_at)
        with self._database.write() as connection:
            connection.execute(update(conversations).where(*same).values(wake_at=until))

    def chats_to_note(self, most: int = 200) -> Sequence[KnownChat]:
        """Conversations in which the flow has recognised somebody, with turns that noted() has not been told of."""
        columns = (conversations.c[name] for name in ("id", "state", "created_at", "last_at", "version"))
        query = select(*columns).where(conversations.c.noted == TO_NOTE).limit(most)
        with self._database.read() as connection:
            rows = connection.execute(query).all()
            said = _said_in(connection, [row.id for row in rows])
        return [_known_chat(row, *said.get(row.id, (0, ""))) for row in rows]

    def recognised(self, conversation_id: str) -> tuple[str, str, bool] | None:
        """(contact or lead, its id, is that proved) of whom the flow has recognised there; None when nobody."""
        query = select(conversations.c.state).where(conversations.c.id == conversation_id)
        with self._database.read() as connection:
            state = connection.execute(query).scalar()
        session = session_from_json(json.loads(state)) if state else None
        person = _person_in(session.variables) if session else None
        return (*person, _is_proved(session)) if session and person else None

    def noted(self, chats: Sequence[KnownChat]) -> None:
        """These chats stand in the CRM's timeline now, as far as they went when chats_to_note() told of them."""
        rows = [{"the_id": chat.conversation_id, "the_version": chat.version} for chat in chats]
        if rows:
            with self._database.write() as connection:
                connection.execute(_NOTED, rows)

    def count_by_flow_set(self, since: datetime) -> dict[str, int]:
        """Conversations begun since then, by the version of the flows they run on."""
        query = (
            select(conversations.c.flow_set, func.count())
            .where(conversations.c.created_at >= since)
            .group_by(conversations.c.flow_set)
        )
        with self._database.read() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}


def _why(error: Exception) -> str:
    """The database's own words, without the statement and what a visitor said in it."""
    return str(getattr(error, "orig", error))


def _stored(row: Row[Any]) -> Stored:
    return Stored(
        session_from_json(json.loads(row.state)),
        row.version,
        row.last_seq,
        tuple(Delivery.from_list(item) for item in json.loads(row.recent)),
        row.noted,
    )


def _said_in(connection: Connection, conversation_ids: Sequence[str]) -> dict[str, tuple[int, str]]:
    """How often the visitor said something, and what first."""
    if not conversation_ids:
        return {}
    counts = connection.execute(_SAID, {"ids": list(conversation_ids)}).all()
    firsts = [(conversation_id, seq) for conversation_id, _count, seq in counts]
    words = {row[0]: row[1] for row in connection.execute(_FIRST, {"firsts": firsts})} if firsts else {}
    return {conversation_id: (count, words.get(conversation_id, "")) for conversation_id, count, _seq in counts}


def _known_chat(row: Row[Any], said: int, first_words: str) -> KnownChat:
    session = session_from_json(json.loads(row.state))
    kind, record_id = _person_in(session.variables) or ("", "")
    sure = _is_proved(session)
    return KnownChat(row.id, kind, record_id, row.created_at, row.last_at, row.version, sure, said, first_words)


def _is_proved(session: Session) -> bool:
    """Is it proved that the visitor is the person whom the flow has recognised?"""
    return session.identity.covers(session.personal.get("person") or session.identity.email)


def _person_in(variables: Mapping[str, Any]) -> tuple[str, str] | None:
    """(kind, record id) of the contact or lead that the flow keeps as `person`."""
    person = variables.get("person")
    if not isinstance(person, Mapping) or person.get("kind") not in ("contact", "lead") or not person.get("record_id"):
        return None
    return str(person["kind"]), str(person["record_id"])


def _new_row(session: Session, message: Message, row: dict[str, Any], now: datetime) -> dict[str, Any]:
    """What a conversation's row holds besides, from its first turn on."""
    return {
        **row,
        "id": session.conversation_id,
        "bot": session.bot,
        "channel": message.channel.name,
        "channel_data": json.dumps(channel_to_json(message.channel)),
        "created_at": now,
    }


def _row(
    stored: Stored, session: Session, recent: tuple[Delivery, ...], last_seq: int, now: datetime
) -> dict[str, Any]:
    return {
        "state": json.dumps(session_to_json(session), ensure_ascii=False, separators=(",", ":")),
        "version": stored.version + 1,
        "last_seq": last_seq,
        "recent": json.dumps([delivery.as_list() for delivery in recent], separators=(",", ":")),
        "flow_set": session.flow_set,
        "email": session.identity.email[:320],
        "last_at": now,
        "wake_at": session.wake_at,
        "noted": TO_NOTE if stored.noted or _person_in(session.variables) else 0,
    }


def _for_update(stored: Stored, row: dict[str, Any]) -> dict[str, Any]:
    which = {"the_id": stored.session.conversation_id, "the_version": stored.version}
    return {**which, **{f"new_{name}": value for name, value in row.items()}}


def _new_entries(last_seq: int, message: Message, reply: Reply, now: datetime) -> list[Entry]:
    said = _said(message)
    ours = Entry(last_seq + (2 if said else 1), now, "bot", "", reply, message.delivery_id)
    if not said:
        return [ours]
    return [Entry(last_seq + 1, message.received_at, "visitor", said, None, message.delivery_id), ours]


def _said(message: Message) -> str:
    """What the transcript shows for the visitor's part."""
    if message.kind is MessageKind.FORM:
        return "\n".join(f"{name}: {answer}" for name, answer in message.answers.items())
    if message.kind is not MessageKind.TEXT:
        return ""
    files = ", ".join(attachment.name for attachment in message.attachments)
    return message.text or (f"[{files}]" if files else "…")


def _entry_row(conversation_id: str, entry: Entry) -> dict[str, Any]:
    reply = None
    if entry.reply is not None:
        reply = json.dumps(reply_to_json(entry.reply), ensure_ascii=False, separators=(",", ":"))
    return {
        "conversation_id": conversation_id,
        "seq": entry.seq,
        "at": entry.at,
        "author": entry.author,
        "text": entry.text,
        "delivery_id": entry.delivery_id or None,
        "reply": reply,
    }


def _entry(row: Row[Any]) -> Entry:
    reply = reply_from_json(json.loads(row.reply)) if row.reply else None
    return Entry(row.seq, row.at, row.author, row.text, reply, row.delivery_id or "")


def retry_of(stored: Stored, message: Message, window: timedelta, late_window: timedelta) -> Delivery | None:
    """The delivery that this message repeats under a new id, for channels whose retries change it.

    Only the newest turn can be meant, only with the same words, and only shortly after it was answered (longer when
    our answer came late, since that is when platforms try again).
    """
    if not message.retry_fingerprint or not stored.recent:
        return None
    newest = stored.recent[-1]
    patience = late_window if newest.slow else window
    soon = message.received_at.timestamp() - newest.answered_at <= patience.total_seconds()
    return newest if newest.fingerprint == message.retry_fingerprint and soon else None
