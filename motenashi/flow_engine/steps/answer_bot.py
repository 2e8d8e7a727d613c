"""`answer_bot`: answer a question from the shop's question-and-answer pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, ClassVar

from motenashi.conversation.as_json import card_to_json
from motenashi.conversation.display_cards import Link, Links, Text
from motenashi.conversation.input_cards import TextInput
from motenashi.conversation.message import Message
from motenashi.flow_engine import phrases
from motenashi.flow_engine.flow import Target
from motenashi.flow_engine.outcome import Exit, Go, Next, NotMine, Outcome, Wait
from motenashi.flow_engine.services import FaqAnswer, ServiceFailed
from motenashi.flow_engine.steps.step_kind import StepKind, StepSpec
from motenashi.flow_engine.texts import LocalText, Value
from motenashi.flow_engine.turn import Turn


@dataclass(frozen=True)
class QuestionSource:
    question: Annotated[Value | None, "The question: $message.text; asked for without it."] = None


@dataclass(frozen=True, kw_only=True)
class AnswerBotSpec(StepSpec):
    answer_bot: Annotated[QuestionSource, "Where the question comes from; {} to ask for it."]
    say: Annotated[LocalText | None, "How we ask for the question."] = None
    save: Annotated[str, "Keep {question, answer, sure} under this name."] = ""
    on_unsure: Annotated[Target, "Where to go when no answer is good enough."]


class AnswerBot(StepKind[AnswerBotSpec]):
    name: ClassVar[str] = "answer_bot"
    spec = AnswerBotSpec
    meaning: ClassVar[str] = "Answers a question from the question-and-answer pages; asks back when two are close."
    waits: ClassVar[bool] = True
    takes_any_text: ClassVar[bool] = True

    def run(self, spec: AnswerBotSpec, turn: Turn) -> Outcome:
        question = str(turn.value(spec.answer_bot.question) or "") if spec.answer_bot.question else ""
        if question.strip():
            return self._answer(spec, turn, question, asked_back=False)
        turn.say(turn.text(spec.say or phrases.YOUR_QUESTION))
        turn.input = TextInput("text", longest=2000)
        return Wait({"asked_back": False, "card": card_to_json(turn.input)})

    def answer(self, spec: AnswerBotSpec, turn: Turn, message: Message) -> Outcome:
        if not message.text.strip():
            return NotMine(turn.text(spec.say or phrases.YOUR_QUESTION))
        return self._answer(spec, turn, message.text, asked_back=bool(turn.memory.get("asked_back")))

    def _answer(self, spec: AnswerBotSpec, turn: Turn, question: str, *, asked_back: bool) -> Outcome:
        try:
            found = turn.services.answer_question(question, turn.language)
        except ServiceFailed as error:
            turn.failed(error)
            return Go(spec.on_unsure, "unsure")
        if spec.save:
            turn.save(spec.save, {"question": question[:1000], "answer": found.answer, "sure": found.sure})
        if not found.sure and found.others and not asked_back:
            turn.say(turn.text(phrases.DID_YOU_ASK))
            turn.chips = (*found.others[:3], turn.text(phrases.NONE_OF_THESE))
            return Wait({"asked_back": True, "labels": list(turn.chips)})
        if not found.sure:
            return Go(spec.on_unsure, "unsure")
        _show(found, turn)
        return Next()

    def exits(self, spec: AnswerBotSpec) -> Iterable[Exit]:
        by_visitor = spec.answer_bot.question is None
        yield Exit("then", spec.then, by="visitor" if by_visitor else "flow", says="(a question)")
        yield Exit("unsure", spec.on_unsure, by="visitor" if by_visitor else "flow", says="(a question)")


def _show(found: FaqAnswer, turn: Turn) -> None:
    turn.show([Text(found.answer)])
    if found.url:
        turn.show([Links((Link(found.url, turn.text(phrases.READ_MORE)),))])
