"""Logistic regression whose coefficients come in blocks, each as wide as the data itself says.

Every block of coefficients has a normal prior around a given mean. How wide it is, is learned: the mean of all widths,
weighed by how well each explains the coefficients and by a half-normal prior (D. MacKay, "The evidence framework
applied to classification networks", Neural Computation 1992; A. Gelman, "Prior distributions for variance parameters
in hierarchical models", Bayesian Analysis 2006). An empty history keeps the prior's width. The posterior is the normal
distribution around the mode (Laplace), given as draws.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve, solve_triangular
from scipy.sparse import csr_matrix

from motenashi.sales_history.history import Numbers

ROUNDS = 14  # of fitting, and widening or narrowing the priors
ENOUGH = 2e-3  # change of any width, in relation, below which we stop
WIDTHS = np.geomspace(0.005, 3.0, 60)  # that a block's prior may have
LOOKED_AT_AGAIN = (1, 3, 7)  # turns


@dataclass(frozen=True)
class Blocks:
    """`of_column`: the block of every column. `expected`: the prior's width (standard deviation) where nothing is
    known; `learned`: whether the data may change it. `mean`: prior mean of every column."""

    of_column: NDArray[np.int64]
    expected: Numbers
    learned: NDArray[np.bool_]
    mean: Numbers


@dataclass(frozen=True)
class Fitted:
    """`widths`: of each block's prior, after learning. `draws`: coefficients (rows) by posterior draw (columns); draws
    come in pairs that mirror each other, so their mean is the mode."""

    coefficients: Numbers
    widths: Numbers
    draws: Numbers


@dataclass(frozen=True)
class Design:
    """Columns of zeros and few entries beside columns of numbers; the sparse ones come first."""

    sparse: csr_matrix
    dense: Numbers

    @property
    def columns(self) -> int:
        return int(self.sparse.shape[1] + self.dense.shape[1])

    def times(self, coefficients: Numbers) -> Numbers:
        cut = self.sparse.shape[1]
        return np.asarray(self.sparse @ coefficients[:cut] + self.dense @ coefficients[cut:])

    def transposed_times(self, rows: Numbers) -> Numbers:
        return np.concatenate([np.asarray(self.sparse.T @ rows), self.dense.T @ rows])

    def weighted_square(self, weights: Numbers) -> Numbers:
        """X' W X, shape (columns, columns)."""
        cut, weighted = self.sparse.shape[1], self.dense * weights[:, None]
        square = np.empty((self.columns, self.columns))
        heavy = self.sparse.copy()
        heavy.data = heavy.data * np.repeat(weights, np.diff(heavy.indptr))
        square[:cut, :cut] = (self.sparse.T @ heavy).toarray()
        square[:cut, cut:] = np.asarray(self.sparse.T @ weighted)
        square[cut:, :cut] = square[:cut, cut:].T
        square[cut:, cut:] = self.dense.T @ weighted
        return square


def fit_logit(
    design: Design,
    happened: Numbers,
    blocks: Blocks,
    *,
    weights: Numbers,
    draws: int,
    seed: int,
    progress: Callable[[int, int], None] | None = None,
) -> Fitted:
    """`happened`: 0 or 1 a row; `weights`: how much a row counts. No rows are fine: the prior comes back.

    Newton's steps and the widths of the priors take turns. The curvature of the data changes little once the first
    steps are done, and is by far the dearest part, so it is looked at again in some turns only.
    """
    widths, coefficients = blocks.expected.copy(), blocks.mean.copy()
    for turn in range(ROUNDS):
        for _ in range(3 if turn == 0 else 1 if turn in LOOKED_AT_AGAIN else 0):
            data = _curvature(design, coefficients, weights)
            factor, coefficients = _stepped(design, happened, blocks, widths, coefficients, weights, data)
        factor, coefficients = _stepped(design, happened, blocks, widths, coefficients, weights, data)
        wider = _new_widths(blocks, widths, coefficients, _variances(factor))
        settled = bool(np.all(np.abs(np.log(wider / widths)) < ENOUGH))
        widths = wider
        if progress:
            progress(turn + 1, ROUNDS)
        if settled:
            break
    data = _curvature(design, coefficients, weights)
    for _ in range(3):
        factor, coefficients = _stepped(design, happened, blocks, widths, coefficients, weights, data)
    return Fitted(coefficients, widths, _posterior_draws(factor, coefficients, draws, seed))


def _curvature(design: Design, coefficients: Numbers, weights: Numbers) -> Numbers:
    p = _logistic(design.times(coefficients))
    return design.weighted_square(weights * p * (1 - p))


def _stepped(
    design: Design,
    happened: Numbers,
    blocks: Blocks,
    widths: Numbers,
    coefficients: Numbers,
    weights: Numbers,
    data: Numbers,
) -> tuple[Numbers, Numbers]:
    """The Cholesky factor (lower) of the whole curvature, and one step further towards the mode for these widths."""
    tightness = 1.0 / widths[blocks.of_column] ** 2
    p = _logistic(design.times(coefficients))
    slope = design.transposed_times(weights * (happened - p)) - tightness * (coefficients - blocks.mean)
    curvature = data.copy()
    curvature[np.diag_indices_from(curvature)] += tightness
    factor, _ = cho_factor(curvature, lower=True, overwrite_a=True)
    step = cho_solve((factor, True), slope)
    # A step of several logits overshoots; the log-likelihood is concave, so a shorter one is safe.
    return factor, coefficients + step * min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-9))


def _variances(factor: Numbers) -> Numbers:
    inverse = solve_triangular(factor, np.eye(len(factor)), lower=True, overwrite_b=True)
    return np.asarray((inverse**2).sum(axis=0))


def _new_widths(blocks: Blocks, widths: Numbers, coefficients: Numbers, variances: Numbers) -> Numbers:
    """The expected width of each block's prior, given what its coefficients would be without a prior.

    A coefficient that the data hardly speak of has a huge error then, and says nothing about the width.
    """
    tightness = 1.0 / widths[blocks.of_column] ** 2
    told = np.maximum(1.0 / variances - tightness, 1e-9)  # precision that the data alone give
    alone = blocks.mean + (coefficients - blocks.mean) * (1.0 + tightness / told)
    spread = WIDTHS[:, None] ** 2 + 1.0 / told
    evidence = -0.5 * (np.log(spread) + (alone - blocks.mean) ** 2 / spread)
    count = len(widths)
    summed: Numbers = np.stack([np.bincount(blocks.of_column, row, minlength=count) for row in evidence])
    by_block = summed - 0.5 * (WIDTHS[:, None] / blocks.expected) ** 2
    weight = np.exp(by_block - by_block.max(axis=0)) * WIDTHS[:, None]  # widths lie evenly on a log scale
    new = (weight * WIDTHS[:, None]).sum(axis=0) / weight.sum(axis=0)
    return np.where(blocks.learned, new, widths)


def _posterior_draws(factor: Numbers, mode: Numbers, draws: int, seed: int) -> Numbers:
    noise = np.random.default_rng(seed).standard_normal((len(mode), draws // 2))
    away = solve_triangular(factor, noise, lower=True, trans="T", overwrite_b=True)
    return np.concatenate([mode[:, None] + away, mode[:, None] - away], axis=1)


def _logistic(logit: Numbers) -> Numbers:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logit, -35, 35))))
