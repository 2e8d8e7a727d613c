"""What goes over the socket, and where the socket is."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import stat
import tempfile
from datetime import datetime
from pathlib import Path

from nlp.reading import TextToRead

LONGEST_QUESTION = 1024 * 1024  # bytes of JSON
_LONGEST_TEXT = 100_000  # characters; quotes count here, and the reader reads a fifth of it
LONGEST_ANSWER = 4 * 1024 * 1024
_LONGEST_ADDRESS = 100  # bytes; the kernel takes 107


def socket_address(data: Path) -> str:
    """The desk's socket in the data folder, or, where that path is too long for one, a name made from it."""
    address = str((data / "reading.sock").resolve())
    if len(address.encode()) <= _LONGEST_ADDRESS:
        return address
    name = hashlib.sha256(address.encode()).hexdigest()[:20]
    folder = Path(tempfile.gettempdir()) / f"motenashi-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    told = folder.lstat()  # a link may lead anywhere
    if told.st_uid != os.getuid() or not stat.S_ISDIR(told.st_mode) or told.st_mode & 0o022:
        raise PermissionError(f"{folder} belongs to, or is open to, somebody else; choose a shorter MOTENASHI_DATA")
    return str(folder / f"{name}.sock")


def desk_key(secret_key: bytes) -> bytes:
    """Both ends prove that they know this, so that no other program of the machine is answered or believed."""
    return hashlib.sha256(b"reading desk" + secret_key).digest()


def question_of(text: TextToRead) -> bytes:
    fields = dataclasses.asdict(text)
    fields["body"] = text.body[:_LONGEST_TEXT]
    fields["subject"] = text.subject[:_LONGEST_TEXT]
    fields["sent_at"] = text.sent_at and text.sent_at.isoformat()
    return json.dumps(fields).encode()


def text_of(question: bytes) -> TextToRead:
    """ValueError, KeyError or TypeError for bytes that are no question."""
    fields = json.loads(question)
    fields["sent_at"] = fields["sent_at"] and datetime.fromisoformat(fields["sent_at"])
    return TextToRead(**fields)
