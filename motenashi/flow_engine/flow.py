"""What a checked flow is: its steps in order, and a whole set of flows that talk to each other."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Any, Literal

from motenashi.flow_engine.texts import LocalText
from motenashi.yaml_fields import FieldReader, describe
from motenashi.yaml_source import YamlList

OnChange = Literal["finish", "migrate", "restart"]


@dataclass(frozen=True)
class Target:
    """Where to go: a step of this flow, a flow (its first step), or `flow.step`."""

    name: str
    line: int = 0

    @classmethod
    def from_yaml(cls, raw: Any, reader: FieldReader, line: int, where: str) -> Target | None:
        if isinstance(raw, str) and raw:
            return cls(raw, line)
        reader.problem(line, f"{where} must name a step or a flow, not {describe(raw)}.")
        return None

    @classmethod
    def fits(cls, raw: Any) -> bool:
        return isinstance(raw, str)

    @classmethod
    def json_schema(cls) -> dict[str, Any]:
        return {"type": "string", "description": "A step of this flow, a flow, or flow.step."}


@dataclass(frozen=True)
class Words:
    """Words or short phrases in each language, as a list or per language."""

    words: tuple[str, ...]

    @classmethod
    def from_yaml(cls, raw: Any, reader: FieldReader, line: int, where: str) -> Words | None:
        groups = list(raw.values()) if isinstance(raw, Mapping) else [raw]
        if not all(isinstance(group, YamlList) and all(isinstance(word, str) for word in group) for group in groups):
            reader.problem(
                line, f"{where} must be a list of words, or one list per language.", "{en: [human], ja: [担当者]}"
            )
            return None
        return cls(tuple(word for group in groups for word in group))

    @classmethod
    def fits(cls, raw: Any) -> bool:
        return isinstance(raw, YamlList | Mapping)

    @classmethod
    def json_schema(cls) -> dict[str, Any]:
        words = {"type": "array", "items": {"type": "string"}}
        return {"anyOf": [words, {"type": "object", "additionalProperties": words}]}


@dataclass(frozen=True)
class Trigger:
    """When this flow begins a conversation."""

    channel: Annotated[tuple[str, ...], "The channels it answers: website, salesiq, whatsapp … Empty: all."] = ()


@dataclass(frozen=True)
class Interrupt:
    """What a visitor may say at any time, and where that leads."""

    go: Annotated[Target, "Where it leads."]
    words: Annotated[Words | None, "What the visitor says. human, start_over and stop bring their own words."] = None


@dataclass(frozen=True)
class IntentRule:
    """An intent that leads somewhere when nothing on offer fits what was typed."""

    intent: Annotated[str, "A label of the reader's taxonomy, e.g. quote_request."]
    go: Annotated[Target, "Where it leads."]
    at_least: Annotated[float, "How sure the reader must be, 0 to 1."] = 0.5


@dataclass(frozen=True)
class FlowHead:
    """The keys of a flow beside its steps."""

    flow: Annotated[str, "The flow's name: lower-case words joined by _."]
    title: Annotated[LocalText, "What people call it."]
    trigger: Annotated[Trigger | None, "Only on a flow that begins conversations."] = None
    on_change: Annotated[
        OnChange,
        "Conversations under way when this flow changes: finish on the old one, migrate at their step, restart.",
    ] = "finish"
    sorry: Annotated[LocalText | None, "What to say when something fails and no on_error says better."] = None
    interrupts: Annotated[Mapping[str, Target | Interrupt], "Words that lead somewhere from anywhere in this flow."] = (
        field(default_factory=dict)
    )
    intents: Annotated[tuple[IntentRule, ...], "Intents of typed text that lead somewhere."] = ()
    lost: Annotated[Target | None, "Where to go when the visitor was not understood three times in a row."] = None


@dataclass(frozen=True)
class Step:
    """One step. `kind` is the key that gave it its kind, `spec` that kind's own record."""

    id: str
    kind: str
    spec: Any
    file: str
    line: int
    last_line: int = 0


@dataclass(frozen=True)
class Flow:
    head: FlowHead
    steps: tuple[Step, ...]
    file: str
    line: int
    version: str  # changes whenever anything in this flow changes
    source: str = ""  # its own YAML text

    @property
    def id(self) -> str:
        return self.head.flow

    @cached_property
    def _places(self) -> dict[str, int]:
        return {step.id: place for place, step in enumerate(self.steps)}

    def step(self, step_id: str) -> Step | None:
        place = self._places.get(step_id)
        return None if place is None else self.steps[place]

    def after(self, step_id: str) -> Step | None:
        """The step that stands below, None after the last one."""
        place = self._places[step_id] + 1
        return self.steps[place] if place < len(self.steps) else None


@dataclass(frozen=True)
class FlowSet:
    """All flows that answer together. `version` names this very set for ever; `sources` can rebuild it."""

    flows: Mapping[str, Flow]
    version: str = ""
    sources: Mapping[str, str] = field(default_factory=dict)  # file name -> YAML text

    def resolve(self, flow: Flow, target: Target | str) -> tuple[Flow, Step] | None:
        """What a target means, said inside `flow`; None when there is no such place."""
        name = target if isinstance(target, str) else target.name
        if step := flow.step(name):
            return flow, step
        if other := self.flows.get(name):
            return (other, other.steps[0]) if other.steps else None
        flow_id, _, step_id = name.partition(".")
        far = self.flows.get(flow_id)
        there = far.step(step_id) if far else None
        return (far, there) if far and there else None

    def starters(self) -> tuple[str, ...]:
        """The flows that may begin a conversation."""
        return tuple(flow.id for flow in self.flows.values() if flow.head.trigger is not None)


def version_of(text: str) -> str:
    """A short name for exactly this text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
