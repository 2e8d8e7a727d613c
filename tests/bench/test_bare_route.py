"""The benchmark's own machinery works: a server comes up, visitors are answered, and what it cost is found out."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from bench import bare_route, processes
from bench.measure import Load, Result, measure
from bench.report import Idle, median, page
from bench.servers import serving
from motenashi.storage.open_database import open_database


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture
def result(tmp_path: Path, sqlite_url: str) -> Result:
    database = open_database(sqlite_url)
    bare_route.metadata.create_all(database.engine)
    database.engine.dispose()
    surroundings = {"DATABASE_URL": sqlite_url, "WEB_CONCURRENCY": "1", "WEB_THREADS": "2"}
    application = "bench.bare_route:create_app()"
    with serving("bare route", application, free_port(), tmp_path / "log", surroundings) as server:
        load = Load("few", conversations=2, seconds=0.3, pause=0, most_turns_a_second=100)
        found = measure(server, load, 0, None, "/bare", always="reply")
    assert not Path(f"/proc/{server.master}").exists()
    return found


def test_a_short_run_answers_everybody_and_counts_what_it_cost(result: Result) -> None:
    assert result.turns >= 8
    assert result.wrong == 0
    assert 0 < result.p50 <= result.p95 <= result.p99 <= result.slowest
    assert 0 < result.pss <= result.rss


def test_the_page_of_results_tells_the_ratio() -> None:
    def row(server: str, processor_ms: float) -> Result:
        return Result(server, "few", 0, 10, 5.0, 1.0, 2.0, 3.0, 4.0, processor_ms, 40.0, 50.0, 0)

    rounds = [row("bare route", 1.0), row("bare route", 9.0), row("bare route", 2.0)]
    results = [row("storefront", 3.0), median(rounds)]

    text = page(results, [Idle("storefront", 0, 30.0, 45.0)], 4321, "SQLite", "2 workers")

    assert "| 0 | few | 3.00 | 2.00 | **1.50** |" in text
    assert "4,321 bytes" in text


def test_a_process_of_ours_has_used_time_and_memory() -> None:
    assert processes.processor_seconds([os.getpid()]) > 0
    assert processes.memory(os.getpid())["rss"] > 1
