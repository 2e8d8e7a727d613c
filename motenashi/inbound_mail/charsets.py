"""Bytes into text, whatever their label says.

The label is believed when the bytes agree with it; otherwise UTF-8, then what Japanese, Chinese, Korean, Cyrillic and
western mails are written in (charset_guess.py). Only codecs of the list below are ever used: Python knows others that
are no charsets of mails, and slow on hostile bytes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from motenashi.clean_text import clean_text
from motenashi.inbound_mail.charset_guess import guess_charset
from motenashi.inbound_mail.japanese_bytes import decode_euc_jp, decode_jis, looks_like_jis

_WESTERN = {"ascii", "cp1252"}
_OTHER_NAMES = {
    "ascii": "us-ascii ascii ansi_x3.4-1968 646 unknown unknown-8bit x-unknown 7bit 8bit",
    "cp1252": "iso-8859-1 latin1 latin-1 l1 iso8859-1 iso_8859-1 windows-1252 cp1252 cp-1252 ansi x-ansi western",
    "utf-8": "utf-8 utf8 unicode-1-1-utf-8 utf-8-sig x-utf-8 cp65001 utf8mb4",
    "jis": "iso-2022-jp iso2022-jp iso2022jp iso_2022_jp csiso2022jp jis jis7 jis_encoding x-jis cp50220 cp50221 "
    "cp50222 iso-2022-jp-ms iso-2022-jp-1 iso-2022-jp-2 iso-2022-jp-3 iso-2022-jp-2004 x-iso-2022-jp",
    "cp932": "shift_jis shift-jis shiftjis sjis s-jis x-sjis ms_kanji csshiftjis windows-31j windows31j "
    "cswindows31j cp932 ms932 x-ms-cp932 ibm943 cp943 cp943c shift_jis-2004",
    "euc_jp": "euc-jp eucjp euc_jp x-euc-jp x-euc ujis x-eucjp cseucpkdfmtjapanese cp51932 eucjp-win eucjp-ms cp20932",
    "gb18030": "gb18030 gb2312 gb_2312-80 gb2312-80 x-gbk gbk cp936 ms936 euc-cn euccn windows-936 csgb2312 x-gb "
    "chinese",
    "hz": "hz hz-gb-2312",
    "big5hkscs": "big5 big-5 big5-hkscs big5hkscs cn-big5 csbig5 x-x-big5 cp950 big5-eten",
    "cp949": "euc-kr euckr ks_c_5601-1987 ks_c_5601 ksc5601 ksc_5601 korean cp949 ms949 windows-949 uhc",
    "iso2022_kr": "iso-2022-kr csiso2022kr",
    "iso8859_8": "iso-8859-8 iso-8859-8-i iso-8859-8-e visual hebrew",
    "cp874": "tis-620 tis620 iso-8859-11 windows-874 cp874",
    "cp1254": "iso-8859-9 latin5 windows-1254 cp1254 turkish",
    "koi8_r": "koi8-r koi8 koi cskoi8r",
    "koi8_u": "koi8-u koi8-ru",
    "cp866": "ibm866 cp866 866",
    "mac_roman": "macintosh mac x-mac-roman macroman x-macintosh",
    "mac_cyrillic": "x-mac-cyrillic",
    "cp437": "ibm437 cp437",
    "cp850": "ibm850 cp850",
    "utf-16": "utf-16 utf16 ucs-2 iso-10646-ucs-2",
    "utf-16-le": "utf-16le",
    "utf-16-be": "utf-16be",
    "utf-32": "utf-32",
    "utf-7": "utf-7 utf7 unicode-1-1-utf-7 x-unicode-2-0-utf-7",
}
_CODEC_OF = {name: codec for codec, names in _OTHER_NAMES.items() for name in names.split()}
_CODEC_OF |= {f"windows-{number}": f"cp{number}" for number in (1250, 1251, 1253, 1255, 1256, 1257, 1258)}
_CODEC_OF |= {f"cp{number}": f"cp{number}" for number in (1250, 1251, 1253, 1255, 1256, 1257, 1258, 852, 855, 862)}
_CODEC_OF |= {f"iso-8859-{number}": f"iso8859_{number}" for number in (2, 3, 4, 5, 6, 7, 10, 13, 14, 15, 16)}
_CODEC_OF |= {codec: codec for codec in set(_CODEC_OF.values())}
_MANY_BYTES = 6  # bytes above 127; fewer may look like UTF-8 by chance
_HIGH = re.compile(rb"[\x80-\xff]+")
_FEW_DAMAGED = 0.02  # of the characters, and never more than half of those that are not ASCII
_C1_OF_CP1252 = {byte: chr(byte) for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
_UNREADABLE = "\ufffd"


@dataclass(frozen=True)
class Decoded:
    """`charset` is what the bytes were read as; `problem` is a sentence, "" when the label was right."""

    text: str
    charset: str
    problem: str = ""


def codec_of(label: str) -> str:
    """Our name for a charset's label; "" for one that we don't know."""
    return _CODEC_OF.get(_plain(label), "")


def decode(data: bytes, label: str = "", hint: str = "") -> Decoded:
    """`data` as text. `hint` is the charset of the mail's other parts, tried first where there is no label.

    Never raises. What can't be read becomes U+FFFD, and `problem` says so.
    """
    codec = codec_of(label)
    found = _decode(data, codec, codec_of(hint))
    text = clean_text(_undone_twice(found.text) or found.text)
    problem = found.problem
    if label and not codec and not data.isascii():
        problem = problem or f"The charset '{_plain(label)[:40]}' is not known; the text was read as {found.charset}."
    return Decoded(text, found.charset, problem)


def _decode(data: bytes, codec: str, hint: str) -> Decoded:
    if data[:3] == b"\xef\xbb\xbf":
        data, codec = data[3:], "utf-8"
    elif data[:2] in (b"\xff\xfe", b"\xfe\xff") and codec in ("", "ascii", "utf-8", "utf-16-le", "utf-16-be"):
        codec = "utf-16"
    if looks_like_jis(data) and codec not in ("iso2022_kr", "utf-16", "utf-16-le", "utf-16-be"):
        return Decoded(decode_jis(data), "iso-2022-jp", "" if codec in ("jis", "") else _mislabelled(codec, "jis"))
    if data.isascii() and codec not in (
        "utf-7",
        "hz",
        "jis",
        "iso2022_kr",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "utf-32",
    ):
        return Decoded(data.decode("ascii"), "us-ascii")
    if codec and codec not in _WESTERN:
        labelled = _as_labelled(data, codec)
        if labelled:
            return labelled
    return _guessed(data, codec, hint)


def _as_labelled(data: bytes, codec: str) -> Decoded | None:
    """As its label says, or nearly so; None when the bytes speak against it."""
    if codec not in ("utf-8", "utf-7", "utf-16", "utf-16-le", "utf-16-be", "utf-32") and _is_surely_utf_8(data):
        return Decoded(data.decode("utf-8"), "utf-8", _mislabelled(codec, "utf-8"))
    if codec == "jis" and not data.isascii():
        return None
    text = _text_in(data, codec)
    damaged = text.count(_UNREADABLE)
    if not damaged:
        return Decoded(text, codec)
    if damaged == 1 and text.endswith(_UNREADABLE):
        return Decoded(text[:-1], codec, "The text ends in the middle of a character.")
    strange = sum(len(match.group()) for match in _HIGH.finditer(data))
    if damaged <= max(1, len(text) * _FEW_DAMAGED) and damaged * 4 <= strange:
        return Decoded(text, codec, f"{damaged} damaged character(s) could not be read.")
    return None


def _guessed(data: bytes, codec: str, hint: str) -> Decoded:
    utf_8 = _as_utf_8(data)
    if utf_8 is not None:
        text, cut = utf_8
        problem = "The text ends in the middle of a character." if cut else ""
        return Decoded(text, "utf-8", problem or (_mislabelled(codec, "utf-8") if codec else ""))
    if hint and hint not in _WESTERN and hint not in ("utf-8", "jis"):
        text = _text_in(data, hint)
        if _UNREADABLE not in text:
            return Decoded(text, hint)
    # A western label is right unless the bytes are plainly those of another script.
    guess = guess_charset(data, western=codec == "cp1252")
    text = _text_in(data, guess)
    problem = _mislabelled(codec, guess) if codec not in (guess, "") and (codec, guess) != ("ascii", "cp1252") else ""
    if _UNREADABLE in text:
        problem = f"{text.count(_UNREADABLE)} damaged character(s) could not be read."
    return Decoded(text, guess, problem)


def _text_in(data: bytes, codec: str) -> str:
    if codec == "jis":
        return decode_jis(data)
    if codec == "euc_jp":
        return decode_euc_jp(data)
    if codec == "cp1252":
        return data.decode("cp1252", "replace") if not _HIGH.search(data) else _western(data)
    if codec == "cp932":
        return _shift_jis(data)
    try:
        return data.decode(codec, "replace")
    except (UnicodeError, LookupError):  # UTF-7 and HZ don't keep the promise of "replace" everywhere
        return data.decode("ascii", "replace")


def _shift_jis(data: bytes) -> str:
    text = data.decode("cp932", "replace")
    if _UNREADABLE not in text:
        return text
    try:
        return data.decode("shift_jis_2004")
    except UnicodeDecodeError:
        return text


def _western(data: bytes) -> str:
    """windows-1252, its five unused places as control characters (as browsers read it), so that nothing fails."""
    return data.decode("latin-1").translate(_CP1252)


_CP1252 = {byte: _C1_OF_CP1252.get(byte) or bytes((byte,)).decode("cp1252") for byte in range(0x80, 0xA0)}


def _as_utf_8(data: bytes) -> tuple[str, bool] | None:
    """(text, was it cut in the middle of the last character); None when it is not UTF-8."""
    try:
        return data.decode("utf-8"), False
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and error.start >= len(data) - 3 and error.start:
            before = data[: error.start]
            return (before.decode("utf-8"), True) if not before.isascii() else None
    return None


def _is_surely_utf_8(data: bytes) -> bool:
    """Valid UTF-8 with enough of it that chance is out of the question."""
    found = _as_utf_8(data)
    if found is None:
        return False
    high = 0
    for match in _HIGH.finditer(data):
        high += len(match.group())
        if high >= _MANY_BYTES:
            return len(found[0]) < len(data)
    return False


def _undone_twice(text: str) -> str:
    """The text before UTF-8 was taken for windows-1252 and encoded once more; "" when that did not happen."""
    if text.isascii() or not any(sign in text for sign in "ÃÂâãäåæçèéïðìíëê"):
        return ""
    try:
        return bytes(_BYTE_OF[sign] if sign > "\x7f" else ord(sign) for sign in text).decode("utf-8")
    except (KeyError, UnicodeDecodeError):
        return ""


_BYTE_OF = {chr(byte): byte for byte in range(0x80, 0x100)} | {sign: byte for byte, sign in _CP1252.items()}


def _mislabelled(codec: str, found: str) -> str:
    return f"The text is labelled {_label(codec)} but was read as {_label(found)}."


def _label(codec: str) -> str:
    return {"jis": "iso-2022-jp", "ascii": "us-ascii", "cp1252": "windows-1252", "cp932": "shift_jis"}.get(codec, codec)


def _plain(label: str) -> str:
    plain = label.strip().strip("\"'<>;,. ").lower()
    return plain.removeprefix("charset=").strip("\"' ")
