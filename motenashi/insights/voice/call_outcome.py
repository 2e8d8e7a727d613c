"""How a call ended: from what was said last, and where nothing tells, from what our people noted of it.

The cues stand in call_outcomes_en.yaml and call_outcomes_ja.yaml. They are rules of thumb: a call that ends in other
words is "other".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import yaml

from motenashi.insights.voice.people import LoggedCall
from motenashi.insights.voice.response import CALL_OUTCOMES

_HERE = Path(__file__).parent
_END_OF_CALL = 1_500  # characters: the last few minutes
_BETWEEN = {"en": r"(?:[\w'’-]+ ){0,5}?", "ja": r"[^。!?\n]{0,15}?"}
# What the CRM's own word for a result means where the talk says nothing; "answered" says nothing about how it ended.
_RESULTS: Mapping[str, str] = {"no_answer": "call_back", "missed": "call_back"}
_SENTENCE = re.compile(r"[^.!?。\n]+[.!?。]*")


def call_outcome(said: Sequence[str], language: str, logged: LoggedCall | None = None) -> str:
    """One of CALL_OUTCOMES. `said`: what both sides said, in order."""
    logged = logged or LoggedCall()
    told = _told("\n".join(said)[-_END_OF_CALL:], language)
    if not told and logged.result in CALL_OUTCOMES:
        return logged.result
    return told or _told(logged.note, language) or _RESULTS.get(logged.result, "other")


def _told(text: str, language: str) -> str:
    """The outcome of the last sentence that tells one; of several in it the one whose words come last."""
    cues = _cues("ja" if language == "ja" else "en")
    folded = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    for sentence in reversed(_SENTENCE.findall(folded)):
        found = [(match.end(), outcome) for outcome, cue in cues.items() for match in cue.finditer(sentence)]
        if found:
            return max(found)[1]
    return ""


@cache
def _cues(language: str) -> Mapping[str, re.Pattern[str]]:
    given = yaml.safe_load((_HERE / f"call_outcomes_{language}.yaml").read_text(encoding="utf-8"))
    return {outcome: re.compile(_pattern(given[outcome], language)) for outcome in given}


def _pattern(cues: Sequence[str], language: str) -> str:
    if language == "ja":
        return "|".join(cue.replace("...", _BETWEEN["ja"]) for cue in cues)
    told = (cue.replace("*", r"\w*").replace("... ", _BETWEEN["en"]).replace(" ", r"\s+") for cue in cues)
    return rf"(?<![\w'-])(?:{'|'.join(told)})(?![\w-])"
