"""How many calls at the same time, and how long to wait before trying again."""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Final

from crm_client.errors import CrmBusy

TRIES: Final = 3
LONGEST_PAUSE: Final = 30.0  # who is told to wait longer is told so, and comes back


class Places:
    """Places for calls: `parallel` in all, `heavy` of them for calls that Zoho counts as heavy, and one (where there
    are two) that background work never takes, so that a visitor does not queue behind a first fill."""

    def __init__(self, parallel: int, heavy: int) -> None:
        self._parallel = max(1, parallel)
        self._heavy = max(1, min(heavy, self._parallel))
        self._process = -1
        self._forget()

    @contextmanager
    def taken(self, asking: str, *, heavy: bool, urgent: bool, seconds: float) -> Iterator[None]:
        """A place for one call. CrmBusy when none becomes free in time."""
        if self._process != os.getpid():  # forked: whoever held a place stayed behind
            self._forget()
        until = time.monotonic() + seconds
        wanted = [self._all]
        if not urgent:
            wanted.insert(0, self._background)
        if heavy:
            wanted.insert(0, self._heavies)
        with ExitStack() as held:
            for places in wanted:
                if not places.acquire(timeout=max(0.0, until - time.monotonic())):
                    raise CrmBusy(asking, "too many calls to Zoho are under way")
                held.callback(places.release)
            yield

    def _forget(self) -> None:
        self._process = os.getpid()
        self._all = threading.Semaphore(self._parallel)
        self._heavies = threading.Semaphore(self._heavy)
        self._background = threading.Semaphore(max(1, self._parallel - 1))


def pause_before(next_try: int, retry_after: float) -> float:
    """Seconds to wait before the second, third … try: by chance up to a limit that doubles, so that those who failed
    together don't come back together, and never sooner than Zoho asked."""
    by_chance = random.uniform(0, min(LONGEST_PAUSE, 2.0 ** (next_try - 1)))  # noqa: S311
    return max(by_chance, retry_after)


def retry_after(header: str, now: datetime) -> float:
    """Seconds from a Retry-After header: a number or a date; 0.0 for none, and for what can't be read."""
    text = header.strip()
    if text.isdecimal() and len(text) < 7:
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - now).total_seconds())
    except (TypeError, ValueError):  # TypeError: a date without its time zone
        return 0.0
