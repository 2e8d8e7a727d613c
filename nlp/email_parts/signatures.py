"""Where the signature begins that ends a stretch of somebody's own text.

Three signs, the surest first: the delimiter `-- `; a frame with contact details in it (署名); a closing formula or an
empty line with contact details below it. A closing with a bare name is no signature and stays with the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from nlp.email_parts.closings import is_closing, opens_with_closing
from nlp.email_parts.contact_details import is_running_text, is_web_address, weight_of
from nlp.email_parts.lines import Line

_DELIMITERS = frozenset(("--", "—", "–", "—-", "---", "- --", "---*", "**--**", "__", "___", "――"))
_POINTS_BELOW = re.compile(r"(?:[:：]|下記|以下|次の(?:通り|とおり)|below|following)[\s\S]{0,20}$", re.IGNORECASE)

_DASH_AND_NAME = re.compile(r"(?:--|—|–)\s?[^\W\d_a-z][^\d,.;:!?]{1,40}$")

_MOST_LINES = 16  # of a signature without delimiter
_MOST_AFTER_DELIMITER = 30
_SHORTEST_RULE = 4
_LITTLE = 4  # lines
_LONGEST_NAME = 24


def signature_start(lines: Sequence[Line], first: int, end: int) -> tuple[int, str] | None:
    """(index of its first line, why) within lines[first:end], the last of them not empty; None for no signature."""
    for found in (
        _after_delimiter,
        _framed_closing,
        _in_frame,
        _below_closing,
        _contact_paragraph,
        _below_underscores,
        _dash_and_name,
    ):
        result = found(lines, first, end)
        if result:
            return result
    return None


def is_rule(text: str) -> bool:
    """A line of signs: ====, ____, ━━━━, ◆◇◆━━━━◆◇◆, +:-:+:-:+."""
    bare = text.replace(" ", "").replace("\u3000", "")
    if len(bare) < _SHORTEST_RULE or any(sign.isalnum() and sign not in "ーｰﾟﾞ々〃" for sign in bare[:80]):
        return False
    return len(set(bare)) <= max(4, len(bare) // 3)


def _after_delimiter(lines: Sequence[Line], first: int, end: int) -> tuple[int, str] | None:
    for index in range(end - 1, max(first, end - _MOST_AFTER_DELIMITER) - 1, -1):
        line = lines[index]
        if line.text not in _DELIMITERS:
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


def _in_frame(lines: Sequence[Line], first: int, end: int) -> tuple[int, str] | None:
    """Contact details below a rule, or between two."""
    closed = is_rule(lines[end - 1].text)
    if closed and (stacked := _stacked_frames(lines, first, end)) is not None:
        return _with_closing(
            lines, first, stacked
        ), "Frames of signs one below the other, the first with contact details."
    inner_end = end - 1 if closed else end
    top = _rule_above(lines, first, inner_end)
    if top is None:
        return None
    while (higher := _rule_above(lines, first, top)) is not None and _is_details(lines, higher + 1, top):
        top = higher
    if not _is_details(lines, top + 1, inner_end):
        return None
    return _with_closing(lines, first, top), "A frame of signs with contact details."


def _framed_closing(lines: Sequence[Line], first: int, end: int) -> tuple[int, str] | None:
    """ "Thanks," with a rule right under it and contact details under that: all the rest is signature."""
    for index in range(max(first, end - _MOST_AFTER_DELIMITER), end - 2):
        if is_rule(lines[index + 1].text) and lines[index].text and is_closing(lines[index].text):
            below = [line.text for line in lines[index + 2 : index + 8] if line.text]
            if sum(map(weight_of, below)) > 1 and not is_running_text(below[0]):
                return index, "A closing with a frame right below it."
    return None


def _stacked_frames(lines: Sequence[Line], first: int, end: int) -> int | None:
    """Three rules and more: name and telephone in the first frame, perhaps an advertisement in the next."""
    rules = [index for index in range(max(first, end - _MOST_AFTER_DELIMITER), end) if is_rule(lines[index].text)]
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
    if not written or len(written) > _MOST_LINES or any(map(is_running_text, written)):
        return False
    return sum(map(weight_of, written)) > 0 or (len(written) < 3 and all(map(_may_be_name, written)))


def _may_be_name(text: str) -> bool:
    """Short, without figures and colons: somebody's name, or a section's."""
    return len(text) <= _LONGEST_NAME and not any(sign.isdigit() or sign in ":：■●・◆?？!！" for sign in text)


def _below_closing(lines: Sequence[Line], first: int, end: int) -> tuple[int, str] | None:
    """ "Kind regards," with more than a name below it; below a rule right under it, sentences may follow too."""
    for index in range(end - 1, max(first, end - _MOST_LINES) - 1, -1):
        text = lines[index].text
        if text and (is_closing(text) or (opens_with_closing(text) and index < end - 1)):
            below = [line.text for line in lines[index + 1 : end] if line.text]
            enough = sum(map(weight_of, below)) > (0 if len(below) > 1 else 1) and not all(map(is_web_address, below))
            return (_first_closing(lines, first, index), "A closing with contact details below it.") if enough else None
        if text and is_running_text(text):
            return None
    return None


def _below_underscores(lines: Sequence[Line], first: int, end: int) -> tuple[int, str] | None:
    """A line of underscores with little below it, whatever that says."""
    top = _rule_above(lines, first, end)
    if top is None or lines[top].text.strip("_"):
        return None
    written = sum(bool(line.text) for line in lines[top + 1 : end])
    return (top, "Little text below a line of underscores.") if 0 < written <= _LITTLE else None


def _dash_and_name(lines: Sequence[Line], first: int, end: int) -> tuple[int, str] | None:
    """ "-- Dana Reyes", with little below it."""
    for index in range(end - 1, max(first, end - _LITTLE) - 1, -1):
        text = lines[index].text
        if _DASH_AND_NAME.match(text):
            return index, "Begins with a delimiter and a name."
        if not text or is_running_text(text):
            return None
    return None


def _with_closing(lines: Sequence[Line], first: int, index: int) -> int:
    """A frame right below "Thanks," begins there."""
    return index - 1 if index - 1 >= first and is_closing(lines[index - 1].text) else index


def _first_closing(lines: Sequence[Line], first: int, index: int) -> int:
    """ "Thank you" and "Kind regards" one above the other are one closing."""
    return index - 1 if index - 1 >= first and lines[index - 1].text and is_closing(lines[index - 1].text) else index


def _contact_paragraph(lines: Sequence[Line], first: int, end: int) -> tuple[int, str] | None:
    """The last paragraphs, when they hold nothing but a name and contact details."""
    total, here, found = 0, 0, None
    for index in range(end - 1, max(first, end - _MOST_LINES) - 1, -1):
        text = lines[index].text
        if text and is_running_text(text):
            break
        if text:
            here += weight_of(text)
        elif here:  # the paragraph below this empty line has told something
            total, here = total + here, 0
            found = index + 1 if total > 1 else found
    else:
        found = first if here and total + here > 1 and end - first <= _MOST_LINES else found
    if (
        found is None
        or _is_pointed_at(lines, first, found)
        or not _is_card([line.text for line in lines[found:end] if line.text])
    ):
        return None
    return _strip_blank(lines, found), "A last paragraph of contact details."


def _is_card(written: Sequence[str]) -> bool:
    """A name or title with contact details; a lone link, telephone number or list may be what the mail is about."""
    if any(text.endswith((":", "：")) for text in written):
        return False
    weights = [weight_of(text) for text in written]
    columns = any(text.count("|") + text.count("｜") > 1 for text in written)
    return columns or (len(written) > 1 and max(weights) > 1 and min(weights) < 2)


def _strip_blank(lines: Sequence[Line], index: int) -> int:
    while not lines[index].text:
        index += 1
    return index


def _is_pointed_at(lines: Sequence[Line], first: int, index: int) -> bool:
    """ "Our new address is:" announces text, not a signature."""
    above = index - 1
    while above >= first and not lines[above].text:
        above -= 1
    return above >= first and bool(_POINTS_BELOW.search(lines[above].text[-60:]))
