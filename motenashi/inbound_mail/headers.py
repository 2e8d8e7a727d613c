"""The header lines of a mail or a part, as they stand there: folded, doubled, in raw 8-bit charsets, or broken."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from motenashi.inbound_mail.charsets import decode
from motenashi.inbound_mail.encoded_words import decode_words
from motenashi.inbound_mail.limits import LONGEST_HEADER, LONGEST_HEADER_BLOCK, MOST_HEADERS, MOST_OF_ONE_NAME

_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_EMPTY_LINES = re.compile(rb"(?:[ \t]{0,100}\r?\n){1,50}")
_POSTMARK = (b"From ", b">From ")
# What may stand below a line that is no header and yet stands among headers (a fold without its white space).
_KNOWN = re.compile(
    rb"(?:received|from|to|cc|bcc|subject|date|message-id|mime-version|in-reply-to|references|reply-to|sender|"
    rb"return-path|delivered-to|user-agent|content-[a-z-]{1,40}|x-[a-z0-9-]{1,60}|list-[a-z-]{1,30}|dkim-signature|"
    rb"thread-[a-z]{1,20}|authentication-results|importance|organization)[ \t]*:",
    re.IGNORECASE,
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]+")


@dataclass
class Headers:
    """Names in small letters, values as bytes without line ends, in order. `charset_hint`: what raw bytes may be in."""

    fields: list[tuple[str, bytes]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    charset_hint: str = ""

    def all_raw(self, name: str) -> list[bytes]:
        return [value for other, value in self.fields if other == name]

    def all_texts(self, name: str) -> list[str]:
        """Each value as text, its encoded words not yet read."""
        return [self._text(value) for value in self.all_raw(name)[:MOST_OF_ONE_NAME]]

    def text(self, name: str) -> str:
        """The first value that is not empty, its encoded words not yet read; "" when there is none."""
        return next((text for text in self.all_texts(name) if text), "")

    def words(self, name: str) -> str:
        """The first value that is not empty, for people: encoded words read, white space as single spaces."""
        return " ".join(_CONTROL.sub(" ", decode_words(self.text(name))).split())

    def has(self, name: str) -> bool:
        return any(other == name for other, _ in self.fields)

    def _text(self, value: bytes) -> str:
        return decode(value, hint=self.charset_hint).text.strip()


def read_headers(source: bytes, start: int, end: int, *, of_mail: bool = False) -> tuple[Headers, int]:
    """The headers of source[start:end], and the place where the body begins.

    `of_mail`: the headers of a whole mail, which may have dirt above them; a part begins with its headers or has none.
    """
    headers = Headers()
    lines: list[list[bytes]] = []  # each with the lines that it was folded into
    limit = min(end, start + LONGEST_HEADER_BLOCK)
    place = _above_off(source, start, limit) if of_mail else start
    while place < limit:
        line, after = _line(source, place, limit)
        bare = line.rstrip(b"\r\n")
        if not bare.strip(b" \t"):
            place = after
            break
        if bare[:1] in b" \t" and lines:
            lines[-1].append(bare.strip(b" \t"))
        elif _FIELD.match(bare):
            lines.append([bare])
        elif lines or not bare.startswith(_POSTMARK):
            if not _goes_on(source, after, limit):
                headers.problems += ["A line among the headers is none; the text was taken to begin there."]
                break
            headers.problems += ["A line among the headers is none; it was taken for the end of the one above it."]
            if lines:
                lines[-1].append(bare)
        place = after
    else:
        if place < end:
            headers.problems.append("The headers are too long; what came later was taken for text.")
    _take(headers, lines)
    return headers, place


def _line(source: bytes, place: int, limit: int) -> tuple[bytes, int]:
    found = source.find(b"\n", place, limit)
    after = limit if found < 0 else found + 1
    return source[place:after], after


def _above_off(source: bytes, start: int, limit: int) -> int:
    """Behind empty lines above the first header."""
    dirt = _EMPTY_LINES.match(source, start, limit)
    return dirt.end() if dirt and _is_head(source, dirt.end(), limit) else start


def _is_head(source: bytes, place: int, limit: int) -> bool:
    return source.startswith(_POSTMARK, place, limit) or _goes_on(source, place, limit)


def _goes_on(source: bytes, place: int, limit: int) -> bool:
    """Is the next line surely a header?"""
    return bool(_KNOWN.match(source, place, limit))


def _take(headers: Headers, lines: list[list[bytes]]) -> None:
    if len(lines) > MOST_HEADERS:
        headers.problems.append(f"There are more than {MOST_HEADERS} headers; the others were not read.")
    for line in lines[:MOST_HEADERS]:
        name, _, value = b" ".join(line).partition(b":")
        if len(value) > LONGEST_HEADER:
            headers.problems.append(f"The header {_name(name)} is too long; its beginning was read.")
        headers.fields.append((_name(name), value[:LONGEST_HEADER].strip()))


def _name(name: bytes) -> str:
    return name.strip().decode("ascii", "replace").lower()
