"""Suggestions that were followed, where chance had chosen them, count as evidence free of hidden reasons."""

from __future__ import annotations

import numpy as np
import pytest

from motenashi.suggestions.next_best_action.decisions import decisions_of
from motenashi.suggestions.next_best_action.feedback import Feedback, chosen_by_us
from motenashi.suggestions.next_best_action.learn import learn
from motenashi.suggestions.next_best_action.record import sales_record
from tests.suggestions.next_best_action.by_hand import Deal, Did, history, moment

DEALS = [Deal(), Deal()]
DID = [Did(0, 2.0), Did(0, 6.0, "event", "demo"), Did(1, 6.0, "event", "demo")]


def shown(deal: str, day: float, action: str, *, probability: float = 0.1, followed: bool = True) -> Feedback:
    return Feedback(
        np.array([deal], object),
        np.array([moment(day)]),
        np.array([action], object),
        np.array([probability]),
        np.array([followed]),
        np.array([True]),
    )


def chosen(feedback: Feedback) -> list[bool]:
    written = history(DEALS, DID)
    made = decisions_of(sales_record(written, as_of=moment(100)), as_of=moment(100))
    return [bool(flag) for flag in chosen_by_us(written, made, feedback)]


def test_the_next_decision_that_did_as_suggested_was_our_choice() -> None:
    assert chosen(shown("d0", 5.0, "event:demo")) == [False, True, False]


@pytest.mark.parametrize(
    "feedback",
    [
        shown("d0", 5.0, "event:demo", followed=False),
        shown("d0", 5.0, "event:demo", probability=1.0),
        shown("d0", 5.0, "call:quote"),
        shown("d0", 1.0, "event:demo"),  # the next decision was another one
        shown("d0", 8.0, "event:demo"),  # nothing was done since
        shown("d9", 5.0, "event:demo"),
        shown("d0", 5.0, "no such action"),
    ],
    ids=["not followed", "certain", "did otherwise", "not next", "too late", "unknown deal", "unknown action"],
)
def test_other_decisions_are_the_representatives_own(feedback: Feedback) -> None:
    assert chosen(feedback) == [False, False, False]


def test_what_was_tried_by_chance_outweighs_what_looks_well() -> None:
    """Calls look wonderful where representatives choose them; where we chose them by chance they did nothing."""
    own = [
        Deal((("First", 0.0), ("Second", 3.0)) if number % 4 else (("First", 0.0), ("Lost", 3.0)))
        for number in range(300)
    ]
    other = [
        Deal((("First", 0.0), ("Second", 3.0)) if number % 4 == 0 else (("First", 0.0), ("Lost", 3.0)))
        for number in range(300)
    ]
    tried = [
        Deal((("First", 0.0), ("Second", 3.0)) if number % 4 == 0 else (("First", 0.0), ("Lost", 3.0)))
        for number in range(300)
    ]
    did = [Did(number, 2.0) for number in range(300)] + [
        Did(300 + number, 2.0, "event", "demo") for number in range(300)
    ]
    written = history([*own, *other, *tried], [*did, *(Did(600 + number, 2.0) for number in range(300))])
    ours = Feedback(
        np.array([f"d{600 + number}" for number in range(300)], object),
        np.full(300, moment(1.0)),
        np.full(300, "call:follow_up", object),
        np.full(300, 0.1),
        np.full(300, True),
        np.full(300, False),
    )

    def effect_of_calls(feedback: Feedback | None) -> float:
        learned = learn(written, feedback=feedback)
        call, event = (learned.words.actions.index(name) for name in ("call:follow_up", "event:demo"))
        mean = learned.effects.action_draws.mean(axis=1)
        of_action = learned.effects.action.column[: len(learned.words.actions)]
        return float(mean[of_action[call]] - mean[of_action[event]])

    assert effect_of_calls(ours) < effect_of_calls(None) * 0.8
