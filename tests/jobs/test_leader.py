"""Of several processes one leads; when it is gone another does, after its lease and never before."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from motenashi.database import Database
from motenashi.jobs.clock import start_clock
from motenashi.jobs.leader import LEASE, RENEW_BELOW, Leader, job_leases, metadata
from motenashi.jobs.schedule import Job
from motenashi.storage.open_database import open_database

NOW = datetime(2026, 5, 11, 1, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def leases(database: Database) -> Iterator[Database]:
    metadata.create_all(database.engine)
    yield database


def test_one_of_two_leads_and_goes_on_leading(leases: Database) -> None:
    first, second = Leader(leases), Leader(leases)

    moments = [NOW + SECOND * number for number in range(60)]

    assert all(first.leads(moment) for moment in moments)
    assert not any(second.leads(moment) for moment in moments if first.leads(moment))


def test_of_many_that_begin_at_once_exactly_one_leads(leases: Database) -> None:
    together = threading.Barrier(8)

    def begin(_: int) -> bool:
        leader = Leader(leases)
        together.wait()
        return leader.leads(NOW)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(begin, range(8))) == 1


def test_another_takes_over_after_the_lease_of_one_that_is_gone(leases: Database) -> None:
    gone, heir = Leader(leases), Leader(leases)
    assert gone.leads(NOW)

    assert not heir.leads(NOW + LEASE)
    assert heir.leads(NOW + LEASE + SECOND)


def test_one_that_slept_through_its_lease_learns_that_it_leads_no_more(leases: Database) -> None:
    sleepy, heir = Leader(leases), Leader(leases)
    sleepy.leads(NOW)
    heir.leads(NOW + LEASE + SECOND)

    assert not sleepy.leads(NOW + LEASE + SECOND * 2)


def test_a_lease_is_renewed_before_it_ends_and_not_at_every_look(leases: Database) -> None:
    leader = Leader(leases)
    leader.leads(NOW)
    ends = [until(leases)]
    for seconds in range(1, 12):
        leader.leads(NOW + SECOND * seconds)
        ends.append(until(leases))

    assert len(set(ends)) == 2, ends  # once renewed in twelve seconds
    assert all(end > NOW + SECOND * seconds for seconds, end in enumerate(ends))
    assert LEASE - RENEW_BELOW > SECOND


def until(database: Database) -> datetime:
    with database.read() as connection:
        found: datetime = connection.execute(select(job_leases.c.until)).scalar_one()
        return found


def test_leases_of_different_names_have_nothing_to_do_with_each_other(leases: Database) -> None:
    assert Leader(leases, "jobs").leads(NOW)
    assert Leader(leases, "others").leads(NOW)


def test_a_leader_whose_database_is_away_leads_until_its_lease_ends(leases: Database) -> None:
    leader, other = Leader(leases), Leader(leases)
    leader.leads(NOW)
    with leases.write() as connection:
        connection.execute(text("ALTER TABLE job_leases RENAME TO gone"))

    assert leader.leads(NOW + LEASE - SECOND)
    assert not leader.leads(NOW + LEASE + SECOND)
    assert not other.leads(NOW)


def test_the_clock_runs_jobs_of_the_leader_only_and_survives_one_that_fails(
    sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    database = open_database(sqlite_url)
    metadata.create_all(database.engine)
    ran = {"leader": threading.Event(), "other": threading.Event()}

    def fail() -> None:
        raise RuntimeError("this one always fails")

    leader, other = Leader(database), Leader(database)
    assert leader.leads(datetime.now(UTC))
    stops = [
        start_clock((Job("fail", 0.01, fail), Job("work", 0.02, ran["leader"].set)), leader),
        start_clock((Job("work", 0.02, ran["other"].set),), other),
    ]
    try:
        assert ran["leader"].wait(10)
    finally:
        for stop in reversed(stops):  # a leader that stops gives the lease away
            stop()
    assert not ran["other"].is_set()
    assert "job 'fail' failed" in caplog.text and "this one always fails" in caplog.text
    database.engine.dispose()


def test_who_steps_down_is_followed_at_once(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    metadata.create_all(database.engine)
    leader, other = Leader(database), Leader(database)
    assert leader.leads(NOW)
    assert not other.leads(NOW)

    other.step_down(NOW)
    assert not other.leads(NOW + SECOND)

    leader.step_down(NOW + SECOND)
    assert other.leads(NOW + 2 * SECOND)
    database.engine.dispose()
