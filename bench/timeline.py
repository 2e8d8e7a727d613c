"""How fast one person's timeline is read from the big world of voices (a million touchpoints, see `bench.voice_world`).

    python -m bench.timeline --folder /tmp/voice-world [--factor 0.1] [--postgres URL]

Contacts from all over the store, leads, and somebody with 10,000 touchpoints; the first page with summary, milestones
and gaps. Beside ours, in the same run: the bare SQL (the same person's rows, fetched and thrown away), and the plain
way, every row of that person as records of the CRM's client, put in order. And the weekly mean over everybody.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Table, delete, func, insert, select, text

from bench.voice_world import UNTIL, postgres_world, sqlite_world
from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.embedded.tables import crm_contacts, crm_leads, crm_touchpoints
from motenashi.database import Database
from motenashi.insights.timeline.module_rhythms import ModuleRhythms
from motenashi.insights.timeline.reader import TimelineReader
from motenashi.insights.timeline.timeline import PersonKind, Query

T = TypeVar("T")
ASKED = 300  # people, evenly over the store
BUSY, BUSY_HAS = "bench-busy", 10_000
TOKYO = ZoneInfo("Asia/Tokyo")


def main() -> None:
    told_to = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    told_to.add_argument("--folder", type=Path, default=Path("var/voice-world"))
    told_to.add_argument("--factor", type=float, default=1.0)
    told_to.add_argument("--postgres", default="", help="URL of a PostgreSQL server; SQLite without it")
    options = told_to.parse_args()
    database = (
        postgres_world(options.postgres, options.factor)
        if options.postgres
        else sqlite_world(options.folder, options.factor)
    )
    _make_busy(database)
    try:
        _measure(database)
    finally:
        _take_busy_away(database)
        database.engine.dispose()


def _measure(database: Database) -> None:
    with database.read() as connection:
        count = connection.scalar(select(func.count()).select_from(crm_touchpoints))
    print(f"{database.dialect}, {count:,} touchpoints")
    rhythms = ModuleRhythms(database, TOKYO)
    _, seconds = timed(lambda: rhythms.recompute(UNTIL))
    print(f"the weekly means over everybody: {seconds:.1f} s; {rhythms.of('contacts')}")
    _Bench(database, TimelineReader(database, TOKYO, rhythms, lambda: UNTIL)).run()


class _Bench:
    def __init__(self, database: Database, reader: TimelineReader) -> None:
        self._database, self._reader, self._crm = database, reader, EmbeddedCrm(database)

    def run(self) -> None:
        self._of("contact", "contacts", self._spread(crm_contacts))
        self._of("lead", "leads", self._spread(crm_leads))
        self._of("contact", f"{BUSY_HAS:,} touchpoints", [BUSY] * 30)

    def _spread(self, table: Table) -> Sequence[str]:
        with self._database.read() as connection:
            ids = list(connection.execute(select(table.c.id).order_by(table.c.id)).scalars())
        return ids[:: max(len(ids) // ASKED, 1)]

    def _of(self, kind: PersonKind, name: str, ids: Sequence[str]) -> None:
        rows = [_total(self._reader, kind, one) for one in ids]
        print(f"\n{name}: {len(ids)} asked, {statistics.mean(rows):.0f} rows on average, at most {max(rows)}")
        print(f"{'':<24}{'p50 ms':>8}{'p95 ms':>8}{'p50 processor ms':>19}")
        queries = [("all", Query()), ("signals", Query(view="signals")), ("milestones", Query(view="milestones"))]
        for view, query in [*queries, ("own rhythm", Query(rhythm="own"))]:
            _row(f"ours, {view}", ids, partial(self._ours, kind, query))
        _row("bare SQL", ids, partial(self._bare, kind))
        _row("records, in Python", ids, partial(self._plain, kind))

    def _ours(self, kind: PersonKind, query: Query, person_id: str) -> object:
        return self._reader.read(kind, person_id, query)

    def _bare(self, kind: PersonKind, person_id: str) -> object:
        """One statement for the same rows, not looked at."""
        parts = (("crm_touchpoints", "at"), ("crm_activities", "start_at"), ("crm_emails", "sent_at"))
        asked = " UNION ALL ".join(f"SELECT id, {at}, owner_id FROM {name} WHERE {kind}_id = :id" for name, at in parts)
        with self._database.read() as connection:
            return connection.execute(text(asked), {"id": person_id}).fetchall()

    def _plain(self, kind: PersonKind, person_id: str) -> object:
        """All of it as records, in order: what somebody would write first; no gaps, milestones or summary yet."""
        whose = {f"{kind}_id": person_id}
        moments = [one.at for one in self._crm.touchpoints_of(**whose)]
        moments += [one.start_at for one in self._crm.activities_of(**whose)]
        moments += [one.sent_at for one in self._crm.emails_of(**whose)]
        return sorted(moments)


def _total(reader: TimelineReader, kind: PersonKind, person_id: str) -> int:
    timeline = reader.read(kind, person_id, Query())
    return timeline.total if timeline else 0


def _row(name: str, ids: Sequence[str], work: Callable[[str], object]) -> None:
    """What the processor worked is told, too: other people's load on the machine does not change it."""
    work(ids[0])
    took, used = [], []
    for one in ids:
        begin = time.process_time()
        took.append(timed(partial(work, one))[1] * 1_000)
        used.append((time.process_time() - begin) * 1_000)
    p95 = sorted(took)[max(int(len(took) * 0.95) - 1, 0)]
    print(f"{name:<24}{statistics.median(took):>8.1f}{p95:>8.1f}{statistics.median(used):>19.1f}")


def _make_busy(database: Database) -> None:
    """Somebody to whom something happens all the time; nobody of the world, which is others' too."""
    _take_busy_away(database)
    with database.write() as connection:
        connection.execute(insert(crm_contacts), {"id": BUSY, "last_name": "Busy", "created_at": UNTIL})
        channels = ("visit", "visit", "chat", "campaign", "portal", "webinar", "survey", "ticket")
        rows = [
            {
                "id": f"{BUSY}-{number}",
                "channel": channels[number % len(channels)],
                "type": "seen",
                "at": UNTIL - timedelta(hours=1.7 * number, seconds=number % 59),
                "signal": number % 4 > 0,
                "contact_id": BUSY,
                "title": "Something seen",
            }
            for number in range(BUSY_HAS)
        ]
        connection.execute(insert(crm_touchpoints), rows)


def _take_busy_away(database: Database) -> None:
    with database.write() as connection:
        connection.execute(delete(crm_touchpoints).where(crm_touchpoints.c.contact_id == BUSY))
        connection.execute(delete(crm_contacts).where(crm_contacts.c.id == BUSY))


def timed(work: Callable[[], T]) -> tuple[T, float]:
    begin = time.perf_counter()
    result = work()
    return result, time.perf_counter() - begin


if __name__ == "__main__":
    main()
