"""A wish to learn stands until somebody really begins, and what was cut short does not count as under way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from motenashi.advice_desk.learning import LEASE, AlreadyLearning
from motenashi.advice_desk.learning_state import LearningStates
from motenashi.advice_desk.leases import Lease
from motenashi.advice_room import learn_here
from motenashi.database import Database
from motenashi.settings import Settings
from tests.migrated import migrate

NOW = datetime(2026, 11, 17, 1, 0, tzinfo=UTC)


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    migrate(sqlite_database)
    return sqlite_database


def test_a_wish_that_finds_somebody_else_learning_still_stands(database: Database) -> None:
    states = LearningStates(database)
    states.want(now=NOW)
    Lease(database, "learning", LEASE).take(datetime.now(UTC))

    with pytest.raises(AlreadyLearning):
        learn_here(Settings(), database)

    assert states.read().is_wanted
    assert not states.read().is_running


def test_whoever_learns_has_heard_the_wish(database: Database) -> None:
    states = LearningStates(database)
    states.want(now=NOW)

    learn_here(Settings(), database)

    told = states.read()
    assert (told.is_wanted, told.is_running, told.trouble, told.done["deals"]) == (False, False, "", 0)


def test_learning_that_was_killed_is_under_way_no_longer_than_its_lease(database: Database) -> None:
    Lease(database, "learning", LEASE).take(NOW)
    LearningStates(database).began(now=NOW)

    def at(moment: datetime) -> LearningStates:
        return LearningStates(database, clock=lambda: moment)

    assert at(NOW + LEASE - timedelta(seconds=1)).read().is_running
    assert not at(NOW + LEASE).read().is_running
    assert at(NOW + LEASE).read().trouble == "it was cut short"
