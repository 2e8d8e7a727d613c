"""Which responses an address asks for, read from it and written into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from motenashi.filters.entities import voice as vocabulary
from motenashi.filters.model import Choice
from motenashi.pages.page_language import translate as _
from motenashi.pages.voice import voice_words
from motenashi.voice_reports.promoters import GROUPS
from motenashi.voice_reports.quotes import Wanted

LONGEST_KEYWORD = 255
LARGEST = 2**62


def wanted_for(arguments: Mapping[str, str]) -> tuple[Wanted, tuple[int, int] | None]:
    """What makes no sense is left out. Beside it, after which response the page begins."""
    group = arguments.get("group", "")
    wanted = Wanted(
        tone=_known(arguments.get("tone", ""), vocabulary.TONES),
        emotion=_known(arguments.get("emotion", ""), vocabulary.EMOTIONS),
        intent=_known(arguments.get("intent", ""), vocabulary.INTENTS),
        keyword=arguments.get("keyword", "")[:LONGEST_KEYWORD].replace("\0", ""),
        keyword_kind="competitor" if arguments.get("keyword_kind") == "competitor" else "general",
        said_by=_known(arguments.get("by", ""), vocabulary.SAID_BY),
        scores=_pair(arguments.get("score", ""), 10),
        group=group if group in GROUPS else "",
        measure="score" if arguments.get("measure") == "score" else "tone",
    )
    return wanted, _pair(arguments.get("after", ""), LARGEST)


def arguments_of(wanted: Wanted) -> dict[str, Any]:
    """For the address of the same responses."""
    told: dict[str, Any] = {name: getattr(wanted, name) for name in ("tone", "emotion", "intent", "keyword", "group")}
    told["by"] = wanted.said_by
    told["keyword_kind"] = "competitor" if wanted.keyword and wanted.keyword_kind == "competitor" else ""
    told["measure"] = "score" if wanted.group and wanted.measure == "score" else ""
    told["score"] = "{}-{}".format(*wanted.scores) if wanted.scores else ""
    return {name: value for name, value in told.items() if value}


def conditions_of(wanted: Wanted) -> dict[str, Any]:
    """The same as conditions of a filter on one response; without the group, which no filter can tell."""
    told: dict[str, Any] = {}
    for name in ("tone", "emotion", "intent"):
        if getattr(wanted, name):
            told[name] = getattr(wanted, name)
    if wanted.keyword:
        told |= {"keyword": {"is": wanted.keyword}, "keyword.kind": wanted.keyword_kind}
        if wanted.said_by:
            told["keyword.said_by"] = wanted.said_by
    if wanted.scores:
        told["score"] = {"between": list(wanted.scores)}
    return told


@dataclass(frozen=True)
class Chip:
    """One thing that is asked, in words, and the arguments of the address without it."""

    words: str
    without: Mapping[str, Any]


def chips_of(wanted: Wanted, keyword: str) -> tuple[Chip, ...]:
    """`keyword`: the keyword as it is written."""
    told = {
        "tone": wanted.tone and voice_words.tone(wanted.tone),
        "emotion": wanted.emotion and voice_words.emotion(wanted.emotion),
        "intent": wanted.intent and voice_words.intent(wanted.intent),
        "keyword": wanted.keyword and f"“{keyword}”",
        "said_by": wanted.keyword and wanted.said_by and voice_words.said_by(wanted.said_by),
        "scores": wanted.scores and _("score %(low)s to %(high)s", low=wanted.scores[0], high=wanted.scores[1]),
        "group": wanted.group and str(voice_words.GROUPS[wanted.group]),
    }
    empty = Wanted()
    return tuple(
        Chip(str(words), arguments_of(replace(wanted, **{name: getattr(empty, name)})))
        for name, words in told.items()
        if words
    )


def _known(value: str, choices: tuple[Choice, ...]) -> str:
    return value if value in {one.value for one in choices} else ""


def _pair(text: str, most: int) -> tuple[int, int] | None:
    """'3-7'."""
    first, dash, last = text.partition("-")
    if not (dash and first.isdecimal() and last.isdecimal() and len(text) < 50):
        return None
    pair = int(first), int(last)
    return pair if max(pair) <= most else None
