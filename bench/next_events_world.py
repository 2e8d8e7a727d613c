"""A made-up event log whose truth is known: loops, long memory, parallel branches, drift, office hours, a deadline.

Every step's probabilities are written down as it is drawn: the best possible accuracy is known. Nobody in it is real.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

BEGINS = datetime(2024, 1, 1, tzinfo=UTC)
OPENS, CLOSES = 9, 18


@dataclass(frozen=True)
class Event:
    """`likely`: what could have come here instead, with its probability; the first of a case has none."""

    case: str
    activity: str
    at: datetime
    likely: Mapping[str, float]


def world(cases: int, *, seed: int = 1, days: int = 700) -> list[list[Event]]:
    """Cases in the order they begin."""
    draw = Random(seed)
    begun = sorted(draw.uniform(0, days) for _ in range(cases))
    return [list(_case(f"c{number:06}", begin / days, draw, days)) for number, begin in enumerate(begun)]


@dataclass
class _Walk:
    """A case under way: what it remembers decides what comes next."""

    draw: Random
    at: datetime
    age: float  # of the process, 0 to 1, when the case began
    door: str = ""
    chases: int = 0
    checked: bool = False


def _case(name: str, age: float, draw: Random, days: int) -> Iterator[Event]:
    walk = _Walk(draw, _office(BEGINS + timedelta(days=age * days, hours=draw.uniform(0, 9))), age)
    walk.door = draw.choices(["web form", "phone call", "partner"], [0.6, 0.3, 0.1])[0]
    yield Event(name, walk.door, walk.at, {})
    now, left = walk.door, {"ship", "invoice", "notify"}
    while True:
        likely = _next(now, walk, left)
        if not likely:
            return
        now = draw.choices(list(likely), list(likely.values()))[0]
        _pass(now, walk, left)
        yield Event(name, now, walk.at, likely)


def _next(now: str, walk: _Walk, left: set[str]) -> dict[str, float]:
    if now in ("web form", "phone call", "partner"):
        return {"assign": 0.85, "assign again": 0.15}
    if now in ("assign", "assign again"):
        return {"call customer": 0.7, "check": 0.3}
    if now == "call customer":  # a loop that tires
        again = max(0.75 - 0.1 * walk.chases, 0.1)
        return {"call customer": again, "quote": 1 - again}
    if now == "check":
        walk.checked = True
        # What is usual after a check changed for good at two thirds of the time.
        return {"call customer": 0.85, "quote": 0.15} if walk.age < 0.6 else {"call customer": 0.15, "quote": 0.85}
    if now == "quote":  # remembers the door the case came in by
        yes = {"web form": 0.35, "phone call": 0.8, "partner": 0.95}[walk.door]
        return {"order": yes, "remind": 1 - yes}
    if now == "remind":
        return {
            "order": 0.3 if walk.checked else 0.05,
            "expire": 0.7 if not walk.checked else 0.25,
            "remind": 0.45 if walk.checked else 0.25,
        }
    if now in ("order", "ship", "invoice", "notify"):
        return {one: 1 / len(left) for one in sorted(left)} if left else {"close": 1.0}
    return {}


def _pass(now: str, walk: _Walk, left: set[str]) -> None:
    """Time goes by until `now`; what the case remembers changes."""
    draw = walk.draw
    if now == "expire":
        walk.at += timedelta(days=30)
        return
    hours = {
        "assign": 0.2,
        "assign again": 6,
        "call customer": 2 + 12 * walk.chases,
        "check": 30,
        "quote": 4,
        "remind": 120,
    }
    walk.at = _office(walk.at + timedelta(hours=draw.lognormvariate(0, 0.8) * hours.get(now, 8)))
    walk.chases += now == "call customer"
    left.discard(now)


def _office(at: datetime) -> datetime:
    """The same, or the next opening: Monday to Friday."""
    if at.hour >= CLOSES:
        at = (at + timedelta(days=1)).replace(hour=OPENS)
    if at.hour < OPENS:
        at = at.replace(hour=OPENS)
    while at.weekday() > 4:
        at = (at + timedelta(days=1)).replace(hour=OPENS)
    return at
