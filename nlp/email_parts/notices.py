"""Text that no person wrote: disclaimers, virus scanners, mailing lists' footers, banners of the receiver's server."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.email_parts.lines import Line, one_line
from nlp.email_parts.phrase_lists import phrases


def _pattern(section: str, before: str = "", after: str = "") -> re.Pattern[str]:
    return re.compile(before + phrases("notices", section) + after, re.IGNORECASE)


_AFTER_TITLE = r"\W*(?:$|[:：】\]])"
_TITLE = _pattern("titles", r"\W*+", _AFTER_TITLE)
_WEAK_TITLE = _pattern("weak_titles", r"\W*+", _AFTER_TITLE)
_FOOTER = _pattern("footers", r"\W*+")
_LIST_NAME = re.compile(r"[\w.+-]+ (?:mailing list|maillist)$", re.IGNORECASE)
_SECRECY, _ADDRESSEE, _MAIL = _pattern("secrecy"), _pattern("addressee"), _pattern("mail")
_PRIVACY = _pattern("privacy")
_PRINT = _pattern("print_pleas", r"\W*+")
_REGISTER = _pattern("register")
_BANNER = re.compile(
    rf"\W*+(?:{phrases('notices', 'banner_openings')}\b.{{0,40}}?{phrases('notices', 'banners')}|"
    rf"{phrases('notices', 'whole_banners')})",
    re.IGNORECASE,
)
_EXTERNAL_TAG = _pattern("external_tags", r"[\[【(<*]+\s?", r"\s?[\]】)>*]+$")

_MOST_JOINED = 8  # lines of a paragraph that are read together
_LONGEST = 1200
_OPENING = 300
_LONG_LINE = 80


def is_notice(lines: Sequence[Line], first: int, end: int) -> bool:
    """Does the paragraph from line `first` on (`end` at the latest) speak for a machine or a lawyer?"""
    opening = lines[first].text[:_OPENING]
    if _TITLE.match(opening) or _FOOTER.match(opening) or _LIST_NAME.match(opening):
        return True
    paragraph, next_one = _paragraph(lines, first, end)
    if _is_disclaimer(paragraph):
        return True
    if _WEAK_TITLE.match(opening):
        return bool(_PRIVACY.search(paragraph)) or _is_disclaimer(_paragraph(lines, next_one, end)[0])
    return len(opening) > _LONG_LINE and len(_REGISTER.findall(paragraph)) > 1


def is_print_plea(text: str) -> bool:
    """ "Think before you print", also right below a signature, without an empty line between."""
    return len(text) <= _OPENING and bool(_PRINT.match(text))


def is_banner(text: str) -> bool:
    """A warning that the receiver's mail server writes above mails from outside."""
    return len(text) <= _LONGEST and bool(_EXTERNAL_TAG.match(text) or _BANNER.match(text[:_OPENING]))


def _is_disclaimer(paragraph: str) -> bool:
    return bool(_SECRECY.search(paragraph) and _ADDRESSEE.search(paragraph) and _MAIL.search(paragraph))


def _paragraph(lines: Sequence[Line], first: int, end: int) -> tuple[str, int]:
    """A paragraph as one line, and where the next one begins."""
    last = first
    while last < min(end, first + _MOST_JOINED) and lines[last].text:
        last += 1
    text = one_line(lines[first:last])[:_LONGEST]
    while last < end and not lines[last].text:
        last += 1
    return text, last
