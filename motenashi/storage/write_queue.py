"""Writers of an SQLite database, one after another.

SQLite itself lets waiting writers sleep and try again, for longer and longer; with many threads some starve for
seconds while others pass. Here the threads of a process queue before the database, and only the first of them asks,
often, so that a writer waits about as long as the writers before it take.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.exc import OperationalError

from motenashi.database import is_busy

ASK_EVERY = 0.001  # seconds, while another process writes


class WriteQueue:
    """The queue of one process. `patience` is how long, in seconds, a writer waits before the database counts as
    locked (OperationalError, as SQLite itself would say)."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._first = threading.Lock()

    @contextmanager
    def in_turn(self) -> Iterator[None]:
        """Wait until it is our turn to write; the next one waits until the block ends."""
        if not self._first.acquire(timeout=self._patience):
            raise _locked()
        try:
            yield
        finally:
            self._first.release()

    def begin(self, ask: Callable[[], object]) -> None:
        """Take the database's own lock by `ask`, which raises OperationalError while another process holds it."""
        give_up = time.monotonic() + self._patience
        while True:
            try:
                ask()
            except OperationalError as error:
                if not is_busy(error) or time.monotonic() > give_up:
                    raise
                time.sleep(ASK_EVERY)
            else:
                return


def _locked() -> OperationalError:
    return OperationalError("BEGIN IMMEDIATE", None, sqlite3.OperationalError("database is locked"))
