"""Something that a thread of the worker does every so often, and later when it failed."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from crm_client.errors import CrmError

log = logging.getLogger(__name__)

PAUSE_AFTER_TROUBLE = 10.0


@dataclass
class Recurring:
    """`every`: seconds from the end of one time to the next; `do` is given the moment (UTC). `after_trouble`: how long
    to wait at least when it failed."""

    name: str
    every: float
    do: Callable[[datetime], object]
    after_trouble: float = PAUSE_AFTER_TROUBLE
    due: datetime = field(default=datetime.min.replace(tzinfo=UTC))

    def look(self, now: datetime) -> None:
        """Do it when it is due. Nothing is raised: the thread's other work goes on, and the next time may well work."""
        if now < self.due:
            return
        pause = self.every
        try:
            self.do(now)
        except (DBAPIError, NoConnectionFree, CrmError) as error:
            log.warning("%s: waits: %s", self.name, type(error).__name__)
            pause = max(pause, self.after_trouble)
        except Exception:
            log.exception("%s: waits", self.name)
            pause = max(pause, self.after_trouble)
        self.due = now + timedelta(seconds=pause)
