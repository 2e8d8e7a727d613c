"""Walk 1: a message in, a reply out.

answer() reads where the conversation stands, runs one turn through the flows, and writes the turn before anybody
sees its reply. The same delivery again, also at the same moment and in another process, gets the same answer.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated

from motenashi.conversation.answering import Answer, ConversationBusy, UnknownBot
from motenashi.conversation.message import Message, MessageKind
from motenashi.conversation.reply import Reply
from motenashi.conversation.session_store import SessionStore, Sleeper, StoreBusy, Stored, TurnConflict, retry_of
from motenashi.conversation.transcript import Entry
from motenashi.flow_engine.live_flows import LiveFlows
from motenashi.flow_engine.runner import run_turn
from motenashi.flow_engine.services import Services
from motenashi.flow_engine.turn import Visited
from motenashi.flow_engine.versions import choose_version

log = logging.getLogger(__name__)

# Two messages of one conversation at the same moment: the loser runs again on the winner's state.
MOST_TRIES = 8


@dataclass(frozen=True)
class TurnSettings:
    """config.yaml, section `turns`."""

    longest_turn: Annotated[float, "Seconds a turn may take in all; its plugs and requests get what is left of it."] = (
        30.0
    )
    retry_window: Annotated[float, "Seconds in which the same words again count as the platform's retry."] = 2.0
    late_retry_window: Annotated[float, "The same after an answer that came late."] = 60.0
    late_after: Annotated[float, "An answer that took longer than this many seconds came late."] = 3.5
    time_zone: Annotated[str, "The company's time zone, for visitors whose own is unknown."] = "Asia/Tokyo"


OnTurn = Callable[[Message, tuple[Visited, ...]], None]


class ChatTurn:
    """What every channel's door asks for an answer."""

    def __init__(
        self,
        flows: LiveFlows,
        store: SessionStore,
        services: Services,
        settings: TurnSettings,
        *,
        on_turn: OnTurn = lambda message, trace: None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`on_turn` is told the path of each stored turn (counters, coverage)."""
        self._flows = flows
        self._store = store
        self._services = services
        self._settings = settings
        self._on_turn = on_turn
        self._clock = clock
        self._locks = [threading.Lock() for _ in range(256)]

    def bots(self) -> tuple[str, ...]:
        """The flows that may begin a conversation."""
        return self._flows.current().starters()

    def history(self, conversation_id: str, after: int) -> Sequence[Entry]:
        """What was said after entry `after`, in order; the last n entries for -n. At most 500 at once."""
        try:
            if after < 0:
                return self._store.newest(conversation_id, -after)
            return self._store.entries(conversation_id, after)
        except StoreBusy as error:
            raise ConversationBusy(str(error)) from error

    def answer(self, message: Message) -> Answer:
        """The answer to a message, stored. UnknownBot, ConversationBusy: see conversation.answering."""
        if message.bot not in self._flows.current().flows:
            raise UnknownBot(message.bot)
        # Within this process turns of one conversation wait for each other; across processes the row's version decides.
        with self._locks[hash(message.conversation_id) % len(self._locks)]:
            key = ""
            for _ in range(MOST_TRIES):
                try:
                    stored = self._store.load(message.conversation_id, message.bot)
                    # Kept when we run again behind somebody else's turn: what was changed already stays changed once.
                    key = key or _key(stored, message)
                    return self._once(stored, message, key)
                except TurnConflict:
                    continue
                except StoreBusy as error:
                    raise ConversationBusy(str(error)) from error
        raise ConversationBusy("others keep writing this conversation")

    def _once(self, stored: Stored, message: Message, key: str) -> Answer:
        repeated = self._answered_before(stored, message)
        return Answer(_reply_in(repeated), repeated, repeated=True) if repeated else self._run(stored, message, key)

    def _answered_before(self, stored: Stored, message: Message) -> tuple[Entry, ...]:
        if stored.version == 0:
            return ()
        if done := self._store.answered(stored, message.delivery_id):
            return done
        settings = self._settings
        patience = timedelta(seconds=settings.retry_window), timedelta(seconds=settings.late_retry_window)
        retry = retry_of(stored, message, *patience)
        if retry is None:
            return ()
        return self._store.entries(message.conversation_id, retry.first_seq - 1, retry.last_seq)

    def _run(self, stored: Stored, message: Message, key: str) -> Answer:
        began = time.monotonic()
        live = self._flows.current()
        begun_on = self._flows.version(stored.session.flow_set) if stored.session.flow_set else live
        chosen = choose_version(stored.session, live, begun_on)
        result = run_turn(
            chosen.flows,
            chosen.session,
            message,
            self._services,
            deadline=began + self._settings.longest_turn,
            default_zone=self._settings.time_zone,
            restarted=chosen.restarted,
            key=key,
        )
        slow = time.monotonic() - began > self._settings.late_after
        added = self._store.commit(stored, result.session, message, result.reply, now=self._clock(), slow=slow)
        self._on_turn(message, result.trace)
        return Answer(result.reply, added)

    def wake(self, sleeper: Sleeper) -> Answer:
        """Go on with a conversation whose `wait` is over. Woken twice for the same moment, it wakes once."""
        return self.answer(
            Message(
                conversation_id=sleeper.conversation_id,
                delivery_id=f"wake {sleeper.wake_at.isoformat()}",
                channel=sleeper.channel,
                bot=sleeper.bot,
                kind=MessageKind.WAKE,
                received_at=max(self._clock(), sleeper.wake_at),
            )
        )


def _key(stored: Stored, message: Message) -> str:
    """What names the changes this turn makes, in every process that runs it. A retry under a new id is known by the
    same words in the same state."""
    if not message.retry_fingerprint:
        return f"{message.conversation_id}/{message.delivery_id}"
    return f"{message.conversation_id}/{stored.version + 1}.{message.retry_fingerprint}"


def _reply_in(done: tuple[Entry, ...]) -> Reply:
    return next((entry.reply for entry in done if entry.reply is not None), Reply())
