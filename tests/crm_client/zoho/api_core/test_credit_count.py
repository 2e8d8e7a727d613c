"""Credits: our own count over all processes, and what Zoho says."""

from __future__ import annotations

import logging

import pytest
from sqlalchemy import event

from crm_client.errors import CrmUnreachable
from crm_client.zoho.api.credit_count import CreditCount
from crm_client.zoho.api.shapes import Call
from crm_client.zoho.settings import ZohoLimits, ZohoSettings
from crm_client.zoho.tables import zoho_credits
from motenashi.database import Database
from tests.crm_client.zoho.api_core.conftest import Clock, Opener
from tests.fake_zoho.fake import FakeZoho

LIMITS = ZohoLimits(credits_a_day=1000, credits_kept=20, alarm_below=30)


def test_processes_count_together(zoho_database: Database, clock: Clock) -> None:
    one, other = CreditCount(zoho_database, LIMITS, clock), CreditCount(zoho_database, LIMITS, clock)
    for _ in range(60):
        one.used(1, None)
        other.used(2, None)
    one.write()

    assert other.credits().used == 180
    assert other.credits().left == 820


def test_what_was_used_a_day_ago_is_forgotten(zoho_database: Database, clock: Clock) -> None:
    count = CreditCount(zoho_database, LIMITS, clock)
    count.used(300, None)
    count.credits()
    clock.advance(hours=23)
    count.used(40, None)
    assert count.credits().used == 340

    clock.advance(hours=2)
    assert count.credits().used == 40


def test_counting_costs_few_writes(zoho_sqlite: Database, clock: Clock) -> None:
    count = CreditCount(zoho_sqlite, LIMITS, clock)
    written: list[str] = []
    event.listen(zoho_sqlite.engine, "commit", lambda connection: written.append("commit"))
    for _ in range(1000):
        count.used(1, None)

    assert len(written) <= 1000 / 50
    assert count.credits().used == 1000


def test_nobody_who_waits_waits_for_the_count(zoho_sqlite: Database, clock: Clock) -> None:
    count = CreditCount(zoho_sqlite, LIMITS, clock)
    written: list[str] = []
    event.listen(zoho_sqlite.engine, "commit", lambda connection: written.append("commit"))
    for _ in range(9):
        clock.advance(minutes=1)
        count.used(1, None, urgent=True)
    assert written == []

    count.used(1, None)
    assert len(written) == 1


def test_what_zoho_says_counts_when_it_is_less(zoho_database: Database, clock: Clock) -> None:
    count = CreditCount(zoho_database, LIMITS, clock)
    count.used(100, 450)

    count.write()

    credits = CreditCount(zoho_database, LIMITS, clock).credits()
    assert (credits.used, credits.told_left, credits.told_at, credits.left) == (100, 450, clock.now, 450)


def test_what_zoho_said_long_ago_says_nothing(zoho_database: Database, clock: Clock) -> None:
    count = CreditCount(zoho_database, LIMITS, clock)
    count.used(1, 3)
    assert not count.enough_for_background()

    clock.advance(hours=1, seconds=1)
    assert count.enough_for_background()


def test_background_work_leaves_credits_for_visitors(zoho_database: Database, clock: Clock) -> None:
    count = CreditCount(zoho_database, LIMITS, clock)
    count.used(799, None)
    assert count.enough_for_background()

    count.used(1, None)
    clock.advance(seconds=5)
    assert not count.enough_for_background()


def test_the_alarm_is_said_once_a_crossing(
    zoho_sqlite: Database, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    count = CreditCount(zoho_sqlite, LIMITS, clock)
    caplog.set_level(logging.WARNING)
    for told in (400, 299, 250, 200, 400, 290, 280):
        count.used(1, told)

    assert [record.args for record in caplog.records] == [(299, 1000), (290, 1000)]


def test_five_minutes_of_too_many_calls_are_credits_used_up(zoho_database: Database, clock: Clock) -> None:
    count = CreditCount(zoho_database, LIMITS, clock)
    for _ in range(5):
        count.refused()
        clock.advance(minutes=1)
    assert count.enough_for_background()

    count.refused()
    clock.advance(seconds=5)
    assert not count.enough_for_background()
    assert count.credits().told_left == 0


def test_a_good_call_between_them_says_that_it_was_too_many_at_a_time(zoho_sqlite: Database, clock: Clock) -> None:
    count = CreditCount(zoho_sqlite, LIMITS, clock)
    for _ in range(10):
        count.refused()
        clock.advance(minutes=1)
        count.used(1, None)

    assert count.credits().told_left is None


def test_a_database_that_is_away_loses_no_count_and_fails_no_call(zoho_sqlite: Database, clock: Clock) -> None:
    count = CreditCount(zoho_sqlite, LIMITS, clock)
    zoho_credits.drop(zoho_sqlite.engine)
    for _ in range(100):
        count.used(1, 500)
    with pytest.raises(CrmUnreachable):
        count.credits()

    zoho_credits.create(zoho_sqlite.engine)
    assert (count.credits().used, count.credits().told_left) == (100, 500)


def test_the_transport_counts_what_calls_cost_and_reads_the_header(
    zoho_database: Database, fake_zoho: FakeZoho, opened: Opener
) -> None:
    fake_zoho.switches.credits = 10
    transport = opened(zoho_database, settings=ZohoSettings(limits=ZohoLimits(credits_a_day=10)))
    call = Call("GET", "/crm/v8/org", "read the organisation")
    for _ in range(4):
        transport.send(call)
    assert (transport.credits().used, transport.credits().told_left) == (4, None)
    assert transport.can_work()

    for _ in range(5):
        transport.send(call)
    assert (transport.credits().used, transport.credits().told_left) == (9, 1)
    assert not transport.can_work()
    assert transport.send(call).status == 200  # who must, still may
