"""What comes next in begun cases, and when: files in, a file out."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from motenashi.suggestions.next_events.event_log import EventLog, Numbers
from motenashi.suggestions.next_events.learn import END, LearnedEvents, learn
from motenashi.suggestions.next_events.moments import told
from motenashi.suggestions.next_events.prefixes import Prefix, as_log, read_prefixes
from motenashi.suggestions.next_events.read_log import Progress, ReadLog, UnreadableLog, read_log
from motenashi.suggestions.next_events.settings import NextEventsSettings

LATE = 0.9  # of the log's events; what comes later than this share is taken to go on after the log
_CELLS = 2_000_000  # prefixes × activities answered in one go


@dataclass(frozen=True)
class Report:
    """What was read, what could not be used, by reason, and how many answers were written."""

    events: int
    cases: int
    activities: int
    answers: int
    trouble: dict[str, int]

    def lines(self) -> list[str]:
        """For a person at a terminal."""
        read = f"{self.events:,} events of {self.cases:,} cases with {self.activities:,} activities"
        return [f"Learned from {read}; {self.answers:,} answers."] + [
            f"Left out: {count:,} × {reason}." for reason, count in sorted(self.trouble.items())
        ]


def predict_files(
    train: Path,
    prefixes: Path,
    out: Path,
    *,
    with_end: bool = False,
    settings: NextEventsSettings | None = None,
    progress: Progress | None = None,
) -> Report:
    """Learn from a CSV of cases, answer each begun case of a JSONL file by a line {"id", "ranked", "p", "next_at"}.

    `ranked`: activities, likeliest first, given that the case goes on; with `with_end` the end itself is ranked, too,
    as "[end]". `p`: their probabilities. `next_at`: the median of when, on the clock of the prefix's own times; None
    when that can't be known. Raises UnreadableLog when a file as a whole can't be used; then nothing is written.
    """
    settings = settings or NextEventsSettings()
    if not prefixes.is_file():
        raise UnreadableLog(f"{prefixes} can't be read: there is no such file.")
    read = read_log(train, progress=progress)
    trouble: Counter[str] = Counter({f"training rows with {why}": count for why, count in read.left_out.items()})
    chunk = max(1, min(5_000, _CELLS // (len(read.log.names) + 1)))
    chunks = read_prefixes(prefixes, trouble, chunk=chunk)
    first = next(chunks, [])
    learned = learn(read.log, with_end=with_end, among=_among(first, read.log), settings=settings, progress=progress)
    partly = out.with_name(out.name + ".part")
    answers = 0
    try:
        with partly.open("w", encoding="utf-8") as lines:
            for begun in chain([first], chunks):
                for answer in _answers(begun, learned, read, settings, trouble):
                    lines.write(json.dumps(answer, ensure_ascii=False) + "\n")
                    answers += 1
                if progress:
                    progress("answering", answers, 0)
        partly.replace(out)
    finally:
        partly.unlink(missing_ok=True)
    return Report(len(read.log), len(read.log.starts), len(read.log.names), answers, dict(+trouble))


def _among(begun: list[Prefix], log: EventLog) -> bool:
    """Whether most of these are moments within the time of the log, and not of its end or later."""
    last = [prefix.last.at for prefix in begun if prefix.last]
    return bool(last) and float(np.median(last)) < float(np.quantile(log.at, LATE))


def _answers(
    begun: list[Prefix],
    learned: LearnedEvents | None,
    read: ReadLog,
    settings: NextEventsSettings,
    trouble: Counter[str],
) -> Iterator[dict[str, Any]]:
    """One for each prefix, in order."""
    names = read.log.names
    likely, gaps = _begins(read, learned, len(begun)), np.full(len(begun), np.nan)
    filled = np.array([place for place, prefix in enumerate(begun) if prefix.activities], dtype=np.int64)
    if len(filled):
        log = as_log([begun[place] for place in filled], names)
        trouble["events of prefixes with an activity that training has not seen"] += int(
            (log.activity == log.unknown).sum()
        )
        if learned:
            likely[filled], gaps[filled] = learned.next_of(log, np.flatnonzero(log.is_last))
        else:
            likely[filled] = np.bincount(read.log.activity, minlength=len(names)) / len(read.log)
    labels = (*names, END)
    order = np.argsort(-likely, axis=1, kind="stable")[:, : settings.ranked]
    for prefix, best, chance, gap in zip(begun, order, likely, gaps, strict=True):
        yield {
            "id": prefix.id,
            "ranked": [labels[code] for code in best],
            "p": [round(float(chance[code]), 4) for code in best],
            "next_at": _next_at(prefix, float(gap)),
        }


def _begins(read: ReadLog, learned: LearnedEvents | None, rows: int) -> Numbers:
    """What a case without events begins with: the same for each."""
    classes = learned.classes if learned else len(read.log.names)
    firsts = np.bincount(read.log.activity[read.log.starts], minlength=classes)
    return np.tile(firsts / firsts.sum(), (rows, 1))


def _next_at(prefix: Prefix, gap: float) -> str | None:
    if prefix.last is None or gap != gap:
        return None
    return told(prefix.last.at + gap, prefix.last.offset)
