"""Lines that a mail program has marked as quoted: `>`, `> >`, full-width ＞, `|`, and initials as in `DR>`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.email_parts.lines import Line
from nlp.email_parts.quote_headers import is_groupwise

_INITIALS = re.compile(r"[^\W\d_]\w{0,14}>+(?=\s|$)")
_WRAPPED_FROM = 60  # characters; a quoted line as long as this may have been broken in two on its way
_SENTENCE_ENDS = ".!?:;。！？．"
_SHORTEST_RULE = 6
_MOST_BROKEN = 2  # lines
_LINK = ("http://", "https://", "(http", "<http", "[http", "<mailto:")


def quoted_lines(lines: Sequence[Line]) -> list[bool]:
    """For each line: is it marked as quoted, or the broken-off end of a line that is?"""
    marked = [line.text[:1] in ("｜", "＞") or line.text[:1] == ">" for line in lines]
    _unmark_ornaments(lines, marked)
    _mark_bars(lines, marked)
    _mark_initials(lines, marked)
    _mark_broken_ends(lines, marked)
    _mark_broken_links(lines, marked)
    return marked


def _unmark_ornaments(lines: Sequence[Line], marked: list[bool]) -> None:
    """Mailbox files write ">From" for a line that begins with "From"; ">>> here <<<" and ">>>>>>>>" are ornaments."""
    for index, line in enumerate(lines):
        if marked[index] and line.text.startswith((">From ", ">>", "＞＞")) and not any(_neighbours(marked, index)):
            ornament = line.text.startswith(">From ") or line.text.endswith(("<<", "＜＜")) or _is_rule(line.text)
            marked[index] = not ornament and not is_groupwise(line.text)


def _neighbours(marked: Sequence[bool], index: int) -> list[bool]:
    return [*marked[max(0, index - 1) : index], *marked[index + 1 : index + 2]]


def _is_rule(text: str) -> bool:
    return len(text) >= _SHORTEST_RULE and not text.strip(">＞")


def _mark_bars(lines: Sequence[Line], marked: list[bool]) -> None:
    """Two lines and more after a bar are a quote; where a bar also ends the line it is a table."""
    bars = [line.text.startswith("|") and line.text.count("|") == 1 for line in lines]
    for index, bar in enumerate(bars):
        if bar and any(_neighbours(bars, index)):
            marked[index] = True


def _mark_initials(lines: Sequence[Line], marked: list[bool]) -> None:
    """`DR> text`: twice with the same initials, so that a lone "a> b" stays what it is."""
    seen: dict[str, list[int]] = {}
    for index, line in enumerate(lines):
        if ">" in line.text[:17] and (match := _INITIALS.match(line.text)):
            seen.setdefault(match.group().rstrip(">"), []).append(index)
    for places in seen.values():
        if len(places) > 1:
            for index in places:
                marked[index] = True


def _mark_broken_ends(lines: Sequence[Line], marked: list[bool]) -> None:
    """A long quoted line whose end slipped onto a line of its own, without the mark, before the quote goes on."""
    index = 1
    while index < len(lines):
        if marked[index] or not marked[index - 1] or not _may_be_broken(lines[index - 1].text):
            index += 1
            continue
        end = index
        while end < len(lines) and lines[end].text and not marked[end] and end - index <= _MOST_BROKEN:
            end += 1
        if end - index <= _MOST_BROKEN and end < len(lines) and marked[end]:
            marked[index:end] = [True] * (end - index)
        index = max(end, index + 1)


def _mark_broken_links(lines: Sequence[Line], marked: list[bool]) -> None:
    """A link that a program put on a line of its own within a quoted line."""
    for index in range(1, len(lines) - 1):
        if marked[index - 1] and marked[index + 1] and not marked[index] and lines[index].text.startswith(_LINK):
            marked[index] = True


def _may_be_broken(text: str) -> bool:
    return len(text) >= _WRAPPED_FROM and text[-1] not in _SENTENCE_ENDS
