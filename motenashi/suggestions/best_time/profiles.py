"""A few kinds of days that people have, found together with when each kind answers (latent profiles, EM).

A person belongs to each profile with some probability. A profile has, for each kind of sighting, a smooth density
over the half hours of the person's own day, and its curve of answers (answer_model). Expectation: how probable each
profile and level of readiness is for each person. Maximisation: densities and answer curves from those
probabilities, smoothed around the clock (EMS: Silverman, Jones, Nychka and Wilson 1990).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy import sparse
from scipy.special import logsumexp

from motenashi.sales_history.history import Numbers
from motenashi.suggestions.best_time.answer_model import (
    LEVEL_SHARES,
    AnswerModel,
    Cells,
    improved,
    starting_model,
)
from motenashi.suggestions.best_time.local_clock import HALF_HOURS, smoothed
from motenashi.suggestions.best_time.signals import SIGHTINGS, TRACE

SMOOTHING_HOURS: Final = 1.0
_BORROWED: Final = 20.0  # as if so many sightings of everybody were a profile's own
_RAREST: Final = 0.02  # of a density against the even one: nobody is never there


@dataclass(frozen=True)
class Tried:
    """Attempts of one channel, counted: people x cells, for each outcome."""

    cells: Cells
    answered: sparse.csr_array
    not_answered: sparse.csr_array


@dataclass(frozen=True)
class Counted:
    """Evidence of some people as counts. `seen`: people x (kind of sighting, half hour)."""

    seen: sparse.csr_array
    tried: Mapping[str, Tried]

    def __len__(self) -> int:
        return int(self.seen.shape[0])


@dataclass(frozen=True)
class Profiles:
    """`densities`: profiles x kinds x half hours, each summing to 1; `shares`: how many people are of each profile."""

    shares: Numbers
    densities: Numbers
    answers: Mapping[str, AnswerModel]

    def __len__(self) -> int:
        return len(self.shares)

    def curves(self) -> Numbers:
        """Profiles x half hours: log of where they are seen of their own accord, against an even day."""
        seen = self.densities[:, : TRACE + 1].mean(1)
        logs = np.log(np.maximum(seen * HALF_HOURS, _RAREST))
        return np.asarray(logs - logs.mean(), np.float64)


@dataclass(frozen=True)
class Belief:
    """What is believed of people: `profile` people x profiles; `level` by channel: people x profiles x levels, given
    the profile; `evidence`: log probability of all that is known of each."""

    profile: Numbers
    level: Mapping[str, Numbers]
    evidence: Numbers


def believe(profiles: Profiles, people: Counted, shares: Numbers | None = None) -> Belief:
    """`shares`: people x profiles, what was believed of each before; None: everybody's."""
    logs = people.seen @ np.log(profiles.densities).reshape(len(profiles), -1).T
    logs = np.asarray(logs, np.float64) + np.log(profiles.shares if shares is None else np.maximum(shares, 1e-12))
    levels = {}
    for channel, tried in people.tried.items():
        joint = _attempts(profiles, channel, tried) + np.log(LEVEL_SHARES)
        total = logsumexp(joint, axis=2)
        levels[channel] = np.exp(joint - total[:, :, None])
        logs = logs + total
    evidence = logsumexp(logs, axis=1)
    return Belief(np.exp(logs - evidence[:, None]), levels, np.asarray(evidence, np.float64))


def _attempts(profiles: Profiles, channel: str, tried: Tried) -> Numbers:
    """People x profiles x levels: log probability of the outcomes of our attempts."""
    chances = np.clip(profiles.answers[channel].chances(profiles.curves(), tried.cells), 1e-6, 1 - 1e-6)
    by_cell = chances.reshape(chances.shape[0] * chances.shape[1], len(tried.cells)).T
    logs = tried.answered @ np.log(by_cell) + tried.not_answered @ np.log1p(-by_cell)
    return np.asarray(logs, np.float64).reshape(tried.answered.shape[0], len(profiles), len(LEVEL_SHARES))


def find_profiles(people: Counted, number: int, hours: Mapping[str, bool], *, rounds: int) -> Profiles:
    """EM from profiles that lie evenly over the times at which people are seen. `hours`: does the time of an attempt
    matter in this channel?"""
    profiles = _starting(people, number, hours)
    before = -np.inf
    for _ in range(rounds):
        belief = believe(profiles, people)
        total = float(belief.evidence.sum())
        if abs(total - before) < 1e-5 * abs(total):
            break
        profiles, before = _maximised(profiles, people, belief), total
    return profiles


def _starting(people: Counted, number: int, hours: Mapping[str, bool]) -> Profiles:
    everybody = _everybody(people)
    day = np.cumsum(everybody.mean(0))
    centres = np.searchsorted(day, (np.arange(number) + 0.5) / number)
    angle = 2 * np.pi * (np.arange(HALF_HOURS)[None, :] - centres[:, None]) / HALF_HOURS
    tilted = everybody[None] * np.exp(1.5 * np.cos(angle) * (number > 1))[:, None, :]
    start = Profiles(np.full(number, 1 / number), tilted / tilted.sum(2, keepdims=True), {})
    answers = {
        channel: starting_model(start.curves(), _rate(tried), hours=hours[channel])
        for channel, tried in people.tried.items()
    }
    return replace(start, answers=answers)


def _rate(tried: Tried) -> float:
    answered, missed = float(tried.answered.sum()), float(tried.not_answered.sum())
    return (answered + 1.0) / (answered + missed + 5.0)


def _everybody(people: Counted) -> Numbers:
    """Kinds x half hours: when people are seen at all, smoothed, with a little of an even day."""
    counts = np.asarray(people.seen.sum(0), np.float64).reshape(SIGHTINGS, HALF_HOURS)
    counts = smoothed(counts, SMOOTHING_HOURS) + 0.2
    return np.asarray(counts / counts.sum(1, keepdims=True), np.float64)


def _maximised(profiles: Profiles, people: Counted, belief: Belief) -> Profiles:
    counts = np.asarray(people.seen.T @ belief.profile, np.float64).T.reshape(-1, SIGHTINGS, HALF_HOURS)
    counts = smoothed(counts, SMOOTHING_HOURS) + _BORROWED * _everybody(people)[None]
    shares = belief.profile.sum(0) + 1.0
    changed = replace(profiles, shares=shares / shares.sum(), densities=counts / counts.sum(2, keepdims=True))
    curves = changed.curves()
    answers = {
        channel: _answers(profiles.answers[channel], curves, tried, belief.profile[:, :, None] * belief.level[channel])
        for channel, tried in people.tried.items()
    }
    return replace(changed, answers=answers)


def _answers(model: AnswerModel, curves: Numbers, tried: Tried, joint: Numbers) -> AnswerModel:
    flat = joint.reshape(len(joint), joint.shape[1] * joint.shape[2])
    shape = (len(curves), len(LEVEL_SHARES), len(tried.cells))
    answered = np.asarray(tried.answered.T @ flat, np.float64).T.reshape(shape)
    missed = np.asarray(tried.not_answered.T @ flat, np.float64).T.reshape(shape)
    return improved(model, curves, tried.cells, answered, missed)
