"""Everything that is wrong with a set of flows, before any of it answers a visitor.

check_flows() finds what is wrong in the text: names that lead nowhere, inputs that don't fit, variables nobody sets,
personal data on an open way. prove() follows every conversation to its end. check_all() does both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from motenashi.flow_engine.check_names import check_names
from motenashi.flow_engine.check_personal import check_personal
from motenashi.flow_engine.check_plugs import check_plugs
from motenashi.flow_engine.check_targets import check_targets
from motenashi.flow_engine.check_variables import check_order, check_variables
from motenashi.flow_engine.flow import FlowSet
from motenashi.flow_engine.known import Known
from motenashi.flow_engine.prove import prove_ways
from motenashi.flow_engine.ways import Ways, explore
from motenashi.problems import Problem

__all__ = ["Known", "check_all", "check_flows"]

_CHECKS: tuple[Callable[[FlowSet, Known], Iterator[Problem]], ...] = (
    check_targets,
    check_plugs,
    check_names,
    check_variables,
)


def check_flows(flows: FlowSet, known: Known) -> list[Problem]:
    """All problems at once, in the order of files and lines. `flows` has been read without problems."""
    return _checked(flows, explore(flows), known)


def check_all(flows: FlowSet, known: Known) -> list[Problem]:
    """check_flows(), and where that finds no error, prove()."""
    ways = explore(flows)
    problems = _checked(flows, ways, known)
    if any(problem.severity == "error" for problem in problems):
        return problems
    return sorted([*problems, *prove_ways(ways, known)])


def _checked(flows: FlowSet, ways: Ways, known: Known) -> list[Problem]:
    found = [problem for check in _CHECKS for problem in check(flows, known)]
    return sorted({*found, *check_order(ways, known), *check_personal(ways, known)})
