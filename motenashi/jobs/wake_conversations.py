"""Go on with conversations whose `wait` is over."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from motenashi.conversation.session_store import Sleeper

log = logging.getLogger(__name__)

# One that can't be woken now is tried again later, so that many of them never stand in the others' way.
TRY_AGAIN = timedelta(minutes=5)


def wake_conversations(
    due: Callable[[datetime], Sequence[Sleeper]],
    wake: Callable[[Sleeper], object],
    put_off: Callable[[Sleeper, datetime], None],
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> int:
    """Returns how many were woken. One that fails is logged, and does not keep the others asleep."""
    woken = 0
    for sleeper in due(clock()):
        try:
            wake(sleeper)
            woken += 1
        except Exception:
            log.exception("conversation %s could not be woken", sleeper.conversation_id)
            put_off(sleeper, clock() + TRY_AGAIN)
    return woken
