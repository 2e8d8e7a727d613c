"""`say`: show something and go on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from motenashi.flow_engine.flow import Flow, Step
from motenashi.flow_engine.outcome import Next, Outcome
from motenashi.flow_engine.steps.shown import Shown, check_shown, displays_of
from motenashi.flow_engine.steps.step_kind import StepKind
from motenashi.flow_engine.turn import Turn
from motenashi.yaml_fields import FieldReader


@dataclass(frozen=True, kw_only=True)
class SaySpec(Shown):
    pass


class Say(StepKind[SaySpec]):
    name: ClassVar[str] = "say"
    spec = SaySpec
    meaning: ClassVar[str] = "Shows a text, picture, film, file, links, articles or products, and goes on."

    def run(self, spec: SaySpec, turn: Turn) -> Outcome:
        turn.show(displays_of(spec, turn))
        return Next()

    def problems(self, step: Step, flow: Flow, reader: FieldReader) -> None:
        if not check_shown(step.spec):
            reader.problem(step.line, f"step '{step.id}' shows nothing.", "Give it say, image, links, products …")
