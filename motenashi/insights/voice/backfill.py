"""Makes responses of everything that was ever said: old mail, chats, texts that wait; and completes older responses.

Each portion is on disk before the next one is read, and what is stored is found no more. So it may be interrupted at
any moment and begun again, and a second run does nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, select, update

from motenashi.database import Database
from motenashi.inbound_mail.corrections import Corrections
from motenashi.insights.voice.chats import ChatHearing
from motenashi.insights.voice.from_reading import with_reading
from motenashi.insights.voice.response import Response
from motenashi.insights.voice.responses import Responses
from motenashi.insights.voice.tables import voice_responses
from motenashi.insights.voice.to_tell import Source, ToTell
from nlp.emotions.finding import emotion_of
from nlp.reading import Reading, Sentiment, TextToRead

AT_ONCE = 500

# Texts to their readings, in order; None for a text that can't be read.
ReadAll = Callable[[Sequence[TextToRead]], Sequence[Reading | None]]
Show = Callable[[str, int, int], None]  # what is being done, how many are done, of how many (0: nobody knows)


@dataclass
class Report:
    """`told`: by source, how many responses there are now that were not before; `unread`: texts that no reader took.
    `reading` and `seconds`: time within the reader, and in all."""

    told: dict[str, int] = field(default_factory=dict)
    unread: int = 0
    reading: float = 0.0
    seconds: float = 0.0

    @property
    def outside(self) -> float:
        """The share of the time that was not the reader's, 0 to 1."""
        return 1 - self.reading / self.seconds if self.seconds else 0.0


class Backfill:
    """One run. Whatever the database raises ends it; begin again."""

    def __init__(
        self,
        database: Database,
        responses: Responses,
        read_all: ReadAll,
        *,
        again: bool = False,
        show: Show = lambda *_: None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """`again`: what was stored before is told anew. `clock`: seconds, by which the reader's share is told."""
        self._database = database
        self._responses = responses
        self._read_all = read_all
        self._again = again
        self._show = show
        self._clock = clock
        self.report = Report()

    def mails(self, source: Source) -> None:
        """Everything of one source."""
        with self._timed():
            total, done = source.count(), 0
            self._count(source.name, 0)
            self._show(source.name, done, total)
            for page in source.pages():
                told = self._told(page)
                self._count(source.name, self._responses.add_all(told, anew=self._again))
                done += len(page)
                self._show(source.name, done, total)

    def chats(self, chats: ChatHearing, now: datetime) -> None:
        """All finished chats of people we know that nobody listened to."""
        with self._timed():
            last, done = "", 0
            while waiting := chats.waiting(now, AT_ONCE, after=last):
                for chat in waiting:
                    began = self._clock()
                    self._count("chats", int(chats.hear(chat) is not None))
                    self.report.reading += self._clock() - began
                    done += 1
                    self._show("chats", done, 0)
                last = waiting[-1].id

    def texts(self, hand_on: Callable[[], int]) -> None:
        """Texts of touchpoints that wait; `hand_on` hears a portion of them and says how many it heard."""
        with self._timed():
            began = self._clock()
            while heard := hand_on():
                self._count("texts", heard)
                self._show("texts", self.report.told["texts"], 0)
            self.report.reading += self._clock() - began

    def older_responses(self) -> None:
        """Responses of before emotions were looked for get theirs; channels get their names of now."""
        table = voice_responses.c
        with self._timed():
            with self._database.write() as connection:
                connection.execute(update(voice_responses).where(table.channel == "e-mail").values(channel="email"))
            for rows in self._without_emotion():
                with self._database.write() as connection:
                    change = update(voice_responses).where(table.id == bindparam("number"))
                    connection.execute(change.values(emotion=bindparam("told")), rows)
                self._count("emotions", len(rows))
                self._show("emotions", self.report.told["emotions"], 0)

    def corrections(self, corrections: Corrections) -> None:
        """What people corrected of mails is followed by their responses: the last word on each."""
        with self._timed():
            for one in corrections.all():  # oldest first
                if one.mail_id is not None:
                    self._responses.correct(f"mail:{one.mail_id}", intents=one.intents, tone=one.tone)

    def _told(self, page: Sequence[ToTell]) -> list[Response]:
        texts = [one.text for one in page if one.text is not None]
        began = self._clock()
        readings = iter(self._read_all(texts) if texts else ())
        self.report.reading += self._clock() - began
        found = [(one, one.reading or (next(readings) if one.text is not None else None)) for one in page]
        told = [with_reading(one.response, reading) for one, reading in found if reading is not None]
        self.report.unread += len(page) - len(told)
        return told

    def _without_emotion(self) -> Iterator[list[dict[str, object]]]:
        table, last = voice_responses.c, 0
        columns = (table.id, table.text, table.language, table.tone, table.positive, table.negative)
        while True:
            query = select(*columns).where(table.emotion == "", table.text != "", table.id > last)
            with self._database.read() as connection:
                rows = connection.execute(query.order_by(table.id).limit(AT_ONCE)).all()
            if not rows:
                return
            yield [
                {
                    "number": row.id,
                    "told": emotion_of(row.text, row.language, Sentiment(row.tone, row.positive, row.negative)).name,
                }
                for row in rows
            ]
            last = rows[-1].id

    def _count(self, name: str, more: int) -> None:
        self.report.told[name] = self.report.told.get(name, 0) + more

    @contextmanager
    def _timed(self) -> Iterator[None]:
        began = self._clock()
        try:
            yield
        finally:
            self.report.seconds += self._clock() - began
