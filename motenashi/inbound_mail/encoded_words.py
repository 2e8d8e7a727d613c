"""RFC 2047: `=?ISO-2022-JP?B?GyRC...?=` in headers, also where mail programs broke its rules.

Neighbouring words of one charset are joined as bytes before they are decoded, for many programs cut a word in the
middle of a character (or even of a base64 group).
"""

from __future__ import annotations

import re
from itertools import groupby

from motenashi.inbound_mail.charsets import codec_of, decode
from motenashi.inbound_mail.transfer_encodings import from_base64, from_q

_WORD = re.compile(r"=\?([^?\s=]{1,40})\?([BbQq])\?([^?]*)\?=")
_ONLY_SPACE = re.compile(r"\s*")
_ROUNDS = 2  # a program that encodes what is encoded already


def decode_words(value: str) -> str:
    """A header's value with its encoded words read; everything else as it stood. Any text is fine."""
    for _ in range(_ROUNDS):
        if "=?" not in value:
            return value
        read = _decode_once(value)
        if read == value:
            return value
        value = read
    return value


def first_charset(value: str) -> str:
    """The charset of the first encoded word; "" without any."""
    match = _WORD.search(value)
    return match.group(1).partition("*")[0] if match else ""


def _decode_once(value: str) -> str:
    result: list[str] = []
    for run in _runs(value):
        if isinstance(run, str):
            result.append(run)
        else:
            result += [
                _decode_same(charset, encoding, list(words)) for (charset, encoding), words in groupby(run, key=_kind)
            ]
    return "".join(result)


def _runs(value: str) -> list[str | list[re.Match[str]]]:
    """The plain text, and the runs of encoded words with nothing but white space between them."""
    runs: list[str | list[re.Match[str]]] = []
    place = 0
    for match in _WORD.finditer(value):
        between = value[place : match.start()]
        last = runs[-1] if runs else None
        if isinstance(last, list) and _ONLY_SPACE.fullmatch(between):
            last.append(match)
        else:
            runs += [between, [match]]
        place = match.end()
    return [*runs, value[place:]]


def _kind(match: re.Match[str]) -> tuple[str, str]:
    charset = match.group(1).partition("*")[0]  # RFC 2231 lets a language follow
    return codec_of(charset) or charset, match.group(2).upper()


def _decode_same(charset: str, encoding: str, words: list[re.Match[str]]) -> str:
    contents = [word.group(3) for word in words]
    return decode(_joined_base64(contents) if encoding == "B" else from_q("".join(contents)), charset).text


def _joined_base64(contents: list[str]) -> bytes:
    """A word that ends in the middle of a group of four goes on in the next one."""
    found, carried = [], ""
    for content in contents:
        carried += content.strip()
        if len(carried) % 4 == 0 or carried.endswith("="):
            found.append(from_base64(carried.encode("ascii", "ignore"))[0])
            carried = ""
    return b"".join(found) + (from_base64(carried.encode("ascii", "ignore"))[0] if carried else b"")
