"""The batch: learn from a folder of records, advise on its open deals, write the answers; no store is touched."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from motenashi.sales_history.from_files import read_files
from motenashi.sales_history.history import SalesHistory
from motenashi.suggestions.next_best_action.advise import advise
from motenashi.suggestions.next_best_action.learn import learn
from motenashi.suggestions.next_best_action.learned import LearnedActions
from motenashi.suggestions.next_best_action.settings import LearningSettings
from motenashi.suggestions.next_best_action.write_suggestions import write_suggestions

SUGGESTIONS_FILE = "suggestions.jsonl"


def advise_records(
    folder: Path,
    out: Path,
    *,
    as_of: datetime | None = None,
    settings: LearningSettings | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> tuple[SalesHistory, LearnedActions, int]:
    """Reads records of any form that `read_files` knows, writes SUGGESTIONS_FILE into `out`. `as_of` (aware): what is
    later is not looked at; without it the record's own end counts. The history, what was learned from it, and how
    many deals were answered, so that a caller can go on with the same history."""
    history = read_files(folder, as_of=as_of, progress=progress)
    learned = learn(history, settings=settings, progress=progress)
    moment = datetime.fromtimestamp(history.organisation.as_of, UTC)
    advices = advise(learned, history, as_of=moment)
    written = write_suggestions(advices, out / SUGGESTIONS_FILE, organisation=history.organisation)
    return history, learned, written
