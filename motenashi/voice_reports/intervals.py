"""How sure a counted share is: intervals that stay honest when few were counted.

`wilson`: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927), the
score interval. `difference`: R. G. Newcombe, "Interval estimation for the difference between independent proportions",
Statistics in Medicine 17 (1998), method 10, made of two of these. `nps`: B. Rocks, "Interval estimation for the Net
Promoter Score", The American Statistician 70 (2016): the adjusted Wald interval, with three made-up answers added (a
promoter and a detractor three quarters of one each, one and a half in between).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

NORMAL_95 = 1.959963984540054


@dataclass(frozen=True)
class Share:
    """`count` of `whole`, the share 0 to 1, and its 95 % interval; all of them 0 without a whole."""

    count: int
    whole: int
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Interval:
    value: float
    low: float
    high: float


def wilson(count: int, whole: int) -> Share:
    if not whole:
        return Share(0, 0, 0.0, 0.0, 0.0)
    share, z2 = count / whole, NORMAL_95**2
    middle = (share + z2 / (2 * whole)) / (1 + z2 / whole)
    half = NORMAL_95 / (1 + z2 / whole) * sqrt(share * (1 - share) / whole + z2 / (4 * whole**2))
    return Share(count, whole, share, max(0.0, middle - half), min(1.0, middle + half))


def difference(one: Share, other: Share) -> Interval | None:
    """`one` less `other`; None where either has nothing to tell."""
    if not one.whole or not other.whole:
        return None
    value = one.value - other.value
    below = sqrt((one.value - one.low) ** 2 + (other.high - other.value) ** 2)
    above = sqrt((one.high - one.value) ** 2 + (other.value - other.low) ** 2)
    return Interval(value, value - below, value + above)


def nps(promoters: int, passives: int, detractors: int) -> Interval | None:
    """Net promoter score, -100 to 100; None without answers."""
    whole = promoters + passives + detractors
    if not whole:
        return None
    score = 100.0 * (promoters - detractors) / whole
    more = whole + 3.0
    up, down = (promoters + 0.75) / more, (detractors + 0.75) / more
    middle = up - down
    half = NORMAL_95 * sqrt((up + down - middle**2) / more)
    # With few answers the interval's own middle lies nearer to nothing than the score itself.
    low, high = 100 * max(-1.0, middle - half), 100 * min(1.0, middle + half)
    return Interval(score, min(low, score), max(high, score))
