"""What waits to become a response, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from motenashi.insights.voice.response import Response
from nlp.reading import Reading, TextToRead


@dataclass(frozen=True)
class ToTell:
    """`response` has everything but the words; either `reading` is there already, or `text` must be read."""

    response: Response
    text: TextToRead | None = None
    reading: Reading | None = None


class Source(Protocol):
    """A place in which old feedback lies."""

    name: str

    def count(self) -> int:
        """How many wait there."""

    def pages(self) -> Iterator[Sequence[ToTell]]:
        """All of them, a portion at a time, in an order that what is stored meanwhile does not change."""
