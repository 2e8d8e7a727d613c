"""How often to be in touch: the gap between contacts that is usual, and the one that goes best, by stage and type."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np

from motenashi.sales_history.history import Codes, Flags, Moments, Numbers, Organisation
from motenashi.suggestions.next_best_action.effects import Effects
from motenashi.suggestions.next_best_action.vocabulary import Vocabulary

PRIOR_DAYS = 7.0  # between contacts, while nobody knows better
SHRINK_GAPS = 20.0  # a stage and type counts with so many gaps of all others added
FARTHEST = 1.2  # the ideal gap is looked for within this many logs of the usual one
IDEAL_WIDTH = 0.4  # prior spread of the ideal gap around the usual one, in logs
SHRINK_HOURS = 30.0


def usual_days(stage: Codes, type_: Codes, days: Numbers, vocabulary: Vocabulary) -> Numbers:
    """Geometric means of the gaps by stage and type, shape (stages + 1, types + 1), drawn to the mean of all."""
    shape = (len(vocabulary.stages) + 1, len(vocabulary.types) + 1)
    place, logs = stage * shape[1] + type_, np.log(np.maximum(days, 0.1))
    count = np.bincount(place, minlength=shape[0] * shape[1])
    sums = np.bincount(place, logs, minlength=shape[0] * shape[1])
    everywhere = (logs.sum() + SHRINK_GAPS * np.log(PRIOR_DAYS)) / (len(logs) + SHRINK_GAPS)
    logs_of_place = (sums + SHRINK_GAPS * everywhere) / (count + SHRINK_GAPS)
    return np.asarray(np.exp(logs_of_place).reshape(shape), dtype=np.float64)


def ideal_days(effects: Effects, usual: Numbers, gap_block: int) -> tuple[Numbers, Numbers]:
    """The gap after which moving on is likeliest, by stage and type, and the doubt about its log.

    The chance is a parabola over the log of the gap, with a slope of its own in each stage and type; its top is where
    the slope is nothing. Where the data show no top, the usual gap stands, with all the prior's doubt.
    """
    start, size = int(effects.level.starts[gap_block]), usual.size
    column = effects.level.column[start : start + size]
    nothing = np.zeros((1, effects.level_draws.shape[1]))
    own = np.concatenate([effects.level_draws, nothing])[column]  # -1, no column, is the last row
    slope, bend = effects.number_draws[1] + own, np.minimum(effects.number_draws[2], -1e-3)
    top = np.clip(-slope / (2 * bend), -FARTHEST, FARTHEST)
    mean, doubt = top.mean(axis=1), top.std(axis=1) + 1e-6
    trust = IDEAL_WIDTH**2 / (IDEAL_WIDTH**2 + doubt**2)
    ideal = usual * np.exp(trust * mean).reshape(usual.shape)
    return ideal, (np.sqrt(trust) * doubt).reshape(usual.shape)


def event_hours(organisation: Organisation, at: Moments, advanced: Flags) -> Numbers:
    """How much oftener than on the whole deals moved on after events of each weekday and hour (of the organisation's
    clock), shape (7, 24); 1 is as often. Hours with few events are drawn to their weekday's and hour's share."""
    weekday, hour = local_hours(organisation.time_zone, at)
    rate = (advanced.sum() + 1.0) / (len(at) + 4.0)
    place = weekday * 24 + hour
    count = np.bincount(place, minlength=168).reshape(7, 24).astype(np.float64)
    moved = np.bincount(place, advanced.astype(np.float64), minlength=168).reshape(7, 24).astype(np.float64)
    of_hour = _shrunk(moved.sum(0), count.sum(0), np.full(24, rate))
    of_day = _shrunk(moved.sum(1), count.sum(1), np.full(7, rate))
    expected = of_day[:, None] * of_hour[None, :] / rate
    return np.asarray(_shrunk(moved, count, expected) / rate)


def local_hours(time_zone: str, at: Moments) -> tuple[Codes, Codes]:
    """Weekday (0 is Monday) and hour on a zone's clock. Offsets are looked up once for each hour that occurs."""
    hours, place = np.unique(at // 3600, return_inverse=True)
    zone = ZoneInfo(time_zone)
    clocks = [datetime.fromtimestamp(int(hour) * 3600, UTC).astimezone(zone) for hour in hours]
    weekday = np.array([clock.weekday() for clock in clocks], dtype=np.int32)
    local = np.array([clock.hour for clock in clocks], dtype=np.int32)
    return weekday[place], local[place]


def _shrunk(moved: Numbers, count: Numbers, expected: Numbers) -> Numbers:
    return (moved + SHRINK_HOURS * expected) / (count + SHRINK_HOURS)
