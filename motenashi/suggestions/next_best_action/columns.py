"""Which places of the blocks have a column of their own: those that the data speak of. The others keep their prior."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from motenashi.sales_history.history import Codes, Flags, Numbers
from motenashi.suggestions.next_best_action.blocks import Block, Entry

MOST_COLUMNS = 1_800


@dataclass(frozen=True)
class Columns:
    """`column`: for every place of every block in turn its column, or -1. `starts`: where each block begins in it.
    `block_of`: the block of every column."""

    column: NDArray[np.int32]
    starts: NDArray[np.int64]
    block_of: NDArray[np.int64]

    @property
    def count(self) -> int:
        return len(self.block_of)


def choose_columns(blocks: tuple[Block, ...], entries: tuple[Entry, ...]) -> Columns:
    """A column for every place that occurs; when there are too many, for those that occur most."""
    starts = np.cumsum([0] + [block.places for block in blocks])
    times = np.concatenate(
        [np.bincount(entry.code, minlength=block.places) for block, entry in zip(blocks, entries, strict=True)]
    )
    least = 1
    if np.count_nonzero(times) > MOST_COLUMNS:
        least = max(1, int(np.sort(times)[-MOST_COLUMNS]))
    kept = times >= least
    column = np.where(kept, np.cumsum(kept) - 1, -1).astype(np.int32)
    block_of = np.repeat(np.arange(len(blocks)), [block.places for block in blocks])[kept]
    return Columns(column, starts[:-1], block_of)


def places(columns: Columns, entries: tuple[Entry, ...]) -> NDArray[np.int32]:
    """The column of each row (rows) in each block (columns); -1: it has none."""
    found = [columns.column[start + entry.code] for start, entry in zip(columns.starts, entries, strict=True)]
    return np.stack(found, axis=1)


def values(entries: tuple[Entry, ...], rows: int) -> Numbers:
    one = np.ones(rows)
    return np.stack([one if entry.value is None else entry.value for entry in entries], axis=1)


def sparse(place: NDArray[np.int32], value: Numbers, width: int) -> csr_matrix:
    """Rows with the values at their places; places of -1 are nothing."""
    has: Flags = place >= 0
    pointer = np.concatenate([[0], np.cumsum(has.sum(axis=1))])
    return csr_matrix((value[has], place[has], pointer), shape=(len(place), width))


def with_unseen(
    columns: Columns, place: NDArray[np.int32], blocks: tuple[Block, ...], action: Codes, actions: int
) -> NDArray[np.int32]:
    """Places without a column are given one behind the others, for each block and action its own: what is believed of
    them is the prior."""
    unseen = columns.count + np.arange(len(blocks))[None, :] * actions + action[:, None]
    return np.where(place < 0, unseen, place).astype(np.int32)
