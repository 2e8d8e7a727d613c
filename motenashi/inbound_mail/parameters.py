"""`text/plain; charset=...; name=...`: a header with parameters, in RFC 2231's forms and in the wrong ones we meet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from motenashi.inbound_mail.charsets import decode
from motenashi.inbound_mail.encoded_words import decode_words

_PARAMETER = re.compile(r';\s*([^\s=;"]{1,100})\s*=\s*(?:"((?:[^"\\]|\\.)*)(?:"|$)|([^;]*))', re.DOTALL)
_NUMBERED = re.compile(r"(.+?)\*(?:(\d{1,4})(\*?))?$")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_MOST = 200


@dataclass(frozen=True)
class Parameterised:
    """`value` in small letters ("text/plain", "attachment"); the parameters' names too."""

    value: str
    parameters: dict[str, str]


def read_parameters(text: str) -> Parameterised:
    """Any text is fine; what is no parameter is passed over."""
    value = text.partition(";")[0].strip().strip("\"'").lower()
    found: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for count, match in enumerate(_PARAMETER.finditer(text)):
        if count >= _MOST:
            break
        name, content = match.group(1).lower(), _content(match)
        numbered = _NUMBERED.match(name)
        if numbered:
            piece = (content, bool(numbered.group(3)) or numbered.group(2) is None)
            pieces.setdefault(numbered.group(1), {}).setdefault(int(numbered.group(2) or 0), piece)
        else:
            found.setdefault(name, decode_words(content))
    for name, numbers in pieces.items():
        # RFC 2231 is what a program sends that knows better; the plain one beside it is for old readers.
        found[name] = _joined([numbers[number] for number in sorted(numbers)])
    return Parameterised(value, found)


def _content(match: re.Match[str]) -> str:
    quoted = match.group(2)
    if quoted is None:
        return (match.group(3) or "").strip().strip('"')
    # A path on a Windows machine has backslashes that escape nothing.
    return quoted if re.match(r"[A-Za-z]:\\|\\\\", quoted) else _ESCAPED.sub(r"\1", quoted)


def _joined(pieces: list[tuple[str, bool]]) -> str:
    charset, data, first = "", b"", True
    for content, is_encoded in pieces:
        if first and is_encoded and content.count("'") >= 2:
            charset, _, content = content.split("'", 2)
        first = False
        data += unquote_to_bytes(content) if is_encoded else content.encode("utf-8", "replace")
    text = decode(data, charset).text
    return decode_words(text)
