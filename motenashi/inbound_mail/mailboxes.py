"""Mails in files: .eml, mbox, Maildir, and folders of these, one after the other and never all at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from motenashi.inbound_mail.limits import MOST_BYTES

Progress = Callable[[int, int], None]  # bytes read so far, bytes in all

_POSTMARK = re.compile(rb"From .{0,300}?\b\d{1,2}:\d\d.{0,60}?\b(?:19|20)\d\d\b")
_FIELD = re.compile(rb"[!-9;-~]{1,200}[ \t]*:|>?From ")
_QUOTED = re.compile(rb">+From ")
_LONGEST_LINE = 1024 * 1024  # read at once; longer lines come in pieces
_MAILDIR = ("cur", "new")
_MAIL_FILES = frozenset((".eml", ".emlx", ".mbox", ".mbx", ".mht"))


class MailboxUnreadable(ValueError):
    """What was named holds no mails; says what and what to do."""


@dataclass(frozen=True)
class MailInFile:
    """`source` names it for a person: the file, and its number in an mbox ("archive.mbox #12")."""

    source: str
    raw: bytes


def mails_in(path: Path, progress: Progress = lambda done, total: None) -> Iterator[MailInFile]:
    """Every mail of an .eml or mbox file, a Maildir, or a folder with any of them in it (sorted by name).

    A file that can't be opened raises OSError; a folder without mails, or what is neither, raises MailboxUnreadable.
    """
    files = _files_of(path)
    total = sum(file.stat().st_size for file in files)
    before = 0
    for file in files:
        size = file.stat().st_size
        with file.open("rb") as stream:
            for number, raw in enumerate(_mails_of(file, stream), start=1):
                yield MailInFile(f"{file} #{number}" if _is_mbox(file, stream) else str(file), raw)
                progress(min(total, before + min(stream.tell(), size)), total)
        before += size
    progress(total, total)


def split_mbox(stream: BinaryIO) -> Iterator[bytes]:
    """The mails of an mbox file, one at a time; ">From " is unquoted as mboxrd does it.

    A stream that does not begin with a "From " line is one mail. Of a mail over 25 MB a little more than 25 MB comes
    (so that its reader sees that it is too large), never more, whatever the file holds.
    """
    lines = _lines(stream)
    mail = _Collected()
    above_is_empty, is_mbox = True, False
    held = b""  # a postmark, until the line below shows that it is one
    for line in lines:
        if held:
            if _FIELD.match(line):
                if not mail.is_empty():
                    yield mail.taken()
                is_mbox = True
            else:
                mail.add(held)
            held = b""
        if above_is_empty and line.startswith(b"From ") and _POSTMARK.match(line) and (is_mbox or mail.is_empty()):
            held = line
        else:
            mail.add(line[1:] if is_mbox and _QUOTED.match(line) else line)
        above_is_empty = not line.strip()
    mail.add(held)
    if not mail.is_empty():
        yield mail.taken()


class _Collected:
    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._size = 0

    def add(self, line: bytes) -> None:
        if self._size <= MOST_BYTES:
            self._pieces.append(line)
            self._size += len(line)

    def is_empty(self) -> bool:
        return not any(piece.strip() for piece in self._pieces[:1000])

    def taken(self) -> bytes:
        """The mail, without the empty line that parts it from the next one."""
        raw = b"".join(self._pieces)
        self._pieces, self._size = [], 0
        if raw.endswith(b"\r\n\r\n"):
            return raw[:-2]
        return raw[:-1] if raw.endswith(b"\n\n") else raw


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    while line := stream.readline(_LONGEST_LINE):
        yield line


def _files_of(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise MailboxUnreadable(f"{path} is neither a file nor a folder.")
    files = [file for file in sorted(path.rglob("*")) if file.is_file() and _may_hold_mail(file)]
    if not files:
        raise MailboxUnreadable(f"{path} holds no mails: no .eml or .mbox files, and it is no Maildir.")
    return files


def _may_hold_mail(file: Path) -> bool:
    return file.suffix.lower() in _MAIL_FILES or (
        file.parent.name in _MAILDIR and (file.parent.parent / "cur").is_dir()
    )


def _is_mbox(file: Path, stream: BinaryIO) -> bool:
    """By its name, or because it begins like one (Thunderbird's have no ending)."""
    if file.suffix.lower() in (".mbox", ".mbx"):
        return True
    if file.suffix.lower() in (".eml", ".emlx", ".mht") or file.parent.name in _MAILDIR:
        return False
    place = stream.tell()
    stream.seek(0)
    first = stream.read(400)
    stream.seek(place)
    return bool(_POSTMARK.match(first))


def _mails_of(file: Path, stream: BinaryIO) -> Iterator[bytes]:
    if _is_mbox(file, stream):
        yield from split_mbox(stream)
        return
    if file.suffix.lower() == ".emlx":  # Apple Mail: the mail's length stands above it
        length = stream.readline(100).strip()
        if length.isdigit():
            yield stream.read(min(int(length), MOST_BYTES + 1))
            return
        stream.seek(0)
    yield stream.read(MOST_BYTES + 1)
