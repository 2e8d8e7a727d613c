"""ISO-2022-JP and EUC-JP as Japanese mail programs really write them.

Both are read through CP932, so that ①, ㈱ and 髙 (NEC's and IBM's rows, known as CP50220, CP50221 and CP51932) are
there, as are half-width kana in each of the ways they are sent. Python's own codecs know none of them. Bytes that are
no character become 〓, as Japanese print does it, or U+FFFD.
"""

from __future__ import annotations

import re

_ESCAPE = re.compile(rb"\x1b(?:\$\([DOPQ@B]|\$[@BA]|\$\(C|\([BJIH]|\.[AF]|&@)|\x0e|\x0f")
_MODES = {
    b"\x1b(B": "ascii", b"\x1b(J": "ascii", b"\x1b(H": "ascii", b"\x0f": "ascii", b"\x1b(I": "kana", b"\x0e": "kana",
    b"\x1b$@": "kanji", b"\x1b$B": "kanji", b"\x1b$(@": "kanji", b"\x1b$(B": "kanji", b"\x1b$(D": "jis_x_0212",
    b"\x1b$(O": "jis_x_0213", b"\x1b$(Q": "jis_x_0213", b"\x1b$(P": "jis_x_0213", b"\x1b$A": "gb", b"\x1b$(C": "ks",
}  # fmt: skip
_EUC_RUN = re.compile(rb"[\x00-\x7f]+|(?:\x8e[\xa1-\xdf])+|(?:\x8f[\xa1-\xfe]{2})+|(?:[\xa1-\xfe]{2})+|.", re.DOTALL)
_LINE_END = re.compile(rb"[\r\n]+")


def looks_like_jis(data: bytes) -> bool:
    return b"\x1b$" in data or b"\x1b(I" in data or b"\x1b(J" in data


def decode_jis(data: bytes) -> str:
    """ISO-2022-JP and its relatives; what can't be read becomes U+FFFD. A line end switches back to ASCII (RFC 1468).

    Half of a character at the end of one stretch is joined with the half that the next one begins with: mail programs
    that cut an encoded word in the middle of a character write this.
    """
    found, mode, place, half = [], "ascii", 0, b""
    for match in [*_ESCAPE.finditer(data), None]:
        stretch = data[place : match.start() if match else len(data)]
        if stretch:
            text, half, mode = _stretch(stretch, mode, half)
            found.append(text)
        if match:
            mode, place = _MODES.get(match.group(), mode), match.end()
    return "".join(found) + ("\ufffd" if half else "")


def decode_euc_jp(data: bytes) -> str:
    """EUC-JP with NEC's and IBM's characters; what can't be read becomes U+FFFD."""
    try:
        return data.decode("euc_jp")
    except UnicodeDecodeError:
        return "".join(_euc_run(match.group()) for match in _EUC_RUN.finditer(data))


def _euc_run(run: bytes) -> str:
    if run[0] < 0x80:
        return run.decode("ascii")
    if len(run) > 1 and run[0] >= 0xA1:
        return _through_cp932(bytes(byte & 0x7F for byte in run))
    return run.decode("euc_jp", "replace")


def _stretch(stretch: bytes, mode: str, half: bytes) -> tuple[str, bytes, str]:
    """(text, half a character left over, mode afterwards)"""
    if mode == "ascii":
        return _ascii(stretch), half, mode
    line_end = _LINE_END.search(stretch)
    if line_end:  # the escape back to ASCII was lost
        text, half, _ = _stretch(stretch[: line_end.start()], mode, half) if line_end.start() else ("", half, mode)
        return text + ("\ufffd" if half else "") + _ascii(stretch[line_end.start() :]), b"", "ascii"
    if mode == "kana":
        return bytes(byte | 0x80 for byte in stretch).decode("cp932", "replace"), half, mode
    stretch = half + stretch
    whole = len(stretch) // 2 * 2
    return _two_bytes(stretch[:whole], mode), stretch[whole:], mode


def _ascii(stretch: bytes) -> str:
    """8-bit half-width kana and raw Shift_JIS are met in stretches that should be ASCII."""
    return stretch.decode("ascii") if stretch.isascii() else stretch.decode("cp932", "replace")


def _two_bytes(pairs: bytes, mode: str) -> str:
    pairs = pairs.replace(b"\x20\x20", b"\x21\x21") if mode == "kanji" else pairs
    if mode == "kanji":
        return _through_cp932(pairs)
    if mode == "jis_x_0213":
        return bytes(byte | 0x80 for byte in pairs).decode("euc_jis_2004", "replace")
    if mode in ("gb", "ks"):
        return bytes(byte | 0x80 for byte in pairs).decode("gb2312" if mode == "gb" else "euc_kr", "replace")
    marked = b"".join(
        b"\x8f" + bytes((pairs[place] | 0x80, pairs[place + 1] | 0x80)) for place in range(0, len(pairs), 2)
    )
    return marked.decode("euc_jp", "replace")


def _through_cp932(pairs: bytes) -> str:
    """7-bit JIS pairs (row, cell) as the Shift_JIS bytes of the same characters, decoded."""
    result = bytearray()
    for row, cell in zip(pairs[::2], pairs[1::2], strict=False):
        row, cell = row & 0x7F, cell & 0x7F
        if not (0x21 <= row <= 0x7E and 0x21 <= cell <= 0x7E):
            result += b"\x81\xac" if row != 0x20 else b" "
            continue
        result.append((row + 1) // 2 + (0x70 if row < 0x5F else 0xB0))
        result.append(cell + (0x7E if row % 2 == 0 else 0x1F if cell < 0x60 else 0x20))
    return result.decode("cp932", "replace")
