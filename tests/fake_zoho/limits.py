"""Credits of 24 hours and calls at the same time."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from tests.fake_zoho.clock import Clock
from tests.fake_zoho.switches import Switches
from tests.fake_zoho.troubles import ZohoTrouble

DAY = 86_400


class Limits:
    def __init__(self, clock: Clock, switches: Switches) -> None:
        self._clock, self._switches = clock, switches
        self._spent: deque[tuple[float, int]] = deque()
        self._used = 0
        self._running = {False: 0, True: 0}  # by heavy
        self.most_running = 0
        self._lock = threading.Lock()

    @property
    def used(self) -> int:
        with self._lock:
            self._forget()
            return self._used

    def reset(self) -> None:
        with self._lock:
            self._spent.clear()
            self._used = self.most_running = 0

    def spend(self, credits: int) -> None:
        with self._lock:
            self._forget()
            if self._used + credits > self._switches.credits:
                raise ZohoTrouble(429, "TOO_MANY_REQUESTS")
            self._spent.append((self._clock.seconds(), credits))
            self._used += credits

    def headers(self) -> dict[str, str]:
        """Zoho speaks of credits only when half of them are gone."""
        left = self._switches.credits - self.used
        return {"X-API-CREDITS-REMAINING": str(left)} if left * 2 <= self._switches.credits else {}

    @contextmanager
    def running(self, heavy: bool) -> Iterator[None]:
        with self._lock:
            if sum(self._running.values()) >= self._switches.parallel or (
                heavy and self._running[True] >= self._switches.parallel_heavy
            ):
                raise ZohoTrouble(429, "TOO_MANY_REQUESTS")
            self._running[heavy] += 1
            self.most_running = max(self.most_running, sum(self._running.values()))
        try:
            yield
        finally:
            with self._lock:
                self._running[heavy] -= 1

    def _forget(self) -> None:
        while self._spent and self._spent[0][0] <= self._clock.seconds() - DAY:
            self._used -= self._spent.popleft()[1]
