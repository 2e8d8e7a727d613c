"""Answers that were not ready in time: the platform is told "pending", the real answer follows, and none is lost.

A turn runs in a thread; when the budget is over its message is written down before "pending" is said. Whoever
finishes it delivers it and strikes it off. What a killed process left behind is taken up by the next look at the list:
the turn itself is idempotent, so it is run again or found answered.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from motenashi.conversation.answering import Answer, LateDelivery
from motenashi.conversation.as_json import message_from_json, message_to_json
from motenashi.conversation.message import Message
from motenashi.conversation.reply import Action, Reply
from motenashi.conversation.tables import late_answers
from motenashi.database import Database

log = logging.getLogger(__name__)

Deliver = Callable[[Mapping[str, Any], Reply], None]

MOST_ATTEMPTS = 8
# Until then the process that began the turn is given the time to finish it.
OWNER_SECONDS = 45


class LateAnswers:
    def __init__(
        self,
        database: Database,
        answer: Callable[[Message], Answer],
        *,
        threads: int = 16,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._answer = answer
        self._deliver: dict[str, Deliver] = {}
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="turn")
        self._clock = clock
        self._in_order = [threading.Lock() for _ in range(64)]

    def deliver_by(self, channel: str, deliver: Deliver) -> None:
        """How a channel's late answers are delivered. `deliver` raises when it did not work; an error whose `try_again`
        is False is the last word."""
        self._deliver[channel] = deliver

    def answer_in_time(self, message: Message, seconds: float, late: LateDelivery) -> Answer:
        """The answer, or after `seconds` a reply with action PENDING; then the answer goes to `late` when it is there.

        Raises what `answer` raises. When not even the note can be written, we wait for the answer instead.
        """
        running: Future[Answer] = self._threads.submit(self._answer, message)
        try:
            return running.result(timeout=seconds)
        except NotYet:
            if running.done():  # the turn itself may raise TimeoutError
                return running.result()
        try:
            self._note(message, late)
        except OperationalError:
            return running.result()
        if running.done():  # just now: nobody has been told to wait yet
            with suppress(OperationalError):
                self._strike_off(message)
                return running.result()
        running.add_done_callback(lambda done: self._finished(message, late, done))
        return Answer(Reply(action=Action.PENDING, language="ja" if message.visitor.language[:2] == "ja" else "en"))

    def _note(self, message: Message, late: LateDelivery) -> None:
        row = {
            "conversation_id": message.conversation_id,
            "delivery_id": message.delivery_id,
            "message": json.dumps(message_to_json(message)),
            "channel": late.channel,
            "data": json.dumps(dict(late.data)),
            "next_try_at": self._clock() + timedelta(seconds=OWNER_SECONDS),
        }
        with self._database.write() as connection:
            connection.execute(self._database.insert_or_ignore(late_answers, row))

    def _finished(self, message: Message, late: LateDelivery, done: Future[Answer]) -> None:
        try:
            self._hand_out(message, late.channel, late.data, done.result())
        except Exception as error:  # the list still has it; the next look tries again
            log.warning("late answer of %s: %s", message.conversation_id, error, exc_info=error)
            self._put_off(message, 1, error)

    def _hand_out(self, message: Message, channel: str, data: Mapping[str, Any], answer: Answer) -> None:
        # Two late answers of one conversation must not overtake each other on their way.
        with self._in_order[hash(message.conversation_id) % len(self._in_order)]:
            self._deliver[channel](data, answer.reply)
            self._strike_off(message)

    def _strike_off(self, message: Message) -> None:
        with self._database.write() as connection:
            connection.execute(late_answers.delete().where(*_is(message)))

    def close(self, *, wait: bool = False) -> None:
        """Take no new turns; those that run come to their end, and with `wait` we stay until they have."""
        self._threads.shutdown(wait=wait)

    def look(self) -> int:
        """Take up what is due; called every few seconds by the scheduler. Returns how many were delivered."""
        query = (
            select(late_answers)
            .where(late_answers.c.next_try_at <= self._clock(), late_answers.c.attempts < MOST_ATTEMPTS)
            .order_by(late_answers.c.next_try_at)
            .limit(50)
        )
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return sum(self._retry(message_from_json(json.loads(row.message)), row) for row in rows)

    def _retry(self, message: Message, row: Any) -> bool:
        if not self._claim(message, row.attempts):
            return False
        try:
            self._hand_out(message, row.channel, json.loads(row.data), self._answer(message))
        except Exception as error:
            log.warning("late answer of %s, try %d: %s", message.conversation_id, row.attempts + 1, error)
            self._put_off(message, row.attempts + 1, error)
            return False
        return True

    def _claim(self, message: Message, attempts: int) -> bool:
        """So that two processes looking at the same moment deliver it once."""
        until = self._clock() + timedelta(seconds=OWNER_SECONDS)
        change = update(late_answers).where(*_is(message), late_answers.c.attempts == attempts)
        try:
            with self._database.write() as connection:
                return connection.execute(change.values(attempts=attempts + 1, next_try_at=until)).rowcount == 1
        except OperationalError:
            return False

    def _put_off(self, message: Message, attempts: int, error: Exception) -> None:
        later = self._clock() + timedelta(seconds=min(600, 5 * 2**attempts))
        attempts = attempts if getattr(error, "try_again", True) else MOST_ATTEMPTS
        change = update(late_answers).where(*_is(message))
        change = change.values(next_try_at=later, attempts=attempts, last_error=str(error)[:500])
        try:
            with self._database.write() as connection:
                connection.execute(change)
        except OperationalError:
            log.warning("late answer of %s: the database is busy", message.conversation_id)


def _is(message: Message) -> tuple[Any, Any]:
    return (
        late_answers.c.conversation_id == message.conversation_id,
        late_answers.c.delivery_id == message.delivery_id,
    )
