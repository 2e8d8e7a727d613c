"""Does each `plug` step call a plug that exists, with the inputs it takes?"""

from __future__ import annotations

from collections.abc import Iterator

from motenashi.flow_engine.flow import Flow, FlowSet, Step
from motenashi.flow_engine.known import Known
from motenashi.flow_engine.texts import Value, is_reference, is_template
from motenashi.plug_contract import Plug, PlugValue
from motenashi.plug_types.inputs import WrongValue, reader_of
from motenashi.problems import Problem, did_you_mean


def check_plugs(flows: FlowSet, known: Known) -> Iterator[Problem]:
    if known.plugs is None:
        return
    for flow in flows.flows.values():
        for step in flow.steps:
            if step.kind != "plug":
                continue
            plug = known.plugs.get(step.spec.plug)
            if plug is None:
                hint = did_you_mean(step.spec.plug, list(known.plugs))
                yield Problem(flow.file, step.line, f"step '{step.id}': there is no plug '{step.spec.plug}'.", hint)
            else:
                yield from _call(flow, step, plug)


def _call(flow: Flow, step: Step, plug: Plug) -> Iterator[Problem]:
    inputs = {value.name: value for value in plug.inputs}
    for name, value in step.spec.with_.items():
        line = value.line or step.line
        if name not in inputs:
            what = f"step '{step.id}': plug {plug.name} has no input '{name}'."
            yield Problem(flow.file, line, what, did_you_mean(name, list(inputs)))
        elif wrong := _wrong(inputs[name], value):
            yield Problem(flow.file, line, f"step '{step.id}': input '{name}' of plug {plug.name} {wrong}.")
    for name, wanted in inputs.items():
        if wanted.required and name not in step.spec.with_:
            what = f"step '{step.id}': plug {plug.name} needs the input '{name}'."
            yield Problem(flow.file, step.line, what, wanted.meaning)
    outputs = [value.name for value in plug.outputs]
    for name, value in step.spec.defaults.items():
        if name not in outputs:
            what = f"step '{step.id}': plug {plug.name} has no output '{name}'."
            yield Problem(flow.file, value.line or step.line, what, did_you_mean(name, outputs))


def _wrong(wanted: PlugValue, value: Value) -> str:
    """Why a value that stands in the file does not fit; '' when it does, or is computed."""
    raw = value.raw
    if isinstance(raw, str) and (is_reference(raw) or is_template(raw)):
        return ""
    if isinstance(raw, list | dict) and value.paths():
        return ""
    if raw is None:
        return "is empty" if wanted.required else ""
    try:
        reader_of(wanted.type)(raw)
    except WrongValue as wrong:
        return str(wrong)
    return ""
