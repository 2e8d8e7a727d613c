"""Which variables have been set when a conversation comes to a place: on some way there, and on every way there."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from motenashi.flow_engine.flow import Step
from motenashi.flow_engine.flow_reader import kind_of
from motenashi.flow_engine.outcome import Exit
from motenashi.flow_engine.ways import Place, Way, Ways

Names = frozenset[str]

# Kinds that save what they promise on every way to `then`; the others may have failed before.
_SURE = ("ask", "set", "choices", "experiment", "book")


@dataclass(frozen=True)
class KnownSoFar:
    perhaps: Mapping[Place, Names]
    surely: Mapping[Place, Names]


def known_so_far(ways: Ways) -> KnownSoFar:
    """For each place, the variables set by the steps before it."""
    perhaps: dict[Place, Names] = {}
    surely: dict[Place, Names] = {}
    waiting = deque(place for place, way in ways.first.items() if way is None)
    for place in waiting:
        perhaps[place] = surely[place] = frozenset()
    while waiting:
        place = waiting.popleft()
        _, step = ways.step_at(place)
        saved = frozenset(kind_of(step).saves(step.spec))
        for way in ways.all[place]:
            if (there := way.target) is None:
                continue
            may, must = _after(way, step, saved, perhaps[place], surely[place])
            may, must = may | perhaps.get(there, frozenset()), must & surely.get(there, must)
            if may != perhaps.get(there) or must != surely.get(there):
                perhaps[there], surely[there] = may, must
                waiting.append(there)
    return KnownSoFar(perhaps, surely)


def _after(way: Way, step: Step, saved: Names, may: Names, must: Names) -> tuple[Names, Names]:
    return may | saved, (must | saved if saves_surely(step, way.out) else must)


def saves_surely(step: Step, out: Exit) -> bool:
    """Does whoever leaves a step by this way have what the step saves?"""
    if step.kind in ("plug", "http", "create_lead"):
        return out.name == "then" and bool(step.spec.on_error)
    if out.name.startswith(("interrupt ", "intent ")) or out.name in ("lost", "on_none", "skipped"):
        return False
    return step.kind in _SURE and not (step.kind == "choices" and out.by != "visitor")
