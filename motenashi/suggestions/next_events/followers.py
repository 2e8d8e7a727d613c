"""What followed each moment of a log, when, and how much that says about the future.

A log ends one day, and what would have come later is not in it: a long gap is seen only where it began early enough.
Each follower therefore counts 1 / (share of the log's moments after which a gap this long could have been seen), which
is inverse probability of censoring (Robins and Rotnitzky, 1992) with the censoring known.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from motenashi.suggestions.next_events.event_log import Codes, EventLog, Flags, Numbers, Rows, Seconds

SILENT = 0.95  # a case silent for longer than this share of all gaps has ended
HEAVIEST = 5.0


@dataclass(frozen=True)
class Followers:
    """`rows`: the moments. `codes`: the activity after each, `len(names)` for the end. `gaps`: seconds until then."""

    rows: Rows
    codes: Codes
    gaps: Seconds
    weights: Numbers
    known_at: Seconds

    def __len__(self) -> int:
        return len(self.rows)

    def of(self, which: Flags | Rows) -> Followers:
        return Followers(
            self.rows[which], self.codes[which], self.gaps[which], self.weights[which], self.known_at[which]
        )


def followers(log: EventLog, *, with_end: bool) -> Followers:
    """All moments whose follower is known. With the end: also those of cases that have fallen silent for good; a
    running case that may yet go on tells nothing about ends."""
    goes_on = np.flatnonzero(~log.is_last)
    gaps = log.at[goes_on + 1] - log.at[goes_on]
    codes = log.activity[goes_on + 1]
    rows = goes_on
    if with_end:
        silent = float(np.quantile(gaps, SILENT)) if len(gaps) else 0.0
        ended = np.flatnonzero(log.is_last & (log.at.max() - log.at >= silent))
        rows = np.append(goes_on, ended)
        codes = np.append(codes, np.full(len(ended), len(log.names)))
        gaps = np.append(gaps, np.full(len(ended), silent))
    return Followers(rows, codes.astype(np.int32), gaps, _weights(log, gaps), log.at[rows] + gaps)


def _weights(log: EventLog, gaps: Seconds) -> Numbers:
    left = np.sort(log.at.max() - log.at)
    could_be_seen = 1.0 - np.searchsorted(left, gaps) / len(left)
    return 1.0 / np.maximum(could_be_seen, 1.0 / HEAVIEST)
