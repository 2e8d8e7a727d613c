"""One mail that is to leave the house, and what can go wrong with it.

MailError
|-- MailRefused        this mail can't be sent as it is: the address is no address
`-- MailNotConfigured  production without an SMTP server: an operator must set one up
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from motenashi.clean_text import clean_text

# One plain address. Quoted local parts are legal, but nobody of ours has one, and they carry every trick there is.
_LETTER = r"[^\s@<>()\[\],;:\\\"\x00-\x1f\x7f\ud800-\udfff]"
_ADDRESS = re.compile(rf"{_LETTER}{{1,64}}@{_LETTER}{{1,250}}")

# What a mail may add to its head. All else is written by smtp.py alone.
MORE_HEADERS = frozenset({"List-Unsubscribe", "List-Unsubscribe-Post", "Precedence"})
LONGEST_HEADER = 900  # RFC 5322 §2.1.1 ends a line at 998


class MailError(Exception):
    pass


class MailRefused(MailError):
    pass


class MailNotConfigured(MailError):
    pass


@dataclass(frozen=True)
class Mail:
    """`key` names this mail for ever: the same key again is the same mail and goes out once.

    `html` may be '' (text only). After `good_until` it is no longer worth sending (a code that has expired).
    `headers`: more of them, of MORE_HEADERS only.
    """

    to: str
    subject: str
    text: str
    html: str = ""
    language: str = "en"
    key: str = ""
    good_until: datetime | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def is_address(text: str) -> bool:
    """Is this one plain e-mail address, safe to stand in a header?"""
    name, _, host = text.rpartition("@")
    dots_inside = not any(part.startswith(".") or part.endswith(".") for part in (name, host)) and ".." not in text
    return bool(_ADDRESS.fullmatch(text)) and "." in host and dots_inside


def one_line(text: str) -> str:
    """A text that can stand in a header: line breaks and control characters become spaces."""
    cleaned = "".join(letter if letter.isprintable() else " " for letter in clean_text(text))
    return " ".join(cleaned.split())


def header_fault(headers: Mapping[str, str]) -> str:
    """What is wrong with a mail's own headers; '' when nothing is."""
    for name, value in headers.items():
        if name not in MORE_HEADERS:
            return f"a mail has no header '{one_line(name)[:100]}' of its own"
        if not value.isascii() or one_line(value) != value or len(value) > LONGEST_HEADER:
            return f"the header {name} must be one line of at most {LONGEST_HEADER} ASCII letters"
    return ""
