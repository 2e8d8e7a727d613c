"""What becomes of open deals: the chance to be won after each action, when their reps go on by themselves."""

from __future__ import annotations

from copy import copy
from dataclasses import fields

import numpy as np
from numpy.typing import NDArray

from bench.worlds.clock import DAY
from bench.worlds.company import Deals
from bench.worlds.log import Log
from bench.worlds.play import OPEN, WON, Play, State
from bench.worlds.reps import Reps

Codes = NDArray[np.int64]
Numbers = NDArray[np.float64]
_LONG = 500 * DAY


def win_chances(play: Play, rows: Codes, at: Codes, advance: Numbers, *, lives: int = 60) -> Numbers:
    """Rows x actions. The chance to be won from the next stage and from this one is the share of `lives` lived onwards
    (the repetition of the one action is not carried into them)."""
    last = len(play.truth.kind.stages) - 1
    moved = np.where(play.state.stage[rows] == last, 1.0, _share_won(play, rows, at, 1, lives))
    stayed = _share_won(play, rows, at, 0, lives) * (1 - play.loss_chance(rows, at))
    return np.asarray(advance * moved[:, None] + (1 - advance) * stayed[:, None])


def _share_won(play: Play, rows: Codes, at: Codes, stages_on: int, lives: int) -> Numbers:
    last = len(play.truth.kind.stages) - 1
    again = alone(play, np.tile(rows, lives), until=int(play.until + _LONG), luck=7 + stages_on)
    again.deals.key[:] += np.repeat(np.arange(lives), len(rows)) * 1_000_000_000
    state = again.state
    state.stage[:] = np.minimum(state.stage + stages_on, last)
    state.last_contact[:] = state.last_change[:] = state.seen_until[:] = np.tile(at, lives)
    if stages_on:
        state.counts[:] = 0
    Reps(again).work(np.flatnonzero(state.outcome == OPEN))
    return np.asarray((state.outcome == WON).reshape(lives, len(rows)).mean(axis=0))


def alone(play: Play, rows: Codes, *, until: int, luck: int) -> Play:
    """A copy of these deals (rows may repeat) as they stand, with a log and a luck of its own."""
    again = copy(play)
    again.deals = Deals(**{field.name: getattr(play.deals, field.name)[rows] for field in fields(Deals)})
    again.state = State(**{field.name: getattr(play.state, field.name)[rows].copy() for field in fields(State)})
    again.log, again.until, again.luck = Log(), until, luck
    again.rng = np.random.default_rng([play.truth.seed, 17, luck])
    return again
