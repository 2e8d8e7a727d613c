"""What a timeline comes to: which channel gets answers, how long it has been silent, how often something happens."""

from __future__ import annotations

import pytest

from motenashi.database import Database
from motenashi.insights.timeline.timeline import ChannelAnswers, Query
from tests.insights.timeline.story_world import DAY, NOW, StoryWorld


@pytest.fixture
def world(sqlite_database: Database) -> StoryWorld:
    return StoryWorld(sqlite_database)


def test_an_answer_is_a_signal_before_our_next_follow_up_or_somebody_who_picked_up(world: StoryWorld) -> None:
    world.mail(20)  # not answered: we wrote again
    world.mail(19)
    world.seen(18)  # the answer to that
    world.seen(17)  # and no second one
    world.call(16, result="no_answer")
    world.mail(15, "in", "automatic")  # nobody wrote that
    world.call(14)  # picked up
    world.mail(13, "in", "received")
    summary = world.read().summary

    assert summary.channels == (
        ChannelAnswers("email", 2, 1, 2),
        ChannelAnswers("call", 2, 1, 0),
        ChannelAnswers("visit", 0, 0, 2),
    )
    assert (summary.signals, summary.follow_ups, summary.milestones) == (4, 4, 0)
    assert (summary.first_at, summary.last_at) == (NOW - 20 * DAY, NOW - 13 * DAY)


def test_silence_counts_from_the_last_thing_that_somebody_did(world: StoryWorld) -> None:
    world.mail(12)
    world.seen(10)
    world.mail(1, "in", "automatic")
    world.deal(0.5)
    world.rhythms.recompute(NOW)
    summary = world.read().summary

    assert (summary.silence_s, summary.last_signal_at) == (10 * 86_400, NOW - DAY)
    assert summary.silent
    assert not world.read(Query(rhythm="own")).rhythm.median_s


@pytest.mark.parametrize(
    ("days", "rate"),
    [([1], 1.0), ([45, 10], 1.33), ([300, 100, 80, 60, 3], 1.0)],
    ids=["since yesterday", "six weeks", "long known"],
)
def test_the_rate_is_of_the_last_ninety_days(world: StoryWorld, days: list[int], rate: float) -> None:
    for ago in days:
        world.seen(ago)

    assert world.read().summary.touches_per_30_days == rate


def test_of_somebody_to_whom_nothing_happened(world: StoryWorld) -> None:
    summary = world.read().summary

    assert (summary.silence_s, summary.silent, summary.channels) == (None, False, ())
