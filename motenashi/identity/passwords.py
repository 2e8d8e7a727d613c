"""Passwords: argon2id at rest, and the same work for a user who does not exist."""

from __future__ import annotations

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LONGEST = 1_000  # letters; hashing a novel would be a cheap way to keep us busy

# Without the letters and digits that people mix up when they read a password from a screen.
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
# RFC 9106's second recommendation, with less memory: 19 MiB and two passes, as OWASP's minimum says.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_NOBODYS = _HASHER.hash(secrets.token_urlsafe(32))


def hash_password(password: str) -> str:
    return _HASHER.hash(password.encode("utf-8", "surrogatepass"))


def is_password(stored: str | None, password: str) -> bool:
    """Takes as long for None (nobody of that name) as for a wrong password."""
    if len(password) > LONGEST:
        return False
    try:
        right = _HASHER.verify(stored or _NOBODYS, password.encode("utf-8", "surrogatepass"))
    except (VerificationError, InvalidHashError):
        return False
    return right and stored is not None


def is_outdated(stored: str) -> bool:
    """Was this hash made with weaker parameters than today's?"""
    return _HASHER.check_needs_rehash(stored)


def make_password() -> str:
    """A password to hand to a person: four groups of five letters, about 100 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(4))
