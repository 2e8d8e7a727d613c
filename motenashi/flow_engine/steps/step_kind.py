"""What every kind of step says about itself: its keys, what it does, and all the ways out of it.

The same declaration serves the reader of YAML, the runner, the checker, the prover, the JSON Schema and the docs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Generic, TypeVar, cast

from motenashi.conversation.as_json import card_from_json
from motenashi.conversation.message import Message
from motenashi.flow_engine.criteria import Criteria, fields_of
from motenashi.flow_engine.flow import Flow, Step, Target
from motenashi.flow_engine.outcome import Exit, NotMine, Outcome, Wait
from motenashi.flow_engine.texts import LocalText, Value, paths_in
from motenashi.flow_engine.turn import Turn
from motenashi.yaml_fields import FieldReader, rows_of

S = TypeVar("S", bound="StepSpec")


@dataclass(frozen=True, kw_only=True)
class StepSpec:
    """Keys that every step may have."""

    then: Annotated[Target | None, "Where to go afterwards; without it, on to the step below."] = None
    note: Annotated[str, "A remark for colleagues; nobody else sees it."] = ""


class StepKind(Generic[S]):
    """One kind of step. `run` does its work; `answer` takes what the visitor sent while it waited."""

    name: ClassVar[str]
    spec: type[S]
    meaning: ClassVar[str]
    waits: ClassVar[bool] = False  # it may wait for the visitor
    ends: ClassVar[bool] = False  # no step can follow it
    takes_any_text: ClassVar[bool] = False  # any words are an answer, so a plain "stop" is heard before it

    def run(self, spec: S, turn: Turn) -> Outcome:
        raise NotImplementedError

    def answer(self, spec: S, turn: Turn, message: Message) -> Outcome:
        """Only called on kinds that wait."""
        return NotMine()

    def again(self, spec: S, turn: Turn) -> Outcome:
        """Offer the same buttons or field once more, without doing or saying anything."""
        turn.chips = tuple(turn.memory.get("labels") or ())
        turn.input = card_from_json(turn.memory["card"]) if turn.memory.get("card") else None
        return Wait(turn.memory)

    def repeat(self, spec: S, turn: Turn) -> Outcome:
        """Ask the whole question again. Kinds whose `run` changes something ask without changing it."""
        return self.run(spec, turn)

    def exits(self, spec: S) -> Iterable[Exit]:
        """All ways out, in the order they are tried. The plain one by default."""
        return (Exit("then", spec.then),)

    def saves(self, spec: S) -> Iterable[str]:
        """The variables it may set."""
        name = getattr(spec, "save", "")
        return (name,) if name else ()

    def problems(self, step: Step, flow: Flow, reader: FieldReader) -> None:
        """What is wrong with this step beyond its keys and types; reported to the reader."""


def reads_of(spec: Any) -> set[str]:
    """The variable paths that a step's texts, values and criteria read."""
    return {path for part in parts_of(spec) for path in _paths(part)}


def from_personal(part: Any, turn: Turn) -> bool:
    """Does this part of a step read variables that hold personal data? What comes of it is personal, too."""
    return bool(turn.personal) and any(path.split(".")[0] in turn.personal for path in reads_of(part))


def about(part: Any, turn: Turn) -> dict[str, str]:
    """For a waiting step's memory: whose data its question shows. The runner asks anew when that is no longer they."""
    return {"about": turn.identity.email} if from_personal(part, turn) else {}


def parts_of(value: Any) -> Iterator[Any]:
    """Every text, value, target and criteria inside a step's record, at any depth."""
    if isinstance(value, LocalText | Value | Target | Criteria):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from parts_of(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from parts_of(item)
    elif hasattr(value, "__dataclass_fields__"):
        for row in rows_of(cast(Any, type(value))):
            yield from parts_of(getattr(value, row.attribute))


def _paths(part: Any) -> set[str]:
    if isinstance(part, LocalText):
        return {path for source in part.all_sources() for path in paths_in(source)}
    if isinstance(part, Value):
        return part.paths()
    return set(fields_of(part)) if isinstance(part, Criteria) else set()
