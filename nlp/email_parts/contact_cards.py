"""Signatures without delimiter and frame: a name with contact details, below a closing formula or an empty line."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.email_parts.closings import is_closing, opens_with_closing
from nlp.email_parts.contact_details import is_field, is_running_text, is_web_address, weight_of
from nlp.email_parts.lines import Line

_POINTS_BELOW = re.compile(r"(?:[:：]|下記|以下|次の(?:通り|とおり)|below|following)[\s\S]{0,20}$", re.IGNORECASE)
_NAME = re.compile(r"[A-Z][\w'’-]{1,20}(?: [A-Z]\.?)?(?: [A-Z][\w'’-]{1,20}){1,2}$")
_PICTURES = ("📞", "📧", "📱", "☎", "✉", "🌐", "📍", "🏢")
_MOST_LINES = 16
_LAST_WORDS = 60  # characters


def below_closing(lines: Sequence[Line], first: int, end: int) -> tuple[int, str] | None:
    """ "Kind regards," with more than a name below it; one last remark may follow ("I work Monday to Thursday.")."""
    for index in range(end - 1, max(first, end - _MOST_LINES) - 1, -1):
        text = lines[index].text
        if text and (is_closing(text) or (opens_with_closing(text) and index < end - 1)):
            below = [line.text for line in lines[index + 1 : end] if line.text]
            if not _is_more_than_name(below):
                return None
            return _first_closing(lines, first, index), "A closing with contact details below it."
        if text and is_running_text(text) and not (index == end - 1 and _ends_card(lines, first, index)):
            return None
    return None


def card_at_end(lines: Sequence[Line], first: int, end: int) -> tuple[int, str] | None:
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
    if found is None or is_pointed_at(lines, first, found) or not _is_card(_written(lines, found, end)):
        return None
    start = next(index for index in range(found, end) if lines[index].text)
    return _with_name(lines, first, start), "A last paragraph of contact details."


def is_pointed_at(lines: Sequence[Line], first: int, index: int) -> bool:
    """ "Our new address is:" announces text, not a signature."""
    above = index - 1
    while above >= first and not lines[above].text:
        above -= 1
    return above >= first and bool(_POINTS_BELOW.search(lines[above].text[-_LAST_WORDS:]))


def _with_name(lines: Sequence[Line], first: int, start: int) -> int:
    """A name in a paragraph of its own, right above the details."""
    above = start - 1
    while above > first and not lines[above].text:
        above -= 1
    alone = above > first and not lines[above - 1].text
    return above if alone and _NAME.match(lines[above].text) else start


def _written(lines: Sequence[Line], first: int, end: int) -> list[str]:
    return [line.text for line in lines[first:end] if line.text]


def _is_more_than_name(below: Sequence[str]) -> bool:
    """What stands below a closing; a link alone may well be what the mail is about."""
    weight = sum(map(weight_of, below))
    return weight > (0 if len(below) > 1 else 1) and not all(map(is_web_address, below))


def _ends_card(lines: Sequence[Line], first: int, index: int) -> bool:
    """Is the line a remark right below contact details, without an empty line between? (A postscript stands apart.)"""
    above = lines[index - 1].text if index > first else ""
    return bool(above) and not is_running_text(above) and weight_of(above) > 0


def _first_closing(lines: Sequence[Line], first: int, index: int) -> int:
    """ "Thank you" and "Kind regards" one above the other are one closing."""
    return index - 1 if index > first and lines[index - 1].text and is_closing(lines[index - 1].text) else index


def _is_card(written: Sequence[str]) -> bool:
    """A name or title with contact details; a lone link, telephone number or list may be what the mail is about."""
    if is_field(written[0]) or any(text.endswith((":", "：")) for text in written):
        return False
    weights = [weight_of(text) for text in written]
    if " @ " in written[0] and len(written) > 1 and weights[1] > 1:
        return True  # "Dana @ Reyes Lighting", and a telephone below it
    columns = any(text.count("|") + text.count("｜") > 1 for text in written)
    pictured = sum(text.startswith(_PICTURES) for text in written) > 1
    if _NAME.match(written[0]) and sum(weight > 0 for weight in weights[1:]) > 1:
        return True  # a name, a title and a company below it
    return columns or pictured or (len(written) > 1 and max(weights) > 1 and min(weights) < 2)
