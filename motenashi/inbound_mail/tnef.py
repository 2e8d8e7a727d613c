"""winmail.dat: what Outlook sends instead of MIME when it takes the reader for another Outlook.

Our own reader of the format, every length checked against the bytes that are there: the known Python library believes
counts up to four milliards and copies the rest of the file for each attribute. Source: [MS-OXTNEF], [MS-OXCDATA].
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from motenashi.inbound_mail.charsets import decode
from motenashi.inbound_mail.parsed_mail import Invitation
from motenashi.inbound_mail.rich_text import html_of_rich_text, rich_text_of, text_of_rich_text

_SIGNATURE = 0x223E9F78
_ATTACHMENT_LEVEL = 2
_MOST_ATTRIBUTES = 5000
_MOST_PROPERTIES = 5000
_MOST_FILES = 200
_FIXED_SIZES = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 0xA: 4, 0xB: 4, 0x14: 8, 0x40: 8, 0x48: 16, 1: 0}
_VARIABLE = (0x0D, 0x1E, 0x1F, 0x102)
# Attributes
_BODY, _MESSAGE_CLASS, _PROPERTIES, _CODE_PAGE = 0x800C, 0x8008, 0x9003, 0x9007
_BEGIN_FILE, _FILE_DATA, _FILE_NAME, _FILE_PROPERTIES = 0x9002, 0x800F, 0x8010, 0x9005
# Properties
_SUBJECT, _START, _END = 0x0037, 0x0060, 0x0061
_P_BODY, _P_RTF, _P_HTML, _P_CODE_PAGE, _P_CLASS = 0x1000, 0x1009, 0x1013, 0x3FDE, 0x001A
_P_DATA, _P_SHORT_NAME, _P_LONG_NAME, _P_MEDIA_TYPE, _P_DISPLAY_NAME = 0x3701, 0x3704, 0x3707, 0x370E, 0x3001
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class TnefFile:
    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True)
class Tnef:
    """`html` is "" where there is none; then `text` is what there is. Not readable: only `problems` says something."""

    is_readable: bool
    text: str = ""
    html: str = ""
    files: tuple[TnefFile, ...] = ()
    invitation: Invitation | None = None
    problems: tuple[str, ...] = ()


@dataclass
class _Found:
    body: bytes = b""
    charset: str = ""
    message_class: str = ""
    properties: dict[int, bytes | str] = field(default_factory=dict)
    files: list[dict[int, bytes | str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read_tnef(data: bytes) -> Tnef:
    """Never raises; of a broken file what stands before the break."""
    if len(data) < 6 or struct.unpack_from("<I", data)[0] != _SIGNATURE:
        return Tnef(False, problems=("winmail.dat is not in the format that Outlook sends; it was kept as a file.",))
    found = _Found()
    for level, name, content in _attributes(data, found):
        if level == _ATTACHMENT_LEVEL:
            _take_file(found, name, content)
        elif name == _BODY:
            found.body = content
        elif name == _CODE_PAGE and len(content) >= 4:
            found.charset = _charset(struct.unpack_from("<I", content)[0])
        elif name == _MESSAGE_CLASS:
            found.message_class = content.rstrip(b"\0").decode("ascii", "replace")
        elif name == _PROPERTIES:
            found.properties |= dict(_properties(content, found))
    return _result(found)


def _attributes(data: bytes, found: _Found) -> Iterator[tuple[int, int, bytes]]:
    """(level, name, content) of each attribute that is whole."""
    place = 6
    for _ in range(_MOST_ATTRIBUTES):
        if place + 9 > len(data):
            return
        level, name, _, length = struct.unpack_from("<BHHI", data, place)
        end = place + 9 + length
        if end > len(data):
            found.problems.append("winmail.dat breaks off; it was read up to there.")
            return
        yield level, name, data[place + 9 : end]
        place = end + 2  # a checksum
    found.problems.append("winmail.dat has too many attributes; the others were not read.")


def _take_file(found: _Found, name: int, content: bytes) -> None:
    if name == _BEGIN_FILE and len(found.files) < _MOST_FILES:
        found.files.append({})
    if not found.files:
        return
    file = found.files[-1]
    if name == _FILE_DATA:
        file[_P_DATA] = content
    elif name == _FILE_NAME:
        file.setdefault(_P_SHORT_NAME, content)
    elif name == _FILE_PROPERTIES:
        file.update(_properties(content, found))


def _properties(data: bytes, found: _Found) -> Iterator[tuple[int, bytes | str]]:
    """(name, value) of each property; the first value of several. Numbers come as the bytes they are."""
    try:
        place, count = 4, struct.unpack_from("<I", data)[0]
        for _ in range(min(count, _MOST_PROPERTIES)):
            kind, name = struct.unpack_from("<HH", data, place)
            place += 4
            if name >= 0x8000:
                place = _after_name(data, place)
            value, place = _value(data, place, kind)
            yield name, value
    except (struct.error, _Broken):
        found.problems.append("Properties in winmail.dat are damaged; they were read up to there.")


class _Broken(ValueError):
    """A length that does not fit."""


def _after_name(data: bytes, place: int) -> int:
    """Behind the id of a property that has a name of its own."""
    kind, length = struct.unpack_from("<II", data, place + 16)
    return place + 24 + (_padded(length) if kind == 1 else 0)


def _value(data: bytes, place: int, kind: int) -> tuple[bytes | str, int]:
    base = kind & 0x0FFF
    count = 1
    if kind & 0x1000 or base in _VARIABLE:
        count = struct.unpack_from("<I", data, place)[0]
        place += 4
        if count * 4 > len(data):
            raise _Broken
    first = b""
    for number in range(count):
        if base in _VARIABLE:
            length = struct.unpack_from("<I", data, place)[0]
            place += 4
            value, place = data[place : place + length], place + _padded(length)
        elif base in _FIXED_SIZES:
            value, place = data[place : place + _FIXED_SIZES[base]], place + _FIXED_SIZES[base]
        else:
            raise _Broken
        if place > len(data) + 3:
            raise _Broken
        first = value if number == 0 else first
    return (first.decode("utf-16-le", "replace").rstrip("\0") if base == 0x1F else first), place


def _padded(length: int) -> int:
    return (length + 3) // 4 * 4


def _charset(code_page: int) -> str:
    known = {65001: "utf-8", 932: "shift_jis", 936: "gb2312", 949: "euc-kr", 950: "big5", 20127: "us-ascii"}
    known |= {20866: "koi8-r", 28591: "iso-8859-1", 50220: "iso-2022-jp", 50221: "iso-2022-jp", 51932: "euc-jp"}
    return known.get(code_page, f"windows-{code_page}")


def _text(value: bytes | str, charset: str) -> str:
    return value if isinstance(value, str) else decode(value.rstrip(b"\0"), charset).text


def _result(found: _Found) -> Tnef:
    properties = found.properties
    number = properties.get(_P_CODE_PAGE, b"")
    charset = _charset(struct.unpack("<I", number)[0]) if isinstance(number, bytes) and len(number) == 4 else ""
    text = _text(properties.get(_P_BODY) or found.body, found.charset)
    html = _text(properties.get(_P_HTML, ""), charset)
    compressed = properties.get(_P_RTF, b"")
    if isinstance(compressed, bytes) and compressed and not html:
        rich = rich_text_of(compressed)
        html = html_of_rich_text(rich)
        text = text or ("" if html else text_of_rich_text(rich))
    files = tuple(_file(file, found.charset, number) for number, file in enumerate(found.files, start=1))
    return Tnef(
        True, text.replace("\r\n", "\n").replace("\r", "\n"), html, tuple(file for file in files if file.data),
        _invitation(found, text), tuple(dict.fromkeys(found.problems)),
    )  # fmt: skip


def _file(file: dict[int, bytes | str], charset: str, number: int) -> TnefFile:
    names = (file.get(key) for key in (_P_LONG_NAME, _P_SHORT_NAME, _P_DISPLAY_NAME))
    name = next((text for text in (_text(value, charset) for value in names if value) if text), f"file-{number}")
    data = file.get(_P_DATA, b"")
    media_type = _text(file.get(_P_MEDIA_TYPE, ""), "us-ascii") or "application/octet-stream"
    return TnefFile(name, media_type, data if isinstance(data, bytes) else b"")


def _invitation(found: _Found, text: str) -> Invitation | None:
    """A meeting that Outlook sent without a calendar part; its times are in UTC."""
    kind = (_text(found.properties.get(_P_CLASS, ""), "") or found.message_class).lower()
    start = _moment(found.properties.get(_START))
    if start is None or not ("schedule.meeting" in kind or "meetingreq" in kind or "mtg" in kind):
        return None
    method = "CANCEL" if "canc" in kind else "REPLY" if "resp" in kind else "REQUEST"
    return Invitation(
        method, "", 0, _text(found.properties.get(_SUBJECT, ""), found.charset)[:1000], text[:5000], "", None, (),
        start, _moment(found.properties.get(_END)), "UTC", "", (), None, "CANCELLED" if method == "CANCEL" else "",
    )  # fmt: skip


def _moment(value: bytes | str | None) -> datetime | None:
    if not isinstance(value, bytes) or len(value) != 8:
        return None
    try:
        moment = _EPOCH + timedelta(microseconds=struct.unpack("<Q", value)[0] // 10)
    except OverflowError:
        return None
    return moment if 1990 <= moment.year <= 2200 else None
