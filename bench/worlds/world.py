"""A whole world: the company, its record until `as_of`, and the truth for those who score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.worlds.company import People, draw_deals, draw_people, spread
from bench.worlds.kinds import KINDS, Kind
from bench.worlds.play import OPEN, Play
from bench.worlds.reps import Reps
from bench.worlds.truth import Truth

RECORD, HELD_OUT, FRESH = 1, 2, 3  # streams of deals


@dataclass(frozen=True)
class World:
    kind: Kind
    truth: Truth
    people: People
    play: Play

    @property
    def as_of(self) -> int:
        return self.truth.as_of

    def open_deals(self) -> NDArray[np.int64]:
        return np.flatnonzero(self.play.state.outcome == OPEN)


def make_world(kind: str | Kind, deals: int, seed: int) -> World:
    """The same world for the same three, on every machine with the same numpy."""
    kind = KINDS[kind] if isinstance(kind, str) else kind
    truth = Truth(kind, seed)
    people = draw_people(truth, deals)
    return World(kind, truth, people, _worked(truth, people, deals, kind.days, 0, RECORD))


def held_out(world: World, deals: int, days: int = 120) -> World:
    """The same company with other deals, made in the last `days` before `as_of`: many of them are open then."""
    return World(world.kind, world.truth, world.people, _worked(world.truth, world.people, deals, days, 0, HELD_OUT))


def _worked(truth: Truth, people: People, count: int, first: int, last: int, stream: int) -> Play:
    created = spread(truth, count, first, last, stream)
    play = Play(truth, people, draw_deals(truth, people, count, created, stream), until=truth.as_of)
    Reps(play).work(np.arange(count))
    return play
