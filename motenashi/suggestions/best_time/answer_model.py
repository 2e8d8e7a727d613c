"""The chance that an attempt is answered, for each kind of day (profile) and each level of readiness to answer.

    logit p = intercept + readiness[profile] + spread * level + follows * curve[profile](local time)
              + shared(local time) + own[profile](local time) + weekday + hour on our clock

`curve` is where the profile is seen without our doing; `follows` says how much answers follow it; `shared` and `own`
are what everybody and what a profile does differently: smooth curves around the clock with a Gaussian process prior;
readiness, weekday and hour are shrunk to nothing. How wide each part's prior is comes from the data (empirical Bayes,
the fixed point of MacKay 1992), but never so narrow that a curve is claimed where nobody was ever called. The level is
a person's own readiness, one of a few nodes (Gauss and Hermite) of a normal distribution.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse

from motenashi.sales_history.history import Codes, Numbers
from motenashi.suggestions.best_time.local_clock import HALF_HOURS

LEVELS: Final = np.asarray([-2.856970, -1.355626, 0.0, 1.355626, 2.856970])
LEVEL_SHARES: Final = np.asarray([0.011257, 0.222076, 0.533333, 0.222076, 0.011257])

KNOTS: Final = 12  # of a profile's own curve: one every two hours
_EVERY: Final = HALF_HOURS // KNOTS
_INTERCEPT, _SPREAD, _FOLLOWS, _SHARED = 0, 1, 2, 3
_OWN: Final = _SHARED + KNOTS
_OTHERS: Final = 7 + 24  # weekdays and hours on our clock
# Prior variances of shared and own curves, weekdays, hours and readiness: where they start, and what the data may
# make of them.
_WIDTHS: Final = np.asarray([0.4, 0.2, 0.02, 0.02, 0.1])
_NARROWEST: Final = np.asarray([0.3, 0.15, 0.003, 0.003, 0.003])
_WIDEST: Final = 1.5
_USUAL_SPREAD: Final = 0.6


@dataclass(frozen=True)
class Cells:
    """Places in time where attempts fell: half hour on the person's clock, weekday and hour on ours."""

    half_hour: Codes
    weekday: Codes
    hour: Codes

    def __len__(self) -> int:
        return len(self.half_hour)


@dataclass(frozen=True)
class AnswerModel:
    """`coefficients` in the order of the formula above; `widths`: prior variances of shared and own
    curves, weekdays, hours and readiness.

    `hours` False: the time of the attempt says nothing here, only how ready the person is counts.
    """

    coefficients: Numbers
    covariance: Numbers
    widths: Numbers
    profiles: int
    hours: bool

    @property
    def spread(self) -> float:
        return float(self.coefficients[_SPREAD])

    def logits(self, curves: Numbers, cells: Cells) -> Numbers:
        """Profiles x cells, for a person of the middle level."""
        flat = design(curves, cells, hours=self.hours) @ self.coefficients
        return np.asarray(flat, np.float64).reshape(self.profiles, len(cells))

    def chances(self, curves: Numbers, cells: Cells) -> Numbers:
        """Profiles x levels x cells."""
        logits = self.logits(curves, cells)[:, None, :] + self.spread * LEVELS[None, :, None]
        return np.asarray(expit(logits), np.float64)


def starting_model(curves: Numbers, rate: float, *, hours: bool) -> AnswerModel:
    """Before anything was learned: everybody answers at the company's rate, a little after where they are seen."""
    profiles = len(curves)
    coefficients = np.zeros(_size(profiles))
    coefficients[:_SHARED] = [np.log(rate / (1 - rate)), _USUAL_SPREAD, 0.5 if hours else 0.0]
    return AnswerModel(coefficients, np.eye(len(coefficients)), _WIDTHS, profiles, hours)


def design(curves: Numbers, cells: Cells, *, hours: bool) -> sparse.csr_array:
    """One row a profile and cell (profile by profile), one column a coefficient; the level's column stays empty."""
    profiles, count = len(curves), len(cells)
    rows = np.arange(profiles * count)
    readiness = np.repeat(_size(profiles) - profiles + np.arange(profiles), count)
    parts = [(rows, np.full(len(rows), _INTERCEPT), np.ones(len(rows))), (rows, readiness, np.ones(len(rows)))]
    if hours:
        parts += _parts_of_time(curves, cells, rows)
    row, column, value = (np.concatenate(one) for one in zip(*parts, strict=True))
    shape = (len(rows), _size(profiles))
    return sparse.csr_array(sparse.coo_array((value, (row, column)), shape=shape))


def _size(profiles: int) -> int:
    return _OWN + (KNOTS + 1) * profiles + _OTHERS


_Part = tuple[NDArray[np.int64], NDArray[np.int64], Numbers]


def _parts_of_time(curves: Numbers, cells: Cells, rows: NDArray[np.int64]) -> list[_Part]:
    profiles = len(curves)
    half_hour = np.tile(cells.half_hour, profiles)
    first_own = np.repeat(_OWN + KNOTS * np.arange(profiles), len(cells))
    knot, beyond = half_hour // _EVERY, half_hour % _EVERY / _EVERY
    others = np.full(len(rows), _OWN + KNOTS * profiles)
    ones = np.ones(len(rows))
    return [
        (rows, np.full(len(rows), _FOLLOWS), curves[:, cells.half_hour].ravel()),
        (rows, _SHARED + knot, 1 - beyond),
        (rows, _SHARED + (knot + 1) % KNOTS, beyond),
        (rows, first_own + knot, 1 - beyond),
        (rows, first_own + (knot + 1) % KNOTS, beyond),
        (rows, others + np.tile(cells.weekday, profiles), ones),
        (rows, others + 7 + np.tile(cells.hour, profiles), ones),
    ]


def improved(
    model: AnswerModel, curves: Numbers, cells: Cells, answered: Numbers, not_answered: Numbers
) -> AnswerModel:
    """One Newton step of the penalised likelihood, then one of the prior widths.

    `answered`, `not_answered`: profiles x levels x cells, how many attempts of each outcome are believed there.
    """
    rows = design(curves, cells, hours=model.hours)
    tried = answered + not_answered
    chance = model.chances(curves, cells)
    gradient = _with_level(rows, answered - tried * chance)
    weight = tried * chance * (1 - chance)
    information = _information(rows, weight)
    precision, centre = _prior(model)
    covariance = np.asarray(linalg.inv(information + precision), np.float64)
    step = covariance @ (gradient - precision @ (model.coefficients - centre))
    coefficients = model.coefficients + np.clip(step, -1.0, 1.0)
    coefficients[_SPREAD] = max(coefficients[_SPREAD], 0.0)
    changed = replace(model, coefficients=coefficients, covariance=covariance)
    return replace(changed, widths=_widths(changed))


def _with_level(rows: sparse.csr_array, values: Numbers) -> Numbers:
    """Rows' sum over levels, and the level's own column."""
    total = np.asarray(rows.T @ values.sum(1).ravel(), np.float64)
    total[_SPREAD] = float((values.sum((0, 2)) * LEVELS).sum())
    return total


def _information(rows: sparse.csr_array, weight: Numbers) -> Numbers:
    by_row = weight.sum(1).ravel()
    total = np.asarray((rows.T @ sparse.diags_array(by_row) @ rows).todense(), np.float64)
    beside = rows.T @ (weight * LEVELS[None, :, None]).sum(1).ravel()
    total[_SPREAD, :] = total[:, _SPREAD] = beside
    total[_SPREAD, _SPREAD] = float((weight.sum((0, 2)) * LEVELS**2).sum())
    return total


def _prior(model: AnswerModel) -> tuple[Numbers, Numbers]:
    """Precision and centre. Intercept and `follows` are hardly held; people differ in readiness unless the data say
    otherwise, which takes many calls a person."""
    size = len(model.coefficients)
    precision, centre = np.zeros((size, size)), np.zeros(size)
    precision[_INTERCEPT, _INTERCEPT], precision[_SPREAD, _SPREAD] = 1e-3, 10.0
    precision[_FOLLOWS, _FOLLOWS] = 4.0
    centre[_SPREAD], centre[_FOLLOWS] = _USUAL_SPREAD, 0.5 if model.hours else 0.0
    for place, width, unlike in _blocks(model):
        precision[place, place] = unlike / width
    return precision, centre


def _blocks(model: AnswerModel) -> list[tuple[slice, float, Numbers]]:
    """The groups of coefficients that share a prior width, and the precision within each for width 1."""
    shared, own, weekday, hour, readiness = (float(width) for width in model.widths)
    start = _OWN + KNOTS * model.profiles
    curves = [slice(_OWN + KNOTS * one, _OWN + KNOTS * (one + 1)) for one in range(model.profiles)]
    return [
        (slice(_SHARED, _OWN), shared, _UNLIKE),
        *((place, own, _UNLIKE) for place in curves),
        (slice(start, start + 7), weekday, np.eye(7)),
        (slice(start + 7, start + _OTHERS), hour, np.eye(24)),
        (slice(start + _OTHERS, None), readiness, np.eye(model.profiles)),
    ]


def _unlike() -> Numbers:
    """Precision of a curve around the clock whose places within two hours of each other are alike."""
    steps = np.arange(KNOTS)
    apart = np.abs(steps[:, None] - steps[None, :])
    apart = np.minimum(apart, KNOTS - apart) * (24 / KNOTS)
    return np.asarray(linalg.inv(np.exp(-0.5 * (apart / 2.0) ** 2) + 0.05 * np.eye(KNOTS)), np.float64)


_UNLIKE: Final = _unlike()


def _widths(model: AnswerModel) -> Numbers:
    """Prior variances by the fixed point: what the coefficients show, over how many of them the data decide."""
    shown, decided = np.zeros(5), np.zeros(5)
    groups = [0, *[1] * model.profiles, 2, 3, 4]
    for group, (place, width, unlike) in zip(groups, _blocks(model), strict=True):
        values = model.coefficients[place]
        shown[group] += values @ unlike @ values
        decided[group] += len(values) - np.trace(model.covariance[place, place] @ unlike) / width
    return np.clip((shown + 0.02) / (np.maximum(decided, 0.0) + 1.0), _NARROWEST, _WIDEST)


def expit(logits: Numbers) -> Numbers:
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -30, 30))), np.float64)
