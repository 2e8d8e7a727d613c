"""What is learned of effects: the truth of small worlds, not what salespeople's choices make it look like."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from motenashi.suggestions.next_best_action.advise import advise
from motenashi.suggestions.next_best_action.deal_advice import DealAdvice
from motenashi.suggestions.next_best_action.learn import learn
from tests.suggestions.next_best_action.by_hand import Deal, Did, at_day, history
from tests.suggestions.next_best_action.conftest import Taught
from tests.suggestions.next_best_action.small_world import ACTIONS, SmallWorld


def advice_of(taught: Taught) -> list[DealAdvice]:
    until = datetime.fromtimestamp(taught.world.history.organisation.as_of, UTC)
    return advise(taught.learned, taught.world.history, as_of=until)


def capture(world: SmallWorld, chosen: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> float:
    """How far from a random action (0) to the best one (1)."""
    random = world.chances.mean(axis=1)
    got = world.chances[np.arange(len(chosen)), chosen]
    return float((got - random).sum() / (world.chances.max(axis=1) - random).sum())


def best_of(advices: list[DealAdvice]) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    return np.array([ACTIONS.index(advice.ranked[0].name) for advice in advices])


def plain_rates(taught: Taught) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """What the plain rate of moving on would choose."""
    counts, words = taught.learned.counts, taught.learned.words
    rate = counts.advanced.sum((2, 3)) / np.maximum(counts.taken.sum((2, 3)), 1)
    stage = taught.world.history.deals.stage[taught.world.open_deals]
    return np.array([ACTIONS.index(words.actions[place]) for place in rate[:, stage].argmax(axis=0)])


def test_the_best_actions_are_found_where_plain_rates_mislead(chased: Taught) -> None:
    ours = capture(chased.world, best_of(advice_of(chased)))

    assert ours > 0.7
    assert ours > capture(chased.world, plain_rates(chased)) + 0.1


def test_the_stated_chance_is_about_the_true_one(chased: Taught) -> None:
    advices = [advice for advice in advice_of(chased) if advice.suggest]
    rows = [row for row, advice in enumerate(advice_of(chased)) if advice.suggest]
    true = chased.world.chances[rows, best_of(advices)]
    said = np.array([advice.ranked[0].p for advice in advices])

    assert abs(said.mean() - true.mean()) < 0.06


def test_where_nothing_works_hardly_anything_is_claimed(null: Taught) -> None:
    advices = advice_of(null)
    claims = [action.low > 1 or action.high < 1 for advice in advices for action in advice.ranked]
    best = [advice.ranked[0].low > 1 for advice in advices]

    assert np.mean(claims) < 0.05
    assert np.mean(best) < 0.05


def test_what_salespeople_sense_is_not_taken_for_an_effect(sensed: Taught) -> None:
    best = [advice.ranked[0].low > 1 for advice in advice_of(sensed)]

    assert np.mean(best) < 0.05


def test_where_actions_matter_effects_are_claimed(chased: Taught) -> None:
    assert np.mean([advice.ranked[0].low > 1 for advice in advice_of(chased)]) > 0.5


def test_an_action_taken_again_and_again_is_expected_to_help_less(chased: Taught) -> None:
    fresh = history([Deal((("First", 0.0),))], [Did(0, day, "event", "demo") for day in (1.0, 2.0, 3.0)], until=12.0)
    learned = learn(fresh)  # next to nothing is known: it is the prior that says so

    after = {a.name: a.p for a in advise(learned, fresh, as_of=at_day(12))[0].ranked}
    untried = {a.name: a.p for a in advise(learned, history([Deal()], until=12.0), as_of=at_day(12))[0].ranked}

    assert after["event:demo"] / after["call:follow_up"] < untried["event:demo"] / untried["call:follow_up"]
    # And the data say so themselves where it is true.
    assert chased.learned.effects.repetition_draws[:2].mean() < -0.3


def test_the_interval_holds_the_lift_and_narrows_with_more_data(chased: Taught, null: Taught) -> None:
    little = learn(history([Deal()], [Did(0, 1.0)], until=9.0))
    few = advise(little, history([Deal()], [Did(0, 1.0)], until=9.0), as_of=at_day(9))[0]

    for advice in (few, *advice_of(chased)[:20]):
        assert all(action.low <= action.lift <= action.high for action in advice.ranked)
    width = np.mean([np.log(action.high / action.low) for action in few.ranked])
    many = np.mean([np.log(action.high / action.low) for advice in advice_of(null) for action in advice.ranked])
    assert many < width / 2


def test_ranking_is_by_the_chance_to_move_on(chased: Taught) -> None:
    for advice in advice_of(chased)[:20]:
        chances = [action.p for action in advice.ranked]
        assert chances == sorted(chances, reverse=True)


def test_fewer_decisions_may_be_fitted_and_all_are_counted(chased: Taught) -> None:
    settings = replace(chased.learned.settings, most_decisions=1000)

    learned = learn(chased.world.history, settings=settings)

    assert np.array_equal(learned.counts.taken, chased.learned.counts.taken)
    assert learned.learned_from == chased.learned.learned_from
