"""Where a conversation stands between two turns.

Plain JSON values only, of bounded size, so that a turn's cost is constant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from motenashi.conversation.assurance import NOBODY, Identity


@dataclass(frozen=True)
class Frame:
    """A place in a flow: the flow's id and the step that is waiting (or comes next, for a caller below the top)."""

    flow: str
    step: str


@dataclass(frozen=True)
class Session:
    """`stack` is empty before the first turn and after the end; its last frame is where the talk is."""

    conversation_id: str
    bot: str
    flow_set: str = ""  # the version of the flows this conversation runs on
    stack: tuple[Frame, ...] = ()
    waiting: Mapping[str, Any] = field(default_factory=dict)  # what the waiting step remembers about its question
    variables: Mapping[str, Any] = field(default_factory=dict)
    personal: Mapping[str, str] = field(default_factory=dict)  # variable -> address it is about; never shown to others
    identity: Identity = NOBODY
    language: str = ""  # '' until known
    visitor: Mapping[str, Any] = field(default_factory=dict)  # profile fields that the talk learned: name, email, phone
    turn: int = 0
    wake_at: datetime | None = None
    ended: str = ""  # '', end, forward, operator_busy, block
