"""The three views of one history: everything; signals, each with the follow-up right before it; milestones, each with
the touch right before it.

Steps are entries in time order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from motenashi.insights.timeline.entries import Entry
from motenashi.insights.timeline.timeline import Query


@dataclass(frozen=True)
class Seen:
    """`folded`: by step, follow-ups after the step before it that the view does not show. `unanswered`: in the view
    Signals, our follow-ups since the newest signal."""

    steps: Sequence[Entry]
    folded: dict[Entry, tuple[Entry, ...]] = field(default_factory=dict)
    unanswered: tuple[Entry, ...] = ()


def seen(entries: Sequence[Entry], query: Query, start: int | None, end: int | None) -> Seen:
    """`entries` in time order. A signal or milestone of the period brings the touch before it along, from whenever."""
    wanted = [one for one in entries if _wanted(one, query)] if query.channels or query.users else entries
    if query.view == "signals":
        return _signals(wanted, start, end)
    if query.view == "milestones":
        return Seen(_milestones(wanted, start, end))
    bounded = start is not None or end is not None
    return Seen([one for one in wanted if _within(one, start, end)] if bounded else wanted)


def _wanted(entry: Entry, query: Query) -> bool:
    if query.channels and entry.is_touch and entry.channel not in query.channels:
        return False
    return not query.users or not entry.user_id or entry.user_id in query.users


def _within(entry: Entry, start: int | None, end: int | None) -> bool:
    return (start is None or entry.at >= start) and (end is None or entry.at < end)


def _signals(entries: Sequence[Entry], start: int | None, end: int | None) -> Seen:
    steps: list[Entry] = []
    folded: dict[Entry, tuple[Entry, ...]] = {}
    since: list[Entry] = []
    for one in entries:
        if not one.is_touch:
            continue
        if not one.signal:
            since.append(one)
            continue
        if _within(one, start, end):
            if since:
                steps.append(since[-1])
                folded[since[-1]] = tuple(since[:-1])
            steps.append(one)
        since = []
    return Seen(steps, folded, tuple(one for one in since if _within(one, start, end)))


def _milestones(entries: Sequence[Entry], start: int | None, end: int | None) -> list[Entry]:
    steps: list[Entry] = []
    before: Entry | None = None
    for one in entries:
        if one.is_touch:
            before = one
        elif _within(one, start, end):
            if before is not None:  # two milestones after one touch share it
                steps.append(before)
            before = None
            steps.append(one)
    return steps
