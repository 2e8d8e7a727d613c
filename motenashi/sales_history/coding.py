"""From rows of texts to columns of codes, chunk after chunk, so that the texts themselves are never all in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motenashi.sales_history.history import NONE, Codes
from motenashi.sales_history.purposes import PURPOSES, purpose_of

Array = NDArray[Any]
Encode = Callable[[Sequence[Any]], Array]


class Words:
    """Codes for words as they come; `named()` puts them in the order of the alphabet at the end."""

    def __init__(self, allowed: Callable[[str], bool] = bool) -> None:
        self._codes: dict[str, int] = {}
        self._allowed = allowed

    def encode(self, words: Sequence[str | None]) -> Codes:
        return np.fromiter(map(self._code, words), np.int32, len(words))

    def _code(self, word: str | None) -> int:
        if not word:
            return NONE
        code = self._codes.get(word)
        if code is None:
            code = self._codes[word] = len(self._codes) if self._allowed(word) else NONE - 1 - len(self._codes)
        return code

    def named(self) -> tuple[str, ...]:
        return tuple(sorted(word for word, code in self._codes.items() if code >= 0))

    def in_order(self, codes: Codes) -> Codes:
        """Codes that encode() gave, as places in named(); those of words that are none are NONE - 1."""
        place = {word: number for number, word in enumerate(self.named())}
        moved = np.full(len(self._codes) + 1, NONE, dtype=np.int32)
        for word, code in self._codes.items():
            if code >= 0:
                moved[code] = place[word]
        return np.where(codes < NONE, NONE - 1, moved[np.maximum(codes, -1)]).astype(np.int32)


def by_place(words: Iterable[str]) -> Encode:
    """Codes of words that are the same everywhere."""
    return by_code({word: place for place, word in enumerate(words)})


def by_code(codes: Mapping[str, int]) -> Encode:
    """The codes of ids; NONE - 1 for an id that nobody has, NONE for none."""
    known = {"": NONE, **codes}
    return lambda ids: np.fromiter(map(known.get, ids, repeat(NONE - 1)), np.int32, len(ids))


def numbers(values: Sequence[int]) -> Array:
    """Whole numbers, and moments as seconds."""
    return np.array(values, dtype=np.int64)


def flags(values: Sequence[Any]) -> Array:
    return np.fromiter(map(bool, values), np.bool_, len(values))


def texts(values: Sequence[Any]) -> Array:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


class Purposes:
    """The purpose of a row from what is noted, or from its subject (a text that begins with a blank)."""

    def __init__(self) -> None:
        self._codes = {purpose: code for code, purpose in enumerate(PURPOSES)}
        self._told: dict[str, int] = {}

    def encode(self, told: Sequence[str]) -> Codes:
        return np.fromiter(map(self._code, told), np.int32, len(told))

    def _code(self, text: str) -> int:
        code = self._codes.get(text)
        if code is None:
            code = self._told.get(text)
        if code is None:
            purpose = purpose_of(text.strip())
            code = self._told[text] = self._codes[purpose] if purpose else NONE
        return code
