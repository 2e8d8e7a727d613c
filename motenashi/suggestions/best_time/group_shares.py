"""From company to industry to account: which profiles somebody of this group has, before their own evidence.

A group's shares are what its people show, drawn towards the level above as if so many people of that level belonged
to it; how many is chosen so that each person is best foretold by the others of the group (leave one out).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from motenashi.sales_history.history import Codes, Numbers

# 1e9: the group says nothing.
STRENGTHS: Final = (2.0, 5.0, 15.0, 50.0, 200.0, 1e9)


@dataclass(frozen=True)
class GroupShares:
    """`sums`: groups x profiles, what the people of each show; `strength`: how many people of the level above."""

    sums: Numbers
    strength: float

    def of(self, group: Codes, above: Numbers, own: Numbers) -> Numbers:
        """People x profiles: shares of each one's group without themselves. `above`: the same of the level above;
        `own`: what the person is in `sums` with."""
        inside = group >= 0
        others = np.where(inside[:, None], np.maximum(self.sums[np.maximum(group, 0)] - own, 0.0), 0.0)
        total = others + self.strength * above
        return np.asarray(total / total.sum(1, keepdims=True), np.float64)


def learn_shares(group: Codes, groups: int, above: Numbers, own: Numbers, likelihood: Numbers) -> GroupShares:
    """`likelihood`: people x profiles, how probable each one's evidence is in each profile, up to a factor."""
    sums = np.zeros((max(groups, 1), own.shape[1]))
    inside = group >= 0
    np.add.at(sums, group[inside], own[inside])
    several: Sequence[GroupShares] = [GroupShares(sums, strength) for strength in STRENGTHS]
    scores = [float(np.log((one.of(group, above, own) * likelihood).sum(1)).sum()) for one in several]
    return several[int(np.argmax(scores))]


def shown(belief: Numbers, shares: Numbers) -> Numbers:
    """What a person adds to their groups: their profiles, as far as evidence has told them from everybody's."""
    doubt = -(belief * np.log(np.maximum(belief, 1e-12))).sum(1)
    most = max(float(-(shares * np.log(np.maximum(shares, 1e-12))).sum()), 1e-9)
    return np.asarray(belief * np.clip(1 - doubt / most, 0.0, 1.0)[:, None], np.float64)
