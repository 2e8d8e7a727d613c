"""The worker's threads of the voice: one listens (to texts that wait, chats that are over, our own mails for products
named, mails that only the CRM has), one finds what came of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from motenashi.insights.voice.hearing import Hearing
from motenashi.insights.voice.text_touch import TextTouch
from motenashi.recurring import Recurring
from motenashi.voice_room import VoiceRoom

LOOK_EVERY = 2.0  # seconds
CHATS_EVERY, OUR_MAILS_EVERY, EVENTS_EVERY = 30.0, 600.0, 300.0
OLD_MAIL_EVERY = 3.0  # a few mails each time: whoever chats meanwhile is not to notice
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
            Recurring("voice: texts", LOOK_EVERY, lambda now: hand_on(hearing.hear, now)),
            Recurring("voice: chats", CHATS_EVERY, room.chats.hear_finished),
            Recurring("voice: our mails", OUR_MAILS_EVERY, lambda now: look_at_our_mails(room, since=now - RECENT)),
        ]
        if old_mail:
            self._tasks.append(Recurring("voice: old mail", OLD_MAIL_EVERY, old_mail))

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
        self._task = Recurring("voice: events", EVENTS_EVERY, room.events.find)

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
