"""Steps that end the bot's part: a good-bye, a busy notice, a block."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, ClassVar

from motenashi.conversation.reply import Action
from motenashi.flow_engine.outcome import Exit, Finish, Outcome
from motenashi.flow_engine.steps.step_kind import StepKind, StepSpec
from motenashi.flow_engine.texts import LocalText
from motenashi.flow_engine.turn import Turn


@dataclass(frozen=True)
class LastWords:
    say: Annotated[LocalText | None, "The last words."] = None


def _finish(words: LastWords, turn: Turn, action: Action) -> Outcome:
    if words.say:
        turn.say(turn.text(words.say))
    return Finish(action)


@dataclass(frozen=True, kw_only=True)
class EndChatSpec(StepSpec):
    end_chat: Annotated[LastWords, "{say: …} or {}."]


class EndChat(StepKind[EndChatSpec]):
    name: ClassVar[str] = "end_chat"
    spec = EndChatSpec
    meaning: ClassVar[str] = "Says good-bye and closes the chat."
    ends: ClassVar[bool] = True

    def run(self, spec: EndChatSpec, turn: Turn) -> Outcome:
        return _finish(spec.end_chat, turn, Action.END)

    def exits(self, spec: EndChatSpec) -> Iterable[Exit]:
        return (Exit("end", ends=True),)


@dataclass(frozen=True, kw_only=True)
class BusyResponseSpec(StepSpec):
    busy_response: Annotated[LastWords, "{say: …} or {}."]


class BusyResponse(StepKind[BusyResponseSpec]):
    name: ClassVar[str] = "busy_response"
    spec = BusyResponseSpec
    meaning: ClassVar[str] = "Asks for a message; the chat counts as missed."
    ends: ClassVar[bool] = True

    def run(self, spec: BusyResponseSpec, turn: Turn) -> Outcome:
        return _finish(spec.busy_response, turn, Action.OPERATOR_BUSY)

    def exits(self, spec: BusyResponseSpec) -> Iterable[Exit]:
        return (Exit("busy", ends=True),)


@dataclass(frozen=True, kw_only=True)
class BlockVisitorSpec(StepSpec):
    block_visitor: Annotated[LastWords, "{say: …} or {}."]


class BlockVisitor(StepKind[BlockVisitorSpec]):
    name: ClassVar[str] = "block_visitor"
    spec = BlockVisitorSpec
    meaning: ClassVar[str] = "Tells the visitor that the chat is closed to them and blocks them."
    ends: ClassVar[bool] = True

    def run(self, spec: BlockVisitorSpec, turn: Turn) -> Outcome:
        return _finish(spec.block_visitor, turn, Action.BLOCK)

    def exits(self, spec: BlockVisitorSpec) -> Iterable[Exit]:
        return (Exit("block", ends=True),)
