"""Time in stage with censoring, and the gap between contacts that goes best."""

from __future__ import annotations

import numpy as np
import pytest

from motenashi.sales_history.history import Organisation
from motenashi.suggestions.next_best_action.cadence import event_hours, local_hours
from motenashi.suggestions.next_best_action.dwell import kaplan_meier, stays_of, usual_stays
from motenashi.suggestions.next_best_action.record import sales_record
from motenashi.suggestions.next_best_action.vocabulary import translation, vocabulary_of
from tests.suggestions.next_best_action.by_hand import Deal, history, moment
from tests.suggestions.next_best_action.conftest import Taught


def quartiles(deals: list[Deal], *, at_least: int = 1) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    written = history(deals)
    words = vocabulary_of(written, [])
    stays = stays_of(sales_record(written, as_of=moment(100)), translation(written, words), words, as_of=moment(100))
    return usual_stays(stays, words, at_least=at_least)


def test_kaplan_and_meier_by_hand() -> None:
    """Six stays; those of 3 and 5 days were cut short. Still there after 1: 5/6; 2: 4/6; 4: 4/9; 6: 0."""
    days, ended = np.array([1.0, 2, 3, 4, 5, 6]), np.array([True, True, False, True, False, True])

    assert kaplan_meier(days, ended).tolist() == [2.0, 4.0, 6.0]


def test_a_quartile_that_was_never_reached_is_not_invented() -> None:
    assert np.isnan(kaplan_meier(np.array([1.0, 2.0, 2.0]), np.array([True, False, False]))).tolist() == [
        False,
        True,
        True,
    ]


def test_open_and_lost_deals_lengthen_the_stay() -> None:
    moved = [Deal((("First", 0.0), ("Second", 2.0 + number))) for number in range(6)]
    lost = [Deal((("First", 0.0), ("Lost", 4.5))) for _ in range(3)]

    assert quartiles([*moved, *lost])[0, 0, 0, 1] > quartiles(moved)[0, 0, 0, 1]


def test_a_thin_segment_has_the_times_of_its_type_and_then_of_its_stage() -> None:
    deals = [Deal((("First", 0.0), ("Second", 3.0))) for _ in range(6)]
    deals += [Deal((("First", 0.0), ("Second", 9.0)), type=1, industry=1) for _ in range(6)]

    table = quartiles(deals, at_least=5)

    assert table[0, 1, 0].tolist() == [9.0, 9.0, 9.0]  # no such industry in this type
    assert table[0, 2, 0].tolist() == [3.0, 3.0, 9.0]  # an unknown type: all of the stage
    assert np.isnan(table[1]).all()


def test_the_ideal_gap_is_found_and_its_doubt_is_honest(chased: Taught) -> None:
    learned, truth = chased.learned, chased.world.truth
    away = np.log(learned.ideal_days[:4, :3] / truth.ideal_days)

    assert np.abs(away).mean() < 0.3
    assert (np.abs(away) < 2.5 * learned.doubt[:4, :3]).all()


def test_weekday_and_hour_are_the_organisations() -> None:
    weekday, hour = local_hours("Asia/Tokyo", np.array([moment(0.0), moment(0.75)]))  # a Sunday, midnight and 18:00 UTC

    assert (weekday.tolist(), hour.tolist()) == ([6, 0], [9, 3])


def test_hours_at_which_events_go_well_stand_out_and_empty_ones_do_not() -> None:
    tokyo = Organisation("Asia/Tokyo", (0, 1, 2, 3, 4), 540, 1080, 0)
    monday_ten, monday_three = moment(1 + 1 / 24), moment(1 + 6 / 24)
    at = np.array([monday_ten] * 60 + [monday_three] * 60)

    table = event_hours(tokyo, at, np.array([True] * 40 + [False] * 20 + [True] * 10 + [False] * 50))

    assert table.shape == (7, 24)
    assert table[0, 10] > 1.1 > 0.9 > table[0, 15]
    assert table[3, 12] == pytest.approx(1.0, abs=0.02)
