"""A talk with flows given as text, in a small world of plain functions that keeps what it was asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from motenashi.conversation.assurance import NOBODY, Assurance, Identity
from motenashi.conversation.display_cards import Products, Text
from motenashi.conversation.message import Channel, Failure, Message, MessageKind
from motenashi.conversation.session import Session
from motenashi.conversation.verification import CodeAnswer, CodeCheck, CodeRequest
from motenashi.conversation.visitor import Visitor
from motenashi.flow_engine.flow import FlowSet
from motenashi.flow_engine.runner import TurnResult, run_turn
from motenashi.flow_engine.services import (
    ServiceFailed,
    Services,
    Slot,
)
from motenashi.plug_contract import PlugCall, PlugRefused, PlugResult, PlugUnknown
from nlp.reading import Intent, Reading
from tests.flow_engine.names_for_tests import flows_of

MONDAY = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)
CODE = "123456"
HARUKA = "haruka.mori@example.com"

WEBSITE = Channel("website")
SALESIQ = Channel("salesiq", collects_forms=True, hands_over=True)


@dataclass
class World:
    """What the services answer, and in `asked` what they were asked. An exception in an answer's place is raised."""

    plugs: dict[str, Any] = field(default_factory=dict)  # name -> outputs, or a function of the call
    personal_plugs: set[str] = field(default_factory=set)
    http: Any = None
    intents: dict[str, str] = field(default_factory=dict)  # text -> label
    faq: Any = None
    is_open: bool = True
    slots: list[Slot] = field(default_factory=list)
    booking: Any = "event-1"
    codes: CodeRequest | ServiceFailed = CodeRequest.SENT
    tries_left: int = 4
    somebody: bool | ServiceFailed = True
    crm: ServiceFailed | None = None
    emails: Mapping[str, Sequence[str]] = field(default_factory=dict)  # record id -> addresses
    asked: list[Any] = field(default_factory=list)

    def services(self) -> Services:
        return Services(
            call_plug=self.call_plug,
            call_http=lambda call: self.told(call, self.http),
            verifier=self,
            read=self.read,
            answer_question=lambda question, language: self.told(question, self.faq),
            is_open=lambda department, now: self.told(("open?", department), self.is_open),
            diary=_Diary(self),
            hand_over=lambda asked: self.told(asked, self.somebody),
            create_lead=lambda fields, key: self.told(("lead", dict(fields), key), self.crm or "lead-1"),
            update_record=lambda *change: self.told(change, self.crm),
            record_emails=lambda record: self.emails.get(record, ()),
        )

    def told(self, asked: Any, answer: Any) -> Any:
        self.asked.append(asked)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def call_plug(self, call: PlugCall) -> PlugResult:
        if call.plug not in self.plugs:
            raise PlugUnknown(call.plug, "there is none")
        personal = call.plug in self.personal_plugs
        if personal and call.identity.level < Assurance.VERIFIED:
            raise PlugRefused(call.plug, "not verified")
        answer = self.plugs[call.plug]
        return PlugResult(self.told(call, answer(call) if callable(answer) else answer), personal)

    def read(self, text: str, language: str) -> Reading:
        label = self.intents.get(text)
        return Reading(language, (Intent(label, 0.9),) if label else ())

    def send_code(
        self, *, conversation_id: str, email: str, language: str, now: datetime, key: str, machine: str = ""
    ) -> CodeRequest:
        answer: CodeRequest = self.told(("code", email, key), self.codes)
        return answer

    def check_code(self, *, conversation_id: str, email: str, code: str, now: datetime, key: str = "") -> CodeAnswer:
        if code.strip() == CODE:
            return CodeAnswer(CodeCheck.RIGHT)
        self.tries_left -= 1
        return CodeAnswer(CodeCheck.WRONG if self.tries_left > 0 else CodeCheck.LOCKED, self.tries_left)


class _Diary:
    def __init__(self, world: World) -> None:
        self.world = world

    def slots(self, **asked: Any) -> Sequence[Slot]:
        return self.world.told(asked, self.world.slots)  # type: ignore[no-any-return]

    def book(self, **asked: Any) -> str:
        return self.world.told(asked, self.world.booking)  # type: ignore[no-any-return]


class Talk:
    """One conversation. Every call is a turn; `last` is what the newest one gave."""

    last: TurnResult

    def __init__(
        self,
        *documents: str,
        flows: FlowSet | None = None,
        world: World | None = None,
        channel: Channel = WEBSITE,
        email: str = "",
        identity: Identity = NOBODY,
        language: str = "en",
    ) -> None:
        self.flows = flows or flows_of(*documents)
        self.world = world or World()
        self.channel, self.identity = channel, identity
        self.visitor = Visitor(email=email, language=language)
        bot = self.flows.starters()[0]
        self.session = Session("talk-1", bot)
        self.now = MONDAY
        self._turns = 0

    def opens(self) -> list[str]:
        return self.turn(MessageKind.OPEN)

    def says(self, text: str, **more: Any) -> list[str]:
        return self.turn(MessageKind.TEXT, text=text, **more)

    def answers_form(self, **answers: str) -> list[str]:
        return self.turn(MessageKind.FORM, answers=answers)

    def fails(self, reason: str = "operators_not_available") -> list[str]:
        return self.turn(MessageKind.FAILURE, failure=Failure(reason))

    def wakes(self, after: timedelta) -> list[str]:
        self.now += after
        return self.turn(MessageKind.WAKE)

    def turn(self, kind: MessageKind, *, restarted: bool = False, **more: Any) -> list[str]:
        self._turns += 1
        self.now += timedelta(seconds=10)
        message = Message(
            conversation_id="talk-1",
            delivery_id=f"delivery-{self._turns}",
            channel=self.channel,
            bot=self.session.bot,
            kind=kind,
            received_at=self.now,
            visitor=self.visitor,
            identity=self.identity,
            **more,
        )
        self.last = run_turn(self.flows, self.session, message, self.world.services(), restarted=restarted)
        self.session = self.last.session
        return self.texts

    @property
    def texts(self) -> list[str]:
        """What the bot said, one entry a card."""
        return [_text(display) for display in self.last.reply.displays]

    @property
    def chips(self) -> tuple[str, ...]:
        return self.last.reply.chips

    @property
    def path(self) -> list[str]:
        """`step: exit` of each step of the newest turn."""
        return [f"{visited.step}: {visited.exit}" if visited.exit else visited.step for visited in self.last.trace]

    @property
    def variables(self) -> Mapping[str, Any]:
        return self.session.variables


def _text(display: Any) -> str:
    if isinstance(display, Text):
        return display.text
    if isinstance(display, Products):
        return f"{display.text} [{', '.join(tile.title for tile in display.products)}]".strip()
    return f"{type(display).__name__}"


def steps(text: str, *, name: str = "start", head: str = "trigger: {}") -> str:
    """A flow's YAML from its steps."""
    return f"flow: {name}\ntitle: T\n{head}\nsteps:\n{text}"


def part(text: str, name: str) -> str:
    """A flow that begins no conversation."""
    return steps(text, name=name, head="on_change: finish")
