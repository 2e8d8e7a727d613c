"""Does somebody set what the flows read, has it the fields they read, and can it have the values they compare with?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from motenashi.conversation.folding import fold
from motenashi.flow_engine.criteria import Condition, Criteria
from motenashi.flow_engine.evidence import conversation_to
from motenashi.flow_engine.flow import Flow, FlowSet, Step
from motenashi.flow_engine.known import Known
from motenashi.flow_engine.known_so_far import known_so_far
from motenashi.flow_engine.shapes import WORLD, Missing, Shape, at_path
from motenashi.flow_engine.steps.choices import ChoicesSpec
from motenashi.flow_engine.steps.shown import Shown
from motenashi.flow_engine.steps.step_kind import parts_of, reads_of
from motenashi.flow_engine.variables import saved_in, shapes_by_name
from motenashi.flow_engine.ways import Ways
from motenashi.problems import Problem, did_you_mean

# Names that a kind of step itself puts into its own texts.
_OWN_NAMES = {"book": ("slot",), "verify": ("address",)}
_COMPARES = ("is", "is_not", "in", "not_in")


def check_variables(flows: FlowSet, known: Known) -> Iterator[Problem]:
    shapes = {**shapes_by_name(saved_in(flows, known)), **WORLD}
    for flow in flows.flows.values():
        if flow.head.sorry:
            for path in sorted(reads_of(flow.head.sorry)):
                yield from _path(flow, flow.head.sorry.line or flow.line, "'sorry'", path, shapes)
        for step in flow.steps:
            yield from _step(flow, step, shapes)


def check_order(ways: Ways, known: Known) -> Iterator[Problem]:
    """Variables that something sets, but never on any way to the step that reads them."""
    perhaps = known_so_far(ways).perhaps
    saved_by = {each.name: f"{each.flow.id}.{each.step.id}" for each in reversed(saved_in(ways.flows, known))}
    for places in ways.places_of.values():
        flow, step = ways.step_at(places[0])
        before = {name for place in places for name in perhaps[place]} | {*WORLD, *own_names(step)}
        for path, line in _lines_of_paths(step).items():
            name = path.split(".")[0]
            if name in saved_by and name not in before:
                what = f"step '{step.id}' reads '{name}', but no way here passes {saved_by[name]}, which sets it."
                yield Problem(flow.file, line, what, "Set it before.", conversation_to(ways, places[0]))


def _lines_of_paths(step: Step) -> dict[str, int]:
    """What a step reads -> the first line it stands on."""
    found: dict[str, int] = {}
    for part in parts_of(step.spec):
        if isinstance(part, Criteria):
            for condition in part.conditions:
                for path in (condition.field, *condition.references):
                    found.setdefault(path, condition.line or step.line)
        else:
            for path in sorted(reads_of(part)):
                found.setdefault(path, getattr(part, "line", 0) or step.line)
    return found


def _step(flow: Flow, step: Step, shapes: Mapping[str, Shape]) -> Iterator[Problem]:
    own = own_names(step)
    for part in parts_of(step.spec):
        for condition in part.conditions if isinstance(part, Criteria) else ():
            yield from _comparison(flow, step, condition, shapes)
    for path, line in _lines_of_paths(step).items():
        if path.split(".")[0] not in own:
            yield from _path(flow, line, f"step '{step.id}'", path, shapes)


def own_names(step: Step) -> tuple[str, ...]:
    """What a step's texts may read beside the variables."""
    item = isinstance(step.spec, Shown) and (step.spec.buttons or isinstance(step.spec, ChoicesSpec))
    return (*_OWN_NAMES.get(step.kind, ()), *(("item",) if item else ()))


def _path(flow: Flow, line: int, where: str, path: str, shapes: Mapping[str, Shape]) -> Iterator[Problem]:
    name, *rest = path.split(".")
    if name not in shapes:
        hint = did_you_mean(name, list(shapes)) or "Save it first."
        yield Problem(flow.file, line, f"{where} reads '{name}', which nothing sets.", hint)
        return
    there = at_path(shapes[name], rest)
    if isinstance(there, Missing):
        above = path[: path.rindex(there.part) - 1] if there.part in rest else name
        what = f"{where} reads '{path}', but '{above}' has no '{there.part}'."
        hint = "It is a list: .0 is its first item." if there.of_list else did_you_mean(there.part, there.known)
        yield Problem(flow.file, line, what, hint)


def _comparison(flow: Flow, step: Step, condition: Condition, shapes: Mapping[str, Shape]) -> Iterator[Problem]:
    """A field that holds one of a few words is compared with another word."""
    if condition.operator.name not in _COMPARES or condition.references:
        return
    name, *rest = condition.field.split(".")
    there = at_path(shapes[name], rest) if name in shapes else None
    if not isinstance(there, Shape) or not isinstance(there.domain, tuple):
        return
    words = {fold(str(word)): str(word) for word in there.domain if word is not None}
    for value in _texts(condition.value):
        if fold(value) not in words:
            what = f"step '{step.id}' compares '{condition.field}' with '{value}', which it never is."
            hint = did_you_mean(value, list(words.values()))
            yield Problem(flow.file, condition.line or step.line, what, hint)


def _texts(value: Any) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list | tuple) else [str(value)]
