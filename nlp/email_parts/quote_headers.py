"""The line that mail programs put above a quote: "On Monday, Dana <...> wrote:", 「2026年11月3日(火) 田中 <...>:」.

Every language has its verb, and nearly all have a date, a time or an address beside it; that is what is looked for,
so that a program nobody has met yet is understood as well. The header may be wrapped over several lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.email_parts.lines import LONGEST_TELLING_LINE, Line, one_line
from nlp.email_parts.phrase_lists import phrases

_VERBS = phrases("quote_headers", "verbs")
_VERB = re.compile(rf"(?<![a-zß-ÿ]){_VERBS}(?![a-z])", re.IGNORECASE)
_VERB_ENDS = re.compile(rf"{_VERBS}[\s:：*_-]*$", re.IGNORECASE)
_ENDINGS = (":", "：", ":*", "-", "―", "*", "wrote", "書きました", ">")

_STARTER = re.compile(rf"[\s>*_\"(-]*{phrases('quote_headers', 'starters')}\s+\S*[\w<]")
_YEAR = r"(?<!\d)(?:19|20)\d\d(?!\d)|令和\s*\d"
_DAY = re.compile(
    rf"{_YEAR}|(?<!\d)\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{2,4}}(?!\d)|(?<!\d)\d{{1,2}}[-. ]\w{{3,9}}[-. ]\d{{2}}(?!\d)"
)
_CLOCK = re.compile(r"(?<!\d)\d{1,2}\s?[:.h時：]\s?\d\d(?!\d)|\d\s?(?:[ap]\.?m\b|時)", re.IGNORECASE)
_BEGINS_WITH_DATE = re.compile(r"[\s(*]*(?:\w{2,10}\.?,?\s+)?(?:\d|\w{3,9}\.? \d)")
_QUOTING = re.compile(rf"{phrases('quote_headers', 'quoting')}\s", re.IGNORECASE)
_SAYS = re.compile(rf"\b{phrases('quote_headers', 'says')}\W*$", re.IGNORECASE)
_GROUPWISE = re.compile(r">>>\s.{3,200}\s>>>$")
_ADDRESS_ENDS = re.compile(r"@[^\s<>@]{1,120}[>)\]]*\W{0,4}$")
_PERSON = re.compile(r"(?:さん|様|氏)\s*[:：]?$")
_SHARED = re.compile(r"\s(?=(?:On|Am|Le|El)\s[^\n]{8,300}$)")

_MOST_LINES = 5
_LONGEST = 400
_LONGEST_BEFORE_MARKS = 200


def header_at(lines: Sequence[Line], first: int, end_of_run: int, marks_follow: Sequence[bool]) -> int:
    """Where the quote header that begins at line `first` ends (exclusive); 0 when there is none.

    `marks_follow[i]`: is the first written line after line i marked as quoted? Then less is asked of the header.
    """
    if len(lines[first].text) > _LONGEST:
        return 0
    opening = _opens(lines[first].text)
    last = min(first + (_MOST_LINES if opening else 1), end_of_run)
    for end in range(first, last):
        text = lines[end].text
        if not text or (end > first and _opens_strongly(text)):
            return 0
        if text.endswith(_ENDINGS) and _is_header(lines[first : end + 1], marks_follow[end]):
            return end + 1
    return 0


def is_groupwise(text: str) -> bool:
    """ ">>> Dana Reyes 11/3/2026 10:12 AM >>>": though it begins like a quoted line, what it heads is not marked."""
    return text.startswith(">>>") and bool(_GROUPWISE.match(text[:_LONGEST]) and _DAY.search(text))


def shared_line(text: str) -> int:
    """Where a quote header begins within a line that also holds the sender's words; 0 when there is none."""
    if len(text) > LONGEST_TELLING_LINE or not text.endswith((":", "wrote")):
        return 0
    for match in _SHARED.finditer(text):
        rest = text[match.end() :]
        if _DAY.search(rest) and _CLOCK.search(rest) and _VERB_ENDS.search(rest):
            return match.end()
    return 0


def _opens(text: str) -> bool:
    """May a header that goes on in the next line begin here?"""
    return bool(_STARTER.match(text) or _DAY.search(text) or text.endswith("<") or "@" in text)


def _opens_strongly(text: str) -> bool:
    return bool(_DAY.search(text) and (_STARTER.match(text) or (_BEGINS_WITH_DATE.match(text) and _CLOCK.search(text))))


def _is_header(lines: Sequence[Line], marks_follow: bool) -> bool:
    text = one_line(lines) if len(lines) > 1 else lines[0].text
    if len(text) > _LONGEST:
        return False
    return _is_certain(text) or (marks_follow and len(text) <= _LONGEST_BEFORE_MARKS and _is_likely(text))


def _is_certain(text: str) -> bool:
    """A verb or an address together with a date, whatever comes below."""
    if is_groupwise(text):
        return True
    day, clock, address = _DAY.search(text), _CLOCK.search(text), "@" in text
    ends_in_colon = text.rstrip("*_ ").endswith((":", "："))
    if _VERB.search(text):
        if ends_in_colon:
            dated = day and (clock or address or _STARTER.match(text))
            return bool(dated or (address and _VERB_ENDS.search(text)))
        return bool(_VERB_ENDS.search(text) and (day or text.startswith("--")) and (address or text.endswith("--")))
    if ends_in_colon and day and clock and _STARTER.match(text) and _SAYS.search(text):
        return True
    if not (day and address):
        return False
    return bool(
        (clock and ends_in_colon and _ADDRESS_ENDS.search(text) and "<" in text)
        or (_BEGINS_WITH_DATE.match(text) and text.endswith(">") and len(text) < 120)
    )


def _is_likely(text: str) -> bool:
    """Enough when marked lines follow: somebody's name and a verb, or a date."""
    if not text.endswith((":", "：")):
        return bool(_VERB_ENDS.search(text))
    signs = (_VERB, _DAY, _PERSON, _QUOTING, _SAYS)
    return "@" in text or any(sign.search(text) for sign in signs)
