"""`plug`: call a plug with values from the talk and keep its outputs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar

from motenashi.flow_engine.flow import Target
from motenashi.flow_engine.outcome import Exit, Go, Next, Outcome
from motenashi.flow_engine.phrases import SORRY
from motenashi.flow_engine.steps.step_kind import StepKind, StepSpec, from_personal
from motenashi.flow_engine.texts import Value
from motenashi.flow_engine.turn import Turn
from motenashi.plug_contract import PlugCall, PlugError, PlugRefused


@dataclass(frozen=True, kw_only=True)
class PlugSpec(StepSpec):
    plug: Annotated[str, "The plug's name."]
    with_: Annotated[Mapping[str, Value], "Its inputs: values or $variables."] = field(default_factory=dict)
    save: Annotated[str, "Keep its outputs under this name."] = ""
    on_error: Annotated[Target | None, "Where to go when it fails; without it, a sorry and on."] = None
    timeout: Annotated[float | None, "Wait at most this many seconds."] = None
    defaults: Annotated[Mapping[str, Value], "Outputs to go on with when it fails."] = field(default_factory=dict)


class CallPlug(StepKind[PlugSpec]):
    name: ClassVar[str] = "plug"
    spec = PlugSpec
    meaning: ClassVar[str] = "Calls a plug and keeps what it gives."

    def run(self, spec: PlugSpec, turn: Turn) -> Outcome:
        call = PlugCall(
            plug=spec.plug,
            inputs={name: value for name, value in _inputs(spec, turn).items() if value is not None},
            now=turn.now,
            identity=turn.identity,
            language=turn.language,
            timeout=spec.timeout,
            deadline=turn.deadline,
            key=turn.key(f"plug:{spec.plug}"),
        )
        try:
            result = turn.services.call_plug(call)
        except PlugError as error:
            return failed(spec, turn, error)
        if spec.save:
            personal = result.personal or from_personal(spec.with_, turn)
            turn.save(spec.save, dict(result.outputs), personal=personal)
        return Next()

    def exits(self, spec: PlugSpec) -> Iterable[Exit]:
        yield Exit("then", spec.then)
        if spec.on_error:
            yield Exit("on_error", spec.on_error, by="error")


def _inputs(spec: PlugSpec, turn: Turn) -> dict[str, Any]:
    return {name: turn.value(value) for name, value in spec.with_.items()}


def failed(spec: Any, turn: Turn, error: Exception) -> Outcome:
    """The designer's way for a failure: `on_error`, else `defaults`, else the flow's sorry-sentence and on."""
    turn.failed(error)
    if spec.save and spec.defaults:
        personal = from_personal(spec.defaults, turn)
        turn.save(spec.save, {name: turn.value(value) for name, value in spec.defaults.items()}, personal=personal)
    elif spec.save:
        turn.save(spec.save, {})
    if spec.on_error:
        return Go(spec.on_error, "on_error")
    if not spec.defaults and not isinstance(error, PlugRefused):
        turn.say(turn.sorry() or turn.text(SORRY))
    return Next()
