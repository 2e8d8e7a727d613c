"""A mail's text as lines that remember where they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
_INVISIBLE = " \t\f\v\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_INVISIBLE += (
    "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufeff"
)

LONGEST_TELLING_LINE = 600  # characters; nothing but running text is that long
MOST_LINES = 6_000  # are told apart; what stands below them is kept in one piece


class Line(NamedTuple):
    """`text` is without white space around it; `start` and `end` (line end included) are places in the mail."""

    text: str
    start: int
    end: int
    raw: str  # as it stands, without its line end


def lines_of(text: str) -> list[Line]:
    """Every line of a mail, whatever its line ends (CR LF, LF, CR). Together they are the whole text.

    Below MOST_LINES lines the rest is one line, so that a mail of any size costs no more than some tenths of a second.
    """
    found = []
    for match in islice(_LINE.finditer(text), MOST_LINES):
        raw = match.group().rstrip("\r\n")
        found.append(Line(raw.strip(_INVISIBLE), match.start(), match.end(), raw))
    told = found[-1].end if found else 0
    if told < len(text):
        found.append(Line(text[told:].strip(_INVISIBLE), told, len(text), text[told:]))
    return found


def next_written(lines: Sequence[Line]) -> list[int]:
    """For each line, and for the end, the index of the first line from there on that is not empty."""
    following = [len(lines)] * (len(lines) + 1)
    for index in range(len(lines) - 1, -1, -1):
        following[index] = index if lines[index].text else following[index + 1]
    return following


def one_line(lines: Sequence[Line]) -> str:
    """Lines that a mail program has wrapped, as the one they were."""
    return " ".join(line.text for line in lines)
