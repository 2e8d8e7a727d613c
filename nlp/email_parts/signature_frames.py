"""Signatures set in a frame of signs, as nearly every Japanese company's are: ====, ━━━━, ┏━━┓, ◆◇◆━━◆◇◆, ____."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from nlp.email_parts.closings import is_closing
from nlp.email_parts.contact_cards import is_pointed_at
from nlp.email_parts.contact_details import has_web_address, is_running_text, weight_of
from nlp.email_parts.lines import Line

_MOST_LINES = 16  # of a frame
_MOST_STACKED = 30
_SHORTEST_RULE, _LONG_RULE, _FEW_SIGNS = 4, 8, 4
_LITTLE = 4  # lines
_LONGEST_NAME = 24
_REMARKS = ("※", "★", "☆", "◆", "◇", "▼", "♪", "＊", "【", "＜", "《")
_SURE = 2  # what a frame must weigh that has something below it
_LETTERS_OF_RULES = "ーｰﾟﾞ々〃"
_NO_NAME = ":：■●・◆?？!！"


def is_rule(text: str) -> bool:
    """A line of signs, without letters and figures; a short one has few different signs."""
    bare = text.replace(" ", "").replace("\u3000", "")
    if len(bare) < _SHORTEST_RULE or any(sign.isalnum() and sign not in _LETTERS_OF_RULES for sign in bare[:80]):
        return False
    return len(bare) >= _LONG_RULE or len(set(bare)) <= _FEW_SIGNS


def in_frame(lines: Sequence[Line], first: int, end: int) -> tuple[int, str] | None:
    """Contact details below a rule, or between two."""
    whole, end = end, _without_remarks(lines, first, end)
    closed = is_rule(lines[end - 1].text)
    if closed and (stacked := _stacked_frames(lines, first, end)) is not None:
        return _with_closing(lines, first, stacked), "Several frames of signs, the first with contact details."
    inner_end = end - 1 if closed else end
    top = _rule_above(lines, first, inner_end)
    if top is None:
        return None
    while (higher := _rule_above(lines, first, top)) is not None and _is_details(lines, higher + 1, top):
        top = higher
    if not _is_details(lines, top + 1, inner_end) or is_pointed_at(lines, first, top):
        return None
    if end < whole and sum(weight_of(line.text) for line in lines[top:inner_end]) < _SURE:
        return None
    return _with_closing(lines, first, top), "A frame of signs with contact details."


def framed_closing(lines: Sequence[Line], first: int, end: int) -> tuple[int, str] | None:
    """ "Thanks," with a rule right under it and contact details under that: all the rest is signature."""
    for index in range(max(first, end - _MOST_STACKED), end - 2):
        if is_rule(lines[index + 1].text) and lines[index].text and is_closing(lines[index].text):
            below = [line.text for line in lines[index + 2 : index + 8] if line.text]
            if sum(map(weight_of, below)) > 1 and not is_running_text(below[0]):
                return index, "A closing with a frame right below it."
    return None


def below_underscores(lines: Sequence[Line], first: int, end: int) -> tuple[int, str] | None:
    """A line of underscores with little below it, whatever that says."""
    top = _rule_above(lines, first, end)
    if top is None or lines[top].text.strip("_"):
        return None
    written = sum(bool(line.text) for line in lines[top + 1 : end])
    return (top, "Little text below a line of underscores.") if 0 < written <= _LITTLE else None


def _without_remarks(lines: Sequence[Line], first: int, end: int) -> int:
    """Advertisements and ※ remarks below a frame belong to it; returns where the frame ends."""
    for index in range(end - 1, max(first, end - _LITTLE) - 1, -1):
        text = lines[index].text
        if is_rule(text):
            return index + 1
        if text and not text.startswith(_REMARKS) and not has_web_address(text):
            return end
    return end


def _stacked_frames(lines: Sequence[Line], first: int, end: int) -> int | None:
    """Three rules and more: name and telephone in the first frame, perhaps an advertisement in the next."""
    rules = [index for index in range(max(first, end - _MOST_STACKED), end) if is_rule(lines[index].text)]
    for top, bottom in pairwise(rules[:-1]):
        inner = [line.text for line in lines[top + 1 : bottom] if line.text]
        if len(inner) > 1 and _is_details(lines, top + 1, bottom) and sum(map(weight_of, inner)) > 1:
            return top
    return None


def _rule_above(lines: Sequence[Line], first: int, end: int) -> int | None:
    for index in range(end - 1, max(first, end - _MOST_LINES) - 1, -1):
        if is_rule(lines[index].text):
            return index
    return None


def _is_details(lines: Sequence[Line], first: int, end: int) -> bool:
    written = [line.text for line in lines[first:end] if line.text]
    if (
        not written
        or len(written) > _MOST_LINES
        or any(is_running_text(text) for text in written if not text.startswith("※"))
    ):
        return False
    return sum(map(weight_of, written)) > 0 or (len(written) < 3 and all(map(_may_be_name, written)))


def _may_be_name(text: str) -> bool:
    """Short, without figures and colons: somebody's name, or a department's."""
    return len(text) <= _LONGEST_NAME and not any(sign.isdigit() or sign in _NO_NAME for sign in text)


def _with_closing(lines: Sequence[Line], first: int, index: int) -> int:
    """A frame right below "Thanks," begins there."""
    return index - 1 if index - 1 >= first and is_closing(lines[index - 1].text) else index
