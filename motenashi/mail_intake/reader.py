"""What reads a text for us."""

from __future__ import annotations

from typing import Protocol

from nlp.reading import Reading, TextToRead


class Reader(Protocol):
    def read(self, text: TextToRead) -> Reading: ...
