"""Risk ratios, their p-values, and the correction for many of them: against published numbers and brute force."""

from __future__ import annotations

import random
from itertools import product
from math import comb, log, sqrt

import pytest

from motenashi.voice_reports.false_discoveries import adjusted
from motenashi.voice_reports.matched_risk import Stratum, p_value, risk_ratio


def test_one_stratum_is_the_plain_risk_ratio_with_the_interval_of_katz() -> None:
    found = risk_ratio([Stratum(30, 12, 100, 26)])

    assert found is not None
    assert found.value == pytest.approx((12 / 30) / (14 / 70))
    half = 1.959964 * sqrt(1 / 12 - 1 / 30 + 1 / 14 - 1 / 70)
    assert log(found.high / found.value) == pytest.approx(half, rel=1e-6)


def test_the_ratio_of_strata_is_theirs_where_each_has_the_same() -> None:
    found = risk_ratio([Stratum(10, 4, 30, 8), Stratum(20, 16, 40, 24)])

    assert found is not None
    assert found.value == pytest.approx(2.0)


def test_a_mixed_up_world_is_seen_through() -> None:
    """Exposure goes with the stratum that loses more, and does nothing within either (Simpson)."""
    strata = [Stratum(80, 40, 100, 50), Stratum(20, 2, 100, 10)]

    found = risk_ratio(strata)

    assert found is not None
    assert found.value == pytest.approx(1.0)
    assert p_value(strata) > 0.9
    assert p_value([Stratum(100, 42, 200, 60)]) < 0.01


@pytest.mark.parametrize(
    ("stratum", "expected"),
    # Fisher's tea (1935), and Agresti (2002), table 3.8; two-sided by the probability of what is no more likely.
    [(Stratum(4, 3, 8, 4), 0.4857), (Stratum(23, 21, 41, 36), 0.6384)],
)
def test_fishers_exact_test_as_published(stratum: Stratum, expected: float) -> None:
    assert p_value([stratum]) == pytest.approx(expected, abs=5e-5)


def test_several_strata_are_exact_by_brute_force() -> None:
    strata = [Stratum(3, 2, 7, 3), Stratum(4, 3, 6, 3), Stratum(1, 1, 5, 2)]
    chances: dict[int, float] = {}
    possible = [range(min(one.exposed, one.all_lost) + 1) for one in strata]
    for lost in product(*possible):
        chance = 1.0
        for one, count in zip(strata, lost, strict=True):
            rest = one.all - one.exposed
            chance *= comb(one.exposed, count) * comb(rest, one.all_lost - count) / comb(one.all, one.all_lost)
        chances[sum(lost)] = chances.get(sum(lost), 0.0) + chance
    seen = chances[sum(one.exposed_lost for one in strata)]

    assert p_value(strata) == pytest.approx(sum(one for one in chances.values() if one <= seen * (1 + 1e-9)))


def test_the_normal_curve_agrees_with_the_exact_test_where_it_takes_over() -> None:
    draw = random.Random(5)
    for _ in range(60):
        exposed, lost, everyone = draw.randint(30, 60), draw.randint(30, 60), 140
        seen = draw.randint(max(0, exposed + lost - everyone), min(exposed, lost))
        one = Stratum(exposed, seen, everyone, lost)
        chances = [hypergeometric(one, count) for count in range(61)]
        tails = sum(chances[: seen + 1]), sum(chances[seen:])
        assert p_value([one]) == pytest.approx(min(1.0, 2 * min(tails)), abs=0.02)


def hypergeometric(one: Stratum, count: int) -> float:
    if count > one.all_lost:
        return 0.0
    ways = comb(one.exposed, count) * comb(one.all - one.exposed, one.all_lost - count)
    return ways / comb(one.all, one.all_lost)


@pytest.mark.parametrize(
    "strata",
    [[], [Stratum(0, 0, 10, 5)], [Stratum(10, 5, 10, 5)], [Stratum(3, 0, 10, 0)], [Stratum(3, 3, 10, 10)]],
)
def test_strata_that_tell_nothing_tell_nothing(strata: list[Stratum]) -> None:
    assert p_value(strata) == 1.0


def test_a_loss_that_only_the_exposed_had_has_no_ratio_but_a_p_value() -> None:
    strata = [Stratum(10, 10, 30, 10)]

    assert risk_ratio(strata) is None
    assert p_value(strata) < 1e-6


def test_adjusted_p_values_as_published() -> None:
    # Benjamini and Hochberg (1995), the example of section 3: four are told at 0.05.
    p_values = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459]
    p_values += [0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000]

    told = adjusted(p_values)

    assert sum(one <= 0.05 for one in told) == 4
    assert told[3] == pytest.approx(0.0095 * 15 / 4)
    assert adjusted(p_values[::-1]) == told[::-1]
    assert adjusted([]) == []
