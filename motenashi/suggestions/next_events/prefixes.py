"""Begun cases as JSON lines, a chunk at a time, in the codes of the log that was learned from."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from motenashi.suggestions.next_events.event_log import EventLog
from motenashi.suggestions.next_events.moments import Moment, moment_of


@dataclass(frozen=True)
class Prefix:
    """One begun case. `last`: when its newest event was; None where there is none or its time can't be read."""

    id: object
    activities: tuple[str, ...]
    moments: tuple[Moment, ...]
    last: Moment | None


def read_prefixes(file: Path, trouble: Counter[str], *, chunk: int) -> Iterator[list[Prefix]]:
    """Chunks of prefixes in the order of the file; what is wrong with lines and events is counted in `trouble`.

    A line without an id (or that is no JSON object) is left out. Of a line with an id only the bad events are; so it
    always has its answer.
    """
    begun: list[Prefix] = []
    with file.open("rb") as lines:
        for line in lines:
            prefix = _prefix(line, trouble) if line.strip() else None
            if prefix is None:
                continue
            begun.append(prefix)
            if len(begun) == chunk:
                yield begun
                begun = []
    if begun:
        yield begun


def as_log(prefixes: list[Prefix], names: tuple[str, ...]) -> EventLog:
    """Prefixes that are not empty, one case each, in their own order."""
    codes = {name: code for code, name in enumerate(names)}
    lengths = np.array([len(prefix.activities) for prefix in prefixes], dtype=np.int64)
    activity = [codes.get(name, len(names)) for prefix in prefixes for name in prefix.activities]
    return EventLog(
        names,
        np.cumsum(lengths) - lengths,
        np.array(activity, dtype=np.int32),
        np.array([moment.at for prefix in prefixes for moment in prefix.moments]),
        np.array([moment.clock for prefix in prefixes for moment in prefix.moments]),
    )


def _prefix(line: bytes, trouble: Counter[str]) -> Prefix | None:
    try:
        told = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        trouble["prefix lines that are no JSON"] += 1
        return None
    if not isinstance(told, dict) or told.get("id") is None:
        trouble["prefix lines without an id"] += 1
        return None
    events = told.get("events")
    if not isinstance(events, list):
        trouble["prefixes without a list of events"] += 1
        events = []
    return _in_order(told["id"], [event for event in map(_event, events) if _usable(event, trouble)])


def _event(told: Any) -> tuple[str, Moment | None]:
    """Activity ('' when missing) and moment."""
    if not isinstance(told, Mapping):
        return "", None
    name = told.get("activity")
    known = isinstance(name, str | int | float) and not isinstance(name, bool)
    return (str(name).strip() if known else ""), moment_of(told.get("timestamp"))


def _usable(event: tuple[str, Moment | None], trouble: Counter[str]) -> bool:
    name, moment = event
    if not name:
        trouble["events of prefixes without an activity"] += 1
    elif moment is None:
        trouble["events of prefixes without a timestamp that can be read"] += 1
    return bool(name)


def _in_order(prefix_id: object, events: list[tuple[str, Moment | None]]) -> Prefix:
    """By time; an event without one stays behind the event it came after."""
    known = next((moment for _, moment in events if moment), Moment(0.0, None))
    placed: list[tuple[str, Moment]] = []
    for name, moment in events:
        known = moment or known
        placed.append((name, known))
    last = events[-1][1] if events else None
    placed.sort(key=lambda event: event[1].at)
    moments = tuple(moment for _, moment in placed)
    return Prefix(prefix_id, tuple(name for name, _ in placed), moments, moments[-1] if last else None)
