"""A flow as a picture needs it: its steps, and the ways between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from motenashi.flow_engine.flow import Flow, FlowSet, Interrupt, Step, Target
from motenashi.flow_engine.flow_reader import kind_of
from motenashi.flow_engine.outcome import Exit
from motenashi.flow_engine.texts import LocalText

RETURN = "(return)"  # the flow is done: back behind the call, or the end
END = "(end)"  # the bot's part is over


@dataclass(frozen=True)
class Node:
    """`label` is what the step says, per language, as it stands in the file; empty for steps that say nothing."""

    id: str
    kind: str
    label: LocalText
    line: int
    last_line: int


@dataclass(frozen=True)
class Edge:
    """`target` is a step of this flow, `flow.step` of another one, RETURN or END; `label` is when, '' for always.

    `exit` is the exit's name as a turn's trace has it. `source` '' stands for anywhere in the flow.
    """

    source: str
    target: str
    label: str
    exit: str = ""


@dataclass(frozen=True)
class Graph:
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def graph_of(flow: Flow, flows: FlowSet) -> Graph:
    """The steps in their order, and every way out of each; then what visitors may say at any time.

    Targets that lead nowhere are left out: the checker tells of them.
    """
    nodes = tuple(Node(step.id, step.kind, _words(step), step.line, step.last_line) for step in flow.steps)
    edges = [
        edge for step in flow.steps for out in kind_of(step).exits(step.spec) for edge in _edges(flow, step, out, flows)
    ]
    return Graph(nodes, (*edges, *_from_anywhere(flow, flows)))


def _words(step: Step) -> LocalText:
    say = getattr(step.spec, "say", None) or getattr(getattr(step.spec, step.kind, None), "say", None)
    return say if isinstance(say, LocalText) else LocalText({})


def _edges(flow: Flow, step: Step, out: Exit, flows: FlowSet) -> Iterator[Edge]:
    label = out.says or ("" if out.name in ("then", "go") else out.name)
    if out.ends:
        yield Edge(step.id, END, label, out.name)
        return
    target = out.target or (None if out.calls else step.spec.then)
    if target is not None:
        name = _place(flow, target, flows)
        yield from [Edge(step.id, name, label, out.name)] if name else []
    else:
        below = flow.after(step.id)
        yield Edge(step.id, below.id if below else RETURN, label, out.name)


def _place(flow: Flow, target: Target, flows: FlowSet) -> str:
    there = flows.resolve(flow, target)
    if there is None:
        return ""
    return there[1].id if there[0].id == flow.id else f"{there[0].id}.{there[1].id}"


def _from_anywhere(flow: Flow, flows: FlowSet) -> Iterator[Edge]:
    ways = [
        (f"interrupt {name}", name, way.go if isinstance(way, Interrupt) else way)
        for name, way in flow.head.interrupts.items()
    ]
    ways += [(f"intent {rule.intent}", rule.intent, rule.go) for rule in flow.head.intents]
    ways += [("lost", "not understood", flow.head.lost)] if flow.head.lost else []
    for exit_name, label, target in ways:
        if name := _place(flow, target, flows):
            yield Edge("", name, label, exit_name)
