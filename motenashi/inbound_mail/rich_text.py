"""Outlook's compressed rich text, as far as a mail's words go: unpacked, its HTML or its plain text taken out.

Source: [MS-OXRTFCP] (the compression), [MS-OXRTFEX] (HTML inside RTF). Pictures and tables are left out.
"""

from __future__ import annotations

import re
import struct

from motenashi.inbound_mail.charsets import codec_of

_START = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor "
    rb"MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0" + b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_MOST = 1_000_000  # bytes unpacked
_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])|[\r\n]+|"
    rb"([^\\{}\r\n]+)",
    re.DOTALL,
)
_HIDDEN = frozenset(
    b"fonttbl colortbl stylesheet info pict object header footer generator xmlnstbl listtable listoverridetable "
    b"rsidtbl themedata datastore latentstyles fldinst bkmkstart".split()
)
_SIGNS = {b"par": "\n", b"line": "\n", b"tab": "\t", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“"}
_SIGNS |= {
    b"rdblquote": "”",
    b"bullet": "•",
    b"endash": "–",
    b"emdash": "—",
    b"cell": "\t",
    b"row": "\n",
    b"page": "\n",
}
_CHARSETS = {128: "shift_jis", 134: "gb2312", 136: "big5", 129: "euc-kr", 204: "windows-1251", 238: "windows-1250"}


def rich_text_of(compressed: bytes) -> bytes:
    """The RTF; b"" for what is none. Reads up to where the bytes break off."""
    if len(compressed) < 16:
        return b""
    _, size, kind = struct.unpack_from("<III", compressed)
    if kind == 0x414C454D:  # "MELA": not compressed
        return compressed[16 : 16 + min(size, _MOST)]
    return _unpacked(compressed, min(size, _MOST)) if kind == 0x75465A4C else b""  # "LZFu"


def html_of_rich_text(rich: bytes) -> str:
    """The HTML that Outlook wrapped into RTF; "" when it wrapped none."""
    return _words(rich, only_html=True) if rb"\fromhtml" in rich[:2000] else ""


def text_of_rich_text(rich: bytes) -> str:
    return _words(rich, only_html=False) if rich.startswith(b"{\\rtf") else ""


def _unpacked(packed: bytes, size: int) -> bytes:
    window = bytearray(_START.ljust(4096, b"\0"))
    written, place, result = len(_START), 16, bytearray()
    while place < len(packed) and len(result) < size:
        flags = packed[place]
        place += 1
        for bit in range(8):
            if flags >> bit & 1:
                if place + 2 > len(packed):
                    return bytes(result)
                reference = packed[place] << 8 | packed[place + 1]
                place += 2
                offset, length = reference >> 4, (reference & 0xF) + 2
                if offset == written % 4096:
                    return bytes(result[:size])
                piece = [*range(offset, offset + length)]
            elif place < len(packed):
                window[written % 4096] = packed[place]
                result.append(packed[place])
                written, place = written + 1, place + 1
                continue
            else:
                return bytes(result[:size])
            for source in piece:  # byte by byte: the piece may reach into itself
                sign = window[source % 4096]
                window[written % 4096] = sign
                result.append(sign)
                written += 1
    return bytes(result[:size])


class _Group:
    """What holds within one pair of braces."""

    __slots__ = ("charset", "hidden", "in_tag", "skip")

    def __init__(self, hidden: bool, skip: int, charset: str, in_tag: bool) -> None:
        self.hidden, self.skip, self.charset, self.in_tag = hidden, skip, charset, in_tag


def _words(rich: bytes, *, only_html: bool) -> str:
    """The words between the controls. With `only_html`, what \\htmltag holds and what is no \\htmlrtf."""
    named = re.search(rb"\\ansicpg(\d{2,5})", rich[:2000])
    usual = f"windows-{named.group(1).decode()}" if named else "windows-1252"
    usual = {"windows-932": "shift_jis", "windows-65001": "utf-8", "windows-936": "gb2312"}.get(usual, usual)
    fonts = _font_charsets(rich)
    result: list[str] = []
    pending = bytearray()
    groups = [_Group(False, 1, usual, False)]
    html_off = False
    left_out = 0  # characters that stand in for the \u before them

    def flush(charset: str) -> None:
        if pending:
            result.append(pending.decode(codec_of(charset) or "cp1252", "replace"))
            pending.clear()

    for match in _TOKEN.finditer(rich):
        group = groups[-1]
        word, number, escaped, sign, brace, text = match.groups()
        if escaped is None and text is None:
            flush(group.charset)
        if brace == b"{":
            if len(groups) < 500:
                groups.append(_Group(group.hidden, group.skip, group.charset, group.in_tag))
        elif brace == b"}":
            if len(groups) > 1:
                groups.pop()
        elif word is not None:
            left_out = _control(word, number, group, fonts, result, only_html, html_off, left_out)
            if word == b"htmlrtf":
                html_off = number != b"0"
        elif sign == b"*":
            group.hidden = True  # unless a word that we know follows
        elif group.hidden or (html_off and only_html):
            continue
        elif sign is not None:
            result.append({b"~": "\xa0", b"_": "-", b"-": ""}.get(sign, sign.decode("latin-1")))
        elif escaped is not None:
            if left_out:
                left_out -= 1
            else:
                pending += bytes((int(escaped, 16),))
        elif text is not None:
            taken = text[left_out:]
            left_out = max(0, left_out - len(text))
            pending += taken
    flush(usual)
    return "".join(result)


def _control(
    word: bytes, number: bytes | None, group: _Group, fonts: dict[int, str], result: list[str], only_html: bool,
    html_off: bool, left_out: int,
) -> int:  # fmt: skip
    """What a control word does; returns how many characters are to be left out behind it."""
    if word == b"htmltag":
        group.hidden, group.in_tag = not only_html, True
    elif word in _HIDDEN:
        group.hidden = True
    elif word == b"uc":
        group.skip = int(number or 1) if abs(int(number or 1)) < 10 else 1
    elif word == b"f" and number is not None:
        group.charset = fonts.get(int(number), group.charset)
    elif group.hidden or (html_off and only_html):
        return left_out
    elif word == b"u" and number is not None:
        code = int(number) & 0xFFFF
        result.append(chr(code))
        return max(0, group.skip)
    elif word in _SIGNS:
        result.append(_SIGNS[word])
    return left_out


def _font_charsets(rich: bytes) -> dict[int, str]:
    """{2: "shift_jis"}: which font is in which charset."""
    found = re.finditer(rb"\\f(\d{1,5})[^{};]{0,60}?\\fcharset(\d{1,3})", rich[:200_000])
    return {int(match.group(1)): _CHARSETS[int(match.group(2))] for match in found if int(match.group(2)) in _CHARSETS}
