"""A place where a name seems to stand, before the traps have been looked at."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from nlp.mentions.catalogue import CatalogueEntry
from nlp.mentions.folding import Folded
from nlp.mentions.mention import How

_SENTENCE_END = re.compile(r"[.!?](?=\s)|[。！？!?]|\n\s*\n")
_WINDOW = 160  # characters to each side that say in what sense a word is meant


@dataclass(frozen=True)
class Candidate:
    folded: Folded
    start: int
    end: int
    entry: CatalogueEntry
    how: How = "exact"

    @cached_property
    def raw(self) -> str:
        return self.folded.raw[self.start : self.end]

    @cached_property
    def text(self) -> str:
        return self.folded.text[self.start : self.end]

    @cached_property
    def before(self) -> str:
        """What stands before it in its sentence, as it was written."""
        window = self.folded.raw[max(0, self.start - _WINDOW) : self.start]
        ends = [end.end() for end in _SENTENCE_END.finditer(window)]
        return window[ends[-1] :] if ends and not _is_title(window[: ends[-1]]) else window

    @cached_property
    def after(self) -> str:
        """What stands behind it in its sentence, as it was written."""
        window = self.folded.raw[self.end : self.end + _WINDOW]
        end = _SENTENCE_END.search(window)
        return window[: end.start() + 1] if end else window

    @cached_property
    def sentence(self) -> str:
        return f"{self.before}\x00{self.after}"

    @cached_property
    def wide(self) -> str:
        """Some sentences around it."""
        return self.folded.raw[max(0, self.start - 3 * _WINDOW) : self.end + 3 * _WINDOW]


def _is_title(text: str) -> bool:
    return re.search(r"\b(?:mr|mrs|ms|dr|prof|mx|st)\.$", text, re.IGNORECASE) is not None
