"""Which steps and branches of the flows a set of sample talks has been through.

A branch is a way out that a kind of step declares (StepKind.exits); the runner notes by which one it left.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from motenashi.flow_engine.flow import Flow, FlowSet
from motenashi.flow_engine.flow_reader import kind_of
from motenashi.flow_engine.turn import Visited


@dataclass(frozen=True, order=True)
class NotCovered:
    """A step that no talk visits, or (with `exit`) a way out of it that none takes."""

    file: str
    line: int
    flow: str
    step: str
    exit: str = ""

    def __str__(self) -> str:
        what = f"by '{self.exit}' no talk leaves" if self.exit else "no talk visits"
        return f"{self.file}:{self.line}: {what} {self.flow}.{self.step}"


@dataclass(frozen=True)
class FlowCoverage:
    """Counts of one flow; `missing` in the order of the file."""

    flow: str
    file: str
    steps: int
    steps_covered: int
    branches: int
    branches_covered: int
    missing: tuple[NotCovered, ...] = ()

    @property
    def steps_percent(self) -> float:
        return percent(self.steps_covered, self.steps)

    @property
    def branches_percent(self) -> float:
        return percent(self.branches_covered, self.branches)

    @property
    def missing_steps(self) -> frozenset[str]:
        return frozenset(each.step for each in self.missing if not each.exit)


def coverage_of(flows: FlowSet, visits: Iterable[Visited]) -> tuple[FlowCoverage, ...]:
    """Each flow's coverage, in the order of files and lines. `visits` are the traces of all talks together."""
    taken = {(visit.flow, visit.step, visit.exit) for visit in visits}
    seen = {(flow, step) for flow, step, _ in taken}
    ordered = sorted(flows.flows.values(), key=lambda flow: (flow.file, flow.line))
    return tuple(_of(flow, seen, taken) for flow in ordered)


def whole(coverages: Iterable[FlowCoverage]) -> FlowCoverage:
    """All flows together."""
    found = tuple(coverages)
    return FlowCoverage(
        "all flows",
        "",
        sum(each.steps for each in found),
        sum(each.steps_covered for each in found),
        sum(each.branches for each in found),
        sum(each.branches_covered for each in found),
        tuple(missing for each in found for missing in each.missing),
    )


def percent(part: int, of: int) -> float:
    return 100.0 * part / of if of else 100.0


def _of(flow: Flow, seen: set[tuple[str, str]], taken: set[tuple[str, str, str]]) -> FlowCoverage:
    missing_steps = {step.id for step in flow.steps if (flow.id, step.id) not in seen}
    branches = list(_branches(flow))
    missing = [(step, name) for step, name in branches if (flow.id, step, name) not in taken]
    lines = {step.id: step.line for step in flow.steps}
    told = [NotCovered(flow.file, lines[step], flow.id, step) for step in missing_steps]
    told += [NotCovered(flow.file, lines[step], flow.id, step, name) for step, name in missing]
    return FlowCoverage(
        flow=flow.id,
        file=flow.file,
        steps=len(flow.steps),
        steps_covered=len(flow.steps) - len(missing_steps),
        branches=len(branches),
        branches_covered=len(branches) - len(missing),
        missing=tuple(sorted(told)),
    )


def _branches(flow: Flow) -> Iterator[tuple[str, str]]:
    for step in flow.steps:
        yield from ((step.id, name) for name in dict.fromkeys(way.name for way in kind_of(step).exits(step.spec)))
