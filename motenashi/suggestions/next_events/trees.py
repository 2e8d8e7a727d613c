"""Gradient-boosted trees over the columns of a moment: which activity comes next, and after how long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
)
from threadpoolctl import threadpool_limits

from motenashi.suggestions.next_events.columns import kinds
from motenashi.suggestions.next_events.event_log import Codes, Numbers, Rows, Seconds

Columns = NDArray[np.float32]
ActivityCheck = tuple[Columns, Codes, Numbers]  # columns, what came, weights
GapCheck = tuple[Columns, Seconds, Numbers]
LEAVES: Final = 24
FEWEST_IN_LEAF: Final = 30
BINS: Final = 64
LEARNING_RATE: Final = 0.1
MOST_ROUNDS: Final = 150
PATIENCE: Final = 8


@dataclass(frozen=True)
class ActivityTrees:
    """`classes`: the activity codes told apart; any other activity is the class after them."""

    trees: HistGradientBoostingClassifier
    classes: Rows

    @property
    def rounds(self) -> int:
        return int(self.trees.n_iter_)

    def probabilities(self, seen: Columns, rest: Numbers) -> Numbers:
        """Rows × all activities. What the trees don't tell apart is shared out as `rest` (a chain's) does."""
        with _one_thread():
            told = np.asarray(self.trees.predict_proba(seen), dtype=np.float64)
        everything = rest.copy()
        everything[:, self.classes] = 0.0
        known = np.zeros((len(seen), len(self.classes) + 1))
        known[:, self.trees.classes_.astype(np.int64)] = told
        left = everything.sum(axis=1)
        everything *= (known[:, -1] / np.maximum(left, 1e-300))[:, None]
        everything[:, self.classes] = known[:, :-1]
        everything /= np.maximum(everything.sum(axis=1, keepdims=True), 1e-300)
        return everything


def activity_trees(
    seen: Columns,
    codes: Codes,
    weights: Numbers,
    classes: Rows,
    *,
    rounds: int,
    seed: int,
    check: ActivityCheck | None = None,
) -> ActivityTrees | None:
    """None where there is only one class. With `check`, no more rounds than help on those rows."""
    classed = _classed(codes, classes)
    if len(np.unique(classed)) < 2:
        return None
    trees = HistGradientBoostingClassifier(max_iter=rounds, early_stopping=check is not None, **_shape(seen, seed))
    validation: dict[str, Any] = {}
    if check is not None:
        checked = _classed(check[1], classes)
        fair = np.isin(checked, np.unique(classed))
        if not fair.any():
            return None
        validation = {"X_val": check[0][fair], "y_val": checked[fair], "sample_weight_val": check[2][fair]}
    with _one_thread():
        trees.fit(seen, classed, sample_weight=weights, **validation)
    return ActivityTrees(trees, classes)


@dataclass(frozen=True)
class GapTrees:
    """The median gap. `logarithmic`: learned on the logarithm, where a factor counts the same at every length."""

    trees: HistGradientBoostingRegressor
    logarithmic: bool

    @property
    def rounds(self) -> int:
        return int(self.trees.n_iter_)

    def medians(self, seen: Columns) -> Seconds:
        with _one_thread():
            told = np.asarray(self.trees.predict(seen), dtype=np.float64)
        return np.maximum(np.expm1(np.minimum(told, 30.0)) if self.logarithmic else told * 3_600.0, 0.0)


def gap_trees(
    seen: Columns,
    gaps: Seconds,
    weights: Numbers,
    *,
    logarithmic: bool,
    rounds: int,
    seed: int,
    check: GapCheck | None = None,
) -> GapTrees:
    """Trees for the absolute error, which the median makes least, in hours or in logarithms of seconds."""

    def scaled(seconds: Seconds) -> Numbers:
        return np.log1p(np.maximum(seconds, 0.0)) if logarithmic else seconds / 3_600.0

    trees = HistGradientBoostingRegressor(
        loss="absolute_error", max_iter=rounds, early_stopping=check is not None, **_shape(seen, seed)
    )
    validation: dict[str, Any] = {}
    if check is not None:
        validation = {"X_val": check[0], "y_val": scaled(check[1]), "sample_weight_val": check[2]}
    with _one_thread():
        trees.fit(seen, scaled(gaps), sample_weight=weights, **validation)
    return GapTrees(trees, logarithmic)


def _one_thread() -> threadpool_limits:
    """Such small trees grow hardly faster with more, and on a busy machine threads wait for each other."""
    return threadpool_limits(1, user_api="openmp")


def _shape(seen: Columns, seed: int) -> dict[str, Any]:
    return {
        "learning_rate": LEARNING_RATE,
        "max_leaf_nodes": LEAVES,
        "max_bins": BINS,
        "min_samples_leaf": FEWEST_IN_LEAF,
        "l2_regularization": 1.0,
        "categorical_features": kinds(seen.shape[1]),
        "n_iter_no_change": PATIENCE,
        "random_state": seed,
    }


def _classed(codes: Codes, classes: Rows) -> Rows:
    place = np.full(int(max(codes.max(initial=0), classes.max(initial=0))) + 1, len(classes))
    place[classes] = np.arange(len(classes))
    return place[codes]
