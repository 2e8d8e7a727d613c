"""Small event logs of known making for these tests; nobody in them is real."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

MONDAY = datetime(2025, 1, 6, 9, tzinfo=UTC)
Row = tuple[str, str, str]


def write_log(
    file: Path, rows: Iterable[Sequence[str]], *, header: Sequence[str] = ("case", "activity", "timestamp")
) -> Path:
    with file.open("w", encoding="utf-8", newline="") as out:
        lines = csv.writer(out)
        lines.writerow(header)
        lines.writerows(rows)
    return file


def write_prefixes(file: Path, prefixes: Iterable[object]) -> Path:
    lines = [one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in prefixes]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def prefix(name: object, activities: Sequence[str], *, begins: datetime, hours: float = 1.0) -> dict[str, Any]:
    events = [
        {"activity": activity, "timestamp": (begins + timedelta(hours=hours * place)).isoformat()}
        for place, activity in enumerate(activities)
    ]
    return {"id": name, "events": events}


def answers_in(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def second_order_rows(cases: int, *, seed: int = 3) -> list[Row]:
    """After "wait" comes what did not come before it: the last activity tells nothing, the last two nearly all."""
    draw = Random(seed)
    rows: list[Row] = []
    for case in range(cases):
        at, before = MONDAY + timedelta(hours=5 * case), draw.choice(["call", "mail"])
        for _ in range(4):
            for activity in (before, "wait"):
                rows.append((f"c{case}", activity, at.isoformat()))
                at += timedelta(hours=1)
            other = {"call": "mail", "mail": "call"}[before]
            before = other if draw.random() < 0.9 else before
    return rows
