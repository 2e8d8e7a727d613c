"""How long learning and advising take, and how much memory: `python -m bench.advice [--deals 100000] [--million]`.

A simulated company's record (`bench/worlds`, about ten touchpoints a deal) is written to files; each measurement reads
those in a process of its own, one after the other in the same run:

* reading the files, learning what moves deals on, learning when people answer; at a quarter, half and all of the deals,
  to see how the time grows
* beside it, on the same files, what a plain report costs that adjusts for nothing: DuckDB counting contacts and
  advances by stage and action
* advice on one deal, from learned tables and that deal's own history
* a suggestion with its reasons, made and stored by the worker's code, and the list of a representative with 500 open
  deals read from the store (SQLite); the page around it is not in this figure
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np

from bench.worlds.large import write_large
from bench.worlds.record import history as record_of
from bench.worlds.world import held_out, make_world
from motenashi.sales_history.from_files import read_files
from motenashi.storage.open_database import open_database
from motenashi.suggestions.best_time.find_times import best_times
from motenashi.suggestions.best_time.learn_times import learn_times
from motenashi.suggestions.next_best_action.advise import advise
from motenashi.suggestions.next_best_action.learn import learn
from tests.advice_desk.desk_world import DeskWorld

AIMS: Final = {100_000: "60 s, 2 GB", 1_000_000: "600 s, 8 GB"}
ONE_DEAL_AIM = 5.0  # ms
ASKED = 200
LIST = 500

Spent = tuple[float, float, float]  # milliseconds: median, ninth decile, median of the processor's time

_PLAIN_REPORT = """
WITH contacts AS (
    SELECT deal_id, kind || ':' || coalesce(purpose, '') AS action, CAST(start_at AS TIMESTAMP) AS moment
    FROM read_parquet('{folder}/activities*.parquet')
    WHERE status = 'completed' AND (kind = 'event' OR (kind = 'call' AND direction = 'outbound'))
    UNION ALL
    SELECT deal_id, 'email:' || coalesce(purpose, ''), CAST(sent_at AS TIMESTAMP)
    FROM read_parquet('{folder}/emails*.parquet') WHERE direction = 'out'
), changes AS (
    SELECT deal_id, from_stage, to_stage, CAST("at" AS TIMESTAMP) AS moment
    FROM read_parquet('{folder}/stage_history*.parquet')
), spans AS (
    SELECT *, lead(moment) OVER (PARTITION BY deal_id ORDER BY moment) AS until FROM contacts
)
SELECT changes.to_stage, action, count(*), count(gone.deal_id)
FROM spans ASOF JOIN changes ON spans.deal_id = changes.deal_id AND spans.moment >= changes.moment
LEFT JOIN changes AS gone
    ON gone.deal_id = spans.deal_id AND gone.moment > spans.moment
    AND gone.moment <= coalesce(spans.until, TIMESTAMP '9999-01-01') AND gone.to_stage <> 'Closed Lost'
GROUP BY ALL
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--deals", type=int, default=100_000)
    parser.add_argument("--million", action="store_true", help="1,000,000 deals, too: about 15 minutes and 8 GB.")
    parser.add_argument("--part", choices=list(PARTS), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    choices = parser.parse_args()
    if choices.part:
        print(json.dumps(PARTS[choices.part](choices.folder)))
        return
    sizes = [choices.deals // 4, choices.deals // 2, choices.deals, *([1_000_000] if choices.million else [])]
    print(page(sizes))


def page(sizes: list[int]) -> str:
    lines = [
        f"Learning and advising, {datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores\n",
        "| deals | touchpoints | reading | actions learned | best times learned | together | processor | memory | aim "
        "| plain report (DuckDB) | its memory |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
        *(_size(deals) for deals in sizes),
        "",
        *_one_deal(),
    ]
    return "\n".join(lines)


def _size(deals: int) -> str:
    with tempfile.TemporaryDirectory(prefix="motenashi-bench-") as made:
        folder = Path(made)
        touched = write_large("like", deals, 1, folder)
        told = {part: _in_own_process(part, folder) for part in ("learn", "report")}
    ours, report = told["learn"], told["report"]
    seconds = [ours[name] for name in ("read", "actions", "times")]
    cells = [f"{deals:,}", f"{touched:,}", *(f"{one:.1f} s" for one in (*seconds, sum(seconds), ours["processor"]))]
    cells += [_gigabytes(ours), AIMS.get(deals, ""), f"{report['seconds']:.1f} s", _gigabytes(report)]
    return f"| {' | '.join(cells)} |"


def _gigabytes(told: dict[str, Any]) -> str:
    return f"{told['kilobytes'] / 1024**2:.2f} GB"


def _one_deal() -> list[str]:
    told = _in_own_process("suggest", Path()) | _in_own_process("today", Path())
    return [
        "| from tables learned of 2,000 deals | median | worst of ten | processor, median | aim |",
        "|---|---|---|---|---|",
        *(
            f"| {name} | {' | '.join(f'{one:.2f} ms' for one in told[part])} | {aim} |"
            for part, name, aim in (
                ("advise", "which action, for one deal", f"{ONE_DEAL_AIM:g} ms"),
                ("times", "best times of one person", ""),
                ("many", "which action, a deal, when all open deals are asked about", ""),
                ("made", f"a suggestion with reasons, made and stored, a deal of {LIST}", f"{ONE_DEAL_AIM:g} ms"),
                ("one", "the same for one changed deal alone", ""),
                ("today", f"the list of a representative with {LIST} open deals", "200 ms"),
            )
        ),
    ]


def _in_own_process(part: str, folder: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.advice", "--part", part, "--folder", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{part} failed:\n{done.stderr[-3000:]}")
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _learn(folder: Path) -> dict[str, float]:
    moments = [time.perf_counter()]
    history = read_files(folder)
    moments.append(time.perf_counter())
    learn(history)
    moments.append(time.perf_counter())
    learn_times(history)
    moments.append(time.perf_counter())
    read, actions, times = np.diff(moments).tolist()
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "read": read,
        "actions": actions,
        "times": times,
        "processor": used.ru_utime + used.ru_stime,
        "kilobytes": used.ru_maxrss,
    }


def _report(folder: Path) -> dict[str, float]:
    started = time.perf_counter()
    assert plain_report(folder), "a report of nothing"
    seconds = time.perf_counter() - started
    return {"seconds": seconds, "kilobytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}


def plain_report(folder: Path) -> list[tuple[Any, ...]]:
    """Stage, action, how many contacts, and after how many of them the deal moved on before the next."""
    with duckdb.connect() as database:
        return database.execute(_PLAIN_REPORT.format(folder=str(folder).replace("'", "''"))).fetchall()


def _suggest(_: Path) -> dict[str, Spent]:
    world = make_world("like", 2000, 1)
    record = record_of(world.play)
    learned, times = learn(record), learn_times(record)
    others = held_out(world, 1500)
    rows = others.open_deals()
    now = datetime.fromtimestamp(world.as_of, UTC)
    parts = [record_of(others.play, rows=rows[place : place + 1]) for place in range(ASKED)]
    everybody = record_of(others.play, rows=rows)
    return {
        "advise": _milliseconds([partial(advise, learned, part, as_of=now) for part in parts]),
        "times": _milliseconds([partial(best_times, times, part, contacts=part.deals.contact) for part in parts]),
        "many": _milliseconds([lambda: advise(learned, everybody, as_of=now)] * 5, of=len(rows)),
    }


def _one_again(world: DeskWorld, deal_id: str) -> tuple[float, float]:
    """The deal was changed, so its suggestion is made anew."""
    world.save_deal(deal_id, "c1", "o-aya", stage="Proposal/Price Quote")
    return _timed(lambda: world.thinker().run(world.now))


def _today(_: Path) -> dict[str, Spent]:
    with tempfile.TemporaryDirectory(prefix="motenashi-bench-") as made:
        world = DeskWorld(open_database(f"sqlite:///{made}/desk.db"))
        for number in range(LIST):
            world.save_deal(f"b{number}", "c1", "o-aya")
        thinker = world.thinker()
        waited, worked = _timed(lambda: thinker.run(world.now))
        while thinker.run(world.now):
            pass
        listed = world.desk.today("o-aya", now=world.now, most=LIST)
        assert len(listed.rows) == LIST, len(listed.rows)
        return {
            "made": (waited / LIST, waited / LIST, worked / LIST),
            "one": _summed([_one_again(world, f"b{number}") for number in range(20)]),
            "today": _milliseconds([lambda: world.desk.today("o-aya", now=world.now, most=LIST)] * 20),
        }


def _milliseconds(asked: list[Callable[[], object]], *, of: int = 1) -> Spent:
    """After one that is not counted."""
    asked[0]()
    return _summed([_timed(ask) for ask in asked], of=of)


def _timed(ask: Callable[[], object]) -> tuple[float, float]:
    started, worked = time.perf_counter(), time.process_time()
    ask()
    return (time.perf_counter() - started) * 1000, (time.process_time() - worked) * 1000


def _summed(spent: list[tuple[float, float]], *, of: int = 1) -> Spent:
    waited, worked = ([one[place] / of for one in spent] for place in (0, 1))
    return statistics.median(waited), statistics.quantiles(waited, n=10)[-1], statistics.median(worked)


PARTS: Final[dict[str, Callable[[Path], dict[str, Any]]]] = {
    "learn": _learn,
    "report": _report,
    "suggest": _suggest,
    "today": _today,
}

if __name__ == "__main__":
    main()
