"""What was said in a conversation, in order: the table of messages seen from outside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from motenashi.conversation.reply import Reply

Author = Literal["visitor", "bot", "operator", "system"]


@dataclass(frozen=True)
class Entry:
    """`seq` counts from 1 within the conversation and never has gaps. A bot's entry carries its whole reply."""

    seq: int
    at: datetime
    author: Author
    text: str = ""
    reply: Reply | None = None
    delivery_id: str = ""  # of a visitor's entry
