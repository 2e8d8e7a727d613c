"""Does every turn come to an end, and every `call` to its return?"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from motenashi.flow_engine.evidence import conversation_over, conversation_to, lines_of
from motenashi.flow_engine.ways import Place, Way, Ways
from motenashi.problems import Problem


def prove_loops(ways: Ways) -> Iterator[Problem]:
    """Circles of steps that never wait for the visitor, the nearest first; each step is told of once."""
    circling = _circling(ways)
    told_of: set[tuple[str, str]] = set()
    for place in ways.first:
        if place not in circling or place.step in told_of:
            continue
        circle = _circle(place, circling)
        if circle:
            told_of.update(way.source.step for way in circle)
            yield _problem(ways, place, circle)


def _problem(ways: Ways, place: Place, circle: list[Way]) -> Problem:
    flow, step = ways.step_at(place)
    steps = [ways.step_at(way.source) for way in circle]
    names = " → ".join([*(f"{each.id}.{there.id}" for each, there in steps), f"{flow.id}.{step.id}"])
    if any(there.kind == "forward_to_operator" for _, there in steps):
        what = f"when nobody is there, this hand-over is tried again and again without asking the visitor: {names}."
        hint = "Let when_unavailable lead to a question or an ending."
    else:
        what = f"these steps go in a circle and never wait for the visitor: {names}."
        hint = "Ask something in between, or lead out of it."
    round_once = [line for way in circle for line in lines_of(ways, way, unasked=True)]
    evidence = conversation_to(ways, place, *round_once, "(and so on)")
    return Problem(flow.file, step.line, what, hint, evidence)


def _circling(ways: Ways) -> dict[Place, list[Way]]:
    """The moves without the visitor, without places that lie before or behind every circle."""
    moves = {place: [way for way in out if not way.asks and way.target is not None] for place, out in ways.all.items()}
    while True:
        reached = {way.target for out in moves.values() for way in out}
        left = {
            place: [way for way in out if way.target in moves]
            for place, out in moves.items()
            if out and place in reached
        }
        if len(left) == len(moves) and all(len(left[place]) == len(moves[place]) for place in left):
            return left
        moves = left


def _circle(begin: Place, moves: dict[Place, list[Way]]) -> list[Way]:
    """The shortest way from a place back to itself; [] when there is none."""
    came: dict[Place, Way] = {}
    waiting = deque([begin])
    while waiting:
        for way in moves.get(waiting.popleft(), ()):
            if way.target is None or way.target in came:
                continue
            came[way.target] = way
            waiting.append(way.target)
            if way.target == begin:
                chain = [way]
                while chain[0].source != begin:
                    chain.insert(0, came[chain[0].source])
                return chain
    return []


def prove_returns(ways: Ways) -> Iterator[Problem]:
    """A `call` that is made again while the same call still waits: each round leaves one more waiting for ever."""
    told_of: set[tuple[str, str]] = set()
    for place in ways.first:
        for way in ways.all[place]:
            if way.circle and place.step not in told_of:
                told_of.add(place.step)
                flow, step = ways.step_at(place)
                waiting = " → ".join(f"{frame.flow}.{frame.step}" for frame in way.circle)
                what = f"step '{step.id}' calls again before its last call has returned: {waiting}."
                hint = "Let the called flow come to its end, or use go instead of call."
                yield Problem(flow.file, step.line, what, hint, conversation_over(ways, way, "(and so on)"))
