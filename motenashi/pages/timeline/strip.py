"""The whole time as a strip to look at: signals above a line, follow-ups below, milestones and silences marked.

Everything is placed in percent of the strip's width and of the height of its upper or lower half."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import sqrt
from zoneinfo import ZoneInfo

from motenashi.insights.timeline.timeline import Rhythm, Row, Timeline
from motenashi.pages.timeline.row_view import strength

MOST_COLUMNS = 96
MOST_TICKS = 6
THINNEST = 0.15  # percent; a thinner silence is not to be seen
GAP = 0.15  # percent between two silences that follow each other
LAST_TICK = 88.0  # percent; a label that begins later would be cut off
ENDS = ("won", "lost")
CROWDED = 24  # milestones; more get no line of their own
DAY = timedelta(days=1)
_MONTHS = (1, 2, 3, 6, 12, 24, 36, 60, 120, 240)
_DAYS = (1, 2, 7, 14)


@dataclass(frozen=True)
class Column:
    """A stretch of time. Heights are square roots, so that one touch shows beside a hundred."""

    x: float
    width: float
    first: date
    last: date
    signals: int
    follow_ups: int
    above: float
    below: float


@dataclass(frozen=True)
class Band:
    """A silence. `strength` 1 to 4, as in `row_view.Silence`. `now`: it lasts."""

    x: float
    width: float
    seconds: float
    strength: int = 1
    now: bool = False


@dataclass(frozen=True)
class Mark:
    x: float
    at: datetime
    to_value: str
    outcome: str


@dataclass(frozen=True)
class Tick:
    x: float
    day: date
    grain: str  # "day", "month" or "year"


@dataclass(frozen=True)
class Strip:
    begins: datetime
    ends: datetime
    columns: tuple[Column, ...]
    bands: tuple[Band, ...]
    marks: tuple[Mark, ...]
    ticks: tuple[Tick, ...]
    silences: int  # those too short to be seen among them
    longest: float  # seconds; 0 without any

    @property
    def crowded(self) -> bool:
        return len(self.marks) > CROWDED


def draw_strip(whole: Timeline, *, now: datetime, zone: ZoneInfo) -> Strip | None:
    """`whole`: all rows of the view "all" without filters. None where nothing has happened."""
    rows = whole.rows
    if not rows:
        return None
    ends = max(now, rows[0].at)
    begins = min(rows[-1].at, ends - DAY)
    span = (ends - begins).total_seconds()

    bands = list(_bands(whole, ends, span))

    def place(at: datetime) -> float:
        return round(100 * (at - begins).total_seconds() / span, 2)

    return Strip(
        begins,
        ends,
        _columns(rows, begins, ends, zone),
        tuple(band for band in bands if band.width >= THINNEST),
        tuple(_marks(rows, place)),
        tuple(
            Tick(x, day, grain)
            for day, grain in _tick_days(begins.astimezone(zone).date(), ends.astimezone(zone).date())
            for x in [place(datetime(day.year, day.month, day.day, tzinfo=zone))]
            if 0 <= x <= LAST_TICK
        ),
        len(bands),
        max((band.seconds for band in bands), default=0),
    )


def _marks(rows: Sequence[Row], place: Callable[[datetime], float]) -> Iterable[Mark]:
    """Of milestones that would lie on each other the newest, but before all one that ended a deal."""
    chosen: dict[int, Mark] = {}
    for one in (row.milestone for row in rows if row.milestone):
        mark = Mark(place(one.at), one.at, one.to_value, one.outcome)
        there = chosen.setdefault(int(mark.x * MOST_COLUMNS / 100), mark)
        if mark.outcome in ENDS and there.outcome not in ENDS:
            chosen[int(mark.x * MOST_COLUMNS / 100)] = mark
    return chosen.values()


def _columns(rows: Sequence[Row], begins: datetime, ends: datetime, zone: ZoneInfo) -> tuple[Column, ...]:
    span = ends - begins
    many = min(MOST_COLUMNS, max(12, span // DAY))
    width = span / many
    counted: dict[str, Counter[int]] = {"signal": Counter(), "follow_up": Counter()}
    for touch in (row.touch for row in rows if row.touch):
        counted[touch.side][min(many - 1, (touch.at - begins) // width)] += 1
    most = max((number for side in counted.values() for number in side.values()), default=1)
    return tuple(
        Column(
            round(100 * place / many, 2),
            round(100 / many, 2),
            (begins + place * width).astimezone(zone).date(),
            (begins + (place + 1) * width - timedelta(microseconds=1)).astimezone(zone).date(),
            signals,
            follow_ups,
            _height(signals, most),
            _height(follow_ups, most),
        )
        for place in range(many)
        for signals, follow_ups in [(counted["signal"][place], counted["follow_up"][place])]
    )


def _height(number: int, most: int) -> float:
    return round(100 * sqrt(number / most), 1)


def _bands(whole: Timeline, ends: datetime, span: float) -> Iterable[Band]:
    for row in whole.rows:
        if row.inactive and row.gap_s:
            yield _band(row.gap_s, row.at, ends, span, whole.rhythm)
    summary = whole.summary
    if summary.silent and summary.silence_s and summary.last_at:
        until = summary.last_at + timedelta(seconds=summary.silence_s)
        yield _band(summary.silence_s, until, ends, span, whole.rhythm, now=True)


def _band(seconds: float, until: datetime, ends: datetime, span: float, rhythm: Rhythm, *, now: bool = False) -> Band:
    width = 100 * seconds / span
    x = max(0.0, 100 * (1 - (ends - until).total_seconds() / span) - width)
    return Band(round(x, 2), round(max(0.0, width - GAP), 2), seconds, strength(seconds, rhythm.limit_s), now)


def _tick_days(first: date, last: date) -> Iterable[tuple[date, str]]:
    """Days at which a label stands: round months or years, or days of a short time."""
    days = (last - first).days
    step_days = next((step for step in _DAYS if days / step <= MOST_TICKS), None)
    if step_days is not None:
        return [(first + timedelta(days=number), "day") for number in range(0, days + 1, step_days)]
    step = next((step for step in _MONTHS if days / 30.44 / step <= MOST_TICKS), _MONTHS[-1])
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    grain = "year" if step >= 12 else "month"
    return [(date(month // 12, month % 12 + 1, 1), grain) for month in months if month % step == 0]
