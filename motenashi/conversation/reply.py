"""What we answer in one turn, before any channel has put it into its own shape."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from motenashi.conversation.display_cards import Display
from motenashi.conversation.input_cards import Form, InputCard


class Action(StrEnum):
    REPLY = "reply"  # the bot keeps the chat
    FORWARD = "forward"  # a person takes over
    OPERATOR_BUSY = "operator_busy"  # ask for a message, the chat counts as missed
    END = "end"
    BLOCK = "block"
    PENDING = "pending"  # the answer follows by itself


@dataclass(frozen=True)
class Reply:
    """`chips` are offered as buttons; what the visitor clicks comes back as text. With `input` they are empty."""

    displays: tuple[Display, ...] = ()
    input: InputCard | None = None
    chips: tuple[str, ...] = ()
    form: Form | None = None  # only for channels that collect forms
    action: Action = Action.REPLY
    language: str = "en"
    department: str = ""
    operators: tuple[str, ...] = ()  # e-mail addresses
