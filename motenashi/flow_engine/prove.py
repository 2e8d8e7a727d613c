"""Proofs."""

from __future__ import annotations

from motenashi.flow_engine.known import Known
from motenashi.flow_engine.ways import Ways
from motenashi.problems import Problem


def prove_ways(ways: Ways, known: Known) -> list[Problem]:
    return []
