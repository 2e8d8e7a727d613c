"""A noun phrase as it was found, before anybody asks whether it matters."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Phrase:
    """`words` are the parts of `normal` that the background table is asked for."""

    start: int
    end: int
    normal: str
    words: tuple[str, ...]
    is_name: bool = False  # written like a name: capitals inside a sentence, digits
