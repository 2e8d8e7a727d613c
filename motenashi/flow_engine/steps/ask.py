"""`ask`: one question with an input card, or a form of several; the answers are checked and kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from motenashi.conversation.answers import Answer, Wrong, read_answer
from motenashi.conversation.as_json import card_from_json, card_to_json
from motenashi.conversation.input_cards import Form, InputCard, Question, TextInput
from motenashi.conversation.message import Message, MessageKind
from motenashi.flow_engine.flow import Flow, Step, Target
from motenashi.flow_engine.outcome import Exit, Go, Next, NotMine, Outcome, Wait
from motenashi.flow_engine.steps.input_card import CardSpec, build_card, read_card
from motenashi.flow_engine.steps.shown import Shown, displays_of
from motenashi.flow_engine.steps.step_kind import StepKind, about, from_personal
from motenashi.flow_engine.texts import LocalText
from motenashi.flow_engine.turn import Turn
from motenashi.yaml_fields import FieldReader, record_schema
from motenashi.yaml_source import YamlMap

# Where an answer may also be kept in the visitor's profile. Told by the visitor, so never more than claimed.
PROFILE_FIELDS = ("name", "email", "phone", "time_zone", "country", "state", "city")


@dataclass(frozen=True)
class QuestionSpec(CardSpec):
    """One question of a form: a card's keys, and what to say."""

    name: Annotated[str, "The answer's name within `save`."] = ""
    say: Annotated[LocalText | None, "The question."] = None
    profile: Annotated[str, "Keep the answer in the visitor's profile, too: name, email, phone …"] = ""

    @classmethod
    def from_yaml(cls, raw: Any, reader: FieldReader, line: int, where: str) -> QuestionSpec | None:
        spec = read_card(cls, raw, reader, line, where)
        if spec is None:
            return None
        if not spec.name or not spec.say:
            reader.problem(line, f"{where.rstrip(',')} needs 'name' and 'say'.")
            return None
        return spec

    @classmethod
    def fits(cls, raw: Any) -> bool:
        return isinstance(raw, YamlMap)

    @classmethod
    def json_schema(cls) -> dict[str, Any]:
        return record_schema(cls)


@dataclass(frozen=True)
class FormSpec:
    """Several questions, asked one after the other."""

    questions: Annotated[tuple[QuestionSpec, ...], "The questions in their order."]


@dataclass(frozen=True, kw_only=True)
class AskSpec(Shown):
    ask: Annotated[CardSpec | FormSpec, "The card: its name, or a mapping with its keys; or {questions: [...]}."]
    save: Annotated[str, "Keep the answer under this name."] = ""
    profile: Annotated[str, "Keep the answer in the visitor's profile, too: name, email, phone …"] = ""
    on_skip: Annotated[Target | None, "Where to go when the visitor skips a skippable card."] = None


class Ask(StepKind[AskSpec]):
    name: ClassVar[str] = "ask"
    spec = AskSpec
    meaning: ClassVar[str] = "Asks with an input card (or a form), checks the answer and keeps it."
    waits: ClassVar[bool] = True
    takes_any_text: ClassVar[bool] = True

    def run(self, spec: AskSpec, turn: Turn) -> Outcome:
        turn.show(displays_of(spec, turn))
        if isinstance(spec.ask, FormSpec):
            return _begin_form(spec, spec.ask, turn)
        card = build_card(spec.ask, turn, spec.profile)
        turn.input = card
        return Wait({"card": card_to_json(card), **about(spec.ask, turn)})

    def answer(self, spec: AskSpec, turn: Turn, message: Message) -> Outcome:
        if isinstance(spec.ask, FormSpec):
            return _form_answer(spec, spec.ask, turn, message)
        read = _read(card_from_json(turn.memory["card"]), turn, message)
        if isinstance(read, Wrong):
            return NotMine(_complaint(read, turn))
        if spec.save:
            turn.save(spec.save, read.value, personal=from_personal(spec.ask, turn))
        if spec.profile and not read.skipped:
            turn.learn(spec.profile, str(read.value)[:500])
        return Go(spec.on_skip, "skipped") if read.skipped and spec.on_skip else Next()

    def exits(self, spec: AskSpec) -> Iterable[Exit]:
        yield Exit("then", spec.then, by="visitor", says="(an answer)")
        if spec.on_skip:
            yield Exit("skipped", spec.on_skip, by="visitor", says="(skip)")

    def problems(self, step: Step, flow: Flow, reader: FieldReader) -> None:
        spec: AskSpec = step.spec
        asked = spec.ask
        single = isinstance(asked, CardSpec)
        if single and not spec.say:
            reader.problem(step.line, f"step '{step.id}' asks without a question.", "Say what you want to know: `say`.")
        if spec.on_skip and not (isinstance(asked, CardSpec) and asked.skippable):
            reader.problem(
                step.line, f"step '{step.id}' has on_skip, but its card can't be skipped.", "skippable: true"
            )
        profiles = [spec.profile] if single else [question.profile for question in _questions(asked)]
        for profile in filter(None, profiles):
            if profile not in PROFILE_FIELDS:
                hint = "There is: " + ", ".join(PROFILE_FIELDS) + "."
                reader.problem(step.line, f"step '{step.id}': the profile has no field '{profile}'.", hint)
        names = [question.name for question in _questions(asked)]
        for name in sorted({name for name in names if names.count(name) > 1}):
            reader.problem(step.line, f"step '{step.id}' has two questions named '{name}'.")


def _questions(asked: CardSpec | FormSpec) -> tuple[QuestionSpec, ...]:
    return asked.questions if isinstance(asked, FormSpec) else ()


def _read(card: InputCard, turn: Turn, message: Message) -> Answer | Wrong:
    return read_answer(
        card,
        message.text,
        message.card,
        language=turn.language,
        now=turn.now,
        time_zone=turn.zone,
        attachments=message.attachments,
    )


def _complaint(wrong: Wrong, turn: Turn) -> str:
    """The designer's own sentences in turn, else the general one."""
    card = card_from_json(turn.memory["card"])
    own = card.errors if isinstance(card, TextInput) else ()
    if not own:
        return wrong.sentence(turn.language)
    return own[int(turn.memory.get("misses", 0)) % len(own)]


def _begin_form(spec: AskSpec, form: FormSpec, turn: Turn) -> Outcome:
    if turn.message.channel.collects_forms:
        turn.form = Form(_form_id(spec, turn), tuple(_question(question, turn) for question in form.questions))
        return Wait({"form": turn.form.id})
    return _ask_one(form, turn, 0, {})


def _form_id(spec: AskSpec, turn: Turn) -> str:
    return spec.save or f"{turn.stack[-1].flow}.{turn.stack[-1].step}"


def _question(question: QuestionSpec, turn: Turn) -> Question:
    say = turn.text(question.say) if question.say else ""
    return Question(question.name, (say,), build_card(question, turn, question.profile))


def _ask_one(form: FormSpec, turn: Turn, at: int, answers: Mapping[str, Any]) -> Outcome:
    question = _question(form.questions[at], turn)
    turn.say(*question.say)
    turn.input = question.input
    card = card_to_json(question.input) if question.input else {}
    return Wait({"at": at, "answers": dict(answers), "card": card, **about(form, turn)})


def _form_answer(spec: AskSpec, form: FormSpec, turn: Turn, message: Message) -> Outcome:
    if message.kind is MessageKind.FORM:
        return _whole_form(spec, form, turn, message)
    if "at" not in turn.memory:  # the platform asked, but the visitor's words came to us: ask ourselves
        return _ask_one(form, turn, 0, {})
    at: int = turn.memory["at"]
    read = _read(card_from_json(turn.memory["card"]), turn, message)
    if isinstance(read, Wrong):
        return NotMine(_complaint(read, turn))
    answers = {**turn.memory["answers"], form.questions[at].name: read.value}
    if at + 1 < len(form.questions):
        return _ask_one(form, turn, at + 1, answers)
    return _keep(spec, form, turn, answers)


def _whole_form(spec: AskSpec, form: FormSpec, turn: Turn, message: Message) -> Outcome:
    """All answers at once. The platform has checked them; we check again and ask ourselves from the first wrong one."""
    answers: dict[str, Any] = {}
    for at, question in enumerate(form.questions):
        card = build_card(question, turn)
        read = read_answer(
            card, message.answers.get(question.name, ""), {}, language=turn.language, now=turn.now, time_zone=turn.zone
        )
        if isinstance(read, Wrong):
            turn.say(read.sentence(turn.language))
            return _ask_one(form, turn, at, answers)
        answers[question.name] = read.value
    return _keep(spec, form, turn, answers)


def _keep(spec: AskSpec, form: FormSpec, turn: Turn, answers: Mapping[str, Any]) -> Outcome:
    for question in form.questions:
        if question.profile and answers.get(question.name) not in (None, ""):
            turn.learn(question.profile, str(answers[question.name])[:500])
    if spec.save:
        turn.save(spec.save, dict(answers), personal=from_personal(form, turn))
    return Next()
