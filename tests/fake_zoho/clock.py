"""The fake's own time, which tests may move forward. Zoho tells times to the second, in the zone of the user."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta, timezone

ZONE = timezone(timedelta(hours=9))


class Clock:
    def __init__(self) -> None:
        self._ahead = 0.0
        self._lock = threading.Lock()

    def seconds(self) -> float:
        """Since 1970, with fractions."""
        return time.time() + self._ahead

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds(), UTC)

    def advance(self, seconds: float) -> None:
        with self._lock:
            self._ahead += seconds


def written(seconds: float) -> str:
    """As Zoho writes a time: 2026-02-03T10:00:00+09:00."""
    return datetime.fromtimestamp(int(seconds), ZONE).isoformat()


def read(text: str) -> int:
    """Seconds since 1970; ValueError for what has no offset or is no time."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None or "T" not in text:
        raise ValueError(text)
    return int(moment.timestamp())
