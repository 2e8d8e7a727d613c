"""Chance that can be asked again: the same question (deal, step, what for) gets the same number in every run.

Two ways of acting on the same deals then meet the same luck, so that their difference is not drowned in it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

_STEP = np.uint64(0x9E3779B97F4A7C15)
_ONE, _TWO = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def uniform(*keys: ArrayLike) -> NDArray[np.float64]:
    """Numbers in (0, 1), one for each row of the broadcast whole-number keys (SplitMix64, Steele et al. 2014)."""
    mixed: Any = np.uint64(0)
    with np.errstate(over="ignore"):
        for key in keys:
            mixed = _mix((mixed ^ np.asarray(key).astype(np.uint64)) + _STEP)
    numbers: NDArray[np.float64] = ((mixed >> np.uint64(11)).astype(np.float64) + 0.5) / 2.0**53
    return numbers


def normal(*keys: ArrayLike) -> NDArray[np.float64]:
    drawn: NDArray[np.float64] = ndtri(uniform(*keys))
    return drawn


def pick(chances: NDArray[np.float64], luck: NDArray[np.float64]) -> NDArray[np.int64]:
    """One column for each row of `chances` (rows need not add up to one)."""
    sums = np.cumsum(chances, axis=1)
    return np.minimum((sums < (luck * sums[:, -1])[:, None]).sum(axis=1), chances.shape[1] - 1)


def _mix(number: Any) -> Any:
    number = (number ^ (number >> np.uint64(30))) * _ONE
    number = (number ^ (number >> np.uint64(27))) * _TWO
    return number ^ (number >> np.uint64(31))
