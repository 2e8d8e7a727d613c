"""Plays a sample talk against flows: sends what its visitor does, compares what comes back, collects the path.

The world of a talk (a filled CRM, real plugs, real codes) is handed in; this file knows only its face.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from motenashi.conversation.assurance import NOBODY, Assurance, Identity
from motenashi.conversation.message import Channel, Failure, Message, MessageKind
from motenashi.conversation.reply import Reply
from motenashi.conversation.session import Session
from motenashi.conversation.visitor import Visitor
from motenashi.flow_engine.flow import FlowSet
from motenashi.flow_engine.runner import run_turn
from motenashi.flow_engine.sample_talks import SampleTalk, TalkScript
from motenashi.flow_engine.services import Services
from motenashi.flow_engine.talk_comparison import differences
from motenashi.flow_engine.talk_lines import TalkLine
from motenashi.flow_engine.turn import Visited
from motenashi.problems import Problem, did_you_mean

# So long a visitor thinks before each line.
PAUSE = timedelta(seconds=10)

# How the conversation of a talk is called, in logs above all.
CONVERSATION = "sample talk "


class TalkWorld(Protocol):
    """What is around one talk."""

    @property
    def services(self) -> Services: ...

    @property
    def time_zone(self) -> str:
        """The company's, an IANA name."""

    def channel(self, name: str) -> Channel: ...

    def set_clock(self, now: datetime) -> None: ...

    def last_code(self) -> str:
        """The one-time code mailed last, '' when none was."""


@dataclass(frozen=True)
class TalkResult:
    """What went differently (nothing: the talk holds), and every step that was visited on the way."""

    talk: SampleTalk
    problems: tuple[Problem, ...]
    visited: tuple[Visited, ...]


def run_talk(talk: SampleTalk, flows: FlowSet, world: TalkWorld) -> TalkResult:
    """Play a talk to its end, or to the first turn that goes differently."""
    if talk.script.bot not in flows.flows:
        hint = did_you_mean(talk.script.bot, list(flows.flows))
        return TalkResult(talk, (Problem(talk.file, talk.line, f"there is no flow '{talk.script.bot}'.", hint),), ())
    player = _Player(talk, flows, world)
    for act, expected in _turns(talk.script):
        problems = player.play(act, expected)
        if problems:
            return TalkResult(talk, tuple(problems), tuple(player.visited))
    return TalkResult(talk, (), tuple(player.visited))


def _turns(script: TalkScript) -> Iterator[tuple[TalkLine | None, list[TalkLine]]]:
    """Each act with what is expected after it; None is the opening of the chat."""
    act: TalkLine | None = None
    expected: list[TalkLine] = []
    for line in script.talk.lines:
        if line.acts:
            if act or expected:
                yield act, expected
            act, expected = line, []
        else:
            expected.append(line)
    yield act, expected


class _Player:
    def __init__(self, talk: SampleTalk, flows: FlowSet, world: TalkWorld) -> None:
        script = talk.script
        self.talk = talk
        self.flows = flows
        self.world = world
        self.now = script.now.in_zone(ZoneInfo(world.time_zone))
        self.channel = world.channel(script.channel)
        self.visitor = replace(script.visitor, email=script.as_ or script.visitor.email, language=script.language)
        self.identity = _identity(script, self.visitor)
        self.session = Session(f"{CONVERSATION}{talk.name}", script.bot)
        self.visited: list[Visited] = []
        self.deliveries = 0

    def play(self, act: TalkLine | None, expected: list[TalkLine]) -> list[Problem]:
        if act is not None and act.what == "time passes":
            return self._let_time_pass(act, expected)
        wrong = self._cannot(act)
        if wrong:
            return [wrong]
        self.now += PAUSE
        reply = self._send(*_message_of(act, self.world))
        return differences(self.talk.file, expected, reply, after=act.line if act else self.talk.line)

    def _cannot(self, act: TalkLine | None) -> Problem | None:
        if act is None or act.what != "code" or self.world.last_code():
            return None
        return Problem(self.talk.file, act.line, "no code has been mailed, so the visitor can't type it.")

    def _let_time_pass(self, act: TalkLine, expected: list[TalkLine]) -> list[Problem]:
        until = self.now + timedelta(seconds=act.value.seconds)
        due = self.session.wake_at
        if due is None or due > until:
            self.now = until
            if not expected:
                return []
            return [Problem(self.talk.file, act.line, "nothing waits for this moment, so the bot says nothing.")]
        self.now = max(due, self.now)
        reply = self._send(MessageKind.WAKE, {})
        self.now = max(until, self.now)
        return differences(self.talk.file, expected, reply, after=act.line)

    def _send(self, kind: MessageKind, more: dict[str, Any]) -> Reply:
        self.deliveries += 1
        self.world.set_clock(self.now)
        message = Message(
            conversation_id=self.session.conversation_id,
            delivery_id=str(self.deliveries),
            channel=self.channel,
            bot=self.session.bot,
            kind=kind,
            received_at=self.now,
            visitor=self.visitor,
            identity=self.identity,
            **more,
        )
        result = run_turn(self.flows, self.session, message, self.world.services, default_zone=self.world.time_zone)
        self.session = result.session
        self.visited += result.trace
        return result.reply


def _identity(script: TalkScript, visitor: Visitor) -> Identity:
    return Identity(Assurance.VERIFIED, visitor.email.lower(), "token") if script.verified else NOBODY


def _message_of(act: TalkLine | None, world: TalkWorld) -> tuple[MessageKind, dict[str, Any]]:
    """The kind of a line's message and what stands in it."""
    if act is None or act.what == "opens":
        return MessageKind.OPEN, {}
    if act.what == "failure":
        return MessageKind.FAILURE, {"failure": Failure(act.value)}
    if act.what == "answers":
        return MessageKind.FORM, {"answers": act.value}
    return MessageKind.TEXT, {"text": _code(act.value, world.last_code()) if act.what == "code" else act.value}


def _code(wanted: str, sent: str) -> str:
    return sent if wanted == "right" else f"{(int(sent) + 1) % 10 ** len(sent):0{len(sent)}d}"
