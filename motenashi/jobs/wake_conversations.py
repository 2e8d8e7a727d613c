"""Go on with conversations whose `wait` is over."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from motenashi.conversation.session_store import Sleeper

log = logging.getLogger(__name__)


def wake_conversations(due: Callable[[datetime], Sequence[Sleeper]], wake: Callable[[Sleeper], object]) -> int:
    """Returns how many were woken. One that fails is logged and does not keep the others asleep."""
    woken = 0
    for sleeper in due(datetime.now(UTC)):
        try:
            wake(sleeper)
            woken += 1
        except Exception:
            log.exception("conversation %s could not be woken", sleeper.conversation_id)
    return woken
