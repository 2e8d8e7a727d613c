"""Advice on a folder of records, learned from the folder itself: suggestions and best times. No store is touched."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from motenashi.suggestions.best_time.learn_times import learn_times
from motenashi.suggestions.best_time.write_besttime import write_besttime
from motenashi.suggestions.next_best_action.advise_records import advise_records

BEST_TIMES_FILE = "besttime.jsonl"


@dataclass(frozen=True)
class FolderAdvice:
    """`left_out`: why -> how many rows were not learned from."""

    deals: int
    people: int
    left_out: Mapping[str, int]


def advise_folder(
    folder: Path,
    out: Path,
    *,
    as_of: datetime | None = None,
    progress: Callable[[str, int, int], None] = lambda what, done, of: None,
) -> FolderAdvice:
    """Writes suggestions.jsonl and besttime.jsonl into `out`. `as_of` (aware): what is later is not looked at.

    UnreadableRecords when the folder holds no such records.
    """
    out.mkdir(parents=True, exist_ok=True)
    history, _learned, deals = advise_records(folder, out, as_of=as_of, progress=progress)
    times = learn_times(history, progress=lambda what, share: progress(what, round(share * 1000), 1000))
    people = write_besttime(times, history, out / BEST_TIMES_FILE)
    return FolderAdvice(deals, people, history.left_out)
