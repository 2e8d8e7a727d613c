"""Routers: criteria, business hours, language and intent decide the way; the visitor is not asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, ClassVar

from motenashi.conversation.folding import has_japanese
from motenashi.flow_engine.criteria import holds
from motenashi.flow_engine.flow import Flow, Step, Target
from motenashi.flow_engine.outcome import Exit, Go, Outcome
from motenashi.flow_engine.rule import Rule
from motenashi.flow_engine.services import ServiceFailed
from motenashi.flow_engine.steps.step_kind import StepKind, StepSpec
from motenashi.flow_engine.texts import LANGUAGES, Value
from motenashi.flow_engine.turn import Turn
from motenashi.yaml_fields import FieldReader
from nlp.reading import Reading


@dataclass(frozen=True, kw_only=True)
class CriteriaRouterSpec(StepSpec):
    criteria_router: Annotated[tuple[Rule, ...], "Named rules; the first whose criteria hold wins."]
    not_matched: Annotated[Target, "Where everybody else goes."]


class CriteriaRouter(StepKind[CriteriaRouterSpec]):
    name: ClassVar[str] = "criteria_router"
    spec = CriteriaRouterSpec
    meaning: ClassVar[str] = "Goes where the first rule leads whose criteria hold."

    def run(self, spec: CriteriaRouterSpec, turn: Turn) -> Outcome:
        for rule in spec.criteria_router:
            if holds(rule.criteria, turn.look_up, turn.local_now, turn.note):
                return Go(rule.go, rule.name)
        return Go(spec.not_matched, "not_matched")

    def exits(self, spec: CriteriaRouterSpec) -> Iterable[Exit]:
        for rule in spec.criteria_router:
            yield Exit(rule.name, rule.go)
        yield Exit("not_matched", spec.not_matched)

    def problems(self, step: Step, flow: Flow, reader: FieldReader) -> None:
        names = [rule.name for rule in step.spec.criteria_router]
        for name in sorted({name for name in names if names.count(name) > 1 or name == "not_matched"}):
            reader.problem(step.line, f"step '{step.id}': two ways out are named '{name}'.", "Give each its own name.")
        if not names:
            reader.problem(step.line, f"step '{step.id}' has no rules.", "Add one, or use go.")


@dataclass(frozen=True)
class HoursOf:
    department: Annotated[str, "Whose hours; the company's without it."] = ""


@dataclass(frozen=True, kw_only=True)
class HoursRouterSpec(StepSpec):
    hours_router: Annotated[HoursOf, "Whose business hours decide."]
    open: Annotated[Target, "Where to go within business hours."]
    closed: Annotated[Target, "Where to go outside them."]


class HoursRouter(StepKind[HoursRouterSpec]):
    name: ClassVar[str] = "hours_router"
    spec = HoursRouterSpec
    meaning: ClassVar[str] = "Goes one way within business hours and another outside."

    def run(self, spec: HoursRouterSpec, turn: Turn) -> Outcome:
        if turn.services.is_open(spec.hours_router.department, turn.now):
            return Go(spec.open, "open")
        return Go(spec.closed, "closed")

    def exits(self, spec: HoursRouterSpec) -> Iterable[Exit]:
        return (Exit("open", spec.open), Exit("closed", spec.closed))


@dataclass(frozen=True)
class LanguageWays:
    en: Annotated[Target | None, "Where English speakers go."] = None
    ja: Annotated[Target | None, "Where Japanese speakers go."] = None


@dataclass(frozen=True, kw_only=True)
class LanguageRouterSpec(StepSpec):
    language_router: Annotated[LanguageWays, "A way for each language."]
    detect: Annotated[bool, "Look at what the visitor last wrote, not only at the browser's language."] = True
    other: Annotated[Target | None, "Where a language without a way of its own goes; on to `then` without it."] = None


class LanguageRouter(StepKind[LanguageRouterSpec]):
    name: ClassVar[str] = "language_router"
    spec = LanguageRouterSpec
    meaning: ClassVar[str] = "Sets the conversation's language and goes its way."

    def run(self, spec: LanguageRouterSpec, turn: Turn) -> Outcome:
        if spec.detect and turn.message.text.strip():
            turn.speak("ja" if has_japanese(turn.message.text) else "en")
        way = getattr(spec.language_router, turn.language)
        return Go(way or spec.other, turn.language)

    def exits(self, spec: LanguageRouterSpec) -> Iterable[Exit]:
        for language in LANGUAGES:
            yield Exit(language, getattr(spec.language_router, language) or spec.other)


@dataclass(frozen=True)
class IntentWay:
    intent: Annotated[tuple[str, ...], "Labels of the reader's taxonomy; any of them."]
    go: Annotated[Target, "Where it leads."]
    at_least: Annotated[float, "How sure the reader must be, 0 to 1."] = 0.5


@dataclass(frozen=True, kw_only=True)
class IntentRouterSpec(StepSpec):
    intent_router: Annotated[tuple[IntentWay, ...], "The first intent that is read surely enough wins."]
    text: Annotated[Value | None, "What to read; the visitor's last message without it."] = None
    not_matched: Annotated[Target, "Where everything else goes."]


class IntentRouter(StepKind[IntentRouterSpec]):
    name: ClassVar[str] = "intent_router"
    spec = IntentRouterSpec
    meaning: ClassVar[str] = "Reads what the visitor wrote, as mail is read, and goes where its intent leads."

    def run(self, spec: IntentRouterSpec, turn: Turn) -> Outcome:
        text = turn.value(spec.text) if spec.text else turn.message.text
        try:
            reading = turn.services.read(str(text or ""), turn.language)
        except ServiceFailed as failed:
            turn.note(f"reading failed: {failed}")
            return Go(spec.not_matched, "not_matched")
        return self._way(spec, reading)

    def _way(self, spec: IntentRouterSpec, reading: Reading) -> Outcome:
        for way in spec.intent_router:
            if any(reading.score_of(label) >= way.at_least for label in way.intent):
                return Go(way.go, _intent_name(way))
        return Go(spec.not_matched, "not_matched")

    def exits(self, spec: IntentRouterSpec) -> Iterable[Exit]:
        for way in spec.intent_router:
            yield Exit(_intent_name(way), way.go)
        yield Exit("not_matched", spec.not_matched)


def _intent_name(way: IntentWay) -> str:
    return " or ".join(way.intent)
