"""Lines that announce another mail in words: original message, forwarded message, "reply above this line"."""

from __future__ import annotations

import re
from enum import Enum

from nlp.email_parts.phrase_lists import phrases


def _pattern(section: str) -> re.Pattern[str]:
    return re.compile(phrases("message_markers", section), re.IGNORECASE)


_ORIGINAL, _FORWARDED, _REPLY_ABOVE = _pattern("original"), _pattern("forwarded"), _pattern("reply_above")
_EARLIER, _PASSED_ON = _pattern("earlier"), _pattern("passed_on")
_DASHES = "-_=~―—–─━＝－‐‑−"  # the last three: hyphens of programs that set type
_AROUND = _DASHES + " \t\u3000>*#<|+.:："
_LONGEST, _LONGEST_BETWEEN = 140, 60
_HELP_DESK = re.compile(r"##-.{4,120}-##$")  # whatever the language between these signs


class Marker(Enum):
    ORIGINAL = "the words 'original message'"
    FORWARDED = "the words 'forwarded message'"
    REPLY_ABOVE = "a line that asks to answer above it"


def marker_of(text: str, header_follows: bool) -> Marker | None:
    """What a line announces. Without dashes around it "original message" counts only if a mail's header follows."""
    if text.startswith("##-") and _HELP_DESK.match(text):
        return Marker.REPLY_ABOVE
    words = text.strip(_AROUND)
    if not 2 < len(words) <= _LONGEST or (len(words) == len(text) and not header_follows and "より" not in words):
        return None
    begins = text.index(words)
    before, after = text[:begins], text[begins + len(words) :]
    dashed = _is_dashed(before)
    if (dashed or header_follows) and _ORIGINAL.fullmatch(words):
        return Marker.ORIGINAL
    if (dashed or ":" in after or "：" in after) and _FORWARDED.fullmatch(words):
        return Marker.FORWARDED
    if _REPLY_ABOVE.fullmatch(words):
        return Marker.REPLY_ABOVE
    return _between_dashes(words) if dashed and _is_dashed(after) else None


def _is_dashed(signs: str) -> bool:
    return sum(sign in _DASHES for sign in signs[:_LONGEST]) > 1


def _between_dashes(words: str) -> Marker | None:
    """Any short words that speak of an earlier mail: "--- 以下、元のメール ---", "----- Previous message -----"."""
    if len(words) > _LONGEST_BETWEEN:
        return None
    if _PASSED_ON.search(words):
        return Marker.FORWARDED
    return Marker.ORIGINAL if _EARLIER.search(words) else None
