"""The words of an event log: one column a field, one row an event, cases one after the other in time order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int32]
Rows = NDArray[np.int64]
Seconds = NDArray[np.float64]
Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
Keys = NDArray[np.uint64]


@dataclass(frozen=True)
class EventLog:
    """`names`: what activity codes stand for; a code of `len(names)` is an activity that nobody has seen before.

    `starts`: the row of each case's first event. `at`: seconds since 1970, UTC. `clock`: the same on the clock of the
    place, as far as the text told its distance from UTC (else equal to `at`); hours and weekdays are read from it.
    """

    names: tuple[str, ...]
    starts: Rows
    activity: Codes
    at: Seconds
    clock: Seconds

    def __len__(self) -> int:
        return len(self.activity)

    @property
    def unknown(self) -> int:
        """The code of an activity that is in no training log."""
        return len(self.names)

    @property
    def before_start(self) -> int:
        """The code that stands where a case had not begun yet."""
        return len(self.names) + 1

    @property
    def first_of_case(self) -> Rows:
        """For every row the row of its case's first event."""
        lengths = np.diff(np.append(self.starts, len(self)))
        return np.repeat(self.starts, lengths)

    @property
    def is_last(self) -> Flags:
        """Which rows are the last of their case."""
        last = np.zeros(len(self), dtype=np.bool_)
        last[np.append(self.starts[1:], len(self)) - 1] = True
        return last


def in_order(names: tuple[str, ...], case: Codes, activity: Codes, at: Seconds, clock: Seconds) -> EventLog:
    """Rows in any order -> a log; events of one case at the same moment keep the order they came in."""
    order = np.lexsort((at, case))  # stable
    case = case[order]
    new = np.ones(len(case), dtype=np.bool_)
    new[1:] = case[1:] != case[:-1]
    return EventLog(names, np.flatnonzero(new), activity[order], at[order], clock[order])
