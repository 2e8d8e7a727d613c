"""The worker's threads of the voice: one listens (to texts that wait, chats that are over, our own mails for products
named, mails that only the CRM has), one finds what came of it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from crm_client.errors import CrmError
from motenashi.insights.voice.hearing import Hearing
from motenashi.insights.voice.text_touch import TextTouch
from motenashi.voice_room import VoiceRoom

log = logging.getLogger(__name__)

LOOK_EVERY = 2.0  # seconds
CHATS_EVERY, OUR_MAILS_EVERY, EVENTS_EVERY = 30.0, 600.0, 300.0
OLD_MAIL_EVERY = 3.0  # a few mails each time: whoever chats meanwhile is not to notice
PAUSE_AFTER_TROUBLE = 10.0
# A mail of ours that was sent earlier and came into the CRM later is found by `voice backfill` alone.
RECENT = timedelta(days=8)

OnText = Callable[[TextTouch], object]
HandOn = Callable[[OnText, datetime], int]  # touchpoint_intake.texts.Texts.hand_on


class Listening:
    """Several workers may listen at once: everything is stored under its own key, once."""

    name = "voice"

    def __init__(
        self,
        room: VoiceRoom,
        hand_on: HandOn,
        old_mail: Callable[[datetime], int] | None = None,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`old_mail`: HearOldMails.hear_some, or None where nobody wants old mail heard."""
        self._clock = clock
        hearing: Hearing = room.hearing
        self._tasks = [
            _Recurring("texts", LOOK_EVERY, lambda now: hand_on(hearing.hear, now)),
            _Recurring("chats", CHATS_EVERY, room.chats.hear_finished),
            _Recurring("our mails", OUR_MAILS_EVERY, lambda now: look_at_our_mails(room, since=now - RECENT)),
        ]
        if old_mail:
            self._tasks.append(_Recurring("old mail", OLD_MAIL_EVERY, old_mail))

    def run(self, stop: threading.Event) -> None:
        while not stop.is_set():
            for task in self._tasks:
                task.look(self._clock())
            stop.wait(LOOK_EVERY)


class Finding:
    """Another thread: finds what came of it all. SQL alone, but much of it: one process at a time is enough."""

    name = "voice events"

    def __init__(
        self,
        room: VoiceRoom,
        leads: Callable[[datetime], bool],
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._leads = leads
        self._clock = clock
        self._task = _Recurring("events", EVENTS_EVERY, room.events.find)

    def run(self, stop: threading.Event) -> None:
        while not stop.is_set():
            now = self._clock()
            if self._leads(now):
                self._task.look(now)
            stop.wait(LOOK_EVERY)


def look_at_our_mails(room: VoiceRoom, since: datetime | None = None) -> int:
    """All mails of ours that nobody looked through yet, sent after `since`; how many. DBAPIError, CrmError."""
    room.products_named.refresh()
    done, looked, last = 0, 1, ""
    while looked:
        looked, last = room.our_mails.look(since=since, after=last)
        done += looked
    return done


@dataclass
class _Recurring:
    """Something done every so often, and later when it failed."""

    name: str
    every: float
    do: Callable[[datetime], object]
    due: datetime = field(default=datetime.min.replace(tzinfo=UTC))

    def look(self, now: datetime) -> None:
        if now < self.due:
            return
        pause = self.every
        try:
            self.do(now)
        except (DBAPIError, NoConnectionFree, CrmError) as error:
            log.warning("the voice's %s wait: %s", self.name, type(error).__name__)
            pause = max(pause, PAUSE_AFTER_TROUBLE)
        except Exception:  # mail goes on being read by this process, and the next look may well work
            log.exception("the voice's %s wait", self.name)
            pause = max(pause, PAUSE_AFTER_TROUBLE)
        self.due = now + timedelta(seconds=pause)
