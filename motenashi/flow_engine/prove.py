"""What follows from all ways through the flows: proofs, each with the shortest conversation that shows the trouble."""

from __future__ import annotations

from motenashi.flow_engine.flow import FlowSet
from motenashi.flow_engine.known import Known
from motenashi.flow_engine.prove_loops import prove_loops, prove_returns
from motenashi.flow_engine.prove_reach import prove_last_words, prove_reach
from motenashi.flow_engine.prove_rules import prove_rules
from motenashi.flow_engine.ways import MOST_PLACES, Ways, explore
from motenashi.problems import Problem


def prove(flows: FlowSet, known: Known) -> list[Problem]:
    """Steps nobody reaches, turns without an end or without a word, hand-overs and calls in circles, rules that never
    decide. `flows` has been checked without errors."""
    return prove_ways(explore(flows), known)


def prove_ways(ways: Ways, known: Known) -> list[Problem]:
    """The same for ways that have been explored already."""
    found = {
        *prove_reach(ways),
        *prove_last_words(ways),
        *prove_loops(ways),
        *prove_returns(ways),
        *prove_rules(ways, known),
    }
    if not ways.complete:
        file = min(flow.file for flow in ways.flows.flows.values())
        what = f"these flows can stand in more than {MOST_PLACES:,} places; only the nearest were proved."
        found.add(Problem(file, 0, what, "Fewer calls within calls make it provable.", severity="warning"))
    return sorted(found)
