"""What is true in one world: drawn once from its seed, and asked by the simulator and by the scorers only."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from bench.worlds.clock import DAY, moment
from bench.worlds.kinds import Kind
from bench.worlds.words import ACTIONS, GROUPS, TYPES

Numbers = NDArray[np.float64]
Codes = NDArray[np.int64]

PROFILES: Final = 5  # kinds of people by when they answer; the last has no preference
_PEAKS: Final = ((9.0, 1.7), (11.0, 1.5), (14.0, 1.7), (17.0, 1.7))  # local hour, width
_POPULAR: Final = {  # what is done on the whole, at the first, a middle and the last stage
    "call:follow_up": (1.0, 0.9, 0.8),
    "call:discovery": (0.5, -0.3, -1.4),
    "call:negotiation": (-1.4, -0.9, 0.4),
    "event:meeting": (-0.6, -0.1, -0.1),
    "event:demo": (-0.8, 0.0, -1.0),
    "event:contract_review": (-2.2, -1.3, 0.5),
    "email:follow_up": (1.1, 0.9, 0.8),
    "email:product_info": (0.6, -0.1, -0.9),
    "email:quote": (-0.6, 0.5, 0.3),
    "email:discount": (-1.2, -0.8, 0.1),
    "email:trial_extension": (-1.1, -0.6, -0.6),
    "email:renewal": (-1.1, -0.9, -0.3),
}

_TOWARDS: Final = {  # what reps keep for deals that look hot; the rest is for any deal, or for cold ones
    "event:meeting": 0.6,
    "event:demo": 0.6,
    "event:contract_review": 0.7,
    "call:negotiation": 0.4,
    "email:quote": 0.7,
    "email:discount": 0.2,
    "email:follow_up": -0.5,
    "email:product_info": -0.6,
}


class Truth:
    """`effects`: stages x actions, at the start of the record; `later`: a right angle of drift away."""

    def __init__(self, kind: Kind, seed: int) -> None:
        rng = np.random.default_rng([seed, 11])
        stages, actions = len(kind.stages), len(ACTIONS)
        self.kind = kind
        self.seed = seed
        self.as_of = moment(kind.as_of)
        self.starts = self.as_of - kind.days * DAY
        self.effects = rng.normal(0, kind.effect_sd, (stages, actions))
        self.later = rng.normal(0, kind.effect_sd, (stages, actions))
        self.by_industry = rng.normal(0, kind.industry_sd, (len(kind.industries), stages, actions))
        self.by_type = rng.normal(0, kind.type_sd, (len(TYPES), stages, actions))
        self.by_repeat = rng.normal(0, kind.repeat_sd, (stages, actions))
        self.by_signal = rng.normal(0, kind.signal_sd, (len(GROUPS), actions))
        self.ideal = np.array(kind.ideal_days)[:, None] * np.exp(rng.normal(0, 0.28, (stages, len(TYPES))))
        self.months = kind.season * np.sin(np.arange(12) / 12 * 2 * np.pi + rng.uniform(0, 6.3))
        self.weekdays = rng.normal(0, kind.season / 2, 7)
        self._draw_reps(rng)
        self._draw_hours(rng)

    def _draw_reps(self, rng: np.random.Generator) -> None:
        stages = len(self.kind.stages)
        along = np.linspace(0, 2, stages)
        wanted = np.array([_POPULAR[action] for action in ACTIONS])
        self.popular = np.array([[np.interp(place, (0, 1, 2), row) for row in wanted] for place in along])
        self.chase = np.array([_TOWARDS.get(action, 0.0) for action in ACTIONS]) + rng.normal(0, 0.45, len(ACTIONS))

    def _draw_hours(self, rng: np.random.Generator) -> None:
        hours = np.arange(24) + 0.5
        peaks = [
            0.38 + 0.62 * np.exp(-(((hours - peak - rng.normal(0, 0.4)) / width) ** 2) / 2) for peak, width in _PEAKS
        ]
        awake = np.where((hours > 7.5) & (hours < 21), 1.0, 0.2)
        shapes = np.array([*peaks, np.full(24, 0.55)]) * awake
        self.shapes = self.kind.hours * shapes + (1 - self.kind.hours) * 0.45
        # Signals come in the hours in which somebody answers, too, but mostly as anybody's day goes.
        self.active = 0.3 + self.kind.hours * (0.6 * shapes + 0.7 * awake - 0.25)
        self.profile_weekdays = np.exp(rng.normal(0, 0.1 * self.kind.hours, (PROFILES, 7)))

    def effect(self, at: Codes) -> Numbers:
        """Rows x stages x actions: the effects as they are at each moment."""
        angle = (np.clip((at - self.starts) / (self.kind.days * DAY), 0, 1.2) * self.kind.drift * np.pi / 2)[
            :, None, None
        ]
        return np.asarray(np.cos(angle) * self.effects + np.sin(angle) * self.later)

    def chance(self, score: Numbers) -> Numbers:
        if self.kind.link == "capped":
            return np.asarray(0.85 * -np.expm1(-np.exp(0.8 * score)))
        return np.asarray(expit(score))

    def gap_cost(self, days: Numbers, stage: Codes, type_: Codes) -> Numbers:
        away = np.log(np.maximum(days, 0.25) / self.ideal[stage, type_])
        return np.asarray(self.kind.gap * np.minimum(away**2, 4.0))
