"""How much each method is to be trusted: weighed by what it said about the newest part of the log."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import minimize

from motenashi.suggestions.next_events.event_log import Codes, Numbers, Rows, Seconds

LEAST = 1e-9
STEADY = 3.0  # strength of the pull towards equal shares, in rows
TRIES = 20


def pooled(told: Sequence[Numbers], trust: Numbers) -> Numbers:
    """Several probabilities (rows × classes) -> one: the weighted product, made to sum to one (logarithmic pool)."""
    score = np.zeros_like(told[0])
    for one, weight in zip(told, trust, strict=True):
        if weight > 0:
            score += weight * np.log(np.maximum(one, LEAST))
    score -= score.max(axis=1, keepdims=True)
    np.exp(score, out=score)
    score /= score.sum(axis=1, keepdims=True)
    return score


def trusts(told: Sequence[Numbers], came: Codes, weights: Numbers) -> Numbers:
    """The trust in each method that makes what came most likely (penalised towards equal shares)."""
    equal = np.full(len(told), 1.0 / len(told))
    if len(told) == 1 or not len(came):
        return equal
    logs = np.stack([np.log(np.maximum(one, LEAST)) for one in told])  # methods × rows × classes
    rows = np.arange(len(came))
    right = logs[:, rows, came]

    def loss(trust: Numbers) -> tuple[float, Numbers]:
        score = np.tensordot(trust, logs, axes=1)
        top = score.max(axis=1, keepdims=True)
        share = np.exp(score - top)
        total = share.sum(axis=1, keepdims=True)
        share /= total
        missed = weights @ (top[:, 0] + np.log(total[:, 0]) - trust @ right)
        slope = np.einsum("mrc,rc,r->m", logs, share, weights) - right @ weights
        apart = trust - equal
        return float(missed + STEADY * apart @ apart), slope + 2 * STEADY * apart

    found = minimize(loss, equal, jac=True, method="L-BFGS-B", bounds=[(0.0, 2.0)] * len(told), options={"maxiter": 60})
    return np.asarray(found.x, dtype=np.float64)


def shares(told: Sequence[Seconds], came: Seconds, weights: Numbers) -> Numbers:
    """Shares of methods in the mean of their gaps that make the absolute error least (greedy forward selection with
    replacement, Caruana et al., 2004)."""
    chosen: Rows = np.zeros(len(told), dtype=np.int64)
    summed = np.zeros(len(came))
    best, best_error = chosen, np.inf
    for picks in range(1, TRIES + 1):
        errors = [float(weights @ np.abs((summed + one) / picks - came)) for one in told]
        pick = int(np.argmin(errors))
        summed = summed + told[pick]
        chosen = chosen + np.eye(len(told), dtype=np.int64)[pick]
        if errors[pick] < best_error:
            best, best_error = chosen, errors[pick]
    return best / max(best.sum(), 1) if best.sum() else np.full(len(told), 1.0 / len(told))
