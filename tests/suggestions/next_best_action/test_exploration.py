"""Which action is suggested: the best, or within bounds one that may be as good."""

from __future__ import annotations

import numpy as np
import pytest

from motenashi.suggestions.next_best_action.deal_advice import RankedAction
from motenashi.suggestions.next_best_action.exploration import choice_chances, choose
from motenashi.suggestions.next_best_action.settings import LearningSettings


def action(purpose: str, low: float, high: float) -> RankedAction:
    lift = (low * high) ** 0.5
    return RankedAction("call", purpose, 0.2 * lift, 0.2, lift, low, high, 30, 6, "stage")


BEST, RIVAL, WORSE = action("demo", 1.0, 1.8), action("quote", 0.9, 1.7), action("follow_up", 0.4, 0.8)
RANKED = (BEST, RIVAL, WORSE)


def test_without_exploration_the_best_comes_for_certain() -> None:
    settings = LearningSettings(exploration_at_most=0.0)

    assert choose(RANKED, settings, np.random.default_rng(1)) == (BEST, 1.0)
    assert choice_chances(RANKED, settings).tolist() == [1.0, 0.0, 0.0]


def test_an_action_that_is_surely_worse_is_never_tried() -> None:
    assert choice_chances(RANKED, LearningSettings(exploration_at_most=1.0))[2] == 0.0


@pytest.mark.parametrize("bound", [0.05, 0.1, 0.5])
def test_others_than_the_best_come_no_oftener_than_allowed(bound: float) -> None:
    chances = choice_chances(RANKED, LearningSettings(exploration_at_most=bound))

    assert chances.sum() == pytest.approx(1.0)
    assert 0 < chances[1:].sum() <= bound


def test_the_probability_told_is_how_often_it_comes() -> None:
    settings, random = LearningSettings(exploration_at_most=0.5), np.random.default_rng(4)

    chosen = [choose(RANKED, settings, random) for _ in range(2000)]

    (told,) = {probability for one, probability in chosen if one is RIVAL}
    assert np.mean([one is RIVAL for one, _ in chosen]) == pytest.approx(told, abs=0.03)


def test_a_single_action_is_certain() -> None:
    assert choose((BEST,), LearningSettings(), np.random.default_rng(1)) == (BEST, 1.0)
