"""Notes' header of an earlier mail: who and when, then "To", "cc" and "Subject" each alone on a line.

The values stand below the names:

Sam Boateng/Leeds/Harbor
03/11/2026 10:12

To
Dana Reyes/London/Reyes
cc

Subject
Offer
"""

from __future__ import annotations

from collections.abc import Sequence

from nlp.email_parts.lines import Line

_TO = frozenset(("To", "An", "宛先", "Para", "Pour", "A", "Aan"))
_COPY = frozenset(("cc", "Cc", "CC", "Kopie"))
_SUBJECT = frozenset(("Subject", "Thema", "Betreff", "件名", "Asunto", "Objet", "Onderwerp"))
_MOST_ABOVE, _MOST_BELOW = 3, 14  # written lines; lines
_LONGEST = 90


def notes_headers(lines: Sequence[Line]) -> dict[int, int]:
    """{index of a header's first line: index behind its last}; empty for nearly every mail."""
    found = {}
    for index, line in enumerate(lines):
        if line.text in _TO:
            end = _end(lines, index)
            start = _start(lines, index) if end else index
            if start < index:
                found[start] = end
    return found


def _end(lines: Sequence[Line], to: int) -> int:
    """Behind the value of the subject; 0 when "cc" and "Subject" do not follow."""
    has_copy = False
    for index in range(to + 1, min(len(lines), to + _MOST_BELOW)):
        has_copy = has_copy or lines[index].text in _COPY
        if has_copy and lines[index].text in _SUBJECT:
            return min(len(lines), index + 2)
    return 0


def _start(lines: Sequence[Line], to: int) -> int:
    """The name and the date above, perhaps with empty lines between."""
    start, written = to, 0
    for index in range(to - 1, max(-1, to - 2 * _MOST_ABOVE - 1), -1):
        text = lines[index].text
        if not text:
            continue
        if written == _MOST_ABOVE or len(text) > _LONGEST or not _may_tell_who_or_when(text):
            break
        start, written = index, written + 1
    return start


def _may_tell_who_or_when(text: str) -> bool:
    return any(sign.isdigit() or sign in "/@<" for sign in text) or text.startswith(("Sent by", "Gesendet von"))
