"""The cues of each emotion, read once from cues_en.yaml and cues_ja.yaml into one regular expression a strength.

How cues are written stands at the top of those files.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
# The more specific before the more general: who is disappointed is dissatisfied, too.
FEELINGS = ("disappointed", "confused", "grateful", "enthusiastic", "trusting", "dissatisfied", "happy")
_WEIGHTS = {"strong": 2.0, "plain": 1.0}
_BETWEEN = r"(?:[\w'’-]+ ){0,4}?"
_BETWEEN_JA = r"[^、。!?\n]{0,12}?"


@dataclass(frozen=True)
class Cue:
    feeling: str
    weight: float
    pattern: re.Pattern[str]


@dataclass(frozen=True)
class Cues:
    """`denies`: a denial before a cue (English, at its end) or after it (Japanese, at its beginning)."""

    language: str
    cues: tuple[Cue, ...]
    denied: Mapping[str, str]
    denies: re.Pattern[str]
    not_a_denial: re.Pattern[str] | None
    turns: re.Pattern[str]


@cache
def cues_of(language: str) -> Cues:
    """The cues of "ja", or of English for every other language."""
    language = "ja" if language == "ja" else "en"
    given = yaml.safe_load((HERE / f"cues_{language}.yaml").read_text(encoding="utf-8"))
    told = _english if language == "en" else _japanese
    cues = tuple(
        Cue(feeling, weight, told(given[feeling][strength]))
        for feeling in FEELINGS
        for strength, weight in _WEIGHTS.items()
    )
    return Cues(language, cues, given["denied"], *_denials(language, given))


def _denials(
    language: str, given: Mapping[str, Any]
) -> tuple[re.Pattern[str], re.Pattern[str] | None, re.Pattern[str]]:
    if language == "ja":
        turns = re.compile(f"(?:{'|'.join(given['turns'])})")
        return re.compile(given["denies"]), re.compile(given["not_a_denial"]), turns
    deniers = "|".join(word.replace(" ", r"\s+") for word in given["denies"])
    # At most two words lie between a denial and what it denies, and no mark or "but".
    before = rf"(?:^|[^\w'])(?:{deniers})(?:\s+(?!but\b|and\b)[\w'’-]+){{0,2}}\s+$"
    return re.compile(before), None, re.compile(rf"\b(?:{'|'.join(given['turns'])})\b")


def _english(cues: list[str]) -> re.Pattern[str]:
    told = "|".join(cue.strip().replace("(", "(?:").replace("*", r"\w*").replace("... ", _BETWEEN) for cue in cues)
    return re.compile(rf"(?<![\w'-])(?:{told})(?![\w-])")


def _japanese(cues: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(cue.replace("...", _BETWEEN_JA) for cue in cues))
