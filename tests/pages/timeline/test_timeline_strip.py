"""The picture of all the time: where things stand in it, in percent."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from motenashi.insights.timeline.timeline import Query, Timeline
from motenashi.pages.timeline.row_view import strength
from motenashi.pages.timeline.strip import GAP, LAST_TICK, MOST_COLUMNS, MOST_TICKS, Strip, draw_strip
from tests.pages.timeline.plain_timelines import (
    DAY,
    NOW,
    STAGE,
    TOKYO,
    PlainTimelines,
    a_stalled_deal,
    many_touches,
    milestone,
    touch,
)


def drawn(entries: Sequence[Any], mean_s: float | None = 6 * DAY) -> Strip:
    strip = draw_strip(whole(entries, mean_s), now=NOW, zone=TOKYO)
    assert strip
    return strip


def whole(entries: Sequence[Any], mean_s: float | None = 6 * DAY) -> Timeline:
    desk = PlainTimelines({("lead", "l1"): ("L", entries)}, mean_s)
    timeline = desk.timeline("lead", "l1", Query(), most=100_000)
    assert timeline
    return timeline


def test_nothing_happened_is_no_picture() -> None:
    assert draw_strip(whole([]), now=NOW, zone=TOKYO) is None


@pytest.mark.parametrize(
    "entries", [a_stalled_deal(), many_touches(3_000), [touch(1, 0)], [touch(1, 0.01), touch(2, 0)]]
)
def test_every_touch_is_in_one_column_of_its_days(entries: list[Any]) -> None:
    strip = drawn(entries)

    assert sum(column.signals + column.follow_ups for column in strip.columns) == sum(
        hasattr(one, "side") for one in entries
    )
    assert len(strip.columns) <= MOST_COLUMNS
    assert strip.columns[0].x == 0
    assert round(strip.columns[-1].x + strip.columns[-1].width) == 100
    assert max(max(column.above, column.below) for column in strip.columns) == 100
    for column in strip.columns:
        assert column.first <= column.last


def test_one_touch_shows_beside_a_hundred() -> None:
    strip = drawn([touch(0, 50), *(touch(n, 2, "follow_up") for n in range(1, 101))])

    assert [column.above for column in strip.columns if column.signals] == [10.0]


def test_silences_lie_between_the_touches_they_part_and_reach_until_now() -> None:
    strip = drawn([touch(1, 100), touch(2, 60), touch(3, 58), touch(4, 20)])
    old, lasting = sorted(strip.bands, key=lambda band: band.x)[0], max(strip.bands, key=lambda band: band.x)

    assert (old.x, old.width, old.now) == (0, pytest.approx(40 - GAP), False)
    assert (lasting.x, lasting.width, lasting.now) == (80, pytest.approx(20 - GAP), True)
    assert (len(strip.bands), strip.silences) == (3, 3)
    assert strip.longest == 40 * DAY


def test_silences_too_short_to_be_seen_are_counted_all_the_same() -> None:
    strip = drawn([*(touch(n, n / 100) for n in range(500)), touch(999, 2_000)], mean_s=300)

    assert strip.silences == 500
    assert len(strip.bands) == 1


def test_without_a_usual_rhythm_there_is_no_silence() -> None:
    assert drawn(a_stalled_deal(), None).bands == ()


@pytest.mark.parametrize(("times", "strong"), [(1.01, 1), (1.99, 1), (2, 2), (4, 3), (8, 4), (1000, 4), (0.5, 1)])
def test_a_longer_silence_looks_stronger(times: float, strong: int) -> None:
    assert strength(times * 6 * DAY, 6 * DAY) == strong


def test_milestones_on_each_other_are_one_and_the_end_of_a_deal_is_never_hidden() -> None:
    changes = [replace(milestone(n, 50 - n / 1000, "A", "B"), **STAGE) for n in range(40)]
    won = replace(milestone(99, 49.999, "B", "Won"), **{**STAGE, "outcome": "won"})
    strip = drawn([touch(1, 100), *changes[:20], won, *changes[20:], touch(2, 1)])

    assert [mark.outcome for mark in strip.marks] == ["won"]
    assert not strip.crowded
    assert drawn(many_touches(12_000)).crowded


def test_labels_are_few_round_and_never_cut_off() -> None:
    chance = random.Random(3)
    for _ in range(300):
        days = chance.choice([chance.uniform(0, 3), chance.uniform(1, 100), chance.uniform(50, 9_000)])
        strip = drawn([touch(1, days), touch(2, 0)])
        assert len(strip.ticks) <= MOST_TICKS + 1
        for tick in strip.ticks:
            assert 0 <= tick.x <= LAST_TICK
            assert tick.grain == "day" or tick.day.day == 1
            assert tick.grain != "year" or tick.day.month == 1


def test_what_is_planned_ahead_lies_within_the_picture() -> None:
    strip = drawn([touch(1, 10), touch(2, -5)])

    assert strip.ends == NOW + timedelta(days=5)
    assert strip.columns[-1].signals == 1


def test_columns_tell_the_houses_days() -> None:
    """16:00 in London is the next day in Tokyo."""
    at = datetime(2026, 5, 8, 16, tzinfo=UTC)
    strip = drawn([replace(touch(1, 0), at=at), touch(2, 0)])

    assert str(strip.columns[0].first) == "2026-05-09"
