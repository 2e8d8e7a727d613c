"""All ways a conversation can take: every place with its callers, found breadth first from each flow with a trigger.

The first way found to a place is a shortest one, so it serves as evidence. What the visitor has is not followed here,
only one thing: whether they are verified for sure.
"""

from __future__ import annotations

import dataclasses
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from motenashi.conversation.session import Frame
from motenashi.flow_engine import phrases
from motenashi.flow_engine.flow import Flow, FlowSet, Step, Target
from motenashi.flow_engine.flow_reader import kind_of
from motenashi.flow_engine.outcome import Exit
from motenashi.flow_engine.stack import gone_to
from motenashi.flow_engine.sure_identity import verified_after

# More places than this are not followed; the storefront has about a hundred.
MOST_PLACES = 20_000


@dataclass(frozen=True)
class Place:
    """Where a conversation may stand: as in a session, the last frame is the step, those below are its callers."""

    bot: str
    stack: tuple[Frame, ...]
    verified: bool = False

    @property
    def step(self) -> tuple[str, str]:
        """(flow, step)"""
        return self.stack[-1].flow, self.stack[-1].step


@dataclass(frozen=True)
class Way:
    """One move. `target` None: the talk ends (`out.ends`), or its last step is done (neither ends nor stays)."""

    source: Place
    target: Place | None
    out: Exit
    line: int = 0
    circle: tuple[Frame, ...] = ()  # a `call` of what already waits for its return: the calls that would pile up

    @property
    def asks(self) -> bool:
        """Must the visitor speak, or time pass, before this way is taken?"""
        return self.out.by in ("visitor", "time") and not self.out.at_once


@dataclass
class Ways:
    """`first` is the way by which a place was first found, None for a beginning; `all` are those out of it."""

    flows: FlowSet
    first: dict[Place, Way | None] = field(default_factory=dict)
    all: dict[Place, list[Way]] = field(default_factory=dict)
    complete: bool = True

    def step_at(self, place: Place) -> tuple[Flow, Step]:
        flow = self.flows.flows[place.stack[-1].flow]
        step = flow.step(place.stack[-1].step)
        if step is None:
            raise KeyError(place.stack[-1].step)
        return flow, step

    @cached_property
    def places_of(self) -> Mapping[tuple[str, str], list[Place]]:
        """The places of each (flow, step), the nearest first."""
        found: dict[tuple[str, str], list[Place]] = {}
        for place in self.first:
            found.setdefault(place.step, []).append(place)
        return found

    def leading_to(self, place: Place) -> list[Way]:
        """A shortest chain of ways from a beginning to this place."""
        chain: list[Way] = []
        way = self.first[place]
        while way is not None:
            chain.append(way)
            way = self.first[way.source]
        return chain[::-1]


def explore(flows: FlowSet) -> Ways:
    """Every place that any conversation can reach. Targets that lead nowhere are left out."""
    ways = Ways(flows)
    waiting: deque[Place] = deque()
    for bot in flows.starters():
        if steps := flows.flows[bot].steps:
            begin = Place(bot, (Frame(bot, steps[0].id),))
            ways.first[begin] = None
            waiting.append(begin)
    mover = _Mover(flows)
    while waiting:
        place = waiting.popleft()
        ways.all[place] = []
        for way in mover.ways_from(place):
            if way.target is not None and way.target not in ways.first:
                if len(ways.first) >= MOST_PLACES:
                    ways.complete = False
                    continue
                ways.first[way.target] = way
                waiting.append(way.target)
            ways.all[place].append(way)
    return ways


class _Mover:
    """Moves a place as the runner moves a session."""

    def __init__(self, flows: FlowSet) -> None:
        self.flows = flows
        self._verified: dict[tuple[str, str], Mapping[str, bool]] = {}

    def ways_from(self, place: Place) -> Iterator[Way]:
        flow = self.flows.flows[place.stack[-1].flow]
        step = flow.step(place.stack[-1].step)
        if step is None:
            return
        for out in kind_of(step).exits(step.spec):
            if step.kind == "call" and not out.calls:
                continue  # taken when the called flow returns
            after = dataclasses.replace(place, verified=self._verified_by(flow, step, out, place.verified))
            yield from self._by_exit(place, after, flow, step, out)
        if kind_of(step).waits:
            yield from self._by_words(place, flow, step)

    def _verified_by(self, flow: Flow, step: Step, out: Exit, before: bool) -> bool:
        key = flow.id, step.id
        if key not in self._verified:
            self._verified[key] = verified_after(step)
        return self._verified[key].get(out.name, before)

    def _by_exit(self, source: Place, after: Place, flow: Flow, step: Step, out: Exit) -> Iterator[Way]:
        if out.ends:
            yield Way(source, None, out, step.line)
            return
        target = out.target or (None if out.calls else step.spec.then)
        if target is None:
            yield Way(source, self._below(after), out, step.line)
            return
        there = self.flows.resolve(flow, target)
        if there is None:
            return
        if not out.calls:
            yield Way(source, _at(after, gone_to(after.stack, *there)), out, target.line)
        elif circle := _circle(after.stack):
            yield Way(source, None, out, target.line, circle)
        else:
            yield Way(source, _at(after, (*after.stack, Frame(there[0].id, there[1].id))), out, target.line)

    def _below(self, place: Place) -> Place | None:
        """On to the step below; after the last one, back behind the `call` that led here."""
        stack = place.stack
        while stack:
            flow = self.flows.flows[stack[-1].flow]
            below = flow.after(stack[-1].step)
            if below is not None:
                return _at(place, (*stack[:-1], Frame(flow.id, below.id)))
            stack = stack[:-1]
            if not stack:
                return None
            caller = self.flows.flows[stack[-1].flow]
            call = caller.step(stack[-1].step)
            if call is not None and call.spec.then is not None:
                there = self.flows.resolve(caller, call.spec.then)
                return _at(place, gone_to(stack, *there)) if there else None
        return None

    def _by_words(self, place: Place, flow: Flow, step: Step) -> Iterator[Way]:
        """What a visitor may say at any time: interrupts, intents, and nothing we understand."""
        for around in _around(place, self.flows):
            for name, words, target in _interrupts(around, around.id == place.bot):
                out = Exit(f"interrupt {name}", target, "visitor", words)
                yield from self._leave(place, around, target, out)
            for rule in around.head.intents:
                out = Exit(f"intent {rule.intent}", rule.go, "visitor", f"(something read as {rule.intent})")
                yield from self._leave(place, around, rule.go, out)
        if flow.head.lost and (there := self.flows.resolve(flow, flow.head.lost)):
            out = Exit("lost", flow.head.lost, "visitor", "(three times something we do not understand)")
            yield Way(place, _at(place, gone_to(place.stack, *there)), out, flow.head.lost.line)

    def _leave(self, place: Place, flow: Flow, target: Target, out: Exit) -> Iterator[Way]:
        there = self.flows.resolve(flow, target)
        if there is None:
            return
        stack = place.stack
        while stack and stack[-1].flow != flow.id:
            stack = stack[:-1]
        yield Way(place, _at(place, gone_to(stack, *there)), out, target.line)


def _at(place: Place, stack: tuple[Frame, ...]) -> Place:
    return Place(place.bot, stack, place.verified)


def _circle(stack: tuple[Frame, ...]) -> tuple[Frame, ...]:
    """The calls from the same `call` below to this one; () when this one waits nowhere yet."""
    return stack[stack.index(stack[-1]) :] if stack[-1] in stack[:-1] else ()


def _around(place: Place, flows: FlowSet) -> Iterable[Flow]:
    ids = dict.fromkeys([*(frame.flow for frame in reversed(place.stack)), place.bot])
    return [flows.flows[flow_id] for flow_id in ids]


def _interrupts(flow: Flow, is_bot: bool) -> Iterator[tuple[str, str, Target]]:
    """(name, what a visitor says for it, where it leads)"""
    for name, way in flow.head.interrupts.items():
        target = way if isinstance(way, Target) else way.go
        own = () if isinstance(way, Target) or way.words is None else way.words.words
        words = (*own, *phrases.INTERRUPT_WORDS.get(name, ()))
        yield name, words[0] if words else name, target
    if is_bot and "start_over" not in flow.head.interrupts:
        yield "start_over", "start over", Target(flow.id)
