"""The lines From, Sent, To, Subject that Outlook and forwards put above somebody else's mail, in many languages."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.email_parts.lines import LONGEST_TELLING_LINE, Line
from nlp.email_parts.phrase_lists import phrase_names

_CONCEPT_OF = phrase_names("header_names")
_LONGEST_NAME = 24
_AROUND = " \t\xa0\u3000*_>|＞[]"
_CLOCK = re.compile(r"\d{1,2}[:.時]\s?\d\d|(?:19|20)\d\d")
_MOST_LINES = 40
_MOST_WRAPPED = 6


def block_at(lines: Sequence[Line], first: int, following: Sequence[int], after_marker: bool = False) -> int:
    """Where the block of header lines that begins at line `first` ends (exclusive); 0 when it is none.

    `after_marker`: stands right below "Original message" or the like, so that two header lines are enough.
    """
    concept = concept_of(lines[first].text)
    if not concept or concept == "other":
        return 0
    seen, values, end = _gather(lines, first, following)
    return end if _is_mail_header(seen, values, after_marker) else 0


def concept_of(text: str) -> str:
    """'from', 'sent', 'date', 'to', 'cc', 'subject', 'other', or '' for a line that is no header."""
    if text.startswith("【"):  # 【件名】
        return _concept(text[1 : max(1, text.find("】", 0, _LONGEST_NAME))])
    colon = text.find(":", 0, _LONGEST_NAME + 8)
    wide = text.find("：", 0, _LONGEST_NAME + 8)
    if colon < 0 or 0 <= wide < colon:
        colon = wide
    if colon <= 0:
        return ""
    return _concept(text[:colon])


def _concept(written: str) -> str:
    name = written.strip(_AROUND).lower()
    if name in _CONCEPT_OF:
        return _CONCEPT_OF[name]
    return _CONCEPT_OF.get(name.replace("\u3000", "").replace(" ", ""), "") if not name.isascii() else ""


def _gather(lines: Sequence[Line], first: int, following: Sequence[int]) -> tuple[set[str], str, int]:
    """The kinds of header met, what stands in them, and where they end."""
    seen: set[str] = set()
    values: list[str] = []
    end = index = first
    while index < min(len(lines), first + _MOST_LINES):
        concept = concept_of(lines[index].text)
        if concept:
            if concept in seen and concept != "other":
                break  # the next mail's header already
            seen.add(concept)
            values.append(lines[index].text[:LONGEST_TELLING_LINE])
            end = index + 1
            index = _next_header(lines, end, following)
        else:
            break
    return seen, "\n".join(values), end


def _next_header(lines: Sequence[Line], index: int, following: Sequence[int]) -> int:
    """Over wrapped values, and over one empty line, to the next header line; else just the next line."""
    for place in range(index, min(len(lines), index + _MOST_WRAPPED)):
        if not lines[place].text:
            after = following[place]
            return after if after < len(lines) and after - place <= 1 and concept_of(lines[after].text) else index
        if concept_of(lines[place].text):
            return place
    return index


def _is_mail_header(seen: set[str], values: str, after_marker: bool) -> bool:
    told = seen - {"other"}
    if after_marker:
        return len(told) >= 2
    if "from" not in told:
        return {"date", "to", "subject"} <= told or {"sent", "to", "subject"} <= told
    if len(told) < 2:
        return False
    return "@" in values or ("subject" in told and len(told) >= 3) or ("sent" in told and bool(_CLOCK.search(values)))
