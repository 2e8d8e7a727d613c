"""Finished chats of people we know become responses, one a conversation, as sure of who spoke as the chat was."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Select, or_, select
from sqlalchemy.exc import DBAPIError

from motenashi.conversation.as_json import session_from_json
from motenashi.conversation.assurance import Assurance
from motenashi.conversation.tables import conversations, entries
from motenashi.database import Database
from motenashi.insights.voice.chat_words import ChatLine, ChatWords, chat_words
from motenashi.insights.voice.from_reading import with_reading
from motenashi.insights.voice.heard import Heard, note_heard
from motenashi.insights.voice.hearing import Read
from motenashi.insights.voice.people import whose
from motenashi.insights.voice.recommendations import Recommendation, Recommendations
from motenashi.insights.voice.response import Response
from motenashi.insights.voice.responses import Responses
from motenashi.insights.voice.settings import VoiceSettings
from motenashi.insights.voice.tables import voice_heard

log = logging.getLogger(__name__)

# A chat that began longer ago and goes on is found by `voice backfill` alone.
YOUNG = timedelta(days=8)
_MOST_LINES = 2_000


@dataclass(frozen=True)
class KnownChat:
    """`kind`: contact or lead; '' where nobody was recognised."""

    id: str
    last_at: datetime
    kind: str
    record_id: str
    assurance: str
    language: str


OnHeard = Callable[[KnownChat, Response], object]


class ChatHearing:
    """DBAPIError when the database is away; nothing is half done then."""

    def __init__(
        self,
        database: Database,
        responses: Responses,
        read: Read,
        settings: VoiceSettings | None = None,
        on_heard: OnHeard | None = None,
    ) -> None:
        """`on_heard` is told of each chat in which somebody we know said something; when it fails, the chat is listened
        to again."""
        self._database = database
        self._responses = responses
        self._recommendations = Recommendations(database)
        self._read = read
        self._on_heard = on_heard
        self._quiet = timedelta(minutes=(settings or VoiceSettings()).chat_quiet_minutes)

    def hear_finished(self, now: datetime, most: int = 100) -> int:
        """Listen to chats that are over and were not listened to, or went on since; how many that were. One that
        can't be read waits for the next look, and keeps no other waiting."""
        heard, last = 0, ""
        while chats := self.waiting(now, most, since=now - YOUNG, after=last):
            for chat in chats:
                try:
                    self.hear(chat)
                    heard += 1
                except DBAPIError:
                    raise
                except Exception as error:  # a reader that is away, or stumbles over somebody's words
                    log.warning("a chat could not be listened to: %s", type(error).__name__)
            last = chats[-1].id
        return heard

    def waiting(self, now: datetime, most: int, since: datetime | None = None, after: str = "") -> Sequence[KnownChat]:
        """Those to listen to, by id after `after`; begun after `since`, where one is given."""
        query = _WAITING.where(conversations.c.last_at <= now - self._quiet, conversations.c.id > after)
        if since is not None:
            query = query.where(conversations.c.created_at > since)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(conversations.c.id).limit(most)).all()
        return [_known(row.id, row.last_at, row.state) for row in rows]

    def hear(self, chat: KnownChat) -> Response | None:
        """The response in a chat; None when nobody we know said anything of their own. Safe to do twice."""
        with self._database.read() as connection:
            lines = _lines(connection, chat.id)
        words = chat_words(lines) if lines and chat.kind else None
        response = self._response(chat, words) if words else None
        person = {f"{chat.kind}_id": chat.record_id} if chat.kind else {}
        if words:
            source = f"chat:{chat.id}"
            self._recommendations.add_all(
                Recommendation(product_id, words.began_at, source, **person) for product_id in words.product_ids
            )
        if response and self._on_heard:
            self._on_heard(chat, response)
        note_heard(self._database, [Heard(f"chat:{chat.id}", chat.last_at, **person)])
        return response

    def _response(self, chat: KnownChat, words: ChatWords) -> Response | None:
        if not words.text:
            return None
        contact_id = chat.record_id if chat.kind == "contact" else ""
        lead_id = chat.record_id if chat.kind == "lead" else ""
        with self._database.read() as connection:
            about = whose(connection, contact_id, lead_id)
        response = Response(
            id=0,
            key=f"chat:{chat.id}",
            at=words.began_at,
            channel="chat",
            type="chat",
            source=f"chat:{chat.id}",
            contact_id=contact_id,
            lead_id=lead_id,
            account_id=about.account_id,
            deal_id=about.deal_id,
            deal_certainty=about.deal_certainty,
            owner_id=about.owner_id,
            assurance=chat.assurance,
            ended_at=words.ended_at,
        )
        return self._responses.put(with_reading(response, self._read(words.text, chat.language)))


_WAITING: Select[tuple[str, datetime, str]] = (
    select(conversations.c.id, conversations.c.last_at, conversations.c.state)
    .outerjoin(voice_heard, voice_heard.c.key == "chat:" + conversations.c.id)
    .where(
        # Somebody was recognised (`noted`); what was heard already went on.
        conversations.c.noted != 0,
        or_(voice_heard.c.key.is_(None), voice_heard.c.at < conversations.c.last_at),
    )
)


def _known(conversation_id: str, last_at: datetime, state: str) -> KnownChat:
    try:
        session = session_from_json(json.loads(state))
    except (KeyError, TypeError, ValueError):
        return KnownChat(conversation_id, last_at, "", "", "", "")
    person = session.variables.get("person")
    kind, record_id = ("", "")
    if isinstance(person, dict) and person.get("kind") in ("contact", "lead") and person.get("record_id"):
        kind, record_id = str(person["kind"]), str(person["record_id"])
    # As sure as it was while they talked: that a proof wears off afterwards takes nothing from what was said.
    level = session.identity.at(last_at).level
    assurance = Assurance.VERIFIED if level >= Assurance.VERIFIED else Assurance.CLAIMED
    return KnownChat(conversation_id, last_at, kind, record_id, assurance.word, session.language)


def _lines(connection: Connection, conversation_id: str) -> list[ChatLine]:
    mine = entries.c.conversation_id == conversation_id
    columns = (entries.c.at, entries.c.author, entries.c.text, entries.c.reply)
    rows = connection.execute(select(*columns).where(mine).order_by(entries.c.seq).limit(_MOST_LINES))
    return [ChatLine(row.at, row.author, row.text, row.reply or "") for row in rows]
