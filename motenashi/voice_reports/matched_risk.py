"""How much more often something ends badly for those it happened to, compared only with their like (strata).

`risk_ratio`: the Mantel–Haenszel risk ratio (K. J. Rothman, S. Greenland, T. L. Lash, "Modern Epidemiology", 3rd ed.,
2008, chapter 15) with the interval of S. Greenland and J. M. Robins, "Estimation of a common effect parameter from
sparse follow-up data", Biometrics 41 (1985). With one stratum it is the plain risk ratio with the interval on the
logarithm of D. Katz et al., Biometrics 34 (1978).

`p_value`: is there any association within the strata? Exact where little was counted: given all margins, the number of
exposed who lost is a sum of hypergeometric numbers, one a stratum (with one stratum: Fisher's exact test); two-sided by
adding up what is no more likely than what was seen. Where the rule of N. Mantel and J. L. Fleiss (American Journal of
Epidemiology 112, 1980) says that a normal curve will do: the test of Cochran, Mantel and Haenszel (N. Mantel, W.
Haenszel, JNCI 22, 1959) with correction for continuity.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, exp, lgamma, log, sqrt

from motenashi.voice_reports.intervals import NORMAL_95, Interval

ENOUGH = 5.0  # Mantel and Fleiss: so far the expected number has to lie from both ends of what is possible
_SLACK = 1 + 1e-9  # equally likely, but for rounding


@dataclass(frozen=True)
class Stratum:
    """Of customers that are alike: how many the factor was there for and how many of these lost; the same for all."""

    exposed: int
    exposed_lost: int
    all: int
    all_lost: int


def risk_ratio(strata: Sequence[Stratum]) -> Interval | None:
    """None where it can't be told: nobody lost among the exposed, or among the others, or nobody to compare with."""
    over = under = spread = 0.0
    for one in _informative(strata):
        a, n1, n0, n = one.exposed_lost, one.exposed, one.all - one.exposed, one.all
        c = one.all_lost - a
        over += a * n0 / n
        under += c * n1 / n
        spread += (n1 * n0 * one.all_lost - a * c * n) / n**2
    if over <= 0 or under <= 0:
        return None
    half = NORMAL_95 * sqrt(max(spread, 0.0) / (over * under))
    middle = log(over / under)
    return Interval(over / under, exp(middle - half), exp(middle + half))


def p_value(strata: Sequence[Stratum]) -> float:
    """Two-sided; 1 where no stratum can tell anything."""
    informative = [one for one in _informative(strata) if 0 < one.all_lost < one.all]
    if not informative:
        return 1.0
    seen = sum(one.exposed_lost for one in informative)
    expected = sum(one.exposed * one.all_lost / one.all for one in informative)
    least = sum(max(0, one.exposed + one.all_lost - one.all) for one in informative)
    most = sum(min(one.exposed, one.all_lost) for one in informative)
    if min(expected - least, most - expected) >= ENOUGH:
        return _normal(informative, seen, expected)
    return _exact(informative, seen - least)


def _informative(strata: Sequence[Stratum]) -> list[Stratum]:
    return [one for one in strata if 0 < one.exposed < one.all]


def _normal(strata: Sequence[Stratum], seen: int, expected: float) -> float:
    variance = sum(
        one.exposed * (one.all - one.exposed) * one.all_lost * (one.all - one.all_lost) / (one.all**2 * (one.all - 1))
        for one in strata
    )
    away = max(0.0, abs(seen - expected) - 0.5)
    return erfc(away / sqrt(variance) / sqrt(2))


def _exact(strata: Sequence[Stratum], seen: int) -> float:
    """`seen`: counted from the least that is possible."""
    chances = [1.0]
    for one in strata:
        chances = _sum_of(chances, _hypergeometric(one))
    limit = chances[seen] * _SLACK
    return min(1.0, sum(chance for chance in chances if chance <= limit))


def _sum_of(ones: Sequence[float], others: Sequence[float]) -> list[float]:
    total = [0.0] * (len(ones) + len(others) - 1)
    for place, one in enumerate(ones):
        for further, other in enumerate(others):
            total[place + further] += one * other
    return total


def _hypergeometric(one: Stratum) -> list[float]:
    least, most = max(0, one.exposed + one.all_lost - one.all), min(one.exposed, one.all_lost)
    whole = _choose(one.all, one.all_lost)
    return [
        exp(_choose(one.exposed, lost) + _choose(one.all - one.exposed, one.all_lost - lost) - whole)
        for lost in range(least, most + 1)
    ]


def _choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
