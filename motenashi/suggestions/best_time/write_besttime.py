"""The answer file besttime.jsonl: one line a contact with any evidence, its hours of the week best first."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from motenashi.sales_history.history import SalesHistory
from motenashi.suggestions.best_time.find_times import TimesTable, times_tables
from motenashi.suggestions.best_time.learned_times import LearnedTimes
from motenashi.suggestions.best_time.settings import BestTimeSettings


def write_besttime(
    learned: LearnedTimes,
    history: SalesHistory,
    file: Path,
    *,
    settings: BestTimeSettings | None = None,
    progress: Callable[[str, float], None] | None = None,
) -> int:
    """For calls. Says how many contacts were written. The file appears when it is whole; OSError when it can't."""
    contacts = np.arange(len(history.contacts.ids), dtype=np.int32)
    unfinished = file.with_name(f".{file.name}.part")
    written = 0
    with unfinished.open("w", encoding="utf-8") as out:
        for table in times_tables(learned, history, contacts=contacts, settings=settings):
            for row in range(len(table.persons)):
                out.write(json.dumps(_line(table, row), ensure_ascii=False) + "\n")
            written += len(table.persons)
            if progress:
                progress("best times", min(written / max(len(contacts), 1), 1.0))
    unfinished.replace(file)
    return written


def _line(table: TimesTable, row: int) -> dict[str, Any]:
    order = table.order[row]
    columns = (table.weekday[order], table.hour[order], np.round(table.p[row, order], 4), table.stars[row, order])
    slots = zip(*(column.tolist() for column in columns), strict=True)
    return {
        "contact_id": str(table.evidence.people.ids[table.persons[row]]),
        "preference": bool((table.stars[row] > 0).any()),
        "slots": [{"weekday": day, "hour": hour, "p": p, "stars": stars} for day, hour, p, stars in slots],
    }
