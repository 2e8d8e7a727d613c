"""How long each report of the voice takes over the big world, and how well causes are found.

    python -m bench.voice_reports --folder /tmp/voice-world [--factor 1] [--postgres URL] [--times 5] [--seeds 30]

Every report over 90 days, a year and everything there is (three years, 200,000 responses), on SQLite and, with a URL,
on PostgreSQL: median and slowest wall time, and on SQLite the processor's, which others on the machine disturb less.
Beside it in the same run the plain way: the same numbers straight from the voice's own tables, without the narrow ones.

Then causes in simulated companies whose truth is known (`tests/voice_reports/loss_worlds.py`): precision and recall of
what is told, beside naming what the lost said most often, and beside plain tests without strata or correction; and how
often anything at all is told where nothing matters.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, select, text

from bench.voice_causes import causes_page
from bench.voice_world import UNTIL, postgres_world, sqlite_world
from motenashi.database import Database
from motenashi.voice_reports.keep_up import Heard
from motenashi.voice_reports.question import Question
from motenashi.voice_reports.quotes import Wanted
from motenashi.voice_reports.tables import voice_said
from motenashi.voice_reports.voice_reports import TOKYO, VoiceReports

PERIODS = (90, 365, 1_095)  # days
AIM = 1.0  # seconds

_WHO = "CASE WHEN contact_id <> '' THEN contact_id ELSE 'lead ' || lead_id END"
_TIME = "at >= '{first}' AND at < '{end}'"
_BEFORE = _TIME.replace("first", "before").replace("end", "first")
_COUNTS = f"count(*), count(DISTINCT {_WHO})"
PLAIN = {
    "tones": tuple(
        f"SELECT {names}, {_COUNTS} FROM voice_responses WHERE {period} GROUP BY {places}"
        for names, places, period in (
            ("tone, substr(CAST(at AS TEXT), 1, 7)", "1, 2", _TIME),
            ("channel, tone", "1, 2", _TIME),
            ("intent, tone", "1, 2", _TIME),
            ("emotion", "1", _TIME),
            ("tone", "1", _TIME),
            ("tone", "1", _BEFORE),
        )
    ),
    "keywords": tuple(
        f"SELECT normal, kind{more}, {_COUNTS} FROM voice_responses JOIN voice_keywords"
        f" ON response_id = voice_responses.id WHERE {period} AND said_by = 'customer' GROUP BY 1, 2{place}"
        for more, place, period in (
            (", voice_keywords.tone", ", 3", _TIME),
            (", voice_keywords.intent", ", 3", _TIME),
            ("", "", _BEFORE),
        )
    ),
    "promoters": (
        f"SELECT {_WHO}, tone, max(at) FROM voice_responses WHERE at < '{{end}}' AND tone <> 'neutral' GROUP BY 1, 2",
    ),
}


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--folder", type=Path, required=True)
    reader.add_argument("--factor", type=float, default=1.0)
    reader.add_argument("--postgres", default="", help="URL of a database to measure, too")
    reader.add_argument("--times", type=int, default=5)
    reader.add_argument("--seeds", type=int, default=30, help="simulated companies; 0 leaves them out")
    chosen = reader.parse_args()
    print(
        f"Reports of the voice, {datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n"
    )
    print("\n".join(_speed("SQLite", sqlite_world(chosen.folder, chosen.factor), chosen.times)))
    if chosen.postgres:
        print("\n".join(_speed("PostgreSQL", postgres_world(chosen.postgres, chosen.factor), chosen.times)))
    if chosen.seeds:
        with tempfile.TemporaryDirectory(prefix="motenashi-causes-") as folder:
            print("\n".join(causes_page(Path(folder), chosen.seeds)))


def _speed(name: str, database: Database, times: int) -> Iterator[str]:
    start, heard = time.perf_counter(), Heard(database)
    taken = heard.keep_up(most=10**9, again=0)
    took = time.perf_counter() - start
    _look_at_everything_once(database)
    with database.read() as connection:
        count = len(connection.execute(select(voice_said.c.response_id)).all())
    yield f"{name}: {count:,} responses; taking in {taken:,} of them: {took:.0f} s\n"
    yield "| report | days | median | slowest | processor | the plain way | aim |"
    yield "|---|---|---|---|---|---|---|"
    desk = VoiceReports(database)
    last = UNTIL.astimezone(TOKYO).date()
    for days in PERIODS:
        question = Question(last - timedelta(days=days - 1), last, TOKYO)
        for report, ask in _reports(desk, question).items():
            walls, processor = _measured(ask, times)
            plain = _plain(database, report, question, times) if report in PLAIN else None
            cells = [report, f"{days:,}", _ms(statistics.median(walls)), _ms(max(walls))]
            cells += [_ms(processor) if name == "SQLite" else "", _ms(plain) if plain else "", _ms(AIM)]
            yield f"| {' | '.join(cells)} |"
    yield ""


def _reports(desk: VoiceReports, question: Question) -> dict[str, Callable[[], object]]:
    return {
        "overview": lambda: desk.overview(question),
        "tones": lambda: desk.tones(question),
        "keywords": lambda: desk.keywords(question),
        "competitors": lambda: desk.rivals(question),
        "promoters": lambda: desk.promoters(question),
        "NPS": lambda: desk.nps(question),
        "before a lost deal": lambda: desk.causes(question, "deal"),
        "before churn": lambda: desk.causes(question, "churn"),
        "responses behind a keyword": lambda: desk.quotes(question, Wanted(tone="negative", keyword="price")),
        "people who were won back": lambda: desk.members(question, "tone", "won_back"),
    }


def _measured(ask: Callable[[], object], times: int) -> tuple[list[float], float]:
    """Wall times, and the median of the processor's, in seconds."""
    walls, processor = [], []
    for _ in range(times):
        wall, used = time.perf_counter(), time.process_time()
        ask()
        walls.append(time.perf_counter() - wall)
        processor.append(time.process_time() - used)
    return walls, statistics.median(processor)


def _plain(database: Database, report: str, question: Question, times: int) -> float:
    days = timedelta(days=question.days)
    named = {
        "first": _utc(question.first),
        "end": _utc(question.last + timedelta(days=1)),
        "before": _utc(question.first - days),
    }

    def ask(connection: Connection) -> None:
        for statement in PLAIN[report]:
            connection.execute(text(statement.format(**named))).all()

    with database.read() as connection:
        return statistics.median(_measured(lambda: ask(connection), times)[0])


def _utc(day: date) -> str:
    moment = datetime(day.year, day.month, day.day, tzinfo=TOKYO).astimezone(UTC)
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def _look_at_everything_once(database: Database) -> None:
    """What a database does by itself in quiet hours: its statistics, and on PostgreSQL which pages all may see."""
    for table in ("voice_said", "voice_said_words", "voice_said_people"):
        statement = "ANALYZE" if database.dialect == "sqlite" else "VACUUM ANALYZE"
        with database.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text(f"{statement} {table}"))


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"


if __name__ == "__main__":
    main()
