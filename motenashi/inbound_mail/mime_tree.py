"""The parts of a mail, as places in its bytes: nothing is decoded or copied here but mails that were encoded whole.

A reader of its own rather than the standard library's `email`, because that one has no bounds: its time grows with the
square of the nesting and its header parser with the square of a header's length. Here each level is one search for its
boundary.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from motenashi.inbound_mail.headers import Headers, read_headers
from motenashi.inbound_mail.limits import MOST_DEPTH, MOST_PARTS
from motenashi.inbound_mail.parameters import Parameterised, read_parameters
from motenashi.inbound_mail.transfer_encodings import decode_transfer

_MEDIA_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,100}/[a-z0-9!#$&^_.+-]{1,100}$")
_MAIL_TYPES = frozenset(("message/rfc822", "message/global", "message/news"))
_HEADER_TYPES = frozenset(("text/rfc822-headers", "message/rfc822-headers", "message/global-headers"))
_SNIFFED = re.compile(rb"\s*--([0-9A-Za-z'()+_,./:=? -]{1,200})\r?\n[Cc]ontent-")
_MOST_FALSE_MARKS = 100_000  # lines that begin like the boundary and are none
_LONGEST_MARK = 200  # bytes behind the boundary on its line: white space at most


@dataclass
class Part:
    """`place` counts from 1 at each level ("2.1"); the mail itself is "". Its bytes: source[start:end]."""

    place: str
    headers: Headers
    media_type: str
    parameters: dict[str, str]
    disposition: Parameterised
    source: bytes
    start: int
    end: int
    children: list[Part] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def is_mail(self) -> bool:
        """A mail within the mail; its one child is the root of that mail's parts."""
        return self.media_type in _MAIL_TYPES or self.media_type in _HEADER_TYPES

    @property
    def is_multipart(self) -> bool:
        return self.media_type.startswith("multipart/")

    @property
    def file_name(self) -> str:
        return self.disposition.parameters.get("filename") or self.parameters.get("name") or ""

    def body(self) -> bytes:
        return self.source[self.start : self.end]

    def content(self, most: int | None = None) -> tuple[bytes, str]:
        """(the transfer encoding undone, a problem or ""). `most`: how many bytes of the part, as it stands in the
        mail, are looked at."""
        end = self.end if most is None else min(self.end, self.start + most)
        return decode_transfer(self.source[self.start : end], self.headers.text("content-transfer-encoding"))


def read_tree(raw: bytes) -> Part:
    """The parts of a mail of any bytes; bounded in number and depth. Problems stand at the part where they were met."""
    return _Reader().read(raw, 0, len(raw), "", "text/plain", 0, of_mail=True)


def part_at(root: Part, place: str) -> Part | None:
    """The part at `place`; None when there is none."""
    part = root
    for step in place.split(".") if place else ():
        if not step.isascii() or not step.isdigit() or not 0 < int(step[:9]) <= len(part.children):
            return None
        part = part.children[int(step) - 1]
    return part


class _Reader:
    def __init__(self) -> None:
        self._count = 0

    def read(self, source: bytes, start: int, end: int, place: str, default: str, depth: int, *, of_mail: bool) -> Part:
        self._count += 1
        headers, body = read_headers(source, start, end, of_mail=of_mail)
        kind = read_parameters(headers.text("content-type"))
        disposition = read_parameters(headers.text("content-disposition"))
        media_type = kind.value if _MEDIA_TYPE.match(kind.value) else default
        name = disposition.parameters.get("filename") or kind.parameters.get("name") or ""
        if name.lower().endswith(".eml") and not media_type.startswith("multipart/"):
            media_type = "message/rfc822"
        part = Part(place, headers, media_type, kind.parameters, disposition, source, body, end)
        part.problems += headers.problems
        if part.is_multipart or part.is_mail:
            if depth >= MOST_DEPTH:
                part.problems.append(f"Parts are nested more than {MOST_DEPTH} deep; the innermost were not read.")
                part.media_type = "application/octet-stream"
            elif part.is_multipart:
                self._read_parts(part, depth)
            else:
                self._read_mail(part, depth)
        return part

    def _read_parts(self, part: Part, depth: int) -> None:
        boundary = part.parameters.get("boundary", "").encode("utf-8", "replace")
        places, is_closed = _between(part, boundary) if boundary else ([], True)
        if not places:
            found = _SNIFFED.match(part.source, part.start, part.end)
            places, is_closed = _between(part, found.group(1).rstrip()) if found else ([], True)
            part.problems.append("The boundary between the parts is missing or wrong.")
            if not places:
                part.media_type, part.parameters = "text/plain", {}
                return
        if not is_closed:
            part.problems.append("The end of the last part is missing; the mail may have been cut off.")
        default = "message/rfc822" if part.media_type == "multipart/digest" else "text/plain"
        for number, (start, end) in enumerate(places, start=1):
            if self._count >= MOST_PARTS:
                part.problems.append(f"There are more than {MOST_PARTS} parts; the others were not read.")
                break
            child = self.read(part.source, start, end, _below(part, number), default, depth + 1, of_mail=False)
            part.children.append(child)

    def _read_mail(self, part: Part, depth: int) -> None:
        source, start, end = part.source, part.start, part.end
        encoding = part.headers.text("content-transfer-encoding").strip().lower()
        if encoding in ("base64", "quoted-printable", "x-uuencode", "uuencode"):
            # Not allowed for a mail (RFC 2046), but sent.
            content, problem = part.content()
            source, start, end = content, 0, len(content)
            part.problems += [problem] if problem else []
        if self._count < MOST_PARTS:
            part.children.append(self.read(source, start, end, _below(part, 1), "text/plain", depth + 1, of_mail=True))


def _below(part: Part, number: int) -> str:
    return f"{part.place}.{number}" if part.place else str(number)


def _between(part: Part, boundary: bytes) -> tuple[list[tuple[int, int]], bool]:
    """The places of the parts, and whether the last one was closed. Stops one past what will be read."""
    mark, source = b"--" + boundary, part.source
    places: list[tuple[int, int]] = []
    begun, place = -1, part.start
    for _ in range(MOST_PARTS + _MOST_FALSE_MARKS):
        found = source.find(mark, place, part.end)
        if found < 0 or len(places) > MOST_PARTS:
            break
        place = found + len(mark)
        if found > part.start and source[found - 1 : found] != b"\n":
            continue
        line_end = source.find(b"\n", place, min(part.end, place + _LONGEST_MARK))
        if line_end < 0 and place + _LONGEST_MARK < part.end:
            continue
        after = part.end if line_end < 0 else line_end + 1
        rest = source[place:after].strip()
        if rest not in (b"", b"--"):
            continue
        if begun >= 0:
            places.append((begun, max(begun, _line_end_off(source, begun, found))))
        if rest == b"--":
            return places, True
        begun = place = after
    if begun >= 0 and len(places) <= MOST_PARTS:
        places.append((begun, part.end))
    return places, False


def _line_end_off(source: bytes, start: int, end: int) -> int:
    """The line end before a boundary belongs to the boundary."""
    if end > start and source[end - 1 : end] == b"\n":
        end -= 1
        if end > start and source[end - 1 : end] == b"\r":
            end -= 1
    return end
