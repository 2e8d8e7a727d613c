"""Lines that announce another mail in words: original message, forwarded message, "reply above this line"."""

from __future__ import annotations

import re
from enum import Enum

from nlp.email_parts.phrase_lists import phrases

_ORIGINAL, _FORWARDED = phrases("message_markers", "original"), phrases("message_markers", "forwarded")
_RULE = r"[\s>*_=#<|~+.―—–─━ー-]*"
_DASHES = r"[-_=~―—–─━＝－]{2,}"
_ORIGINAL_LINE = re.compile(rf"[\s>*]*{_DASHES}[\s*]*{_ORIGINAL}{_RULE}:?$", re.IGNORECASE)
_BARE_ORIGINAL_LINE = re.compile(rf"{_RULE}{_ORIGINAL}{_RULE}[:：]?{_RULE}$", re.IGNORECASE)
_FORWARDED_LINE = re.compile(
    rf"(?:[\s>*]*{_DASHES}[\s*]*{_FORWARDED}{_RULE}:?|[\s>*]*{_FORWARDED}\**\s?[:：])$", re.IGNORECASE
)
_REPLY_ABOVE_LINE = re.compile(rf"\W*{phrases('message_markers', 'reply_above')}\W*$", re.IGNORECASE)
_EARLIER = re.compile(phrases("message_markers", "earlier"), re.IGNORECASE)
_PASSED_ON = re.compile(phrases("message_markers", "passed_on"), re.IGNORECASE)
_BETWEEN_DASHES = re.compile(rf"[\s>*]*{_DASHES}(?P<words>[^\n]{{2,40}}?){_DASHES}$")
_LONGEST = 140


class Marker(Enum):
    ORIGINAL = "the words 'original message'"
    FORWARDED = "the words 'forwarded message'"
    REPLY_ABOVE = "a line that asks to answer above it"


def marker_of(text: str, header_follows: bool) -> Marker | None:
    """What a line announces. Without dashes around it "original message" counts only if a mail's header follows."""
    if len(text) > _LONGEST:
        return None
    if text[0] in "-_=~>*―—–─━＝－" or text[-1] in ":：":
        if _FORWARDED_LINE.match(text):
            return Marker.FORWARDED
        if _ORIGINAL_LINE.match(text):
            return Marker.ORIGINAL
        if between := _BETWEEN_DASHES.match(text):
            return _between_dashes(between["words"].strip())
    if header_follows and _BARE_ORIGINAL_LINE.match(text):
        return Marker.ORIGINAL
    return Marker.REPLY_ABOVE if _may_ask(text) and _REPLY_ABOVE_LINE.match(text) else None


def _between_dashes(words: str) -> Marker | None:
    if _PASSED_ON.search(words):
        return Marker.FORWARDED
    if _EARLIER.search(words):
        return Marker.ORIGINAL
    return Marker.REPLY_ABOVE if _REPLY_ABOVE_LINE.match(words) else None


def _may_ask(text: str) -> bool:
    """Quickly told: such a line is set off by signs."""
    return not text[0].isalnum() or not text[-1].isalnum() or "より" in text
