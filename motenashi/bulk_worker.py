"""The worker's thread that carries out bulk actions, a small step at a time."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from crm_client.errors import CrmError
from motenashi.bulk_actions.runner import BulkRunner

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0  # seconds; what was confirmed begins within this time
PAUSE_AFTER_TROUBLE = 10.0


class Bulk:
    """Several workers may do this at once: each takes its own rows."""

    name = "bulk actions"

    def __init__(self, runner: BulkRunner, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._runner = runner
        self._clock = clock

    def run(self, stop: threading.Event) -> None:
        while not stop.is_set():
            stop.wait(self._look())

    def _look(self) -> float:
        """One step; how many seconds to wait then."""
        try:
            return 0.0 if self._runner.step(self._clock()) else LOOK_EVERY
        except (DBAPIError, NoConnectionFree, CrmError) as error:
            log.warning("bulk actions wait: %s", type(error).__name__)
        except Exception:  # mail goes on being read by this process, and the next step may well work
            log.exception("bulk actions wait")
        return PAUSE_AFTER_TROUBLE
