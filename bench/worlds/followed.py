"""What happens when a suggester is followed: fresh deals lived day by day, beside the same deals left to reps.

Every business morning the suggester is asked about every open deal, and sees only what the record shows. What
it suggests is done that day, in business hours; where it says that nothing need be done, nothing is. Both ways of life
have the same luck: the same draw decides the same contact of the same deal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bench.worlds.answers import Answers
from bench.worlds.clock import DAY, HOUR
from bench.worlds.company import draw_deals, spread
from bench.worlds.play import OPEN, WON, Play
from bench.worlds.record import history
from bench.worlds.reps import Reps
from bench.worlds.world import FRESH, World
from motenashi.sales_history.history import SalesHistory

Codes = NDArray[np.int64]
_ARRIVE, _LONGEST = 20, 420  # days


class Adviser(Protocol):
    def advise(self, history: SalesHistory, as_of: int) -> Answers: ...


@dataclass(frozen=True)
class Followed:
    """Shares of the deals that were won; `points`: 100 x their difference, with its standard error."""

    reps: float
    followed: float
    points: float
    error: float
    contacts: float  # a deal, when followed
    reps_contacts: float


def follow(world: World, adviser: Adviser | Callable[[Play], Adviser], *, deals: int = 1000, luck: int = 0) -> Followed:
    """`adviser`: who is asked, or what makes one that watches the very deals (and so may know too much)."""
    alone, advised = _fresh(world, deals, luck), _fresh(world, deals, luck)
    Reps(alone).work(np.arange(deals))
    _live(advised, adviser(advised) if callable(adviser) else adviser)
    won, reps = advised.state.outcome == WON, alone.state.outcome == WON
    difference = won.astype(float) - reps
    return Followed(
        reps=float(reps.mean()),
        followed=float(won.mean()),
        points=100 * float(difference.mean()),
        error=100 * float(difference.std() / deals**0.5),
        contacts=float(advised.state.steps.mean()),
        reps_contacts=float(alone.state.steps.mean()),
    )


def _fresh(world: World, count: int, luck: int) -> Play:
    truth, people = world.truth, world.people
    created = spread(truth, count, 0, -_ARRIVE, FRESH + luck)
    until = truth.as_of + _LONGEST * DAY
    return Play(truth, people, draw_deals(truth, people, count, created, FRESH), until=until, luck=luck)


def _live(play: Play, adviser: Adviser) -> None:
    reps, state = Reps(play), play.state
    morning = int(reps.clock.midnight(np.array([play.truth.as_of + HOUR]))[0]) + play.truth.kind.opens * HOUR
    while morning < play.until and (state.outcome == OPEN).any():
        weekday, _ = reps.clock.local(np.array([morning]))
        if int(weekday[0]) in play.truth.kind.business_days:
            _morning(play, reps, adviser, morning)
        morning += DAY


def _morning(play: Play, reps: Reps, adviser: Adviser, morning: int) -> None:
    state = play.state
    rows = np.flatnonzero((state.outcome == OPEN) & (play.deals.created < morning))
    play.signals_until(rows, np.full(len(rows), morning))
    # What comes of yesterday's contact later today is known by tomorrow.
    rows = rows[state.last_change[rows] <= morning]
    if not len(rows):
        return
    answers = adviser.advise(history(play, as_of=morning, rows=rows), morning)
    act = answers.suggest & (answers.best >= 0)
    today = np.full(int(act.sum()), morning)
    play.contact(rows[act], reps.at_work(rows[act], today), answers.best[act])
