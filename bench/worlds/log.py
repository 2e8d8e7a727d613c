"""Everything that happened, in pieces as it happened, and as one column each afterwards."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray


class Log:
    def __init__(self) -> None:
        self._pieces: dict[str, list[dict[str, NDArray[np.generic]]]] = defaultdict(list)

    def add(self, table: str, **columns: NDArray[np.generic]) -> None:
        self._pieces[table].append({name: column.copy() for name, column in columns.items()})

    def table(self, name: str) -> dict[str, NDArray[np.generic]]:
        """One column each, in time order (of equal times, in the order they were told). Empty: no columns."""
        pieces = self._pieces[name]
        if len(pieces) > 1:
            pieces[:] = [{column: np.concatenate([piece[column] for piece in pieces]) for column in pieces[0]}]
        if not pieces:
            return {}
        order = np.argsort(pieces[0]["at"], kind="stable")
        return {column: values[order] for column, values in pieces[0].items()}
