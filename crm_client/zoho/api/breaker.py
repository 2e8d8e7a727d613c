"""The circuit breaker: when Zoho is down, don't make everybody wait for it. One per process."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final

FAILURES: Final = 5
WITHIN: Final = 60.0
PAUSE: Final = 30.0


class Breaker:
    """Closed: calls go out. Five failures within a minute, with no success between them, open it: for half a minute
    no call goes out. Then one call may try; its success closes the breaker, its failure opens it again.

    A success forgets the failures: one call in twenty that fails is no outage, however many calls there are.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures: deque[float] = deque(maxlen=FAILURES)
        self._open_until: float | None = None
        self._probing_until: float | None = None

    def may_call(self, seconds: float) -> bool:
        """May a call go out now? Whoever is told yes says afterwards how it went. `seconds`: how long the call takes
        at most, so that a probe that never reports does not keep the breaker open for ever."""
        with self._lock:
            if self._open_until is None:
                return True
            now = self._clock()
            if now < self._open_until or (self._probing_until is not None and now < self._probing_until):
                return False
            self._probing_until = now + max(seconds, 1.0)
            return True

    def worked(self) -> None:
        """Zoho answered, whatever it said."""
        with self._lock:
            self._failures.clear()
            self._open_until = self._probing_until = None

    def failed(self) -> bool:
        """No answer, or a server's trouble. True when this opened the breaker."""
        with self._lock:
            now = self._clock()
            self._failures.append(now)
            probe_failed = self._open_until is not None and now >= self._open_until
            too_many = len(self._failures) == FAILURES and now - self._failures[0] <= WITHIN
            if not probe_failed and (self._open_until is not None or not too_many):
                return False
            self._open_until, self._probing_until = now + PAUSE, None
            return True

    def never_mind(self) -> None:
        """The call did not go out after all, or nobody can tell how Zoho is from what became of it."""
        with self._lock:
            self._probing_until = None

    def seconds_left(self) -> float:
        """How long no call goes out; 0.0 when one may."""
        with self._lock:
            return 0.0 if self._open_until is None else max(0.0, self._open_until - self._clock())
