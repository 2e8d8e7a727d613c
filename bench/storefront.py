"""`make bench`: the storefront's four turns over HTTP, and beside them a bare Flask route on the same database.

    python -m bench.storefront [--seconds 8] [--rounds 3] [--stored 0 100000] [--database URL] [--write]

Both run under gunicorn with the settings of production. `--write` puts the page into bench/results/.
"""

from __future__ import annotations

import argparse
import gzip
import os
import shutil
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench import processes, report
from bench.company import Company
from bench.measure import Load, Result, measure
from bench.report import BARE, OURS, Idle
from bench.servers import HOUSE, Server, serving


@dataclass(frozen=True)
class Side:
    """A server with the way in and what its visitors bring."""

    server: Server
    path: str
    signed: bool
    always: str = ""


def main() -> None:
    choices = arguments()
    folder = Path(tempfile.mkdtemp(prefix="motenashi-bench-", dir=choices.scratch))
    try:
        company = Company(folder, choices.database or f"sqlite:///{folder}/motenashi.db")
        company.prepare()
        results, idle, widget = [], [], 0
        for stored in choices.stored:
            company.fill(stored)
            more, before, widget = one_size(company, stored, choices)
            results += more
            idle += before
        workers = f"{os.environ.get('WEB_CONCURRENCY', '2')} workers with {os.environ.get('WEB_THREADS', '32')} threads"
        text = report.page(results, idle, widget, company.database_kind(), workers)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(text)
    if choices.write:
        kind = "postgresql" if choices.database else "sqlite"
        page = HOUSE / f"bench/results/{datetime.now(UTC):%Y-%m-%d}-storefront-{kind}.md"
        page.parent.mkdir(exist_ok=True)
        page.write_text(text, encoding="utf-8")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.storefront", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=8, help="how long each measurement takes")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is repeated")
    parser.add_argument("--stored", type=int, nargs="+", default=[0, 100_000], help="conversations stored beforehand")
    parser.add_argument("--database", default="", help="a PostgreSQL URL; its schema must be empty")
    parser.add_argument("--scratch", default=None, help="the folder, on the disk to be measured, for data")
    parser.add_argument("--port", type=int, default=8121, help="this port and the next are used")
    parser.add_argument("--write", action="store_true", help="keep the page in bench/results/")
    return parser.parse_args()


def one_size(company: Company, stored: int, choices: argparse.Namespace) -> tuple[list[Result], list[Idle], int]:
    """Every load on both servers, with this many conversations stored."""
    environment = company.environment() | {"WEB_CONCURRENCY": os.environ.get("WEB_CONCURRENCY", "2")}
    with ExitStack() as stack:
        ours = stack.enter_context(
            serving(OURS, "app:create_app()", choices.port, company.folder / "ours.log", environment)
        )
        bare = stack.enter_context(
            serving(BARE, "bench.bare_route:create_app()", choices.port + 1, company.folder / "bare.log", environment)
        )
        sides = [Side(ours, "/channels/salesiq/storefront", True), Side(bare, "/bare", False, always="reply")]
        idle = [Idle(side.server.name, stored, **processes.largest(side.server.workers())) for side in sides]
        widget = widget_bytes(choices.port)
        for side in sides:
            run(company, side, Load("warm-up", 4, 1.5, 0, 800), stored)
        results = [result for load in loads(choices.seconds) for result in both(company, sides, load, stored, choices)]
    return results, idle, widget


def loads(seconds: float) -> list[Load]:
    return [
        Load("1 at a time", 1, seconds, 0, 600),
        Load("50, each thinking 1 s", 50, seconds, 1, 120),
        Load("50 without a pause", 50, seconds, 0, 1000),
    ]


def both(company: Company, sides: list[Side], load: Load, stored: int, choices: argparse.Namespace) -> Iterator[Result]:
    """The median of the rounds for each side; every second round begins with the other one."""
    found: dict[str, list[Result]] = {side.server.name: [] for side in sides}
    for number in range(choices.rounds):
        for side in sides if number % 2 == 0 else reversed(sides):
            print(f"  {stored:,} stored, {load.name}: {side.server.name}, round {number + 1}", file=sys.stderr)
            found[side.server.name].append(run(company, side, load, stored))
    yield from (report.median(results) for results in found.values())


def run(company: Company, side: Side, load: Load, stored: int) -> Result:
    return measure(side.server, load, stored, company.signer if side.signed else None, side.path, side.always)


def widget_bytes(port: int) -> int:
    """The size of /widget.js as a browser receives it."""
    address = f"http://127.0.0.1:{port}/widget.js"
    with urllib.request.urlopen(urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})) as answer:
        body = answer.read()
        return len(body) if answer.headers.get("Content-Encoding") == "gzip" else len(gzip.compress(body))


if __name__ == "__main__":
    main()
