"""Suggesters that others have tried: each learns from a history as we do, and none adjusts as we do.

The Oracle alone is told the truth; it shows what is possible.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bench.worlds.answers import Answers, from_scores
from bench.worlds.decisions import Decisions, decisions, open_state
from bench.worlds.words import ACTIONS
from motenashi.sales_history.history import SalesHistory

Numbers = NDArray[np.float64]


class Suggester(Protocol):
    """`learn` once from a record; `advise` on the open deals of a history (in the order of its rows) at `as_of`."""

    name: str

    def learn(self, history: SalesHistory) -> None: ...

    def advise(self, history: SalesHistory, as_of: int) -> Answers: ...


class _Table(ABC):
    """A score for each stage and action; a contact is due after the gap that is usual in the stage (median)."""

    name = ""

    def __init__(self) -> None:
        self.table: Numbers = np.zeros((0, 0))
        self.p: Numbers | None = None
        self.gaps: Numbers = np.zeros(0)

    def learn(self, history: SalesHistory) -> None:
        made = decisions(history)
        stages = len(history.names.stages)
        known = made.action >= 0
        self.gaps = np.array([np.median(made.days[made.stage == stage]) if (made.stage == stage).any() else 7.0
                              for stage in range(stages)])  # fmt: skip
        self.table = self._scores(_only(made, known), stages)

    def advise(self, history: SalesHistory, as_of: int) -> Answers:
        _, stage, days = open_state(history, as_of)
        scores = self.table[stage]
        return from_scores(scores, days >= self.gaps[stage], scores if self.tells_p else None)

    tells_p = False

    @abstractmethod
    def _scores(self, made: Decisions, stages: int) -> Numbers: ...


class Random(_Table):
    name = "random action"

    def advise(self, history: SalesHistory, as_of: int) -> Answers:
        _, stage, days = open_state(history, as_of)
        rng = np.random.default_rng([3, len(stage), as_of])
        return from_scores(rng.random((len(stage), len(ACTIONS))), days >= self.gaps[stage])

    def _scores(self, made: Decisions, stages: int) -> Numbers:
        return np.zeros((stages, len(ACTIONS)))


class Usual(_Table):
    name = "what is usually done"

    def _scores(self, made: Decisions, stages: int) -> Numbers:
        return _sums(made, np.ones(len(made.deal)), stages)


class WinLift(_Table):
    """How much more often deals were won in which the action was taken in the stage."""

    name = "win-rate lift"

    def _scores(self, made: Decisions, stages: int) -> Numbers:
        closed = made.won >= 0
        pairs = np.unique(np.stack([made.deal, made.stage, made.action, made.won])[:, closed], axis=1)
        counts, wins = np.zeros((stages, len(ACTIONS))), np.zeros((stages, len(ACTIONS)))
        np.add.at(counts, (pairs[1], pairs[2]), 1)
        np.add.at(wins, (pairs[1], pairs[2]), pairs[3])
        return np.asarray(wins / np.maximum(counts, 1))


class AdvanceRate(_Table):
    name = "advance rate"
    tells_p = True

    def _scores(self, made: Decisions, stages: int) -> Numbers:
        counts, advanced = _sums(made, np.ones(len(made.deal)), stages), _sums(made, made.advanced, stages)
        return np.asarray(advanced / np.maximum(counts, 1))


class ShrunkRate(_Table):
    """The advance rate with twenty contacts of the stage's mean added."""

    name = "shrunk advance rate"
    tells_p = True

    def _scores(self, made: Decisions, stages: int) -> Numbers:
        return _shrunk(_sums(made, np.ones(len(made.deal)), stages), _sums(made, made.advanced, stages))


class InversePropensity(_Table):
    """Each contact weighs as much as its action is rare among contacts of its stage, signals and rep (smoothed)."""

    name = "inverse propensity"
    tells_p = True

    def learn(self, history: SalesHistory) -> None:
        self._owner = history.deals.owner
        super().learn(history)

    def _scores(self, made: Decisions, stages: int) -> Numbers:
        owner = self._owner[made.deal]
        cell = (made.stage * 5 + np.minimum(made.signals, 4)) * (int(owner.max(initial=0)) + 1) + owner
        all_of_cell = np.bincount(cell)
        own = np.zeros((len(all_of_cell), len(ACTIONS)))
        np.add.at(own, (cell, made.action), 1)
        share = _sums(made, np.ones(len(made.deal)), stages)
        share /= np.maximum(share.sum(axis=1, keepdims=True), 1)
        chance = (own[cell, made.action] + 10 * share[made.stage, made.action]) / (all_of_cell[cell] + 10)
        weight = np.minimum(share[made.stage, made.action] / chance, 10)
        return _shrunk(_sums(made, weight, stages), _sums(made, weight * made.advanced, stages))


NAIVE = (Random, Usual, WinLift, AdvanceRate, ShrunkRate, InversePropensity)


def _only(made: Decisions, which: NDArray[np.bool_]) -> Decisions:
    return Decisions(**{name: values[which] for name, values in vars(made).items()})


def _sums(made: Decisions, weights: NDArray[np.generic], stages: int) -> Numbers:
    sums = np.zeros((stages, len(ACTIONS)))
    np.add.at(sums, (made.stage, made.action), np.asarray(weights, np.float64))
    return sums


def _shrunk(counts: Numbers, advanced: Numbers) -> Numbers:
    mean = advanced.sum(axis=1, keepdims=True) / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    return np.asarray((advanced + 20 * mean) / (counts + 20))
