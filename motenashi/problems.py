"""How we tell people what is wrong with their own file.

A problem names the file and line, says what is wrong in one sentence, and what to do about it. Whoever reads
a person's file collects problems and never stops at the first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz, process


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in a person's file. `line` counts from 1; 0 means the file as a whole.

    A warning is told, but does not keep the file out of use.
    """

    file: str
    line: int
    what: str
    hint: str = ""
    evidence: tuple[str, ...] = ()  # the shortest conversation that shows it, one line each
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        kind = "warning: " if self.severity == "warning" else ""
        text = f"{place}: {kind}{self.what}" + (f" {self.hint}" if self.hint else "")
        return "\n".join((text, *(f"    {line}" for line in self.evidence)))


class ProblemsFound(Exception):
    """A person's file cannot be used; `problems` says everything that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def did_you_mean(word: str, known: Collection[str]) -> str:
    """A hint naming the closest known word, or the short list of what there is; empty when nothing is known."""
    best = process.extractOne(word.lower(), {name: name.lower() for name in known}, scorer=fuzz.ratio)
    if best and best[1] >= 65:
        return f"Did you mean '{best[2]}'?"
    if known and len(known) <= 30:
        return "There is: " + ", ".join(sorted(known)) + "."
    return ""
