"""Content-Transfer-Encoding undone, as far as damaged bytes allow."""

from __future__ import annotations

import binascii
import re

_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
_NOT_BASE64 = bytes(byte for byte in range(256) if byte not in _BASE64)
_DIRT = bytes(byte for byte in _NOT_BASE64 if byte not in b" \t\r\n")
_BAD_ESCAPE = re.compile(rb"=(?![0-9A-Fa-f]{2}|\r?\n|[ \t]+\r?\n|$)")
_UU_BEGIN = re.compile(rb"^begin(?:-base64)? [0-7]{3,4} [^\r\n]*\r?\n", re.MULTILINE)


def decode_transfer(body: bytes, encoding: str) -> tuple[bytes, str]:
    """(the content, a problem or ""). An unknown encoding leaves the body as it is."""
    encoding = encoding.strip().strip("\"';").lower().partition(" ")[0]
    if encoding == "base64":
        return from_base64(body)
    if encoding in ("quoted-printable", "quoted_printable", "quotedprintable"):
        return from_quoted_printable(body)
    if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return _from_uuencode(body)
    known = encoding in ("", "7bit", "8bit", "binary", "7-bit", "8-bit", "none", "us-ascii", "utf-8")
    return body, "" if known else f"The transfer encoding '{encoding[:40]}' is not known; the part was left as it was."


def from_base64(body: bytes) -> tuple[bytes, str]:
    """Reads through line ends, dirt, missing padding, and padding in the middle (parts that were put together)."""
    clean = body.translate(None, _NOT_BASE64)
    problem = "Damaged base64 was read as far as possible." if len(body.translate(None, _DIRT)) < len(body) else ""
    if b"=" not in clean.rstrip(b"="):
        return _base64_piece(clean, problem)
    pieces = [piece for piece in re.split(rb"=+", clean) if piece]
    return b"".join(_base64_piece(piece, "")[0] for piece in pieces), problem


def _base64_piece(piece: bytes, problem: str) -> tuple[bytes, str]:
    piece = piece.rstrip(b"=")
    if len(piece) % 4 == 1:  # six bits can't be a byte
        piece, problem = piece[:-1], "Base64 that breaks off was read as far as possible."
    return binascii.a2b_base64(piece + b"=" * (-len(piece) % 4)), problem


def from_quoted_printable(body: bytes) -> tuple[bytes, str]:
    """Escapes that are none stay as they stand there ("=ZZ", a lone "=")."""
    problem = "Damaged quoted-printable was read as far as possible." if _BAD_ESCAPE.search(body) else ""
    return binascii.a2b_qp(_trailing_space_off(body)), problem


def from_q(text: str) -> bytes:
    """RFC 2047's "Q": quoted-printable with "_" for a space."""
    # Characters that are not ASCII have no place here, but are met; UTF-8 is what they most likely were.
    data = text.encode("utf-8", "replace")
    return binascii.a2b_qp(data.replace(b"\r", b"").replace(b"\n", b""), header=True)


def _trailing_space_off(body: bytes) -> bytes:
    """White space at a line's end was added on the way (RFC 2045, 6.7); behind a soft break it would break it."""
    return b"\n".join(
        line[:-1].rstrip(b" \t") + b"\r" if line.endswith(b"\r") else line.rstrip(b" \t") for line in body.split(b"\n")
    )


def _from_uuencode(body: bytes) -> tuple[bytes, str]:
    begin = _UU_BEGIN.search(body)
    if begin is None:
        return body, "The part says it is uuencoded, but has no 'begin' line; it was left as it was."
    found = []
    for line in body[begin.end() :].splitlines():
        if line.strip() in (b"end", b"`", b""):
            break
        try:
            found.append(binascii.a2b_uu(line))
        except binascii.Error:
            return b"".join(found), "Damaged uuencoded content was read as far as possible."
    return b"".join(found), ""
