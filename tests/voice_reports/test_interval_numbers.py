"""Intervals against published numbers, and how often they hold what they promise."""

from __future__ import annotations

from math import comb

import pytest

from motenashi.voice_reports.intervals import difference, nps, wilson


@pytest.mark.parametrize(
    ("count", "whole", "low", "high"),
    # Newcombe (1998), "Two-sided confidence intervals for the single proportion", table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_as_published(count: int, whole: int, low: float, high: float) -> None:
    share = wilson(count, whole)

    assert (round(share.low, 4), round(share.high, 4)) == (low, high)


def test_difference_as_published() -> None:
    # Newcombe (1998), "Interval estimation for the difference between independent proportions", table II, method 10.
    found = difference(wilson(56, 70), wilson(48, 80))

    assert found is not None
    assert (round(found.value, 4), round(found.low, 4), round(found.high, 4)) == (0.2, 0.0524, 0.3339)


def test_nothing_counted_is_no_interval() -> None:
    assert wilson(0, 0).whole == 0
    assert difference(wilson(0, 0), wilson(1, 2)) is None
    assert nps(0, 0, 0) is None


@pytest.mark.parametrize(("up", "down"), [(0.4, 0.2), (0.1, 0.7), (0.2, 0.2), (0.6, 0.3)])
@pytest.mark.parametrize("whole", [12, 30])
def test_the_interval_of_nps_holds_the_truth_about_as_often_as_it_says(up: float, down: float, whole: int) -> None:
    truth, held = 100 * (up - down), 0.0
    for promoters in range(whole + 1):
        for detractors in range(whole + 1 - promoters):
            rest = whole - promoters - detractors
            chance = comb(whole, promoters) * comb(whole - promoters, detractors)
            chance *= up**promoters * down**detractors * (1 - up - down) ** rest
            found = nps(promoters, rest, detractors)
            assert found is not None
            assert found.low <= found.value <= found.high
            held += chance * (found.low <= truth <= found.high)

    assert 0.92 <= held <= 0.99
