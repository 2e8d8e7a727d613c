"""On the made-up log of the bench ours beats plain counting, and nothing beats the truth."""

from __future__ import annotations

from statistics import fmean

import pytest

from bench.next_events import BASELINES, Answer, Question, made_up, our_answers, split


@pytest.mark.parametrize("by", ["time", "case", "cut"])
def test_ours_is_better_than_counting_and_hardly_worse_than_the_truth(by: str) -> None:
    cases, best = made_up(700)
    learned, asked = split(cases, best, 2 / 3, by, 2)

    ours = our_answers(learned, asked)
    first, error = scores(asked, ours)
    counted = [scores(asked, list(map(learn(learned), asked))) for learn in BASELINES.values()]

    assert first > max(one for one, _ in counted)
    assert error < min(one for _, one in counted)
    assert first > 0.9 * fmean(question.best == question.next for question in asked)
    assert fmean(question.next in answer.ranked[:3] for question, answer in zip(asked, ours, strict=True)) > 0.98


def scores(asked: list[Question], answers: list[Answer]) -> tuple[float, float]:
    """Share of first places that were right, mean absolute error in seconds."""
    pairs = list(zip(asked, answers, strict=True))
    return (
        fmean(answer.ranked[0] == question.next for question, answer in pairs),
        fmean(abs(answer.gap - question.gap) for question, answer in pairs),
    )
