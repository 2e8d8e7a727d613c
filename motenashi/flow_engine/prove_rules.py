"""Does every rule of a router decide something: is none hidden by those above it, do no two claim the same visitor?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from motenashi.flow_engine.check_personal import personal_variables
from motenashi.flow_engine.criteria import Criteria
from motenashi.flow_engine.criteria_domains import Domain
from motenashi.flow_engine.criteria_proof import (
    Answer,
    can_hold,
    covers,
    find,
    reachable_after,
    satisfiable_together,
)
from motenashi.flow_engine.evidence import conversation_to
from motenashi.flow_engine.flow import Step
from motenashi.flow_engine.known import Known
from motenashi.flow_engine.known_so_far import known_so_far
from motenashi.flow_engine.rule import Rule
from motenashi.flow_engine.shapes import WORLD, Shape, at_path, with_nothing
from motenashi.flow_engine.variables import saved_in, shapes_by_name
from motenashi.flow_engine.ways import Place, Ways
from motenashi.problems import Problem

_VERIFIED_ONLY = ("verified",)


def prove_rules(ways: Ways, known: Known) -> Iterator[Problem]:
    expected = _Expected(ways, known)
    for places in ways.places_of.values():
        flow, step = ways.step_at(places[0])
        prove = _PROOFS.get(step.kind)
        if prove:
            yield from prove(_Router(ways, step, flow.file, places, expected))


class _Expected:
    """What may be in a variable when a conversation comes to a step."""

    def __init__(self, ways: Ways, known: Known) -> None:
        self._shapes = shapes_by_name(saved_in(ways.flows, known))
        self._surely = known_so_far(ways).surely
        self._personal = personal_variables(ways.flows, known)

    def domains(self, criteria: Sequence[Criteria], places: Sequence[Place]) -> dict[str, Domain]:
        fields = {condition.field for one in criteria for condition in one.conditions}
        found = {field: self._domain(field, places) for field in fields}
        return {field: domain for field, domain in found.items() if domain is not None}

    def _domain(self, field: str, places: Sequence[Place]) -> Domain | None:
        if field == "identity.level" and all(place.verified for place in places):
            return _VERIFIED_ONLY
        name, *rest = field.split(".")
        shape = WORLD.get(name) or self._shapes.get(name)
        there = at_path(shape, rest) if shape else None
        if not isinstance(there, Shape):
            return None
        sure = name in WORLD or (name not in self._personal and all(name in self._surely[place] for place in places))
        return there.domain if sure else with_nothing(there).domain


class _Router:
    """A step that decides by criteria, and where conversations meet it."""

    def __init__(self, ways: Ways, step: Step, file: str, places: Sequence[Place], expected: _Expected) -> None:
        self.ways, self.step, self.file, self.places, self.expected = ways, step, file, places, expected

    def domains(self, *criteria: Criteria) -> dict[str, Domain]:
        return self.expected.domains(criteria, self.places)

    def warning(self, line: int, what: str, hint: str, witness: Mapping[str, Any]) -> Problem:
        case = ", ".join(f"{name} is {_written(value)}" for name, value in witness.items())
        evidence = conversation_to(self.ways, self.places[0], *([f"(when {case})"] if case else []))
        return Problem(self.file, line, what, hint, evidence, "warning")

    def error(self, line: int, what: str, hint: str) -> Problem:
        return Problem(self.file, line, what, hint, conversation_to(self.ways, self.places[0]))


def _written(value: Any) -> str:
    return "empty" if value is None else str(value)


def _criteria_router(router: _Router) -> Iterator[Problem]:
    rules: Sequence[Rule] = router.step.spec.criteria_router
    domains = router.domains(*(rule.criteria for rule in rules))
    winning: list[Rule] = []
    for rule in rules:
        if problem := _never_wins(router, winning, rule, domains):
            yield problem
            continue
        yield from _overlaps(router, winning, rule, domains)
        winning.append(rule)
    if covers([rule.criteria for rule in rules], domains).answer is Answer.YES:
        what = f"step '{router.step.id}': its rules fit everybody, so nobody takes not_matched."
        yield router.warning(router.step.line, what, "Keep it for what may come, or leave the last rule out.", {})


def _never_wins(router: _Router, earlier: Sequence[Rule], rule: Rule, domains: Mapping[str, Domain]) -> Problem | None:
    where = f"step '{router.step.id}': rule '{rule.name}'"
    if can_hold(rule.criteria, domains).answer is Answer.NO:
        return router.error(rule.line, f"{where} can never hold.", "Its conditions exclude each other.")
    if reachable_after([one.criteria for one in earlier], rule.criteria, domains).answer is not Answer.NO:
        return None
    hiding = next(
        (one for one in earlier if reachable_after([one.criteria], rule.criteria, domains).answer is Answer.NO), None
    )
    above = f"'{hiding.name}' above it takes" if hiding else "the rules above it take"
    return router.error(rule.line, f"{where} never wins: {above} everybody it fits.", "Move it up, or take it out.")


def _overlaps(router: _Router, earlier: Sequence[Rule], rule: Rule, domains: Mapping[str, Domain]) -> Iterator[Problem]:
    """Two rules claim the same visitor, and neither is simply the narrower one that stands first."""
    for one in earlier:
        both = satisfiable_together(one.criteria, rule.criteria, domains)
        if both.answer is not Answer.YES:
            continue
        if find([one.criteria], [rule.criteria], domains).answer is Answer.YES:
            what = f"step '{router.step.id}': rules '{one.name}' and '{rule.name}' overlap; '{one.name}' wins."
            yield router.warning(rule.line, what, "If that is not meant, make one narrower.", both.witness)


def _choices(router: _Router) -> Iterator[Problem]:
    for choice in router.step.spec.choices.fixed:
        if choice.if_ is None:
            continue
        criteria = choice.if_.criteria
        if can_hold(criteria, router.domains(criteria)).answer is Answer.NO:
            what = f"step '{router.step.id}': the choice '{choice.label.source('en')}' is never offered."
            yield router.error(choice.label.line or router.step.line, what, "Its `if` can never hold here.")


def _intent_router(router: _Router) -> Iterator[Problem]:
    least: dict[str, float] = {}
    for way in router.step.spec.intent_router:
        if all(label in least and least[label] <= way.at_least for label in way.intent):
            name = " or ".join(way.intent)
            what = f"step '{router.step.id}': the way for {name} never wins: a way above it takes it already."
            yield router.error(way.go.line or router.step.line, what, "Move it up, or take it out.")
        for label in way.intent:
            least[label] = min(way.at_least, least.get(label, way.at_least))


_PROOFS = {"criteria_router": _criteria_router, "choices": _choices, "intent_router": _intent_router}
