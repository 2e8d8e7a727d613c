"""What was learned from small worlds, learned once for all tests here."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from motenashi.suggestions.next_best_action.learn import learn
from motenashi.suggestions.next_best_action.learned import LearnedActions
from tests.suggestions.next_best_action.small_world import SmallWorld, small_world


@dataclass(frozen=True)
class Taught:
    world: SmallWorld
    learned: LearnedActions


@pytest.fixture(scope="session")
def chased() -> Taught:
    """Actions matter, and salespeople choose by how hot a deal is."""
    world = small_world(1500, 1)
    return Taught(world, learn(world.history))


@pytest.fixture(scope="session")
def sensed() -> Taught:
    """No action matters, and salespeople sense how hot a deal is beyond what any record shows."""
    world = small_world(3000, 2, strength=0.0, chasing=0.7, sensing=1.0)
    return Taught(world, learn(world.history))


@pytest.fixture(scope="session")
def null() -> Taught:
    """No action matters; salespeople choose by how hot a deal is all the same."""
    world = small_world(1500, 1, strength=0.0)
    return Taught(world, learn(world.history))
