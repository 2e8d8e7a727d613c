"""Variable-order Markov chains: what came next in the finest context that has been seen, backed off to coarser ones.

Each rung's counts are discounted, and what is taken off goes to the rung below (absolute discounting with a Dirichlet
part, as in the hierarchical Pitman-Yor language model of Teh, 2006; counts are kept instead of sampled).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from motenashi.suggestions.next_events.event_log import Codes, Keys, Numbers, Rows

DISCOUNT = 0.5
STRENGTH = 1.0


@dataclass(frozen=True)
class Rung:
    """Counts of what followed each context. `keys` are sorted; `begins[i]:begins[i + 1]` are context i's followers."""

    keys: Keys
    begins: Rows
    followers: Codes
    weights: Numbers

    @staticmethod
    def learned(keys: Keys, followers: Codes, weights: Numbers) -> Rung:
        unique, context = np.unique(keys, return_inverse=True)
        classes = int(followers.max()) + 1 if len(followers) else 1
        pairs, pair = np.unique(context.astype(np.int64) * classes + followers, return_inverse=True)
        begins = np.searchsorted(pairs, np.arange(len(unique) + 1) * classes)
        summed = np.bincount(pair, weights=weights, minlength=len(pairs)).astype(np.float64)
        return Rung(unique, begins, (pairs % classes).astype(np.int32), summed)

    def refined(self, coarser: Numbers, keys: Keys) -> Numbers:
        """Probabilities of the rung below (rows × classes) -> of this one, where its contexts were seen."""
        place = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        seen = np.flatnonzero(self.keys[place] == keys)
        context = place[seen]
        lengths = self.begins[context + 1] - self.begins[context]
        row = np.repeat(np.arange(len(seen)), lengths)
        entry = np.repeat(self.begins[context] - (np.cumsum(lengths) - lengths), lengths) + np.arange(lengths.sum())
        weight = self.weights[entry]
        taken = np.minimum(weight, DISCOUNT)
        total = np.bincount(row, weights=weight, minlength=len(seen)) + STRENGTH
        left = (np.bincount(row, weights=taken, minlength=len(seen)) + STRENGTH) / total
        finer = coarser.copy()
        finer[seen] *= left[:, None]
        finer[seen[row], self.followers[entry]] += (weight - taken) / total[row]
        return finer


@dataclass(frozen=True)
class Chain:
    """One ladder of contexts, coarse to fine."""

    rungs: tuple[Rung, ...]
    classes: int

    @staticmethod
    def learned(ladder: Sequence[Keys], followers: Codes, weights: Numbers, *, classes: int) -> Chain:
        return Chain(tuple(Rung.learned(keys, followers, weights) for keys in ladder), classes)

    def probabilities(self, ladder: Sequence[Keys]) -> Numbers:
        """Rows × classes; each row sums to one."""
        told = np.full((len(ladder[0]), self.classes), 1.0 / self.classes)
        for rung, keys in zip(self.rungs, ladder, strict=True):
            told = rung.refined(told, keys)
        return told
