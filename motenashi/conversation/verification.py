"""The words of a verification by one-time code: what happened when a code was asked for, and when one came back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class CodeRequest(StrEnum):
    SENT = "sent"
    TOO_MANY = "too_many"  # rate-limited: no code went out
    NOT_SENT = "not_sent"  # the mail could not be handed over


class CodeCheck(StrEnum):
    RIGHT = "right"
    WRONG = "wrong"  # tries are left
    EXPIRED = "expired"
    LOCKED = "locked"  # too many wrong tries; a new code is needed
    UNKNOWN = "unknown"  # no code was asked for


@dataclass(frozen=True)
class CodeAnswer:
    check: CodeCheck
    tries_left: int = 0
    # RIGHT: until when the visitor then counts as verified (aware); None: as long as the talk lasts.
    until: datetime | None = field(default=None, compare=False)
