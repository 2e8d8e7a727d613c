"""Can personal data reach somebody who has not proved who they are? Every way to it is followed.

A step may call a plug that reveals personal data, and show or send what came of it, only where every way there has
verified the visitor: by a `verify` step, or by a router's rule that holds for verified visitors only. What is saved
from personal data is personal, too. The plug runner and the engine refuse at run time as well; this says so before.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import Any

from motenashi.flow_engine.evidence import conversation_to
from motenashi.flow_engine.flow import Flow, FlowSet, Step
from motenashi.flow_engine.flow_reader import kind_of
from motenashi.flow_engine.known import Known
from motenashi.flow_engine.steps.step_kind import parts_of, reads_of
from motenashi.flow_engine.texts import LocalText, Value
from motenashi.flow_engine.ways import Place, Ways
from motenashi.problems import Problem

_CURE = "Verify the visitor first, on every way: `verify: email`."


def check_personal(ways: Ways, known: Known) -> Iterator[Problem]:
    if known.plugs is None:
        return
    personal = personal_variables(ways.flows, known)
    for places in ways.places_of.values():
        unsure = next((place for place in places if not place.verified), None)
        if unsure is not None:
            yield from _revealed(ways, unsure, personal, known)


def personal_variables(flows: FlowSet, known: Known) -> dict[str, str]:
    """Variable -> `flow.step` that makes it personal. A name that is personal anywhere is personal everywhere."""
    found: dict[str, str] = {}
    growing = True
    while growing:
        before = len(found)
        for flow in flows.flows.values():
            for step in flow.steps:
                for name in _made_personal(step, set(found), known):
                    found.setdefault(name, f"{flow.id}.{step.id}")
        growing = len(found) > before
    return found


def _made_personal(step: Step, personal: Set[str], known: Known) -> Iterator[str]:
    if step.kind == "set":
        yield from (name for name, value in step.spec.set.items() if _names(value) & personal)
    elif reveals(step, known) or _names(_source(step)) & personal:
        yield from kind_of(step).saves(step.spec)


def reveals(step: Step, known: Known) -> bool:
    if step.kind == "http":
        return bool(step.spec.reveals == "personal")
    plug = known.plug(step.spec.plug) if step.kind == "plug" else None
    return plug is not None and plug.reveals == "personal"


def _source(step: Step) -> Any:
    """The part of a step from which what it saves is made."""
    parts = {"ask": ("ask",), "choices": ("choices",), "http": ("http", "defaults"), "plug": ("with_", "defaults")}
    return [getattr(step.spec, part) for part in parts.get(step.kind, ())]


def _names(part: Any) -> set[str]:
    return {path.split(".")[0] for path in reads_of(part)}


def _revealed(ways: Ways, place: Place, personal: dict[str, str], known: Known) -> Iterator[Problem]:
    flow, step = ways.step_at(place)
    if reveals(step, known):
        source = step.spec.plug if step.kind == "plug" else "http"
        what = f"step '{step.id}' reveals personal data ({source}) to somebody who may not be verified."
        yield Problem(flow.file, step.line, what, _CURE, conversation_to(ways, place))
        return
    for name, line in _shown(flow, step).items():
        if name in personal:
            what = f"step '{step.id}' shows '{name}' (personal: from {personal[name]}) to somebody not verified."
            yield Problem(flow.file, line, what, _CURE, conversation_to(ways, place))


def _shown(flow: Flow, step: Step) -> dict[str, int]:
    """Variable -> line, of all that a step shows or sends. Criteria only decide, `set` only remembers."""
    if step.kind == "set":
        return {}
    parts = [part for part in parts_of(step.spec) if isinstance(part, LocalText | Value)]
    if flow.head.sorry and step.kind in ("plug", "http"):
        parts.append(flow.head.sorry)
    found: dict[str, int] = {}
    for part in parts:
        for name in sorted(_names(part)):
            found.setdefault(name, part.line or step.line)
    return found
