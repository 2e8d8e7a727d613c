"""Was this request really sent by SalesIQ? RSA over the body's bytes, exactly as they came.

Source: Zoho SalesIQ's documentation of webhook signatures: header `x-siqsignature`, standard Base64, RSASSA-PKCS1-v1_5
with SHA-256 over the raw request body; several keys may be live while one replaces the other. The pair of headers with
a time stamp is our own addition for platforms that want protection against replays.
"""

from __future__ import annotations

import base64
import binascii
import logging
import os
import re
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key
from werkzeug.datastructures import Headers

from motenashi.channels.salesiq.settings import SalesIQSettings

log = logging.getLogger(__name__)

SIGNATURE = "x-siqsignature"
TIMESTAMP = "x-plug-timestamp"
SIGNATURE_V2 = "x-plug-signature-v2"


class SignatureWrong(Exception):
    """The request is not signed by a key we know; the text is for our log, never for the caller."""


class NoKey(Exception):
    """There is no key to check with and unsigned calls are not allowed."""


@cache
def warn_unsigned() -> None:
    """Loudly, but once a process, however many doors ask."""
    log.warning(
        "SalesIQ's calls are answered unsigned, since no public key is configured: anybody who reaches this server may "
        "talk as SalesIQ. Set channels.salesiq.public_keys before going live; production refuses unsigned calls."
    )


class SignatureCheck:
    """The keys of the settings, loaded once; `check` is asked for every request that changes or reveals something."""

    def __init__(self, settings: SalesIQSettings) -> None:
        self._settings = settings
        self._keys = tuple(load_keys(settings.public_keys))
        if not self._keys and settings.allow_unsigned:
            warn_unsigned()

    def check(self, body: bytes, headers: Headers, now: datetime) -> bool:
        """True for a signed request, False for an unsigned one that the settings allow; else raises.

        SignatureWrong or NoKey.
        """
        if not self._keys:
            if self._settings.allow_unsigned:
                return False
            raise NoKey("no public key is configured: set channels.salesiq.public_keys")
        if not self._signed(body, headers.get(SIGNATURE, "")):
            raise SignatureWrong(f"{SIGNATURE} does not fit the body and any of {len(self._keys)} key(s)")
        self._check_time(body, headers, now)
        return True

    def _check_time(self, body: bytes, headers: Headers, now: datetime) -> None:
        stamp = headers.get(TIMESTAMP, "").strip()
        if not stamp:
            if self._settings.require_timestamp:
                raise SignatureWrong(f"{TIMESTAMP} is missing")
            return
        if not self._signed(stamp.encode() + b"." + body, headers.get(SIGNATURE_V2, "")):
            raise SignatureWrong(f"{SIGNATURE_V2} does not fit")
        if abs(now.timestamp() - _seconds(stamp)) > self._settings.timestamp_seconds:
            raise SignatureWrong(f"{TIMESTAMP} is too old or lies ahead")

    def _signed(self, data: bytes, signature: str) -> bool:
        try:
            given = base64.b64decode("".join(signature.split()), validate=True)
        except (binascii.Error, ValueError):
            return False
        return any(_verifies(key, given, data) for key in self._keys)


def load_keys(sources: Iterable[str]) -> list[RSAPublicKey]:
    """RSA keys from PEM, bare Base64 (both X.509 SubjectPublicKeyInfo), file:PATH or env:NAME. An `env:` that is not
    set is left out with a warning; ValueError for what is no RSA public key, naming the source but not its text."""
    keys = []
    for number, source in enumerate(sources, start=1):
        text = _text_of_source(source)
        if not text.strip():
            log.warning("channels.salesiq.public_keys: entry %d is empty and was left out", number)
            continue
        keys.append(_load_key(text, number))
    return keys


def _text_of_source(source: str) -> str:
    if source.startswith("file:"):
        return Path(source.removeprefix("file:")).read_text(encoding="utf-8")
    if source.startswith("env:"):
        return os.environ.get(source.removeprefix("env:"), "")
    return source


def _load_key(text: str, number: int) -> RSAPublicKey:
    bare = re.sub(r"-----[A-Z ]+-----", "", text)
    try:
        key = load_der_public_key(base64.b64decode("".join(bare.split()), validate=True))
    except ValueError as error:
        raise ValueError(f"channels.salesiq.public_keys: entry {number} is no public key (PEM or Base64)") from error
    if not isinstance(key, RSAPublicKey):
        raise ValueError(f"channels.salesiq.public_keys: entry {number} is not an RSA key")
    return key


def _verifies(key: RSAPublicKey, signature: bytes, data: bytes) -> bool:
    try:
        key.verify(signature, data, PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True


def _seconds(stamp: str) -> float:
    """Unix time in seconds; a number of thirteen digits is milliseconds."""
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 13):
        raise SignatureWrong(f"{TIMESTAMP} is no Unix time")
    return int(stamp) / 1000 if len(stamp) == 13 else int(stamp)
