"""What gap is usual: of a module, computed once a week of the house; of a person, from their own gaps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crm_client.records import Contact
from motenashi.database import Database
from motenashi.insights.timeline.rhythm import rhythm_of
from tests.insights.timeline.story_world import NOW, StoryWorld

_DAY = 86_400.0


@pytest.fixture
def world(database: Database) -> StoryWorld:
    return StoryWorld(database)


def test_the_mean_is_that_of_all_gaps_and_not_of_persons(world: StoryWorld) -> None:
    for ago in (10, 8, 7):
        world.seen(ago)
    world.seen(30, contact_id="c2")  # of nobody we know
    world.crm.save_contact(Contact("c3", "Lee"))
    world.seen(20, contact_id="c3")
    world.seen(5, contact_id="c3")
    world.rhythms.recompute(NOW)
    computed = world.rhythms.of("contacts")

    assert computed is not None
    assert (computed.mean_s, computed.gaps, computed.persons) == (18 * _DAY / 3, 3, 2)
    leads = world.rhythms.of("leads")
    assert leads is not None
    assert (leads.mean_s, leads.gaps) == (None, 0)


def test_it_is_computed_when_a_week_of_the_house_is_over(world: StoryWorld) -> None:
    sunday_night = datetime(2026, 5, 24, 14, 59, tzinfo=UTC)  # 23:59 in Tokyo
    assert world.rhythms.of("contacts") is None

    assert world.rhythms.recompute_if_due(NOW)
    assert not world.rhythms.recompute_if_due(NOW + timedelta(hours=1))
    assert not world.rhythms.recompute_if_due(sunday_night)
    assert world.rhythms.recompute_if_due(sunday_night + timedelta(minutes=1))
    assert not world.rhythms.recompute_if_due(sunday_night + timedelta(days=7))
    assert world.rhythms.recompute_if_due(sunday_night + timedelta(days=21))  # the house was closed


def test_what_happens_during_the_week_changes_nothing_until_the_next_one(world: StoryWorld) -> None:
    world.seen(10)
    world.seen(8)
    world.rhythms.recompute_if_due(NOW)
    world.seen(1)
    world.rhythms.recompute_if_due(NOW)

    assert world.read().rhythm.mean_s == 2 * _DAY
    assert world.read().rhythm.computed_at == NOW


def test_a_persons_own_rhythm_bears_one_long_holiday() -> None:
    gaps = [7 * _DAY, 8 * _DAY, 6 * _DAY, 7 * _DAY, 60 * _DAY, 7 * _DAY, 9 * _DAY]
    rhythm = rhythm_of(gaps, "own", mean_s=_DAY)

    assert (rhythm.median_s, rhythm.spread_s) == (7 * _DAY, pytest.approx(1.4826 * _DAY))
    assert rhythm.limit_s == 14 * _DAY  # twice the median is more than three spreads beyond it
    uneven = [35 * _DAY, 40 * _DAY, 30 * _DAY, 1.0, 2.0]  # the median is 30 days, and gaps lie 10 days from it
    assert rhythm_of(uneven, "own").limit_s == pytest.approx(30 * _DAY + 3 * 1.4826 * 10 * _DAY)


@pytest.mark.parametrize(
    ("gaps", "kind", "limit"),
    [
        ([3 * _DAY] * 6, "own", 6 * _DAY),  # regular, and may be late once
        ([60.0] * 9, "own", _DAY),  # a busy hour makes no rhythm
        ([3 * _DAY] * 4, "own", 5 * _DAY),  # too few gaps: the module's
        ([3 * _DAY] * 6, "module", 5 * _DAY),
        ([], "own", 5 * _DAY),
    ],
    ids=["regular", "busy", "too few", "module", "none"],
)
def test_limits(gaps: list[float], kind: str, limit: float) -> None:
    assert rhythm_of(gaps, "own" if kind == "own" else "module", mean_s=5 * _DAY).limit_s == limit


def test_where_nothing_is_known_nothing_is_unusual() -> None:
    assert rhythm_of([_DAY], "module").limit_s is None
