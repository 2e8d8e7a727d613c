"""Several processes at the same moment: one event an hour, one record a key, counters that lose nothing."""

from __future__ import annotations

import itertools
import multiprocessing
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.embedded.tables import metadata
from crm_client.errors import CrmConflict
from crm_client.records import Activity, Deal, DealProduct, Lead, Product, Touchpoint
from motenashi.storage.open_database import open_database

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
PROCESSES = 4
ROUNDS = 8

# Real processes with nothing shared but the database.
SPAWN = multiprocessing.get_context("spawn")


@pytest.fixture
def crm(database_url: str) -> Iterator[EmbeddedCrm]:
    database = open_database(database_url)
    metadata.create_all(database.engine)
    yield EmbeddedCrm(database)
    database.engine.dispose()


def _run(work: Callable[[EmbeddedCrm, int], Any], url: str, number: int, start: Any, answers: Any) -> None:
    database = open_database(url)
    crm = EmbeddedCrm(database)
    start.wait()
    answers.put([work(crm, number * ROUNDS + turn) for turn in range(ROUNDS)])
    database.engine.dispose()


def at_once(url: str, work: Callable[[EmbeddedCrm, int], Any]) -> list[list[Any]]:
    """What each process got, round by round."""
    start, answers = SPAWN.Barrier(PROCESSES), SPAWN.Queue()
    processes = [SPAWN.Process(target=_run, args=(work, url, n, start, answers)) for n in range(PROCESSES)]
    for process in processes:
        process.start()
    results = [answers.get(timeout=60) for _ in processes]
    for process in processes:
        process.join(60)
    return results


def book(crm: EmbeddedCrm, number: int) -> str:
    """All processes want the same hours: round n is hour n, a little shifted from process to process."""
    start = NOW + (number % ROUNDS) * HOUR + timedelta(minutes=5 * (number // ROUNDS))
    event = Activity("", "event", "Meeting", start, start + timedelta(minutes=40), owner_id="o1")
    try:
        return crm.book_event(event, key=f"k{number}").id
    except CrmConflict:
        return ""


def test_no_two_processes_book_one_owner_for_the_same_time(crm: EmbeddedCrm, database_url: str) -> None:
    results = at_once(database_url, book)

    booked = {found for result in results for found in result if found}
    events = crm.events_between(NOW - HOUR, NOW + 99 * HOUR, "o1")
    assert {event.id for event in events} == booked
    assert len(events) == ROUNDS
    for earlier, later in itertools.pairwise(events):
        assert earlier.end_at is not None
        assert earlier.end_at <= later.start_at


def write_by_key(crm: EmbeddedCrm, number: int) -> tuple[str, str, str]:
    key = f"turn-{number % ROUNDS}"
    lead = crm.save_lead(Lead("", f"Lead {number}", "Co", email="a@example.com"), key=key)
    call = crm.save_activity(Activity("", "call", f"Call {number}", NOW, contact_id="c1"), key=key)
    visit = crm.save_touchpoint(Touchpoint("", "chat", "chat", NOW, True, contact_id="c1", count=number), key=key)
    return lead.id, call.id, visit.id


def test_one_key_makes_one_record_in_all_processes(crm: EmbeddedCrm, database_url: str) -> None:
    results = at_once(database_url, write_by_key)

    assert all(result == results[0] for result in results)
    assert len({lead for lead, _, _ in results[0]}) == ROUNDS
    assert len(crm.activities_of(contact_id="c1")) == ROUNDS
    assert len(crm.touchpoints_of(contact_id="c1")) == ROUNDS


def sell(crm: EmbeddedCrm, number: int) -> str:
    """Deals with the same products in another order, and all processes change the same deal."""
    codes = ["a", "b"] if number % 2 else ["b", "a"]
    lines = [DealProduct("", code, 1, 100) for code in codes]
    crm.save_deal(Deal("", "own", "Closed Won"), lines, at=NOW)
    return crm.save_deal(Deal("shared", f"shared {number}", "Closed Won", amount=number), lines, at=NOW).id


def test_counters_lose_nothing_and_nobody_waits_for_ever(crm: EmbeddedCrm, database_url: str) -> None:
    for code in ("a", "b"):
        crm.save_product(Product(code, code, code, code, "notebook", 100))
    at_once(database_url, sell)

    counted = crm.popular_products(by="revenue", now=NOW)
    assert [count.deals for count in counted] == [PROCESSES * ROUNDS + 1] * 2
    crm.recount()
    assert crm.popular_products(by="revenue", now=NOW) == counted
    assert len(crm.stage_history("shared")) == 1
