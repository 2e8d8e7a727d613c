"""A file of cases becomes an event log: whatever its columns are called, and whatever stands between them."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from motenashi.suggestions.next_events.event_log import EventLog, in_order
from motenashi.suggestions.next_events.moments import Moment, moment_of

Progress = Callable[[str, int, int], None]  # what is going on, how far, of how much (0: unknown)

DELIMITERS: Final = (",", ";", "\t", "|")
# What a column may be called, without case, blanks and signs; the first that is there counts.
CALLED: Final = {
    "case": ("caseconceptname", "caseid", "case", "traceid", "trace", "casenumber", "ケースid", "ケース", "案件"),
    "activity": (
        *("conceptname", "activityid", "activity", "activityname", "eventname", "event", "task"),
        *("アクティビティ", "活動", "作業", "イベント"),
    ),
    "timestamp": (
        *("timetimestamp", "completetimestamp", "timestamp", "completetime", "endtimestamp", "eventtime"),
        *("datetime", "time", "date", "starttimestamp", "タイムスタンプ", "日時", "時刻"),
    ),
}
_SIGNS = re.compile(r"[\W_]+")


class UnreadableLog(ValueError):
    """The file as a whole can't be used; the sentence says why and what would help."""


@dataclass(frozen=True)
class ReadLog:
    """`rows`: lines of data met; `left_out`: how many of them were of no use, by reason."""

    log: EventLog
    rows: int
    left_out: dict[str, int]


def read_log(file: Path, *, progress: Progress | None = None) -> ReadLog:
    """Read a CSV file (UTF-8 or Shift-JIS, may be gzip) with a case, an activity and a timestamp a row, in any order.

    Rows without one of them, or with a timestamp that is none, are counted and left out. Raises UnreadableLog when
    there is no such file, a column is missing, or no row is left.
    """
    reader, places = _opened(file)
    left_out: Counter[str] = Counter()
    cases: dict[str, int] = {}
    names: dict[str, int] = {}
    case, activity, at, clock = array("i"), array("i"), array("d"), array("d")
    rows = 0
    for row in _rows(reader):
        rows += 1
        if progress and rows % 100_000 == 0:
            progress("reading", rows, 0)
        event = _event(row, places)
        if isinstance(event, str):
            left_out[event] += 1
            continue
        case.append(cases.setdefault(event[0], len(cases)))
        activity.append(names.setdefault(event[1], len(names)))
        at.append(event[2].at)
        clock.append(event[2].clock)
    if not case:
        raise UnreadableLog(f"{file.name} holds no usable event: {rows} rows, left out {dict(left_out) or 'none'}.")
    columns = (np.array(case, np.int32), np.array(activity, np.int32), np.array(at), np.array(clock))
    return ReadLog(in_order(tuple(names), *columns), rows, dict(left_out))


@dataclass(frozen=True)
class _Places:
    """Where in a row the three things stand."""

    case: int
    activity: int
    timestamp: int


# As the csv module has it, whose own limit is the whole process's and may have been set to something else.
LONGEST_CELL = 131_072


def _opened(file: Path) -> tuple[Iterator[list[str]], _Places]:
    text = _text(file)
    first = text.partition("\n")[0].rstrip("\r")
    for delimiter in DELIMITERS:
        places = _places(next(csv.reader([first], delimiter=delimiter), []))
        if places:
            reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
            next(reader)
            return reader, places
    raise UnreadableLog(
        f"{file.name} needs a first line that names the columns case, activity and timestamp (or: CaseID, ActivityID, "
        f"CompleteTimestamp; case:concept:name, concept:name, time:timestamp). It begins with: {first[:200]!r}"
    )


def _text(file: Path) -> str:
    try:
        content = file.read_bytes()
        if file.suffix == ".gz":
            content = gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableLog(f"{file} can't be read: {error}") from error
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableLog(f"{file.name} is neither UTF-8 nor Shift-JIS text.")


def _places(header: Sequence[str]) -> _Places | None:
    named = [_SIGNS.sub("", column.casefold()) for column in header]
    found = {what: next((named.index(name) for name in names if name in named), None) for what, names in CALLED.items()}
    case, activity, timestamp = found["case"], found["activity"], found["timestamp"]
    if case is None or activity is None or timestamp is None:
        return None
    return _Places(case, activity, timestamp)


def _rows(reader: Iterator[list[str]]) -> Iterator[list[str] | None]:
    """Rows that are not blank; None for one that the CSV reader gave up on."""
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield None
            continue
        if max(map(len, row), default=0) > LONGEST_CELL:
            yield None  # an open quote that swallowed lines, not a name
        elif any(row):
            yield row


def _event(row: list[str] | None, places: _Places) -> tuple[str, str, Moment] | str:
    """Case, activity and moment; or why the row is of no use."""
    if row is None or len(row) <= max(places.case, places.activity, places.timestamp):
        return "too few columns" if row else "not a row of CSV"
    case, activity = row[places.case].strip(), row[places.activity].strip()
    if not case or not activity:
        return "no activity" if case else "no case"
    moment = moment_of(row[places.timestamp])
    return "no timestamp that can be read" if moment is None else (case, activity, moment)
