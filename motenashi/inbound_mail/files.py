"""The files that came with a mail: their names and sizes when it is read, their bytes when somebody asks."""

from __future__ import annotations

import re
from collections.abc import Iterable

from motenashi.clean_text import UNSEEN
from motenashi.inbound_mail.limits import MOST_BYTES
from motenashi.inbound_mail.mime_tree import Part, part_at, read_tree
from motenashi.inbound_mail.parsed_mail import Attachment
from motenashi.inbound_mail.tnef import Tnef, read_tnef

_TNEF_STEP = "tnef"
_LONGEST_NAME = 200


def attachments_of(parts: Iterable[Part], tnefs: Iterable[tuple[Part, Tnef]]) -> tuple[Attachment, ...]:
    """Every file, in order; those inside a winmail.dat instead of it, unless it can't be read."""
    found = [_attachment(part) for part in parts]
    for part, tnef in tnefs:
        if not tnef.is_readable:
            found.append(_attachment(part))
        for number, file in enumerate(tnef.files, start=1):
            place = f"{part.place}.{_TNEF_STEP}.{number}".lstrip(".")
            found.append(Attachment(safe_name(file.name), file.media_type, len(file.data), place))
    return tuple(found)


def attachment_content(raw: bytes, place: str) -> bytes:
    """The bytes of an attachment, its transfer encoding undone. Raises KeyError when the mail has none at `place`."""
    raw = raw[:MOST_BYTES]
    root = read_tree(raw if b"\n" in raw else raw.replace(b"\r", b"\n"))
    steps = place.split(".")
    inside = steps[-1] if len(steps) > 1 and steps[-2] == _TNEF_STEP else ""
    part = part_at(root, ".".join(steps[:-2]) if inside else place)
    if part is None or part.children:
        raise KeyError(place)
    if not inside:
        return part.content()[0]
    files = read_tnef(part.content()[0]).files
    if not (inside.isascii() and inside.isdigit() and 0 < int(inside[:9]) <= len(files)):
        raise KeyError(place)
    return files[int(inside) - 1].data


def safe_name(name: str) -> str:
    """The last step of a path, without signs that hide or turn round what follows; "" when nothing is left."""
    last = re.split(r"[/\\]", UNSEEN.sub("", name).strip())[-1].strip()
    last = "" if last in (".", "..") else last
    if len(last) <= _LONGEST_NAME:
        return last
    stem, dot, kind = last.rpartition(".")
    return f"{stem[: _LONGEST_NAME - 12]}{dot}{kind[:11]}" if dot else last[:_LONGEST_NAME]


def _attachment(part: Part) -> Attachment:
    return Attachment(safe_name(part.file_name), part.media_type, len(part.content()[0]), part.place)
