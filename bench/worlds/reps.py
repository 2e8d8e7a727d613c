"""What salespeople do by themselves: habits of each rep, chasing of hot deals, their own pace."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bench.worlds import draws
from bench.worlds.clock import DAY, HOUR, BusinessClock
from bench.worlds.play import OPEN, Play

Codes = NDArray[np.int64]
_GAP, _HOUR, _MINUTE, _CHOICE = 21, 22, 23, 24


class Reps:
    """They see the signals, and in some worlds sense the promise; they know nothing of true effects."""

    def __init__(self, play: Play) -> None:
        self.play = play
        self.clock = BusinessClock(play.truth.kind)

    def next_time(self, rows: Codes) -> Codes:
        play, state = self.play, self.play.state
        ask = (play.truth.seed, play.luck, play.deals.key[rows], state.steps[rows])
        hot = np.log1p(state.intensity[rows])
        usual = (
            play.people.pace[play.deals.owner[rows]]
            * np.linspace(1.1, 0.9, len(play.truth.kind.stages))[state.stage[rows]]
        )
        days = np.maximum(usual * np.exp(0.5 * draws.normal(*ask, _GAP) - 0.12 * hot), 0.8)
        return self.at_work(rows, state.last_contact[rows] + (days * DAY).astype(np.int64))

    def at_work(self, rows: Codes, wished: Codes) -> Codes:
        """In business hours on that day or the next one, after the last contact and all that came of it."""
        play, state = self.play, self.play.state
        ask = (play.truth.seed, play.luck, play.deals.key[rows], state.steps[rows])
        lucks = draws.uniform(*ask, _HOUR), draws.uniform(*ask, _MINUTE)
        at = self.clock.on_business_day(wished, *lucks)
        earliest = np.maximum(state.last_contact[rows], state.last_change[rows]) + HOUR
        later = self.clock.on_business_day(earliest + DAY, *lucks)
        return np.where(at < earliest, later, at)

    def chances(self, rows: Codes) -> NDArray[np.float64]:
        """Rows x actions: how likely each rep is to do what."""
        play, state, kind = self.play, self.play.state, self.play.truth.kind
        stage = state.stage[rows]
        hot = np.log1p(state.intensity[rows]) * 1.6 - 0.6
        pull = kind.chase * 1.6 * hot + kind.sense * play.deals.promise[rows]
        score = (
            play.people.habits[play.deals.owner[rows], stage]
            + pull[:, None] * play.truth.chase
            - 0.25 * np.minimum(state.counts[rows], 3)
        )
        weights = np.exp(score - score.max(axis=1, keepdims=True))
        return np.asarray(weights / weights.sum(axis=1, keepdims=True))

    def choose(self, rows: Codes) -> Codes:
        play = self.play
        ask = (play.truth.seed, play.luck, play.deals.key[rows], play.state.steps[rows])
        return draws.pick(self.chances(rows), draws.uniform(*ask, _CHOICE))

    def work(self, rows: Codes) -> None:
        """Until every deal is closed or the record ends."""
        play = self.play
        while len(rows):
            at = self.next_time(rows)
            late = at > play.until
            play.signals_until(rows[late], np.full(int(late.sum()), play.until))
            rows, at = rows[~late], at[~late]
            play.signals_until(rows, at)
            play.contact(rows, at, self.choose(rows))
            rows = rows[play.state.outcome[rows] == OPEN]
