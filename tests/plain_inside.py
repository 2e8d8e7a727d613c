"""An Inside made of plain functions, for tests of doors: what the bot answers is said by the test."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from motenashi.channels.inside import Answer, Inside, LateDelivery
from motenashi.conversation.display_cards import Text
from motenashi.conversation.message import Message
from motenashi.conversation.reply import Action, Reply
from motenashi.conversation.transcript import Entry
from motenashi.plug_contract import Plug, PlugCall, PlugError, PlugResult, PlugUnknown


@dataclass
class PlainInside:
    """`bot` gives a Reply (or raises) for each message. A message whose text is in `slow` is answered with PENDING
    until `finish()`; then the turn stands in the history, as one piece. `messages` and `late` are what came in."""

    bot: Callable[[Message], Reply]
    plugs: Sequence[Plug] = ()
    slow: set[str] = field(default_factory=set)
    finishes_at_once: bool = False  # a slow turn ends just after PENDING was said
    messages: list[Message] = field(default_factory=list)
    late: list[LateDelivery] = field(default_factory=list)
    plug_calls: list[PlugCall] = field(default_factory=list)
    entries: dict[str, list[Entry]] = field(default_factory=dict)
    unfinished: list[Message] = field(default_factory=list)

    def inside(self) -> Inside:
        return Inside(
            answer=self.answer,
            answer_in_time=self.answer_in_time,
            history=lambda id, after: tuple(self.entries.get(id, ())[after:]),
            call_plug=self.call_plug,
            plugs=self.plugs,
            bots=lambda: ("storefront",),
        )

    def answer(self, message: Message) -> Answer:
        self.messages.append(message)
        return Answer(self._finished(message))

    def answer_in_time(self, message: Message, seconds: float, late: LateDelivery) -> Answer:
        self.late.append(late)
        if message.text not in self.slow:
            return self.answer(message)
        self.messages.append(message)
        self.unfinished.append(message)
        if self.finishes_at_once:
            self.finish()
        return Answer(Reply(action=Action.PENDING))

    def finish(self) -> Reply:
        """The slow turn comes to its end."""
        return self._finished(self.unfinished.pop(0))

    def call_plug(self, call: PlugCall) -> PlugResult:
        self.plug_calls.append(call)
        plug = next((plug for plug in self.plugs if plug.name == call.plug), None)
        if plug is None:
            raise PlugUnknown(call.plug, "there is no such plug")
        outputs: Any = plug.function(**call.inputs)
        if isinstance(outputs, PlugError):
            raise outputs
        return PlugResult(outputs)

    def _finished(self, message: Message) -> Reply:
        reply = self.bot(message)
        entries = self.entries.setdefault(message.conversation_id, [])
        now = datetime.now(UTC)
        entries.append(Entry(len(entries) + 1, now, "visitor", message.text, delivery_id=message.delivery_id))
        entries.append(Entry(len(entries) + 1, now, "bot", reply=reply))
        return reply


def says(*texts: str, **more: Any) -> Reply:
    """A reply that says these texts."""
    return Reply(displays=tuple(Text(text) for text in texts), **more)
