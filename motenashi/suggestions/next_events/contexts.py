"""What a moment of a case looks like to the chains: keys of what went before, from coarse to fine."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from motenashi.suggestions.next_events.event_log import Codes, EventLog, Keys, Numbers, Rows

DAY = 86_400.0
GAP_EDGES = (60.0, 900.0, 3_600.0, 4 * 3_600.0, 16 * 3_600.0, 2 * DAY, 5 * DAY, 14 * DAY, 45 * DAY)
PERIODS = (4, 16)  # the time learned from, cut into so many parts
_MIX = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Span:
    """The time learned from; moments outside count as its first or last period."""

    begins: float
    ends: float

    @staticmethod
    def of(log: EventLog) -> Span:
        """Without the last percent: a few cases that drag on are not what is usual at the end."""
        return Span(float(log.at.min()), float(np.quantile(log.at, 0.99)))

    def period(self, at: Numbers, parts: int) -> Rows:
        length = max(self.ends - self.begins, 1.0)
        return np.clip((at - self.begins) / length * parts, 0, parts - 1).astype(np.int64)


def ladders(log: EventLog, span: Span, *, longest: int) -> dict[str, list[Keys]]:
    """For each ladder its rungs, coarse to fine; a rung holds one key for every row of the log.

    `suffix`: the last 0, 1, … `longest` events. `done`: the last event and which others went before, in any order.
    `rhythm`: the last event, how often it came in a row, the time since, the hour. `period`: the last two, and when.
    """
    last = [lag(log, back) for back in range(longest)]
    nothing = np.zeros(len(log), dtype=np.uint64)
    suffix = [nothing]
    for one in last:
        suffix.append(joined(suffix[-1], one))
    kinds, counts = done_before(log)
    repeats = np.minimum(run_length(log), 20)
    rhythm = joined(suffix[1], repeats)
    paced = joined(rhythm, np.digitize(since_previous(log), GAP_EDGES))
    coarse, fine = (span.period(log.at, parts) for parts in PERIODS)
    return {
        "suffix": suffix,
        "done": [nothing, suffix[1], joined(suffix[1], kinds), joined(suffix[1], counts), joined(suffix[2], counts)],
        "rhythm": [nothing, suffix[1], rhythm, paced, joined(paced, part_of_week(log))],
        "period": [nothing, suffix[1], joined(suffix[1], coarse), joined(suffix[1], fine), joined(suffix[2], fine)],
    }


def joined(keys: Keys, more: Rows | Codes | Keys) -> Keys:
    """One key out of two, so that different pairs hardly ever meet (64 bits, splitmix64's last steps)."""
    mixed = (keys ^ (more.astype(np.uint64) + np.uint64(1)) * _MIX) + _MIX
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def lag(log: EventLog, back: int) -> Codes:
    """The activity so many events before each row, in the same case."""
    earlier = np.full(len(log), log.before_start, dtype=np.int32)
    earlier[back:] = log.activity[: max(len(log) - back, 0)]
    earlier[position(log) < back] = log.before_start
    return earlier


def position(log: EventLog) -> Rows:
    return np.arange(len(log)) - log.first_of_case


def run_length(log: EventLog) -> Rows:
    """How many events in a row, up to this one, were of this activity."""
    breaks = np.ones(len(log), dtype=np.bool_)
    breaks[1:] = log.activity[1:] != log.activity[:-1]
    breaks[log.starts] = True
    rows = np.arange(len(log))
    return rows - np.maximum.accumulate(np.where(breaks, rows, 0)) + 1


def since_previous(log: EventLog) -> Numbers:
    """Seconds since the event before in the same case; 0 at its first."""
    gap = np.diff(log.at, prepend=log.at[:1])
    gap[log.starts] = 0.0
    return gap


def part_of_week(log: EventLog) -> Rows:
    """Four parts of the day, apart for Friday, the weekend and the rest."""
    day = (np.floor(log.clock / DAY).astype(np.int64) + 3) % 7  # 1970 began on a Thursday; 0 is Monday
    kind = np.where(day < 4, 0, np.where(day == 4, 1, 2))
    return kind * 4 + np.floor(log.clock % DAY / (DAY / 4)).astype(np.int64)


def done_before(log: EventLog) -> tuple[Keys, Keys]:
    """Keys of the set, and of the bag, of all activities of a case up to each row."""
    mark = joined(np.full(len(log), 7, dtype=np.uint64), log.activity)
    case = np.repeat(np.arange(len(log.starts)), np.diff(np.append(log.starts, len(log))))
    first = np.zeros(len(log), dtype=np.bool_)
    first[np.unique(case * (len(log.names) + 2) + log.activity, return_index=True)[1]] = True
    return _summed(np.where(first, mark, np.uint64(0)), log), _summed(mark, log)


def _summed(marks: Keys, log: EventLog) -> Keys:
    """Running sums within each case (they overflow, and may: sums of marks are keys)."""
    running = np.cumsum(marks, dtype=np.uint64)
    first = log.first_of_case
    return running - (running[first] - marks[first])
