"""`choices`: offer buttons, each with its own way out; typed words are matched to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from motenashi.conversation.message import Message
from motenashi.flow_engine.criteria import holds
from motenashi.flow_engine.flow import Flow, Step, Target, Words
from motenashi.flow_engine.matching import match_choice
from motenashi.flow_engine.outcome import Exit, Go, Next, NotMine, Outcome, Wait
from motenashi.flow_engine.rule import Condition
from motenashi.flow_engine.steps.shown import Shown, displays_of
from motenashi.flow_engine.steps.step_kind import StepKind, about, from_personal
from motenashi.flow_engine.texts import LocalText, Value
from motenashi.flow_engine.turn import Turn
from motenashi.yaml_fields import FieldReader, describe, record_schema
from motenashi.yaml_source import YamlList, YamlMap

MOST_CHOICES = 20


@dataclass(frozen=True)
class Choice:
    label: Annotated[LocalText, "On the button."]
    go: Annotated[Target | None, "Where it leads; without it, to `then` or the step below."] = None
    value: Annotated[Value | None, "What `save` keeps for it; the label without it."] = None
    also: Annotated[Words | None, "Other words a visitor may type for it."] = None
    if_: Annotated[Condition | None, "Offered only when this holds."] = None


@dataclass(frozen=True)
class ListedChoices:
    """One button for each item of a list, e.g. of a plug's answer."""

    list: Annotated[Value, "The list: $variable."]
    label: Annotated[LocalText, "On each button; `item` is the list's item."]
    value: Annotated[Value | None, "What `save` keeps; the whole item without it."] = None
    go: Annotated[Target | None, "Where every button leads."] = None
    when_empty: Annotated[Target | None, "Where to go when the list is empty."] = None


@dataclass(frozen=True)
class Offered:
    """Fixed choices, or buttons for a list."""

    fixed: tuple[Choice, ...] = ()
    listed: ListedChoices | None = None

    @classmethod
    def from_yaml(cls, raw: Any, reader: FieldReader, line: int, where: str) -> Offered | None:
        if isinstance(raw, YamlMap):
            listed = reader.record(ListedChoices, raw, line, where.rstrip(","))
            return cls(listed=listed) if listed else None
        if not isinstance(raw, YamlList) or not raw:
            reader.problem(line, f"{where} must be a list of choices, not {describe(raw)}.", "- {label: …, go: …}")
            return None
        read = [
            reader.record(Choice, item, raw.line_of(place), f"choice {place + 1}") for place, item in enumerate(raw)
        ]
        return cls(fixed=tuple(choice for choice in read if choice))

    @classmethod
    def fits(cls, raw: Any) -> bool:
        return isinstance(raw, YamlList | YamlMap)

    @classmethod
    def json_schema(cls) -> dict[str, Any]:
        return {
            "anyOf": [{"type": "array", "items": record_schema(Choice), "minItems": 1}, record_schema(ListedChoices)]
        }


@dataclass(frozen=True, kw_only=True)
class ChoicesSpec(Shown):
    choices: Annotated[Offered, "The buttons."]
    save: Annotated[str, "Keep what was chosen under this name."] = ""
    not_understood: Annotated[LocalText | None, "What to say when typed words fit no button."] = None


class Choices(StepKind[ChoicesSpec]):
    name: ClassVar[str] = "choices"
    spec = ChoicesSpec
    meaning: ClassVar[str] = "Shows something, offers buttons and goes where the chosen one leads."
    waits: ClassVar[bool] = True

    def run(self, spec: ChoicesSpec, turn: Turn) -> Outcome:
        offers = list(_offers(spec, turn))
        if not offers:
            empty = spec.choices.listed.when_empty if spec.choices.listed else None
            return Go(empty, "when_empty") if empty else Next()
        turn.show(displays_of(spec, turn))
        turn.chips = tuple(label for label, _ in offers)
        return Wait({"labels": list(turn.chips), "places": [place for _, place in offers], **about(spec.choices, turn)})

    def answer(self, spec: ChoicesSpec, turn: Turn, message: Message) -> Outcome:
        labels: list[str] = list(turn.memory.get("labels") or ())
        also = [self._also(spec, turn, place) for place in turn.memory.get("places") or ()]
        match = match_choice(message.text, labels, turn.language, also)
        if match is None or not match.sure:
            return NotMine(turn.text(spec.not_understood) if spec.not_understood else "")
        place = turn.memory["places"][match.index]
        if spec.save:
            value = self._value(spec, turn, place, labels[match.index])
            turn.save(spec.save, value, personal=from_personal(spec.choices, turn))
        return self._way(spec, place)

    def _also(self, spec: ChoicesSpec, turn: Turn, place: int) -> tuple[str, ...]:
        """A choice's other words, and its label in the other languages."""
        if spec.choices.listed:
            return ()
        choice = spec.choices.fixed[place]
        other = (choice.label.source(language) for language in choice.label.by_language if language != turn.language)
        return (*(choice.also.words if choice.also else ()), *other)

    def _value(self, spec: ChoicesSpec, turn: Turn, place: int, label: str) -> Any:
        if listed := spec.choices.listed:
            items = turn.value(listed.list)
            item = items[place] if isinstance(items, list) and place < len(items) else label
            return listed.value.resolve({**turn.scope, "item": item}) if listed.value else item
        value = spec.choices.fixed[place].value
        return turn.value(value) if value else label

    def _way(self, spec: ChoicesSpec, place: int) -> Outcome:
        if listed := spec.choices.listed:
            return Go(listed.go, "chosen") if listed.go else Next()
        choice = spec.choices.fixed[place]
        return Go(choice.go, _name(place, choice)) if choice.go else Next()

    def exits(self, spec: ChoicesSpec) -> Iterable[Exit]:
        if listed := spec.choices.listed:
            name, target = ("chosen", listed.go) if listed.go else ("then", spec.then)
            empty = "" if listed.go or listed.when_empty else "the list is empty"
            yield Exit(name, target, by="visitor", says="(one of the list)", at_once=empty)
            if listed.when_empty:
                yield Exit("when_empty", listed.when_empty)
            elif listed.go:
                yield Exit("then", spec.then)
            return
        for place, choice in enumerate(spec.choices.fixed):
            name = _name(place, choice) if choice.go else "then"
            yield Exit(name, choice.go or spec.then, by="visitor", says=choice.label.source("en"))
        if all(choice.if_ for choice in spec.choices.fixed):
            yield Exit("then", spec.then)

    def problems(self, step: Step, flow: Flow, reader: FieldReader) -> None:
        fixed = step.spec.choices.fixed
        if len(fixed) > MOST_CHOICES:
            reader.problem(step.line, f"step '{step.id}' offers {len(fixed)} choices.", f"At most {MOST_CHOICES} fit.")
        for language in ("en", "ja"):
            labels = [choice.label.source(language) for choice in fixed if not choice.if_]
            for label in sorted({label for label in labels if labels.count(label) > 1}):
                reader.problem(
                    step.line, f"step '{step.id}' offers '{label}' twice.", "A visitor could not tell them apart."
                )


def _name(place: int, choice: Choice) -> str:
    return f"choice {place + 1}: {choice.label.source('en')}"


def _offers(spec: ChoicesSpec, turn: Turn) -> Iterator[tuple[str, int]]:
    """(label, place) of each choice on offer now."""
    if listed := spec.choices.listed:
        items = turn.value(listed.list)
        for place, item in enumerate((items if isinstance(items, list) else [])[:MOST_CHOICES]):
            yield turn.text(listed.label, item=item if isinstance(item, Mapping) else {"value": item}), place
        return
    for place, choice in enumerate(spec.choices.fixed):
        if choice.if_ is None or holds(choice.if_.criteria, turn.look_up, turn.local_now):
            yield turn.text(choice.label), place
