"""The words for what a mail's text is made of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class PartKind(StrEnum):
    """What a stretch of a mail is. Only `newest` are its sender's own words."""

    NEWEST = "newest"
    QUOTE_HEADER = "quote_header"  # "On Monday, Dana wrote:", the lines From, Sent, To, Subject
    QUOTE = "quote"
    FORWARD_HEADER = "forward_header"
    FORWARD = "forward"
    SIGNATURE = "signature"
    DEVICE_LINE = "device_line"  # "Sent from my iPhone"
    NOTICE = "notice"  # disclaimers, virus scanners, mailing lists' footers
    BANNER = "banner"  # put above a mail by the receiver's own server


@dataclass(frozen=True)
class Part:
    """`text[start:end]` is of this kind; `why` says in one English sentence how that was seen."""

    kind: PartKind
    start: int
    end: int
    why: str


@dataclass(frozen=True)
class EmailText:
    """A mail's text and its parts, in order, without gap or overlap: together they are the whole text."""

    text: str
    parts: tuple[Part, ...]

    def text_of(self, part: Part) -> str:
        return self.text[part.start : part.end]

    @property
    def newest(self) -> str:
        """The sender's own words; pieces that a quote stood between are parted by an empty line."""
        own = (self.text_of(part).rstrip().lstrip("\r\n") for part in self.parts if part.kind is PartKind.NEWEST)
        return "\n\n".join(piece for piece in own if piece.strip())
