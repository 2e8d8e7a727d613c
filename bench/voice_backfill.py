"""How fast old mail becomes responses: `python -m bench.voice_backfill`.

2,000 mails with the real reader, in one process and on all processors, and 100,000 with a reader that costs nothing.
Told is the share of the time that is spent outside of the reader: that is what storing costs. In one process it is that
of the processor's time, which says the same on a busy machine.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert

from crm_client.embedded import tables as crm
from motenashi.database import Database
from motenashi.insights.voice.backfill import Backfill
from motenashi.insights.voice.old_mails import CrmMails
from motenashi.insights.voice.responses import Responses
from motenashi.storage.migrate import migrate
from motenashi.storage.open_database import open_database
from nlp.model_folder import MODEL, TRAINING_DATA
from nlp.pipeline import MailReader
from nlp.reader_pool import reader_pool
from nlp.reading import Intent, Keyword, Reading, Sentiment, TextToRead

BEGAN = datetime(2025, 1, 1, tzinfo=UTC)
ReadAll = Callable[[Sequence[TextToRead]], Sequence[Reading | None]]
# What a mail says on the average: two intents, six keywords.
_USUAL = Reading(
    "en",
    intents=(Intent("quote_request", 0.9, "a sentence"), Intent("demo_request", 0.6, "a sentence")),
    sentiment=Sentiment("negative", 0.1, 0.8, "a sentence"),
    keywords=tuple(Keyword(f"word {number}", f"word {number}", 0, 4, 0.5) for number in range(6)),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=2_000, help="for the real reader")
    parser.add_argument("--many", type=int, default=100_000, help="for the one that costs nothing")
    choices = parser.parse_args()
    print("| reader | mails | s | mails a second | outside of the reader |\n|---|---|---|---|---|")
    reader = MailReader.load(MODEL)
    measure("real, one process", choices.mails, lambda texts: [reader.read(text) for text in texts])
    with reader_pool(MODEL, processes=os.cpu_count() or 1) as pool:
        pool.read_all([TextToRead("Hello")] * 64)  # models are loaded
        measure(f"real, {os.cpu_count()} processes", choices.mails, pool.read_all, time.perf_counter)
    measure("costs nothing", choices.many, told_at_once)


def told_at_once(texts: Sequence[TextToRead]) -> list[Reading | None]:
    return [replace(_USUAL, text=text.body) for text in texts]


def measure(name: str, mails: int, read_all: ReadAll, clock: Callable[[], float] = time.process_time) -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{folder}/voice.db")
        migrate(database)
        fill(database, mails)
        backfill = Backfill(database, Responses(database), read_all, clock=clock)
        began = time.perf_counter()
        backfill.mails(CrmMails(database))
        took = time.perf_counter() - began
        database.engine.dispose()
    print(f"| {name} | {mails:,} | {took:.1f} | {mails / took:,.0f} | {backfill.report.outside:.0%} |")


def fill(database: Database, mails: int) -> None:
    texts = list(letters())
    with database.write() as connection:
        for begin in range(0, mails, 5_000):
            rows = [
                {
                    "id": f"e{number:08}",
                    "direction": "in",
                    "subject": "",
                    "sent_at": BEGAN + timedelta(minutes=number),
                    "contact_id": f"c{number % 5_000}",
                    "text": texts[number * 7919 % len(texts)],
                }
                for number in range(begin, min(begin + 5_000, mails))
            ]
            connection.execute(insert(crm.crm_emails), rows)


def letters() -> Iterator[str]:
    """Mails of the training data in both languages; the longer ones, as mails are."""
    for file in sorted(Path(TRAINING_DATA).rglob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            given = json.loads(line)
            if len(given["text"]) > 120:
                yield given["text"]


if __name__ == "__main__":
    main()
