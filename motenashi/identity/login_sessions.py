"""Logging staff in and knowing them again: a random token in a cookie, its hash in the database.

A session slides on with use and ends after some days in any case; ending it here ends it at once in every process.
Failed logins are counted per address and per machine, and whoever fails too often waits. A stranger's address takes
as long to refuse as a wrong password, and gets the same answer.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from motenashi.database import Database
from motenashi.identity.passwords import hash_password, is_outdated, is_password
from motenashi.identity.settings import LoginSettings
from motenashi.identity.tables import identity_login_failures as failures
from motenashi.identity.tables import identity_logins as logins
from motenashi.identity.tables import identity_users as users
from motenashi.identity.users import User, as_user
from motenashi.outgoing_mail.mail import one_line

COUNTED = timedelta(minutes=15)
# Sliding on writes to the database; once in this long is enough.
SLIDE_EVERY = timedelta(minutes=5)


class LoginRefused(StrEnum):
    WRONG = "wrong"  # address or password; which one is not said
    TOO_MANY = "too_many"  # wait some minutes


@dataclass(frozen=True)
class Login:
    """`token` goes into the cookie and stands nowhere else."""

    token: str
    user: User


class LoginSessions:
    def __init__(self, database: Database, settings: LoginSettings) -> None:
        self._database = database
        self._settings = settings

    def log_in(
        self, email: str, password: str, *, machine: str, browser: str = "", now: datetime
    ) -> Login | LoginRefused:
        """`machine` is the network address that asks, `browser` what it calls itself (shown in lists)."""
        email = one_line(email).lower()[:320]
        machine = one_line(machine)[:100]
        # Counted before the password is looked at, so that guesses made at the same moment count one another.
        attempt = self._count(email, machine, now)
        if self._too_many(email, machine, now):
            self._uncount(attempt)
            return LoginRefused.TOO_MANY
        with self._database.read() as connection:
            row = connection.execute(select(users).where(users.c.email == email, users.c.active)).first()
        if not is_password(row.password_hash if row else None, password) or row is None:
            return LoginRefused.WRONG
        self._uncount(attempt)
        token = secrets.token_urlsafe(32)
        with self._database.write() as connection:
            self._begin(connection, row.id, token, machine, one_line(browser)[:300], now)
            fresh = {"password_hash": hash_password(password)} if is_outdated(row.password_hash) else {}
            connection.execute(update(users).where(users.c.id == row.id).values(last_login_at=now, **fresh))
        return Login(token, as_user(row))

    def user_of(self, token: str, *, now: datetime) -> User | None:
        """Who this cookie belongs to; None when it ended, was revoked or never was."""
        if not token or len(token) > 200:
            return None
        with self._database.read() as connection:
            row = connection.execute(
                select(users, logins.c.seen_at, logins.c.expires_at, logins.c.created_at.label("began_at"))
                .join(users, users.c.id == logins.c.user_id)
                .where(logins.c.token_hash == token_hash(token), users.c.active)
            ).first()
        if row is None or now >= row.expires_at:
            return None
        if now - row.seen_at >= SLIDE_EVERY:
            self._slide(token, row.began_at, now)
        return as_user(row)

    def log_out(self, token: str) -> None:
        with self._database.write() as connection:
            connection.execute(delete(logins).where(logins.c.token_hash == token_hash(token)))

    def log_out_everywhere(self, user: User) -> None:
        with self._database.write() as connection:
            connection.execute(delete(logins).where(logins.c.user_id == user.id))

    def _begin(
        self, connection: Connection, user_id: int, token: str, machine: str, browser: str, now: datetime
    ) -> None:
        connection.execute(delete(logins).where(logins.c.expires_at <= now))
        connection.execute(
            insert(logins).values(
                token_hash=token_hash(token),
                user_id=user_id,
                created_at=now,
                seen_at=now,
                expires_at=self._ends(now, now),
                machine=machine,
                browser=browser,
            )
        )

    def _slide(self, token: str, began_at: datetime, now: datetime) -> None:
        with self._database.write() as connection:
            mine = logins.c.token_hash == token_hash(token)
            connection.execute(update(logins).where(mine).values(seen_at=now, expires_at=self._ends(began_at, now)))

    def _ends(self, began_at: datetime, now: datetime) -> datetime:
        return min(
            now + timedelta(hours=self._settings.hours_valid), began_at + timedelta(days=self._settings.days_valid)
        )

    def _too_many(self, email: str, machine: str, now: datetime) -> bool:
        lately = failures.c.at > now - COUNTED
        by_email = func.count().filter(failures.c.email == email)
        by_machine = func.count().filter(failures.c.machine == machine)
        mine = or_(failures.c.email == email, failures.c.machine == machine)
        with self._database.read() as connection:
            counts = connection.execute(select(by_email, by_machine).where(lately, mine)).one()
        return bool(counts[0] > self._settings.tries_per_address or counts[1] > self._settings.tries_per_machine)

    def _count(self, email: str, machine: str, now: datetime) -> int:
        """Note an attempt; it stays noted unless it turns out well."""
        with self._database.write() as connection:
            connection.execute(delete(failures).where(failures.c.at <= now - COUNTED))
            noted = insert(failures).values(email=email, machine=machine, at=now).returning(failures.c.id)
            return int(connection.execute(noted).scalar_one())

    def _uncount(self, attempt: int) -> None:
        with self._database.write() as connection:
            connection.execute(delete(failures).where(failures.c.id == attempt))


def token_hash(token: str) -> str:
    """256 random bits need no slow hash; nobody can guess what was hashed."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
