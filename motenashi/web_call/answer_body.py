"""An answer's body: read up to a limit, then JSON if it is JSON, else text."""

from __future__ import annotations

import json
from typing import Any

import requests

from motenashi.clean_text import clean_text
from motenashi.web_call.failure import WebCallFailed

_PIECE = 16_384


def read_body(response: requests.Response, most_bytes: int, host: str) -> bytes:
    """All of it, unpacked; WebCallFailed('too_large') as soon as it is longer than `most_bytes`."""
    stated = response.headers.get("Content-Length", "")
    if stated.isdecimal() and int(stated) > most_bytes:
        raise _too_large(host, most_bytes)
    body = bytearray()
    while piece := response.raw.read1(_PIECE, decode_content=True):
        body += piece
        if len(body) > most_bytes:
            raise _too_large(host, most_bytes)
    return bytes(body)


def parsed(body: bytes, content_type: str) -> Any:
    """JSON values when the body says or shows that it is JSON; otherwise the text. An empty body is ''.

    Services send JSON as text/plain and error pages as application/json; both are read as what they are.
    """
    kind, _, parameters = content_type.partition(";")
    kind = kind.strip().lower()
    if kind.endswith(("/json", "+json")) or body.lstrip()[:1] in (b"{", b"["):
        try:
            return _clean(json.loads(body, parse_constant=_refuse))
        except (ValueError, RecursionError):
            pass
    return clean_text(_decoded(body, parameters))


def _too_large(host: str, most_bytes: int) -> WebCallFailed:
    return WebCallFailed("too_large", f"{host} answered with more than {most_bytes} bytes; see most_bytes")


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list):
        return [_clean(item) for item in value]
    if isinstance(value, dict):
        return {clean_text(key): _clean(item) for key, item in value.items()}
    return value


def _decoded(body: bytes, parameters: str) -> str:
    charset = next((part.split("=", 1)[1] for part in parameters.split(";") if "charset=" in part.lower()), "utf-8")
    try:
        return body.decode(charset.strip(" \"'"), "replace")
    except LookupError:
        return body.decode("utf-8", "replace")
