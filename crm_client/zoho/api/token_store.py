"""The table `zoho_tokens`: the token that all threads, processes and machines share, and who may renew it.

Renewing needs a claim. A claim is taken in one short transaction that also counts it, so that Zoho's limit (ten new
tokens in ten minutes) holds for any number of processes, and a killed process only delays the others until its claim
runs out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, insert, select, update

from crm_client.embedded.store import Store
from crm_client.zoho.tables import zoho_tokens
from motenashi.database import Database

CONNECTION: Final = "connection"  # the row with the refresh token that `zoho connect` stored
MOST_REFRESHES: Final = 10
WINDOW: Final = timedelta(minutes=10)
CLAIM: Final = timedelta(seconds=45)  # longer than one try at the token endpoint takes at most
NEEDS_CONSENT: Final = "needs_consent"
_ASKING: Final = "read the stored tokens of Zoho"


@dataclass(frozen=True)
class Stored:
    """A row of the table; tokens are sealed."""

    name: str
    refresh_token: str = ""
    access_token: str = ""
    expires_at: datetime | None = None
    api_domain: str = ""
    refreshes: tuple[datetime, ...] = ()
    wait_until: datetime | None = None
    state: str = ""
    trouble: str = ""
    changed_at: datetime | None = None
    claimed_until: datetime | None = None

    def refreshes_since(self, moment: datetime) -> tuple[datetime, ...]:
        return tuple(at for at in self.refreshes if at > moment)


@dataclass(frozen=True)
class Claim:
    """The right to ask for one new token."""

    name: str
    until: datetime


class TokenStore:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._store = Store(database)

    def read(self, name: str) -> Stored:
        """The row; an empty one when there is none yet. CrmUnreachable when the database is away."""
        with self._store.reading(_ASKING) as connection:
            row = connection.execute(select(zoho_tokens).where(zoho_tokens.c.name == name)).first()
        return Stored(name) if row is None else _stored(row)

    def claim(self, name: str, now: datetime, may: Callable[[Stored], bool]) -> Claim | None:
        """A claim, if `may` still says so of the row as it stands under the lock, and nobody else has one."""
        with self._store.writing(_ASKING) as connection:
            row = self._locked(connection, name)
            if not may(row) or (row.claimed_until and row.claimed_until > now):
                return None
            until = now + CLAIM
            _set(connection, name, claimed_until=until, refreshes=_times((*row.refreshes_since(now - WINDOW), now)))
            return Claim(name, until)

    def never_sent(self, claim: Claim) -> None:
        """The last refresh did not reach Zoho, so it does not count."""
        with self._store.writing(_ASKING) as connection:
            row = self._locked(connection, claim.name)
            _set(connection, claim.name, refreshes=_times(row.refreshes[:-1]))

    def release(self, claim: Claim, now: datetime, **what: Any) -> None:
        """The claim is given back; `what` (columns) is stored unless somebody else has claimed since."""
        with self._store.writing(_ASKING) as connection:
            if self._locked(connection, claim.name).claimed_until == claim.until:
                _set(connection, claim.name, claimed_until=None, changed_at=now, **what)

    def note(self, name: str, now: datetime, **what: Any) -> None:
        with self._store.writing(_ASKING) as connection:
            self._locked(connection, name)
            _set(connection, name, changed_at=now, **what)

    def begin_anew(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Forget everything and put these rows in its place."""
        with self._store.writing(_ASKING) as connection:
            connection.execute(delete(zoho_tokens))
            for row in rows:
                connection.execute(insert(zoho_tokens).values(**row))

    def _locked(self, connection: Connection, name: str) -> Stored:
        connection.execute(self._database.insert_or_ignore(zoho_tokens, {"name": name}))
        return _stored(
            connection.execute(select(zoho_tokens).where(zoho_tokens.c.name == name).with_for_update()).one()
        )


def _set(connection: Connection, name: str, **what: Any) -> None:
    connection.execute(update(zoho_tokens).where(zoho_tokens.c.name == name).values(**what))


def _stored(row: Row[Any]) -> Stored:
    values = dict(row._mapping)
    times = values.pop("refreshes").get("at", ())
    return Stored(**values, refreshes=tuple(datetime.fromisoformat(at) for at in times))


def _times(moments: Iterable[datetime]) -> dict[str, Any]:
    return {"at": [at.astimezone(UTC).isoformat() for at in moments]}
