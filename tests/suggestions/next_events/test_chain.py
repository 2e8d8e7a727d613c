"""Chains back off from the finest context that was seen; medians do, too."""

from __future__ import annotations

import numpy as np
import pytest

from motenashi.suggestions.next_events.blend import pooled, shares, trusts
from motenashi.suggestions.next_events.chain import Chain
from motenashi.suggestions.next_events.event_log import Keys
from motenashi.suggestions.next_events.medians import MedianGaps


def keys(*of: int) -> Keys:
    return np.array(of, dtype=np.uint64)


COARSE, FINE = keys(0, 0, 0, 0, 0, 0), keys(1, 1, 1, 2, 2, 2)
CAME = np.array([0, 0, 0, 1, 1, 2], dtype=np.int32)
CHAIN = Chain.learned([COARSE, FINE], CAME, np.ones(6), classes=4)


def test_a_context_that_was_seen_speaks_and_a_new_one_leaves_it_to_the_coarser() -> None:
    seen, other, new = CHAIN.probabilities([keys(0, 0, 0), keys(1, 2, 9)])

    assert seen.argmax() == 0 and other.argmax() == 1
    assert new == pytest.approx(Chain.learned([COARSE], CAME, np.ones(6), classes=4).probabilities([keys(0)])[0])


def test_probabilities_sum_to_one_and_none_is_nought() -> None:
    told = CHAIN.probabilities([keys(0, 0, 5), keys(1, 2, 9)])

    assert told.sum(axis=1) == pytest.approx(1.0)
    assert (told > 0).all()


def test_a_follower_counts_as_much_as_its_weight() -> None:
    heavy = Chain.learned([COARSE], CAME, np.array([1, 1, 1, 5, 5, 1.0]), classes=4)

    assert heavy.probabilities([keys(0)])[0].argmax() == 1


def test_a_median_comes_from_the_finest_context_with_enough_behind_it() -> None:
    fine = np.repeat(np.array([1, 2], dtype=np.uint64), [20, 3])
    gaps = np.concatenate([np.full(20, 10.0), np.full(3, 500.0)])
    learned = MedianGaps.learned([np.zeros(23, np.uint64), np.zeros(23, np.uint64), fine], gaps, np.ones(23))

    assert learned.medians([keys(0, 0), keys(0, 0), keys(1, 2)]).tolist() == [10.0, 10.0]
    assert learned.medians([keys(7), keys(7), keys(7)]).tolist() == [10.0]


def test_the_median_is_where_half_of_the_weight_lies() -> None:
    gaps, weights = np.array([1.0, 2.0, 3.0]), np.array([1.0, 1.0, 5.0])

    assert MedianGaps.learned([keys(0, 0, 0)], gaps, weights).of_all == 3.0


def test_the_method_that_was_right_is_trusted() -> None:
    right, wrong = np.array([[0.8, 0.2], [0.2, 0.8]] * 50), np.array([[0.4, 0.6], [0.6, 0.4]] * 50)
    came = np.array([0, 1] * 50, dtype=np.int32)

    trust = trusts([right, wrong], came, np.ones(100))

    assert trust[0] > 0.5 and trust[1] < 0.1
    assert pooled([right, wrong], trust).sum(axis=1) == pytest.approx(1.0)


def test_the_method_with_the_least_error_has_the_largest_share() -> None:
    came = np.arange(50.0)

    share = shares([came + 1, came + 40], came, np.ones(50))

    assert share.tolist() == [1.0, 0.0]
