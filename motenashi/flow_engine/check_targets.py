"""Does every name of a place lead somewhere, and is there a place to begin?"""

from __future__ import annotations

from collections.abc import Iterator

from motenashi.flow_engine.flow import Flow, FlowSet, Interrupt, Step, Target
from motenashi.flow_engine.flow_reader import kind_of
from motenashi.flow_engine.known import Known
from motenashi.flow_engine.steps.step_kind import parts_of
from motenashi.problems import Problem, did_you_mean


def check_targets(flows: FlowSet, known: Known) -> Iterator[Problem]:
    """Unknown targets, a `then` that nobody takes, channels that do not exist, no beginning."""
    if flows.flows and not flows.starters():
        first = min(flows.flows.values(), key=lambda flow: (flow.file, flow.line))
        hint = "Write `trigger: {}` into the flow that does."
        yield Problem(first.file, first.line, "no flow begins a conversation.", hint)
    for flow in flows.flows.values():
        yield from _channels(flow, known)
        for place, target in _targets(flow):
            if flows.resolve(flow, target) is None:
                yield _unknown(flows, flow, place, target)
        for step in flow.steps:
            there = flows.resolve(flow, step.spec.call) if step.kind == "call" else None
            if there and there[1] is step:
                what = f"step '{step.id}' calls itself: a step's name goes before a flow's."
                yield Problem(flow.file, step.spec.call.line, what, "Give the step another name than the flow.")
            if not _then_is_taken(step):
                line = step.spec.then.line or step.line
                hint = "Take it out, or let one of its ways lead nowhere else."
                yield Problem(flow.file, line, f"step '{step.id}': nobody takes the `then` of this {step.kind}.", hint)


def _targets(flow: Flow) -> Iterator[tuple[str, Target]]:
    """(where it stands, target)"""
    head = flow.head
    for name, way in head.interrupts.items():
        yield f"interrupt '{name}'", way.go if isinstance(way, Interrupt) else way
    for rule in head.intents:
        yield f"intent '{rule.intent}'", rule.go
    if head.lost:
        yield "'lost'", head.lost
    for step in flow.steps:
        for part in parts_of(step.spec):
            if isinstance(part, Target):
                yield f"step '{step.id}'", part


def _unknown(flows: FlowSet, flow: Flow, place: str, target: Target) -> Problem:
    other, dot, _ = target.name.partition(".")
    far = flows.flows.get(other) if dot else None
    if far is not None:
        what = f"{place} leads to '{target.name}', but flow '{far.id}' has no such step."
        names = [f"{far.id}.{step.id}" for step in far.steps]
    else:
        what = f"{place} leads to '{target.name}', which is no step of this flow and no flow."
        names = [*(step.id for step in flow.steps), *flows.flows]
    return Problem(flow.file, target.line or flow.line, what, did_you_mean(target.name, list(dict.fromkeys(names))))


def _then_is_taken(step: Step) -> bool:
    if step.spec.then is None:
        return True
    if kind_of(step).ends:
        return False
    return any(out.target in (None, step.spec.then) and not out.ends for out in kind_of(step).exits(step.spec))


def _channels(flow: Flow, known: Known) -> Iterator[Problem]:
    for channel in flow.head.trigger.channel if flow.head.trigger else ():
        if known.channels is not None and channel not in known.channels:
            hint = did_you_mean(channel, list(known.channels))
            yield Problem(flow.file, flow.line, f"there is no channel '{channel}'.", hint)
