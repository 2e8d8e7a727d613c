"""Median gaps by context: the finest context with enough cases behind it speaks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from motenashi.suggestions.next_events.event_log import Keys, Numbers, Rows, Seconds

FEWEST = 15


@dataclass(frozen=True)
class MedianRung:
    keys: Keys
    medians: Seconds

    @staticmethod
    def learned(keys: Keys, gaps: Seconds, weights: Numbers) -> MedianRung:
        unique, context, count = np.unique(keys, return_inverse=True, return_counts=True)
        order = np.lexsort((gaps, context))
        begins = np.cumsum(count) - count
        medians = gaps[order][_middle(weights[order], begins, count)]
        enough = count >= FEWEST
        return MedianRung(unique[enough], medians[enough])


@dataclass(frozen=True)
class MedianGaps:
    """One ladder of contexts, coarse to fine, and the median gap of all."""

    rungs: tuple[MedianRung, ...]
    of_all: float

    @staticmethod
    def learned(ladder: Sequence[Keys], gaps: Seconds, weights: Numbers) -> MedianGaps:
        order = np.argsort(gaps, kind="stable")
        middle = _middle(weights[order], np.zeros(1, dtype=np.int64), np.array([len(gaps)]))
        rungs = tuple(MedianRung.learned(keys, gaps, weights) for keys in ladder[1:])
        return MedianGaps(rungs, float(gaps[order][middle][0]))

    def medians(self, ladder: Sequence[Keys]) -> Seconds:
        told = np.full(len(ladder[0]), self.of_all)
        for rung, keys in zip(self.rungs, ladder[1:], strict=True):
            if not len(rung.keys):
                continue
            place = np.minimum(np.searchsorted(rung.keys, keys), len(rung.keys) - 1)
            seen = rung.keys[place] == keys
            told[seen] = rung.medians[place[seen]]
        return told


def _middle(weights: Numbers, begins: Rows, count: Rows) -> Rows:
    """In each run of sorted rows the one where half of the run's weight is reached."""
    running = np.cumsum(weights)
    before = running[begins] - weights[begins]
    half = (before + running[begins + count - 1]) / 2
    found: Rows = np.searchsorted(running, half).astype(np.int64)
    return np.clip(found, begins, begins + count - 1)
