"""What a moment of a case looks like to the trees: one row of numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from motenashi.suggestions.next_events.contexts import DAY, lag, position, run_length, since_previous
from motenashi.suggestions.next_events.event_log import EventLog, Numbers, Rows

LOOK_BACK = 5
COUNTED = 16  # activities counted one by one: the most frequent ones
MOST_CODES = 60  # the rest are one kind; trees take at most `BINS` kinds in one column
MOST_OFTEN = float(50)


def columns(log: EventLog, rows: Rows, frequent: Rows, *, dated: bool) -> NDArray[np.float32]:
    """One row of numbers for each of `rows`. `frequent`: activity codes, the most frequent first.

    `dated`: with the date. It tells what was usual then, and misleads where the rows come after all that was learned.
    """
    place = np.full(len(log.names) + 2, MOST_CODES)
    place[frequent[:MOST_CODES]] = np.arange(min(len(frequent), MOST_CODES))
    place[log.before_start] = MOST_CODES + 1
    told = [place[lag(log, back)[rows]] for back in range(LOOK_BACK)]
    return np.column_stack([*told, *_times(log, rows, dated=dated), *_counts(log, rows, frequent)]).astype(np.float32)


def kinds(width: int) -> NDArray[np.bool_]:
    """Which of the columns hold kinds and not quantities."""
    return np.arange(width) < LOOK_BACK


def _times(log: EventLog, rows: Rows, *, dated: bool) -> list[Numbers | Rows]:
    first, gap, place = log.first_of_case, since_previous(log), position(log)
    before = np.where(place[rows] > 0, gap[np.maximum(rows - 1, 0)], 0.0)
    run = run_length(log)
    day = log.clock[rows] / DAY
    return [
        place[rows],
        run[rows],
        gap[rows],
        before,
        log.at[rows] - log.at[first[rows]],
        log.at[rows] - log.at[rows - run[rows] + 1],
        day if dated else np.zeros(len(rows)),
        day % 1.0,
        (np.floor(day) + 3) % 7,
        (day + 3) % 7,
        log.clock[first[rows]] / DAY % 1.0,
        place_of_first(log)[rows],
    ]


def place_of_first(log: EventLog) -> Rows:
    """The code of the activity each case began with."""
    return log.activity[log.first_of_case].astype(np.int64)


def _counts(log: EventLog, rows: Rows, frequent: Rows) -> list[Numbers]:
    first = log.first_of_case
    counts = []
    for code in frequent[:COUNTED]:
        running = np.cumsum(log.activity == code)
        before = running[first] - (log.activity[first] == code)
        counts.append(np.minimum((running - before)[rows], MOST_OFTEN))
    return counts
