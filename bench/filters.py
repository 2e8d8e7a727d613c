"""How long a filter's count takes on the big world of voices, on SQLite and PostgreSQL, beside a search in Python.

    python -m bench.filters --folder /tmp/voice-world [--factor 1] [--postgres URL] [--random 200] [--show 10]

Each filter is counted `--again` times; its time is the median of these. The aim: 300 ms for every one. Processor time
(ours for SQLite, the server process's for PostgreSQL on this machine) hardly depends on who else uses the machine.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text

from bench import voice_world_words as words
from bench.voice_world import UNTIL, postgres_world, sqlite_world
from motenashi.database import Database
from motenashi.filters.desk import FilterDesk

AIM_MS = 300
Written = dict[str, Any]

# What people really ask, and what is hardest: the commonest words, nothing at all, "none", counts, free text.
PICKED: tuple[tuple[str, Written], ...] = (
    ("contacts", {"responses": {"some": {"tone": "negative", "keyword": "price", "at": {"in_last_days": 30}}}}),
    ("contacts", {"responses": {"some": {"keyword": "価格"}}}),
    ("contacts", {"responses": {"some": {"keyword": "価格", "keyword.intent": "complaint", "keyword.said_by": "us"}}}),
    ("contacts", {"responses": {"some": {"tone": "negative"}}}),
    ("contacts", {"responses": {"some": {"tone": "neutral"}}}),
    ("contacts", {"responses": {"none": {"tone": "negative"}}}),
    ("contacts", {"responses": {"some": {}}}),
    ("contacts", {"responses": {"none": {}}}),
    ("contacts", {"responses": {"some": {"tone": "negative"}, "at_least": 3}}),
    ("contacts", {"responses": {"some": {"keyword": "price"}, "at_least": 2}}),
    ("contacts", {"responses": {"some": {"text": {"contains": "納期"}}}}),
    ("contacts", {"responses": {"some": {"text": {"not_contains": "price"}}}}),
    ("contacts", {"responses": {"some": {"text": {"matches": "price|価格"}}}}),
    ("contacts", {"responses": {"some": {"keyword": {"contains": "プリンター"}}}}),
    ("contacts", {"responses": {"some": {"keyword": {"is_not": "price"}}}}),
    ("contacts", {"responses": {"some": {"competitor": "northfield", "tone": "negative"}}}),
    ("contacts", {"responses": {"some": {"competitor": {"is_not_empty": True}}}}),
    ("contacts", {"responses": {"some": {"competitor": "is_empty"}}}),
    ("contacts", {"responses": {"some": {"emotion": {"in": ["disappointed", "dissatisfied"]}, "channel": "survey"}}}),
    ("contacts", {"responses": {"some": {"score": {"le": 6}}}}),
    ("contacts", {"responses": {"some": {"score_group": "detractor", "at": {"in_last_days": 365}}}}),
    ("contacts", {"responses": {"some": {"intents": {"has": "cancellation"}}}}),
    ("contacts", {"responses": {"some": {"intents": {"has_not": "thanks"}}}}),
    ("contacts", {"responses": {"some": {"product.item.category": "Printer"}}}),
    ("contacts", {"responses": {"some": {"at": {"weekday_in": ["mon"]}}}}),
    ("contacts", {"responses": {"some": {"at": {"time_between": ["18:00", "09:00"]}, "tone": "negative"}}}),
    ("contacts", {"responses": {"some": {"keywords": {"none": {"keyword": "price"}}}}}),
    ("contacts", {"responses": {"some": [{"tone": "negative"}, {"keyword": "price"}, {"competitor": "zenith"}],
                                "pattern": "1 and (2 or 3)"}}),
    ("contacts", {"events": {"some": {"kind": "churn"}}}),
    ("contacts", {"events": {"none": {"kind": "deal_won"}}}),
    ("contacts", {"events": {"some": {"kind": "deal_lost", "relation": "after", "response.tone": "negative"}}}),
    ("contacts", {"events": {"some": {"kind": "deal_lost", "days_after": {"le": 30}, "response.keyword": "price"}}}),
    ("contacts", {"events": {"some": {"response.competitor": {"is_not_empty": True}, "kind": "deal_lost"}}}),
    ("contacts", {"if": [{"responses": {"some": {"tone": "negative", "keyword": "price"}}},
                         {"events": {"none": {"kind": "churn"}}},
                         {"touchpoints": {"some": {"channel": "webinar"}, "at_least": 2}},
                         {"account.industry": {"is": "Retail"}}], "pattern": "(1 or 4) and not 3 and 2"}),
    ("contacts", {"touchpoints": {"some": {"channel": "webinar"}, "at_least": 2}}),
    ("contacts", {"touchpoints": {"some": {"channel": "email", "at": {"in_last_days": 30}}}}),
    ("contacts", {"touchpoints": {"some": {"channel": "email"}}}),
    ("contacts", {"touchpoints": {"none": {"channel": "email", "signal": True}}}),
    ("contacts", {"touchpoints": {"some": {"status": "bounced"}}}),
    ("contacts", {"touchpoints": {"some": {"signal": True}, "at_least": 10}}),
    ("contacts", {"touchpoints": {"some": {"pages": {"ge": 10}}}}),
    ("contacts", {"days_since_last_touch": {"gt": 90}}),
    ("contacts", {"last_signal_at": {"in_last_days": 14}}),
    ("contacts", {"number_of_deals": {"ge": 3}}),
    ("contacts", {"won_amount": {"gt": 5_000_000}}),
    ("contacts", {"name": {"contains": "佐藤"}}),
    ("contacts", {"Opt_In": True, "Seats": {"gt": 50}}),
    ("contacts", {"owner.name": "Owner 3", "account.Tier": "Gold"}),
    ("contacts", {"deals": {"some": {"stage.outcome": "lost", "responses": {"some": {"keyword": "price"}}}}}),
    ("leads", {"status": "Contacted", "responses": {"some": {"intent": "purchase"}}}),
    ("leads", {"responses": {"none": {"tone": "positive"}}, "converted": {"is_false": True}}),
    ("leads", {"touchpoints": {"some": {"channel": "visit", "pages": {"ge": 5}}, "at_least": 3}}),
    ("accounts", {"responses": {"some": {"tone": "negative"}, "at_least": 2}}),
    ("accounts", {"contacts": {"some": {"responses": {"some": {"keyword": "価格"}}}}}),
    ("accounts", {"touchpoints": {"some": {"channel": "ticket", "status": "escalated"}}}),
    ("accounts", {"touchpoints": {"some": {"signal": True}, "at_least": 20}}),
    ("accounts", {"days_since_last_touch": {"gt": 60}}),
    ("deals", {"stage.outcome": "open", "responses": {"some": {"keyword": "price", "keyword.tone": "negative"}}}),
    ("deals", {"contact.responses": {"some": {"tone": "negative", "at": {"in_last_days": 90}}}}),
    ("deals", {"days_in_stage": {"gt": 60}, "stage.outcome": "open"}),
    ("deals", {"events": {"some": {"kind": "deal_lost", "response.tone": "negative"}}}),
    ("deals", {"products": {"some": {"product.category": "Printer"}}, "touchpoints": {"none": {"channel": "call"}}}),
)  # fmt: skip


def random_filters(count: int, seed: int = 11) -> Iterator[tuple[str, Written]]:
    """Voice filters as a builder may make them: one to three conditions, joined somehow."""
    pick = random.Random(seed)
    for _ in range(count):
        module = pick.choices(("contacts", "leads", "accounts", "deals"), (6, 1, 1, 2))[0]
        items = [_rows(pick) for _ in range(pick.choices((1, 2, 3), (5, 3, 1))[0])]
        patterns = {
            1: ("1", "not 1"),
            2: ("1 and 2", "1 or 2", "1 and not 2"),
            3: ("(1 or 2) and 3", "1 or not (2 and 3)"),
        }
        yield module, {"if": items, "pattern": pick.choice(patterns[len(items)])}


def _rows(pick: random.Random) -> Written:
    name = pick.choices(("responses", "events"), (4, 1))[0]
    prefix = "" if name == "responses" else "response."
    inner = dict(_said(pick, prefix) for _ in range(pick.randint(1, 3)))
    if name == "events":
        inner["kind"] = pick.choice(("churn", "deal_won", "deal_lost", "call_outcome", "recommendation_bought"))
    written: Written = {pick.choice(("some", "some", "none")): inner}
    if "some" in written and pick.random() < 0.2:
        written["at_least"] = pick.randint(2, 4)
    return {name: written}


def _said(pick: random.Random, prefix: str) -> tuple[str, Any]:
    language = pick.choice(("en", "ja"))
    known = words.keywords(language)
    word = known[int(len(known) * pick.random() ** 3)]
    intents = [name for name, _ in words.INTENTS]
    if prefix:
        return _with_prefix(pick, prefix, word, intents)
    return pick.choice([
        ("keyword", word),
        ("keyword", {"in": list(known[:3])}),
        ("keyword.tone", pick.choice(("positive", "negative"))),
        ("keyword.intent", pick.choice(intents)),
        ("keyword.said_by", pick.choice(("customer", "us"))),
        ("keyword.kind", "competitor"),
        ("competitor", pick.choice(words.COMPETITORS)),
        ("tone", pick.choice(("positive", "neutral", "negative"))),
        ("tone", {"is_not": "negative"}),
        ("emotion", pick.choice(words.EMOTIONS["negative"])),
        ("intent", pick.choice(intents)),
        ("intents", {"has": pick.choice(words.LABELS["purchase"])}),
        ("channel", pick.choice(("email", "chat", "survey", "x"))),
        ("language", language),
        ("score", {"ge": 9}),
        ("at", {"in_last_days": pick.choice((7, 30, 365))}),
        ("at", {"before": "2025-06-01"}),
        ("text", {"contains": word}),
    ])  # fmt: skip


def _with_prefix(pick: random.Random, prefix: str, word: str, intents: list[str]) -> tuple[str, Any]:
    name, value = pick.choice([
        ("keyword", word),
        ("tone", "negative"),
        ("intent", pick.choice(intents)),
        ("competitor", pick.choice(words.COMPETITORS)),
        ("keyword.tone", "negative"),
        ("at", {"in_last_days": 365}),
    ])  # fmt: skip
    return f"{prefix}{name}", value


@dataclass(frozen=True)
class Measured:
    ms: float
    processor_ms: float
    module: str
    written: Written
    count: int


def measured(database: Database, asked: list[tuple[str, Written]], again: int) -> list[Measured]:
    """The slowest first."""
    desk = FilterDesk(database, zone=ZoneInfo("Asia/Tokyo"), clock=_world_clock, seconds=60)
    found = []
    for module, written in asked:
        chosen = desk.read(module, written)
        times, busy = [], []
        for _ in range(again):
            start, used = time.perf_counter(), _processor_seconds(database)
            count = desk.count(chosen)
            times.append((time.perf_counter() - start) * 1_000)
            busy.append((_processor_seconds(database) - used) * 1_000)
        found.append(Measured(statistics.median(times), statistics.median(busy), module, written, count))
    return sorted(found, key=lambda one: one.processor_ms, reverse=True)


def _processor_seconds(database: Database) -> float:
    """Of this process, or of the server's process that works for us (one, since we ask one thing at a time)."""
    if database.dialect == "sqlite":
        return time.process_time()
    with database.read() as connection:
        pid = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    try:
        return sum(_ticks(pid)) / os.sysconf("SC_CLK_TCK")
    except OSError:
        return 0.0


def _ticks(pid: int) -> tuple[int, int]:
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(after_name[11]), int(after_name[12])


def naive(database: Database) -> tuple[float, int]:
    """Ms and count of "a negative response about the price", by loading what was said and looking through it."""
    start = time.perf_counter()
    query = (
        "SELECT r.contact_id, r.tone, k.normal FROM voice_responses r "
        "LEFT JOIN voice_keywords k ON k.response_id = r.id WHERE r.contact_id <> ''"
    )
    with database.read() as connection:
        rows = connection.execute(text(query)).all()
        people = {person for person, tone, word in rows if tone == "negative" and word == "price"}
        known = {one for (one,) in connection.execute(text("SELECT id FROM crm_contacts"))}
    return (time.perf_counter() - start) * 1_000, len(people & known)


def report(name: str, database: Database, asked: list[tuple[str, Written]], again: int, show: int) -> None:
    found = measured(database, asked, again)
    for kind, times in (("", [one.ms for one in found]), (" of a processor", [one.processor_ms for one in found])):
        late = sum(ms > AIM_MS for ms in times)
        print(
            f"{name}: {len(times)} filters, median {statistics.median(times):.0f} ms{kind}, worst {max(times):.0f} ms, "
            f"{late} over {AIM_MS} ms"
        )
    for one in found[:show]:
        told = json.dumps(one.written, ensure_ascii=False)[:220]
        print(f"  {one.processor_ms:6.0f} ({one.ms:.0f}) ms  {one.count:7}  {one.module} {told}")
    ours = measured(database, [("contacts", {"responses": {"some": {"tone": "negative", "keyword": "price"}}})], 3)[0]
    slow, same = naive(database)
    print(f"  a negative response about the price: {ours.ms:.0f} ms, {ours.count}; in Python {slow:.0f} ms, {same}\n")


def _world_clock() -> datetime:
    return UNTIL


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--folder", type=Path, required=True)
    reader.add_argument("--factor", type=float, default=1.0)
    reader.add_argument("--postgres", default="", help="URL of a database to measure, too")
    reader.add_argument("--random", type=int, default=200)
    reader.add_argument("--again", type=int, default=3)
    reader.add_argument("--show", type=int, default=8)
    reader.add_argument("--no-sqlite", action="store_true")
    chosen = reader.parse_args()
    asked = [*PICKED, *random_filters(chosen.random)]
    if not chosen.no_sqlite:
        report("SQLite", sqlite_world(chosen.folder, chosen.factor), asked, chosen.again, chosen.show)
    if chosen.postgres:
        report("PostgreSQL", postgres_world(chosen.postgres, chosen.factor), asked, chosen.again, chosen.show)


if __name__ == "__main__":
    main()
