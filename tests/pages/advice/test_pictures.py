"""The pictures of advice are right in numbers: intervals around "no difference", weeks, and promises kept."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from motenashi.pages.advice.advice_view import Bin
from motenashi.pages.advice.calibration_picture import draw_calibration, wilson, x_of, y_of
from motenashi.pages.advice.effect_picture import draw_effect
from motenashi.pages.advice.week_picture import draw_week
from motenashi.suggestions.best_time.best_times import Slot
from tests.pages.advice.plain_desk import CLEAR, OPEN


def test_no_difference_stands_in_the_middle_and_equal_factors_lie_equally_far() -> None:
    picture = draw_effect(replace(CLEAR, low=0.5, lift=1.0, high=2.0))

    assert picture.point == picture.middle == 50
    assert picture.middle - picture.low == pytest.approx(picture.high - picture.middle, abs=0.02)


@pytest.mark.parametrize(("low", "high", "tone"), [(1.1, 2.3, "good"), (0.4, 0.9, "bad"), (0.7, 1.8, "open")])
def test_an_interval_that_leaves_out_no_difference_has_a_colour(low: float, high: float, tone: str) -> None:
    assert draw_effect(replace(CLEAR, low=low, high=high)).tone == tone


@pytest.mark.parametrize("factor", [0.0, 1e-12, 1e9, math.inf])
def test_a_factor_beyond_the_picture_ends_at_its_edge(factor: float) -> None:
    picture = draw_effect(replace(OPEN, low=min(factor, 0.7), high=max(factor, 1.8)))

    assert 0 <= picture.low <= picture.point <= picture.high <= 100


def test_the_scale_names_only_what_lies_inside_it() -> None:
    assert [mark.words for mark in draw_effect(CLEAR).marks] == ["1/2", "1", "2"]
    assert "4" in [mark.words for mark in draw_effect(replace(CLEAR, high=6.0)).marks]


def test_a_week_has_every_hour_between_its_slots() -> None:
    week = draw_week([Slot(0, 9, 0.5, 0.4, 0.6, 3.5), Slot(2, 11, 0.3, 0.2, 0.4, 5.0)])

    assert week.weekdays == (0, 1, 2)
    assert [hour for hour, _cells in week.rows] == [9, 10, 11]
    assert week.rows[0][1][0].heat == 7
    assert week.rows[1][1][1].slot is None


def test_hours_set_by_hand_are_marked() -> None:
    slots = [Slot(day, hour, 0.5, 0.4, 0.6, 1.0) for day in range(2) for hour in (9, 10)]
    week = draw_week(slots, chosen_days=(1,), from_hour=10, to_hour=12)

    assert [[cell.chosen for cell in cells] for _hour, cells in week.rows] == [[False, False], [False, True]]


def test_a_week_without_slots_is_empty() -> None:
    assert draw_week([]).rows == ()


def test_promises_that_came_true_lie_on_the_line() -> None:
    picture = draw_calibration([Bin(0.2, 0.3, 40, 0.25, 0.25), Bin(0.7, 0.8, 10, 0.75, 0.75)])

    for point in picture.points:
        share = point.bin.promised
        assert (point.x, point.y) == (x_of(share), y_of(share))
    assert picture.points[0].radius > picture.points[1].radius


def test_a_bin_without_cases_is_not_drawn() -> None:
    assert draw_calibration([Bin(0.2, 0.3, 0, 0.0, 0.0)]).points == ()


def test_the_interval_of_a_share_is_wilsons() -> None:
    low, high = wilson(0.5, 10)

    assert (low, high) == (pytest.approx(0.2366, abs=1e-4), pytest.approx(0.7634, abs=1e-4))  # Wilson 1927, by hand
    assert wilson(0.0, 5)[0] == 0
    assert wilson(1.0, 5)[1] == 1
