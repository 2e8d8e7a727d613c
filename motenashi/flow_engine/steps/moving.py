"""Steps that only move: set, go, call, wait, experiment."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar

from motenashi.conversation.message import Message, MessageKind
from motenashi.flow_engine import phrases
from motenashi.flow_engine.flow import Flow, Step, Target
from motenashi.flow_engine.outcome import Call, Exit, Go, Next, NotMine, Outcome, Wait
from motenashi.flow_engine.steps.step_kind import StepKind, StepSpec, from_personal
from motenashi.flow_engine.texts import Value
from motenashi.flow_engine.turn import RESERVED, Turn
from motenashi.yaml_fields import FieldReader, describe


@dataclass(frozen=True, kw_only=True)
class SetSpec(StepSpec):
    set: Annotated[Mapping[str, Value], "Variable -> value."]


class SetVariables(StepKind[SetSpec]):
    name: ClassVar[str] = "set"
    spec = SetSpec
    meaning: ClassVar[str] = "Sets variables."

    def run(self, spec: SetSpec, turn: Turn) -> Outcome:
        for name, value in spec.set.items():
            turn.save(name, turn.value(value), personal=from_personal(value, turn))
        return Next()

    def saves(self, spec: SetSpec) -> Iterable[str]:
        return tuple(spec.set)

    def problems(self, step: Step, flow: Flow, reader: FieldReader) -> None:
        for name in step.spec.set:
            if name in RESERVED:
                reader.problem(step.line, f"step '{step.id}' can't set '{name}': that is ours.", "Choose another name.")
            elif not re.fullmatch(r"[a-z_][a-z0-9_]*", name):
                reader.problem(step.line, f"step '{step.id}' can't set '{name}'.", "Use lower-case words joined by _.")


@dataclass(frozen=True, kw_only=True)
class GoSpec(StepSpec):
    go: Annotated[Target, "Where to go."]


class GoTo(StepKind[GoSpec]):
    name: ClassVar[str] = "go"
    spec = GoSpec
    meaning: ClassVar[str] = "Goes to a step or a flow."
    ends: ClassVar[bool] = True

    def run(self, spec: GoSpec, turn: Turn) -> Outcome:
        return Go(spec.go, "go")

    def exits(self, spec: GoSpec) -> Iterable[Exit]:
        return (Exit("go", spec.go),)


@dataclass(frozen=True, kw_only=True)
class CallSpec(StepSpec):
    call: Annotated[Target, "The flow to run; when it ends, this one goes on."]


class CallFlow(StepKind[CallSpec]):
    name: ClassVar[str] = "call"
    spec = CallSpec
    meaning: ClassVar[str] = "Runs another flow and comes back when it ends."

    def run(self, spec: CallSpec, turn: Turn) -> Outcome:
        return Call(spec.call)

    def exits(self, spec: CallSpec) -> Iterable[Exit]:
        yield Exit("call", spec.call, calls=True)
        yield Exit("then", spec.then)


_UNITS = {"s": 1, "second": 1, "m": 60, "minute": 60, "h": 3600, "hour": 3600, "d": 86400, "day": 86400}


@dataclass(frozen=True)
class Duration:
    """A length of time as designers write it: `30 seconds`, `5 minutes`, `2 hours`, `1 day`."""

    seconds: int

    @classmethod
    def from_yaml(cls, raw: Any, reader: FieldReader, line: int, where: str) -> Duration | None:
        match = re.fullmatch(r"(\d{1,5}) ?(s|m|h|d|(?:second|minute|hour|day)s?)", str(raw).strip())
        if match is None:
            reader.problem(
                line, f"{where} must be a length of time, not {describe(raw)}.", "E.g. 30 seconds, 5 minutes."
            )
            return None
        unit = match[2] if match[2] in _UNITS else match[2].rstrip("s")
        return cls(int(match[1]) * _UNITS[unit])

    @classmethod
    def fits(cls, raw: Any) -> bool:
        return isinstance(raw, str)

    @classmethod
    def json_schema(cls) -> dict[str, Any]:
        return {"type": "string", "pattern": r"^\d{1,5} ?(s|m|h|d|(second|minute|hour|day)s?)$"}


@dataclass(frozen=True)
class WaitFor:
    silence: Annotated[Duration | None, "Go on when the visitor has said nothing for so long."] = None
    time: Annotated[Duration | None, "Go on after so long, whatever the visitor says meanwhile."] = None
    said: Annotated[Target | None, "silence: where to go when the visitor does say something."] = None


@dataclass(frozen=True, kw_only=True)
class WaitSpec(StepSpec):
    wait: Annotated[WaitFor, "For what: {silence: 5 minutes} or {time: 30 seconds}."]


class WaitStep(StepKind[WaitSpec]):
    name: ClassVar[str] = "wait"
    spec = WaitSpec
    meaning: ClassVar[str] = "Waits for silence or for time to pass, then goes on."
    waits: ClassVar[bool] = True
    takes_any_text: ClassVar[bool] = True

    def run(self, spec: WaitSpec, turn: Turn) -> Outcome:
        length = spec.wait.silence or spec.wait.time
        until = turn.now + timedelta(seconds=length.seconds if length else 0)
        return Wait({"until": until.isoformat()}, wake_at=until)

    def answer(self, spec: WaitSpec, turn: Turn, message: Message) -> Outcome:
        due = message.received_at.isoformat() >= str(turn.memory.get("until", ""))
        if message.kind is MessageKind.WAKE or due:
            return Next()
        if spec.wait.said:
            return Go(spec.wait.said, "said")
        return self.run(spec, turn) if spec.wait.silence else NotMine(turn.text(phrases.ONE_MOMENT))

    def again(self, spec: WaitSpec, turn: Turn) -> Outcome:
        return Wait(turn.memory, wake_at=datetime.fromisoformat(str(turn.memory["until"])))

    def exits(self, spec: WaitSpec) -> Iterable[Exit]:
        yield Exit("then", spec.then, by="time", says="(time passes)")
        if spec.wait.said:
            yield Exit("said", spec.wait.said, by="visitor", says="(anything)")

    def problems(self, step: Step, flow: Flow, reader: FieldReader) -> None:
        wait = step.spec.wait
        if bool(wait.silence) == bool(wait.time):
            reader.problem(step.line, f"step '{step.id}' must wait for silence or for time.", "{silence: 5 minutes}")
        if wait.said and not wait.silence:
            reader.problem(step.line, f"step '{step.id}': said goes with silence only.")


@dataclass(frozen=True)
class Arm:
    name: Annotated[str, "What reports call it."]
    go: Annotated[Target, "Where it leads."]
    weight: Annotated[int, "Its share against the others'."] = 1


@dataclass(frozen=True)
class Arms:
    name: Annotated[str, "The experiment's name; a new name draws anew."]
    arms: Annotated[tuple[Arm, ...], "Two or more ways."]


@dataclass(frozen=True, kw_only=True)
class ExperimentSpec(StepSpec):
    experiment: Annotated[Arms, "The experiment."]
    save: Annotated[str, "Keep the arm's name under this name."] = ""


class Experiment(StepKind[ExperimentSpec]):
    name: ClassVar[str] = "experiment"
    spec = ExperimentSpec
    meaning: ClassVar[str] = "Sends each conversation down one of several ways, by weight, always the same one."

    def run(self, spec: ExperimentSpec, turn: Turn) -> Outcome:
        arm = draw(spec.experiment, turn.conversation_id)
        if spec.save:
            turn.save(spec.save, arm.name)
        return Go(arm.go, arm.name)

    def exits(self, spec: ExperimentSpec) -> Iterable[Exit]:
        return tuple(Exit(arm.name, arm.go) for arm in spec.experiment.arms)

    def problems(self, step: Step, flow: Flow, reader: FieldReader) -> None:
        arms = step.spec.experiment.arms
        if len(arms) < 2 or any(arm.weight < 1 for arm in arms) or len({arm.name for arm in arms}) < len(arms):
            hint = "Two or more arms with names of their own and weights from 1."
            reader.problem(step.line, f"step '{step.id}' is no experiment.", hint)


def draw(experiment: Arms, conversation_id: str) -> Arm:
    """By a hash of the conversation, so that a repeated message and every process draw the same arm."""
    digest = hashlib.sha256(f"{experiment.name}/{conversation_id}".encode()).digest()
    ticket = int.from_bytes(digest[:8]) % sum(arm.weight for arm in experiment.arms)
    for arm in experiment.arms:
        ticket -= arm.weight
        if ticket < 0:
            return arm
    return experiment.arms[-1]
