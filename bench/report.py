"""Results as a page: the circumstances first, then what was measured, in tables."""

from __future__ import annotations

import platform
import sqlite3
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.measure import Result

OURS, BARE = "storefront", "bare route"


@dataclass(frozen=True)
class Idle:
    """Megabytes of the largest worker before anybody came."""

    server: str
    stored: int
    pss: float
    rss: float


def median(results: Sequence[Result]) -> Result:
    """One result for several rounds of the same measurement: each number's median, counts added up."""
    middle = {
        field.name: statistics.median(getattr(result, field.name) for result in results)
        for field in fields(Result)
        if field.name not in ("server", "load", "stored", "turns", "wrong")
    }
    turns, wrong = sum(r.turns for r in results), sum(r.wrong for r in results)
    return replace(results[0], turns=turns, wrong=wrong, **middle)


def page(results: Sequence[Result], idle: Sequence[Idle], widget: int, database: str, workers: str) -> str:
    """The whole page in Markdown."""
    return "\n".join(
        (
            f"# The storefront's conversation against a bare route, {datetime.now(UTC):%Y-%m-%d}",
            "",
            *circumstances(database, workers),
            "",
            "## Processor time a turn",
            "",
            *table(("stored", "load", "ours, ms", "bare, ms", "ratio"), ratios(results)),
            "",
            "## Everything",
            "",
            *table(EVERYTHING, (everything(result) for result in results)),
            "",
            "## Memory of the largest worker, MB",
            "",
            *table(("stored", "server", "idle PSS", "idle RSS", "then PSS", "then RSS"), sizes(results, idle)),
            "",
            f"What a page loads before the visitor clicks: {widget:,} bytes (gzip).",
            "",
        )
    )


EVERYTHING = ("stored", "load", "server", "turns", "turns/s", "p50 ms", "p95", "p99", "slowest", "CPU ms", "wrong")


def everything(result: Result) -> tuple[object, ...]:
    times = (f"{number:.1f}" for number in (result.p50, result.p95, result.p99, result.slowest))
    amounts = (f"{result.turns:,}", f"{result.turns_a_second:.0f}")
    return (
        f"{result.stored:,}",
        result.load,
        result.server,
        *amounts,
        *times,
        f"{result.processor_ms:.2f}",
        result.wrong,
    )


def circumstances(database: str, workers: str) -> list[str]:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return [
        f"* {len(models)} cores of {models[0]}; {platform.system()}, Python {platform.python_version()}",
        f"* {database}; SQLite {sqlite3.sqlite_version}; every commit waits for the disk",
        f"* gunicorn {version('gunicorn')}, {workers}, the same for both; Flask {version('flask')}",
        "* The visitors run on the same cores, so turns a second are what is left beside them.",
        "* Rounds alternate between the servers; each number is the median of the rounds.",
    ]


def ratios(results: Sequence[Result]) -> Iterable[tuple[object, ...]]:
    bare = {(r.stored, r.load): r for r in results if r.server == BARE}
    for ours in (r for r in results if r.server == OURS):
        other = bare[(ours.stored, ours.load)].processor_ms
        ratio = f"**{ours.processor_ms / other:.2f}**"
        yield f"{ours.stored:,}", ours.load, f"{ours.processor_ms:.2f}", f"{other:.2f}", ratio


def sizes(results: Sequence[Result], idle: Sequence[Idle]) -> Iterable[tuple[object, ...]]:
    for before in idle:
        after = [r for r in results if (r.server, r.stored) == (before.server, before.stored)]
        afterwards = (max(r.pss for r in after), max(r.rss for r in after))
        numbers = (before.pss, before.rss, *afterwards)
        yield f"{before.stored:,}", before.server, *(f"{number:.0f}" for number in numbers)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return ["| " + " | ".join(str(cell) for cell in line) + " |" for line in lines]
