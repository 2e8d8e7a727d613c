"""Features as sparse rows of numbers: how often (dampened), how rare (idf), each view scaled to the same length.

Training and reading use the same code, so what is learnt is what is read; numpy and scipy only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from nlp.intents.views import VIEW_NAMES, Views

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Entries:
    """The known features of some sentences: one entry an occurrence."""

    sentence: Integers
    column: Integers


@dataclass(frozen=True)
class Vocabulary:
    """The columns: for each view its features in a row, the views one after the other; `idf` for all columns."""

    columns: Mapping[str, Mapping[str, int]]
    idf: Floats
    weights: Mapping[str, float]

    @property
    def size(self) -> int:
        return len(self.idf)

    def entries(self, sentences: Sequence[Views]) -> Entries:
        """Looks the features of the sentences up."""
        found: list[int] = []
        lengths: list[int] = []
        for views in sentences:
            before = len(found)
            for name in VIEW_NAMES:
                columns = map(self.columns[name].get, views[name])
                found.extend([column for column in columns if column is not None])
            lengths.append(len(found) - before)
        return Entries(np.repeat(np.arange(len(sentences)), lengths), np.array(found, np.int64))

    def matrix(self, entries: Entries, row_of: Integers, rows: int) -> csr_matrix:
        """One row for each number in `row_of` (a sentence's row): sentences of the same row are counted together."""
        cells, counts = np.unique(row_of[entries.sentence] * self.size + entries.column, return_counts=True)
        row, column = np.divmod(cells, self.size)
        values = (1 + np.log(counts)) * self.idf[column]
        view = np.searchsorted(self._ends(), column, side="right")
        block = row * len(VIEW_NAMES) + view
        lengths = np.sqrt(np.bincount(block, np.square(values), minlength=rows * len(VIEW_NAMES)))
        values *= np.array([self.weights[name] for name in VIEW_NAMES])[view] / lengths[block]
        starts = np.searchsorted(row, np.arange(rows + 1))
        # In single precision like the weights: otherwise scipy copies all of those for every product.
        return csr_matrix((values.astype(np.float32), column, starts), shape=(rows, self.size))

    def _ends(self) -> Integers:
        return np.cumsum([len(self.columns[name]) for name in VIEW_NAMES])


def learn_vocabulary(sentences: Sequence[Views], least: Mapping[str, int], weights: Mapping[str, float]) -> Vocabulary:
    """The features that occur in at least `least[view]` sentences, in the order of the alphabet."""
    columns: dict[str, dict[str, int]] = {}
    idf: list[float] = []
    for name in VIEW_NAMES:
        counts: Counter[str] = Counter()
        for views in sentences:
            counts.update(set(views[name]))
        kept = sorted(feature for feature, count in counts.items() if count >= least[name])
        columns[name] = {feature: len(idf) + place for place, feature in enumerate(kept)}
        idf.extend(float(np.log((1 + len(sentences)) / (1 + counts[feature])) + 1) for feature in kept)
    return Vocabulary(columns, np.array(idf, np.float32), dict(weights))
