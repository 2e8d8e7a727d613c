"""The server's own secret: signs cookies and keys the hashes of one-time codes. The same in every process."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from motenashi.identity.private_file import read_private, write_private_once

VARIABLE = "MOTENASHI_SECRET_KEY"
SHORTEST = 32  # bytes


class SecretKeyMissing(Exception):
    """The server must not start like this; the sentence says what to set."""


def secret_key(data_folder: Path, production: bool, environment: Mapping[str, str] = os.environ) -> bytes:
    """From the environment; in development, made once and kept in the data folder. SecretKeyMissing otherwise."""
    given = environment.get(VARIABLE, "").strip().encode()
    if given and len(given) < SHORTEST:
        raise SecretKeyMissing(f"{VARIABLE} is too short: it needs at least {SHORTEST} letters. {_CURE}")
    if given:
        return given
    if production:
        raise SecretKeyMissing(f"{VARIABLE} is not set, and production does not start without it. {_CURE}")
    file = data_folder / "secret_key"
    return (read_private(file) or write_private_once(file, secrets.token_urlsafe(48))).encode()


_CURE = "Make one with: python -c 'import secrets; print(secrets.token_urlsafe(48))'"
