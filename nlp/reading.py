"""The words of what we understood of one text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Intent:
    """`label` is one of the taxonomy's; `score` 0 to 1; `sentence` is the piece of text that gave it."""

    label: str
    score: float
    sentence: str = ""


@dataclass(frozen=True)
class Reading:
    language: str
    intents: tuple[Intent, ...] = ()

    def score_of(self, label: str) -> float:
        return max((intent.score for intent in self.intents if intent.label == label), default=0.0)
