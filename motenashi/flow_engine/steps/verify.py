"""`verify`: make sure that the visitor owns the address they claim, by a one-time code sent to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from motenashi.conversation.answers import Wrong, read_answer
from motenashi.conversation.as_json import card_to_json
from motenashi.conversation.assurance import Assurance
from motenashi.conversation.folding import fold
from motenashi.conversation.input_cards import TextInput
from motenashi.conversation.message import Message
from motenashi.conversation.verification import CodeCheck, CodeRequest
from motenashi.flow_engine import phrases
from motenashi.flow_engine.flow import Target
from motenashi.flow_engine.outcome import Exit, Go, Next, NotMine, Outcome, Wait
from motenashi.flow_engine.services import ServiceFailed
from motenashi.flow_engine.steps.step_kind import StepKind, StepSpec
from motenashi.flow_engine.texts import LocalText
from motenashi.flow_engine.turn import Turn

CODE_PLACEHOLDER = "123456"


@dataclass(frozen=True, kw_only=True)
class VerifySpec(StepSpec):
    verify: Annotated[Literal["email"], "What is verified: the visitor's e-mail address."]
    on_refused: Annotated[Target, "Where to go when the visitor gives up or has tried too often."]
    say: Annotated[LocalText | None, "Said with the code's question; `address` is the masked address."] = None
    ask_email: Annotated[LocalText | None, "Said when we do not know an address yet."] = None


class Verify(StepKind[VerifySpec]):
    name: ClassVar[str] = "verify"
    spec = VerifySpec
    meaning: ClassVar[str] = "Sends a one-time code to the visitor's address; skipped when it is verified already."
    waits: ClassVar[bool] = True

    def run(self, spec: VerifySpec, turn: Turn) -> Outcome:
        if turn.identity.level >= Assurance.VERIFIED:
            return Next()
        claimed = str(turn.visitor.get("email") or "").strip().lower()
        read = read_answer(TextInput("email"), claimed, {}, language="en", now=turn.now, time_zone=turn.zone)
        if isinstance(read, Wrong):
            return self._ask_email(spec, turn)
        email = str(read.value).lower()
        if email != claimed:  # a page wrote it in full width, or in brackets: what we read is what gets verified
            turn.learn("email", email)
        return self._send(spec, turn, email)

    def repeat(self, spec: VerifySpec, turn: Turn) -> Outcome:
        """A repeated question sends no second code."""
        turn.say(turn.text(phrases.CODE_LOOKS_LIKE if turn.memory.get("stage") == "code" else phrases.WHICH_EMAIL))
        return self.again(spec, turn)

    def _ask_email(self, spec: VerifySpec, turn: Turn) -> Outcome:
        turn.say(turn.text(spec.ask_email or phrases.WHICH_EMAIL))
        turn.input = TextInput("email", placeholder="name@example.com", profile_field="email")
        return Wait({"stage": "email", "card": card_to_json(turn.input)})

    def _send(self, spec: VerifySpec, turn: Turn, email: str) -> Outcome:
        try:
            sent = turn.services.verifier.send_code(
                conversation_id=turn.conversation_id,
                email=email,
                language=turn.language,
                now=turn.now,
                key=turn.key("code"),
                machine=str(turn.visitor.get("ip") or ""),
            )
        except ServiceFailed as error:
            turn.failed(error)
            sent = CodeRequest.NOT_SENT
        if sent is not CodeRequest.SENT:
            turn.say(turn.text(phrases.TOO_MANY_CODES if sent is CodeRequest.TOO_MANY else phrases.CODE_NOT_SENT))
            return Go(spec.on_refused, "refused")
        turn.say(turn.text(spec.say or phrases.CODE_SENT, address=masked(email)))
        return _wait_for_code(turn, email)

    def answer(self, spec: VerifySpec, turn: Turn, message: Message) -> Outcome:
        if _is_one_of(message.text, phrases.CANCEL_WORDS):
            return Go(spec.on_refused, "refused")
        if turn.memory.get("stage") == "email":
            return self._take_email(spec, turn, message)
        email = str(turn.memory.get("email") or "")
        if _is_one_of(message.text, phrases.NEW_CODE_WORDS):
            return self._send(spec, turn, email)
        if _is_one_of(message.text, phrases.OTHER_ADDRESS_WORDS):
            return self._ask_email(spec, turn)
        return self._check(spec, turn, email, message.text)

    def _take_email(self, spec: VerifySpec, turn: Turn, message: Message) -> Outcome:
        card = TextInput("email")
        read = read_answer(card, message.text, message.card, language=turn.language, now=turn.now, time_zone=turn.zone)
        if isinstance(read, Wrong):
            return NotMine(read.sentence(turn.language))
        email = str(read.value).lower()
        turn.learn("email", email)
        return self._send(spec, turn, email)

    def _check(self, spec: VerifySpec, turn: Turn, email: str, code: str) -> Outcome:
        if not any(character.isdecimal() for character in code):
            return NotMine(turn.text(phrases.CODE_LOOKS_LIKE))
        try:
            answer = turn.services.verifier.check_code(
                conversation_id=turn.conversation_id, email=email, code=code, now=turn.now, key=turn.key("check")
            )
        except ServiceFailed as error:
            turn.failed(error)
            return NotMine(turn.text(phrases.TRY_AGAIN_LATER))
        if answer.check is CodeCheck.RIGHT:
            turn.verified(email, "code", answer.until)
            return Next()
        if answer.check is CodeCheck.WRONG:
            return NotMine(turn.text(phrases.CODE_WRONG, left=answer.tries_left))
        if answer.check is CodeCheck.EXPIRED:
            return NotMine(turn.text(phrases.CODE_EXPIRED))
        turn.say(turn.text(phrases.TOO_MANY_TRIES))
        return Go(spec.on_refused, "refused")

    def exits(self, spec: VerifySpec) -> Iterable[Exit]:
        yield Exit("then", spec.then, by="visitor", says="(the code)", at_once="verified already")
        yield Exit("refused", spec.on_refused, by="visitor", says="cancel", at_once="no code can be sent")


def _wait_for_code(turn: Turn, email: str) -> Wait:
    turn.input = TextInput("text", placeholder=CODE_PLACEHOLDER, longest=40)
    return Wait({"stage": "code", "email": email, "card": card_to_json(turn.input)})


def _is_one_of(text: str, words: Any) -> bool:
    return fold(text) in {fold(word) for word in words}


def masked(email: str) -> str:
    """haruka.mori@example.com -> h•••@example.com: enough to know one's own address by."""
    name, _, domain = email.partition("@")
    return f"{name[:1]}•••@{domain}"
