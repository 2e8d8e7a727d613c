"""Which lines of a mail are quoted and which are its sender's: answers above, below and between the quotes.

A header ("... wrote:", From/Sent/To, "Original message") whose mail is marked with `>` covers the marked lines only;
what stands unmarked below or between is own text. Where nothing is marked, all below the header is quoted, unless the
sender wrote nothing above it: then it is a bare forward or an answer below, and the unmarked text counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nlp.email_parts.header_blocks import block_at, concept_of
from nlp.email_parts.lines import LONGEST_TELLING_LINE, MOST_LINES, Line, next_written
from nlp.email_parts.message_markers import Marker, marker_of
from nlp.email_parts.notes_headers import notes_headers
from nlp.email_parts.part import PartKind
from nlp.email_parts.quote_headers import header_at
from nlp.email_parts.quote_marks import quoted_lines
from nlp.email_parts.tails import above_own_words, below_own_words, opens_with_sentence

Label = tuple[PartKind, str]  # what a line is, and why

_OWN: Label = (PartKind.NEWEST, "Nothing says that somebody or something else wrote it.")
_MARKED: Label = (PartKind.QUOTE, "Marked as quoted at the beginning of the line.")


@dataclass(frozen=True)
class _Header:
    end: int
    kind: PartKind
    below: PartKind
    why: str


class _Mail:
    """One mail while its lines are told apart; linear in its length."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.following = next_written(lines)
        self.marked = quoted_lines(lines)
        self.marks_follow = [self._is_marked(self.following[index + 1]) for index in range(len(lines))]
        self.notes = notes_headers(lines)
        self.labels: list[Label] = [_OWN] * len(lines)

    def _is_marked(self, index: int) -> bool:
        return index < len(self.lines) and self.marked[index]

    def header_at(self, index: int) -> _Header | None:
        """The header of another mail that begins at this line."""
        return self._announced(index) or self._block(index) or self._notes(index) or self._wrote(index)

    def _announced(self, index: int) -> _Header | None:
        text = self.lines[index].text
        after = self.following[index + 1]
        header_follows = after < len(self.lines) and bool(concept_of(self.lines[after].text))
        if header_follows and not any(sign.isalnum() for sign in text):
            return self._block(after)
        marker = marker_of(text, header_follows)
        if marker is None:
            return None
        block = block_at(self.lines, after, self.following, after_marker=True) if header_follows else 0
        why = f"Begins with {marker.value}."
        if marker is Marker.FORWARDED:
            return _Header(block or index + 1, PartKind.FORWARD_HEADER, PartKind.FORWARD, why)
        if marker is Marker.ORIGINAL and after < len(self.lines) and not block:
            wrote = self._wrote(after)
            block = wrote.end if wrote else 0
        return _Header(block or index + 1, PartKind.QUOTE_HEADER, PartKind.QUOTE, why)

    def _block(self, index: int) -> _Header | None:
        end = block_at(self.lines, index, self.following)
        if not end:
            return None
        return _Header(end, PartKind.QUOTE_HEADER, PartKind.QUOTE, "A block of the header lines From, To, Subject.")

    def _notes(self, index: int) -> _Header | None:
        end = self.notes.get(index)
        return _Header(end, PartKind.QUOTE_HEADER, PartKind.QUOTE, "A block of Notes' header lines.") if end else None

    def _wrote(self, index: int) -> _Header | None:
        end = header_at(self.lines, index, len(self.lines), self.marks_follow)
        if not end:
            return None
        return _Header(end, PartKind.QUOTE_HEADER, PartKind.QUOTE, "Says who wrote what follows, and when.")


def label_lines(lines: Sequence[Line]) -> list[Label]:
    """What each line of a mail is, and why; empty lines go with what stands above them."""
    mail = _Mail(lines)
    _tell_quotes(mail)
    _tell_tails(mail)
    if len(lines) > MOST_LINES:
        kind = mail.labels[MOST_LINES - 1][0]
        _label(mail, MOST_LINES, len(lines), (kind, "So far down that it goes with what is above."))
    return mail.labels


def _tell_quotes(mail: _Mail) -> None:
    """Walk down the mail; stop where a header leaves nothing but the earlier mail below it."""
    index = run = 0  # `run`: where the stretch of own lines began that we are in
    own = written = False  # above: words of the sender's; words, if only in a signature
    while index < len(mail.lines):
        text = mail.lines[index].text
        header = mail.header_at(index) if _may_tell(text) and not mail.marked[index] else None
        if header is None and not mail.marked[index]:
            index += 1
            continue
        own = own or _has_own_words(mail.lines, run, index)
        written = written or own or _has_own_words(mail.lines, run, index, signature_counts=True)
        if header is None:
            index = run = _label_marked(mail, index)
            continue
        _label(mail, index, header.end, (header.kind, header.why))
        enough = own if header.kind is PartKind.FORWARD_HEADER else written
        if enough and not mail.marks_follow[header.end - 1]:
            below = (header.below, "Everything below such a header is the earlier mail.")
            return _label(mail, header.end, len(mail.lines), below)
        index = run = header.end
    return None


def _may_tell(text: str) -> bool:
    return bool(text) and len(text) <= LONGEST_TELLING_LINE


def _has_own_words(lines: Sequence[Line], first: int, end: int, *, signature_counts: bool = False) -> bool:
    """Is anything left of these lines without banner, notices and (unless it counts) signature?"""
    start = next((index for index in range(first, end) if lines[index].text), end)
    if start == end:
        return False
    if opens_with_sentence(lines, start, end):
        return True
    found = below_own_words(lines, first, end, whole=True, between_quotes=signature_counts)
    banner = above_own_words(lines, first, end)
    return any(line.text for line in lines[banner.end if banner else first : found[-1].first if found else end])


def _label_marked(mail: _Mail, index: int) -> int:
    """The whole marked block, with empty lines between its lines."""
    end = index
    while end < len(mail.lines) and mail.marked[end]:
        after = mail.following[end + 1]
        if after < len(mail.lines) and mail.marked[after]:
            end = after
        else:
            end += 1
            break
    _label(mail, index, end, _MARKED)
    return end


def _label(mail: _Mail, first: int, end: int, label: Label) -> None:
    mail.labels[first:end] = [label] * (end - first)


def _tell_tails(mail: _Mail) -> None:
    """Signatures and the like, in each stretch of own lines."""
    runs = _own_runs(mail.labels)
    with_words = {first for first, end in runs if len(runs) > 1 and _has_own_words(mail.lines, first, end)}
    first_mark = mail.marked.index(True) if True in mail.marked else len(mail.lines)
    for first, end in runs:
        if mail.following[first] >= end:  # nothing but empty lines
            _label(mail, first, end, mail.labels[first - 1] if first else _OWN)
            continue
        elsewhere = len(with_words) > (first in with_words)
        between = first_mark < first and end < len(mail.labels) and mail.marked[end]
        start = _tell_banner(mail, end) if first == 0 else first
        for found in below_own_words(mail.lines, start, end, whole=elsewhere, between_quotes=between):
            _label(mail, found.first, found.end, (found.kind, found.why))


def _tell_banner(mail: _Mail, end: int) -> int:
    """Where the sender's words begin in the first stretch of a mail."""
    banner = above_own_words(mail.lines, 0, end)
    if banner is None:
        return 0
    _label(mail, banner.first, banner.end, (banner.kind, banner.why))
    return banner.end


def _own_runs(labels: Sequence[Label]) -> list[tuple[int, int]]:
    runs, start = [], None
    for index, label in enumerate([*labels, _MARKED]):
        if label == _OWN and start is None:
            start = index
        elif label != _OWN and start is not None:
            runs.append((start, index))
            start = None
    return runs
