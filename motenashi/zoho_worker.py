"""The worker's threads of Zoho CRM: one sends what was written here, one keeps the mirror up to date. Of all workers,
the holder of each lease does it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from motenashi.recurring import Recurring
from motenashi.zoho_room import ZohoRoom

SEND_EVERY = 0.5  # seconds; what is written here is there within a second or so
HINTS_EVERY = 0.5
LOOK_EVERY = 0.25
CHANNELS_EVERY = 30.0
DETAILS_EVERY = 2.0
FILL_EVERY = 5.0
POLL_LOOKED_AT_EVERY = 1.0
TIDY_EVERY = 3600.0
AFTER_TROUBLE = 5.0

Leads = Callable[[datetime], bool]


class _Thread:
    """Tasks that are looked at in turn by whoever leads."""

    name = ""

    def __init__(self, tasks: list[Recurring], leads: Leads, clock: Callable[[], datetime]) -> None:
        self._tasks, self._leads, self._clock = tasks, leads, clock

    def run(self, stop: threading.Event) -> None:
        while not stop.is_set():
            for task in self._tasks:
                now = self._clock()
                if stop.is_set() or not self._leads(now):
                    break
                task.look(now)
            stop.wait(LOOK_EVERY)


def _now() -> datetime:
    return datetime.now(UTC)


class Sending(_Thread):
    """What waits in the outbox goes to Zoho."""

    name = "zoho outbox"

    def __init__(self, room: ZohoRoom, leads: Leads, *, clock: Callable[[], datetime] = _now) -> None:
        send = Recurring("zoho: sending", SEND_EVERY, lambda now: room.pusher.push(), AFTER_TROUBLE)
        super().__init__([send], leads, clock)


class Mirroring(_Thread):
    """What changed in Zoho comes here. The first fill, which may take minutes, is done in its turn."""

    name = "zoho mirror"

    def __init__(self, room: ZohoRoom, leads: Leads, *, clock: Callable[[], datetime] = _now) -> None:
        kept = timedelta(days=room.settings.crm.zoho.sync.conflicts_days)
        tasks = [
            # First of all: what Zoho has no field for is not asked for.
            Recurring("zoho: fields", CHANNELS_EVERY, room.look_at_fields),
            Recurring("zoho: first fill", FILL_EVERY, lambda now: room.fill_when_new(), AFTER_TROUBLE),
            Recurring("zoho: notified changes", HINTS_EVERY, lambda now: room.take_hints(), AFTER_TROUBLE),
            Recurring("zoho: changes", POLL_LOOKED_AT_EVERY, room.poll_when_due, AFTER_TROUBLE),
            Recurring("zoho: deals' products", DETAILS_EVERY, lambda now: room.take_details(), AFTER_TROUBLE),
            Recurring("zoho: channels", CHANNELS_EVERY, room.ensure_channels, 60.0),
            Recurring("zoho: tidying", TIDY_EVERY, room.tidy),
            Recurring("zoho: old conflicts", TIDY_EVERY, lambda now: room.waiting.forget_conflicts(now - kept)),
        ]
        super().__init__(tasks, leads, clock)
