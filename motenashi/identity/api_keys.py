"""Keys for tools that ask our doors: shown once when made, hashed at rest, with the scopes they open.

A key reads `mtn_<prefix>_<secret>`: the prefix names it in lists and logs, the secret is 256 random bits (which
is why SHA-256 is hash enough). Scopes are words such as `plugs` or `suggestions.read`; `*` opens everything.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row, insert, select, update

from motenashi.database import Database
from motenashi.identity.tables import identity_api_keys as keys
from motenashi.outgoing_mail.mail import one_line

_KEY = re.compile(r"mtn_([0-9a-f]{8})_([A-Za-z0-9_-]{43})")
_SCOPE = re.compile(r"\*|[a-z][a-z0-9_.:-]{0,63}")
_NO_HASH = "0" * 64
# When a key was last used is noted at most this often, so that a busy tool does not make us write at each call.
NOTE_EVERY = timedelta(minutes=5)


@dataclass(frozen=True)
class ApiKey:
    """Times are in UTC. A revoked key opens nothing any more."""

    prefix: str
    name: str
    scopes: frozenset[str]
    created_at: datetime
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None

    def opens(self, scope: str) -> bool:
        return self.revoked_at is None and bool(self.scopes & {scope, "*"})


class ApiKeys:
    def __init__(self, database: Database) -> None:
        self._database = database

    def create_api_key(self, name: str, scopes: Collection[str], *, now: datetime | None = None) -> str:
        """The key itself, for once; it can't be shown again. ValueError for what is no scope, or none at all."""
        wrong = [scope for scope in scopes if not _SCOPE.fullmatch(scope)]
        if wrong or not scopes:
            raise ValueError(f"'{wrong[0]}' is no scope." if wrong else "A key needs at least one scope.")
        prefix, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
        with self._database.write() as connection:
            connection.execute(
                insert(keys).values(
                    prefix=prefix,
                    key_hash=_hash(secret),
                    name=one_line(name)[:200] or prefix,
                    scopes=" ".join(sorted(set(scopes))),
                    created_at=now or datetime.now(UTC),
                )
            )
        return f"mtn_{prefix}_{secret}"

    def find(self, key: str, *, now: datetime) -> ApiKey | None:
        """The key's record when it is one of ours and not revoked. The compare takes the same time for all secrets."""
        parts = _KEY.fullmatch(key)
        if parts is None:
            return None
        with self._database.read() as connection:
            row = connection.execute(select(keys).where(keys.c.prefix == parts[1])).first()
        right = hmac.compare_digest(row.key_hash if row else _NO_HASH, _hash(parts[2]))
        if row is None or not right or row.revoked_at is not None:
            return None
        if row.last_used_at is None or now - row.last_used_at >= NOTE_EVERY:
            with self._database.write() as connection:
                connection.execute(update(keys).where(keys.c.id == row.id).values(last_used_at=now))
        return _as_key(row)

    def everything(self) -> list[ApiKey]:
        """All keys, newest first, revoked ones included."""
        with self._database.read() as connection:
            return [_as_key(row) for row in connection.execute(select(keys).order_by(keys.c.id.desc()))]

    def revoke(self, prefix: str, *, now: datetime) -> bool:
        """False when no living key has that prefix."""
        living = update(keys).where(keys.c.prefix == prefix, keys.c.revoked_at.is_(None))
        with self._database.write() as connection:
            return connection.execute(living.values(revoked_at=now)).rowcount == 1


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _as_key(row: Row[Any]) -> ApiKey:
    return ApiKey(row.prefix, row.name, frozenset(row.scopes.split()), row.created_at, row.last_used_at, row.revoked_at)
