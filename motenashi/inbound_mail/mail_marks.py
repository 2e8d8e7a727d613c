"""Which deliveries are the same mail? Found in the first headers of any bytes, without parsing the mail.

Two deliveries are the same mail when Message-ID, sender and Date agree; without a Message-ID, when the bytes do (line
ends aside). The Message-ID alone would let anybody who has seen one send something under it first, and the true mail
would then count as known. Who copies sender and date as well still can't hide the true mail: `content` differs then,
and the store keeps such a mail as a copy that people see (mail_store.py). Whatever relays add or change on the way
(Received headers, line ends, the > before From in mbox files) makes no other mail and no copy.
"""

from __future__ import annotations

import hashlib
import re
from binascii import Error as BadBase64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header
from email.utils import parsedate_to_datetime

from motenashi.clean_text import clean_text

MOST_HEADER = 262_144  # bytes looked at; a header that comes later does not count
LONGEST_HEADLINE = 500
MOST_TO_DECODE = 4_000  # bytes of one header that are made readable here; decoding gets slow on strange ones

_WANTED = (b"message-id", b"from", b"date", b"subject")
_BLANK_LINE = re.compile(rb"\r?\n\r?\n|\r\r")
_LINE_END = re.compile(rb"\r\n|\r|\n")
_CHANGED_ON_THE_WAY = b" \t\r\n>"


@dataclass(frozen=True)
class Headline:
    """What a list shows of a mail."""

    sender: str = ""
    subject: str = ""
    sent_at: datetime | None = None


@dataclass(frozen=True)
class MailMark:
    """`key` is the same for deliveries of one mail; `content` is a digest of what lies below the headers."""

    key: str
    message_id: str
    content: str
    headline: Headline

    @property
    def copy_key(self) -> str:
        """The key of a mail that claims to be another one and says something else."""
        return _hex(f"{self.key} {self.content}")

    @property
    def aside_key(self) -> str:
        """The key of a mail of which we have the headers only, so that it never stands in the whole mail's way."""
        return _hex(f"{self.key} headers only")


def mark_of(raw: bytes) -> MailMark:
    """For any bytes; never raises."""
    head, body = _split(raw)
    found = dict(_fields(head))
    message_id = _message_id(found.get(b"message-id", b""))
    if message_id:
        parts = (message_id, _address(found.get(b"from", b"")), b" ".join(found.get(b"date", b"").split()))
        key = hashlib.sha256(b"\0".join(parts)).hexdigest()
    else:
        # Two replacements, not one pattern: of a mail that is all line ends that would take ten seconds at the door.
        key = hashlib.sha256(raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").strip(b"\n")).hexdigest()
    content = hashlib.sha256(body.translate(None, _CHANGED_ON_THE_WAY)).hexdigest()
    return MailMark(
        key, clean_text(message_id.decode("utf-8", "replace"))[:LONGEST_HEADLINE], content, _headline(found)
    )


def _hex(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _split(raw: bytes) -> tuple[bytes, bytes]:
    raw = raw.lstrip(b"\r\n")
    end = _BLANK_LINE.search(raw, 0, MOST_HEADER)
    return (raw[: end.start()], raw[end.end() :]) if end else (raw[:MOST_HEADER], b"")


def _fields(head: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The wanted headers, unfolded; of several with one name the first one, since the others come last here."""
    lines = _LINE_END.split(head)
    rows: list[tuple[bytes, list[bytes]]] = []
    for line in lines:
        if line[:1] in (b" ", b"\t") and rows:
            rows[-1][1].append(line)
            continue
        name, colon, value = line.partition(b":")
        rows.append((name.strip().lower() if colon else b"", [value]))
    return ((name, b"".join(parts).strip()) for name, parts in reversed(rows) if name in _WANTED)


def _message_id(value: bytes) -> bytes:
    inside = re.search(rb"<([^<>]*)>", value)
    return b"".join((inside[1] if inside else value).split())


def _address(value: bytes) -> bytes:
    """The address of a From header, without the name: some relays write the name in another way."""
    inside = re.findall(rb"<([^<>]*)>", value)
    return b"".join((inside[-1] if inside else value).split()).lower()


def _headline(found: dict[bytes, bytes]) -> Headline:
    return Headline(
        sender=_readable(found.get(b"from", b"")),
        subject=_readable(found.get(b"subject", b"")),
        sent_at=_moment(found.get(b"date", b"")),
    )


def _readable(value: bytes) -> str:
    """A header as people read it, as well as that goes before the mail is read in earnest."""
    text = value[:MOST_TO_DECODE].decode("utf-8", "replace")
    try:
        parts = decode_header(text)
        text = "".join(
            part if isinstance(part, str) else part.decode(name or "ascii", "replace") for part, name in parts
        )
    except (HeaderParseError, BadBase64, LookupError, ValueError):
        pass  # the bytes as they are will do
    return clean_text(" ".join(text.split()))[:LONGEST_HEADLINE]


def _moment(value: bytes) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value[:MOST_TO_DECODE].decode("ascii", "replace"))
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
