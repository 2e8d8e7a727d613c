"""Where the signature begins that ends a stretch of somebody's own text.

Three signs, the surest first: the delimiter `-- `; a frame with contact details in it (署名); a closing formula or an
empty line with contact details below it. A closing with a bare name is no signature and stays with the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.email_parts.contact_cards import below_closing, card_at_end
from nlp.email_parts.contact_details import is_running_text, weight_of
from nlp.email_parts.lines import Line
from nlp.email_parts.signature_frames import below_underscores, framed_closing, in_frame

DELIMITERS = frozenset(("--", "—", "–", "—-", "---", "- --", "- -", "---*", "**--**", "__", "___", "――"))
_DASH_AND_NAME = re.compile(r"(?:--|—|–)\s?[^\W\d_a-z][^\d.;:!?]{1,40}$")

_MOST_AFTER_DELIMITER = 30  # lines
_MOST_AFTER_NAME = 4


def signature_start(lines: Sequence[Line], first: int, end: int) -> tuple[int, str] | None:
    """(index of its first line, why) within lines[first:end], the last of them not empty; None for no signature."""
    return (
        _after_delimiter(lines, first, end)
        or framed_closing(lines, first, end)
        or in_frame(lines, first, end)
        or below_closing(lines, first, end)
        or card_at_end(lines, first, end)
        or below_underscores(lines, first, end)
        or _dash_and_name(lines, first, end)
    )


def _after_delimiter(lines: Sequence[Line], first: int, end: int) -> tuple[int, str] | None:
    for index in range(end - 1, max(first, end - _MOST_AFTER_DELIMITER) - 1, -1):
        line = lines[index]
        if line.text not in DELIMITERS:
            continue
        below = [other.text for other in lines[index + 1 : end] if other.text]
        if not below:
            return (index, "A delimiter with nothing below it.") if index > first else None
        if line.raw == "-- " or _may_be_signature(line.text, below):
            return index, f"Stands below the delimiter '{line.text}'."
        return None
    return None


def _may_be_signature(delimiter: str, below: Sequence[str]) -> bool:
    """A dash may also part two pieces of text: a signature holds next to no sentences."""
    sentences = sum(is_running_text(text) for text in below)
    if delimiter == "--":
        return sentences * 2 <= len(below) or sentences < 2
    return sentences == 0 and (len(below) <= 3 or sum(map(weight_of, below)) > 0)


def _dash_and_name(lines: Sequence[Line], first: int, end: int) -> tuple[int, str] | None:
    """ "-- Dana Reyes", with little below it."""
    for index in range(end - 1, max(first, end - _MOST_AFTER_NAME) - 1, -1):
        text = lines[index].text
        if _DASH_AND_NAME.match(text):
            return index, "Begins with a delimiter and a name."
        if not text or is_running_text(text):
            return None
    return None
