"""What can't be true in columns read from a store: found, counted and left out. Files are checked in DuckDB by the
same rules (records_in_files.py, events_in_files.py), under the same names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motenashi.sales_history.history import NONE, Flags

Columns = dict[str, NDArray[Any]]
UNKNOWN = NONE - 1  # an id that nobody has; becomes NONE once it is counted


class Tally:
    """Counts why rows are left out, and what is not known of those that are not."""

    def __init__(self, *, whole: bool) -> None:
        """`whole`: False when only some records are read, so that an id without record proves nothing."""
        self._whole = whole
        self.left_out: dict[str, int] = {}
        self.incomplete: dict[str, int] = {}

    def sift(self, table: str, columns: Columns, why: Mapping[str, Flags]) -> Columns:
        """The columns without the rows for which a reason holds; each row counts for its first one."""
        bad = np.zeros(_rows(columns), dtype=np.bool_)
        for reason, holds in why.items():
            self._count(self.left_out, table, reason, holds & ~bad)
            bad |= holds
        return {name: column[~bad] for name, column in columns.items()} if bad.any() else columns

    def note(self, table: str, facts: Mapping[str, Flags]) -> None:
        for reason, holds in facts.items():
            self._count(self.incomplete, table, reason, holds)

    def note_unknown(self, table: str, columns: Columns, *names: str) -> None:
        """Ids that nobody has become NONE; they are counted where everybody was asked."""
        for name in names:
            unknown = columns[name] == UNKNOWN
            if unknown.any():
                columns[name] = np.where(unknown, NONE, columns[name]).astype(np.int32)
                if self._whole:
                    self._count(self.incomplete, table, f"unknown_{name}", unknown)

    def _count(self, into: dict[str, int], table: str, reason: str, holds: Flags) -> None:
        count = int(np.count_nonzero(holds))
        if count:
            into[f"{table}.{reason}"] = into.get(f"{table}.{reason}", 0) + count


def _rows(columns: Columns) -> int:
    return len(next(iter(columns.values())))
