"""How much may be asked of Zoho about people whom the mirror does not know: whoever types addresses by the thousand
uses up this part of the day's credits and nothing else. Part of `MirroredCrm`, one for each process."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Final

from crm_client.zoho.settings import ZohoLimits

CREDITS_A_QUESTION: Final = 2  # the question, and now and then the proof that an empty answer is one
SAVED_UP: Final = 8  # at most an eighth of a day's questions at once: a busy hour is no flood
_A_DAY: Final = 86_400.0


class Allowance:
    def __init__(self, limits: ZohoLimits, clock: Callable[[], datetime]) -> None:
        """`limits.for_strangers` percent of the day's credits: they come in evenly, what is not used is saved up."""
        self._a_day = limits.credits_a_day * limits.for_strangers / 100 / CREDITS_A_QUESTION
        self._most = max(self._a_day / SAVED_UP, 1.0) if self._a_day else 0.0
        self._left = self._most
        self._clock = clock
        self._at = clock()
        self._lock = threading.Lock()

    def take(self) -> bool:
        """May one more question be asked now? It is counted."""
        with self._lock:
            now = self._clock()
            passed = max(0.0, (now - self._at).total_seconds())
            self._at = max(now, self._at)
            self._left = min(self._most, self._left + passed * self._a_day / _A_DAY)
            if self._left < 1.0:
                return False
            self._left -= 1.0
            return True
