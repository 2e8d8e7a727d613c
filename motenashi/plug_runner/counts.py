"""How often each plug was called, how that ended and how long it took: numbers for /metrics."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class PlugCounts:
    """Since the process began. `seconds` is the time callers waited, over all calls that were carried out."""

    calls: int = 0
    answered: int = 0
    cache_hits: int = 0
    wrong_inputs: int = 0
    refused: int = 0
    failures: Mapping[str, int] = field(default_factory=dict)  # PlugFailed.reason -> how often
    seconds: float = 0.0
    stuck: int = 0  # threads that hang in this plug right now


class PlugTally:
    """Keeps count for one plug; safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._endings: Counter[str] = Counter()
        self._failures: Counter[str] = Counter()
        self._seconds = 0.0

    def add(self, ending: str, seconds: float = 0.0) -> None:
        """`ending`: answered, cache_hits, wrong_inputs, refused."""
        with self._lock:
            self._endings[ending] += 1
            self._seconds += seconds

    def add_failure(self, reason: str, seconds: float) -> None:
        with self._lock:
            self._failures[reason] += 1
            self._seconds += seconds

    def so_far(self, stuck: int) -> PlugCounts:
        with self._lock:
            return PlugCounts(
                calls=self._endings.total() + self._failures.total(),
                failures=dict(self._failures),
                seconds=self._seconds,
                stuck=stuck,
                **self._endings,
            )
