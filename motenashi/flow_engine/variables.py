"""Which variables the flows of a set save, where, and what they look like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from motenashi.flow_engine.flow import Flow, FlowSet, Step
from motenashi.flow_engine.flow_reader import kind_of
from motenashi.flow_engine.known import Known
from motenashi.flow_engine.shapes import ANYTHING, Shape, either, shape_of_type
from motenashi.flow_engine.steps.ask import FormSpec
from motenashi.flow_engine.texts import Value, is_reference, is_template

_TEXT_KEYS = {
    "answer_bot": ("question", "answer", "sure"),
    "book": ("event_id", "start", "end", "when", "time_zone"),
    "create_lead": ("lead_id",),
}


@dataclass(frozen=True)
class Saved:
    """One step that saves a variable."""

    name: str
    flow: Flow
    step: Step
    shape: Shape


def saved_in(flows: FlowSet, known: Known) -> list[Saved]:
    """Every variable that any step saves, in the order of the files."""
    return [
        Saved(name, flow, step, shape_saved(step, name, known))
        for flow in flows.flows.values()
        for step in flow.steps
        for name in kind_of(step).saves(step.spec)
    ]


def shapes_by_name(saved: list[Saved]) -> dict[str, Shape]:
    """What each variable looks like, whichever step saved it."""
    shapes: dict[str, Shape] = {}
    for each in saved:
        shapes[each.name] = either(shapes[each.name], each.shape) if each.name in shapes else each.shape
    return shapes


def shape_saved(step: Step, name: str, known: Known) -> Shape:
    """The shape of what this step saves under a name."""
    spec = step.spec
    if step.kind in _TEXT_KEYS:
        return Shape(fields=dict.fromkeys(_TEXT_KEYS[step.kind], ANYTHING))
    if step.kind == "plug":
        plug = known.plug(spec.plug)
        outputs = shape_of_type(plug.output_type) if plug else ANYTHING
        return either(outputs, _record(spec.defaults)) if spec.defaults else outputs
    if step.kind == "http":
        return Shape(fields=dict.fromkeys(spec.map, ANYTHING)) if spec.map else ANYTHING
    if step.kind == "ask" and isinstance(spec.ask, FormSpec):
        return Shape(fields={question.name: ANYTHING for question in spec.ask.questions})
    if step.kind == "set":
        return _literal(spec.set[name])
    if step.kind == "experiment":
        return Shape(domain=tuple(arm.name for arm in spec.experiment.arms))
    return _chosen(spec) if step.kind == "choices" else ANYTHING


def _record(values: Mapping[str, Value]) -> Shape:
    return Shape(fields={name: _literal(value) for name, value in values.items()})


def _literal(value: Value) -> Shape:
    """A value that stands in the file as it is; anything computed is unknown."""
    raw = value.raw
    if isinstance(raw, bool | int | float) or (isinstance(raw, str) and _is_plain(raw)):
        return Shape(domain=(raw,))
    return ANYTHING


def _is_plain(raw: str) -> bool:
    return not is_reference(raw) and not is_template(raw)


def _chosen(spec: Any) -> Shape:
    kept = [list(_kept(choice)) for choice in spec.choices.fixed]
    if spec.choices.listed or any(not words for words in kept):
        return ANYTHING
    return Shape(domain=tuple(dict.fromkeys(word for words in kept for word in words)))


def _kept(choice: Any) -> Iterator[Any]:
    """What `save` keeps for a choice; nothing when that is only known at run time."""
    if choice.value is not None:
        domain = _literal(choice.value).domain
        yield from domain if isinstance(domain, tuple) else ()
    elif all(_is_plain(label) for label in choice.label.all_sources()):
        yield from choice.label.all_sources()
