"""How fast touchpoints of other tools come in: `python -m bench.touchpoints [--rows 100000] [--database URL]`.

The same rows are imported by the own work of `import-touchpoints` (read, checked, matched to their people, traced,
stored), and put by a bare insert into the table of touchpoints; then imported again, when each is found to be there.
Then calls of the door's size (1,000 rows) are timed one by one. Processor time stands beside the clock's.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, text

from crm_client.embedded.bulk import insert_many
from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.embedded.record_rows import TOUCHPOINTS, new_id
from crm_client.embedded.tables import crm_touchpoints
from crm_client.records import Contact, Touchpoint
from motenashi.advice_desk.triggers import Triggers
from motenashi.database import Database
from motenashi.storage.migrate import migrate
from motenashi.storage.open_database import open_database
from motenashi.touchpoint_intake.file_rows import FileDefaults
from motenashi.touchpoint_intake.fresh_statistics import with_fresh_statistics
from motenashi.touchpoint_intake.import_files import import_touchpoints
from motenashi.touchpoint_intake.intake import TouchpointIntake

NOW = datetime(2026, 5, 11, 9, 0, tzinfo=UTC)
PEOPLE = 20_000
KINDS = (("webinar", "attended"), ("call", "answered"), ("survey", "answered"), ("ticket", "closed"), ("visit", ""))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--database", default="", help="An empty database; else SQLite in a folder of its own.")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(given.database or f"sqlite:///{folder}/bench.db")
        migrate(database)
        insert_many(EmbeddedCrm(database), (_contact(number) for number in range(PEOPLE)), chunk_size=2_000)
        with database.write() as connection:
            connection.execute(text("ANALYZE"))  # as a database that lives does by itself
        file = Path(folder) / "rows.jsonl"
        file.write_text("".join(f"{json.dumps(row)}\n" for row in rows(given.rows)), encoding="utf-8")
        print(f"{given.rows:,} rows of {PEOPLE:,} people, {database.dialect}\n")
        print("| what | seconds | processor, s | rows a second | µs a row (processor) |\n|---|---|---|---|---|")
        _line("bare insert of the touchpoints", given.rows, lambda: _bare(database, given.rows))
        with database.write() as connection:
            connection.execute(text("DELETE FROM crm_touchpoints"))
        _line("import", given.rows, lambda: _import(database, file))
        _line("the same again", given.rows, lambda: _import(database, file))
        _calls(database)


def rows(count: int) -> Iterator[dict[str, Any]]:
    """One in ten is of somebody unknown, one in five says something."""
    for number in range(count):
        channel, status = KINDS[number % len(KINDS)]
        person = number * 7919 % PEOPLE
        yield {
            "id": f"t{number}",
            "source": "Bench",
            "channel": channel,
            "direction": "customer" if number % 3 else "us",
            "at": (NOW - timedelta(minutes=number)).isoformat(),
            "who": {"email": f"p{person}@{'new.' if number % 10 == 0 else ''}example.com"},
            "status": status,
            "title": f"Something that happened, number {number % 100}",
            **({"text": "We found it very helpful, and would like to know the price."} if number % 5 == 0 else {}),
        }


def _contact(number: int) -> Contact:
    return Contact(f"c{number}", "Lane", email=f"p{number}@example.com", phone=f"03{number:08}", created_at=NOW)


def _bare(database: Database, count: int) -> None:
    for start in range(0, count, 1_000):
        made = [
            TOUCHPOINTS.values(
                Touchpoint(
                    new_id(), "call", "call", NOW - timedelta(minutes=n), True, f"c{n * 7919 % PEOPLE}", key=f"b{n}"
                )
            )
            for n in range(start, min(start + 1_000, count))
        ]
        with database.write() as connection:
            connection.execute(insert(crm_touchpoints), made)


def _import(database: Database, file: Path) -> None:
    intake = _intake(database)
    take = with_fresh_statistics(database, intake.intake)
    import_touchpoints([file], take, FileDefaults(UTC), clock=lambda: NOW)


def _intake(database: Database) -> TouchpointIntake:
    return TouchpointIntake(database, EmbeddedCrm(database), on_changes=Triggers(database).all_changed)


def _calls(database: Database) -> None:
    """Calls as the door takes them."""
    intake, taken = _intake(database), []
    for call in range(20):
        batch = [row | {"id": f"call{call}-{row['id']}"} for row in rows(1_000)]
        begun = time.perf_counter()
        intake.intake(batch, NOW)
        taken.append((time.perf_counter() - begun) * 1_000)
    print(f"\nA call of 1,000 rows: {statistics.median(taken):.0f} ms in the middle, {max(taken):.0f} ms at most.")
    taken = []
    for call in range(200):
        one = next(rows(1)) | {"id": f"one{call}", "who": {"email": "p7@example.com"}}
        begun = time.perf_counter()
        intake.intake([one], NOW)
        taken.append((time.perf_counter() - begun) * 1_000)
    print(f"A call of one row: {statistics.median(taken):.1f} ms in the middle, {max(taken):.1f} ms at most.")


def _line(what: str, count: int, work: Callable[[], None]) -> None:
    begun, processor = time.perf_counter(), time.process_time()
    work()
    seconds, used = time.perf_counter() - begun, time.process_time() - processor
    print(f"| {what} | {seconds:.1f} | {used:.1f} | {count / seconds:,.0f} | {used / count * 1e6:.0f} |", flush=True)


if __name__ == "__main__":
    main()
