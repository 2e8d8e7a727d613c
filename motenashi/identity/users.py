"""Staff accounts: who works here and what they may do. Logging in is login_sessions' work.

UserError
|-- UserExists      somebody has that address already
|-- UserUnknown     nobody has it
`-- PasswordWeak    too short, or the address itself
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from motenashi.database import Database
from motenashi.identity.passwords import LONGEST, hash_password, is_password, make_password
from motenashi.identity.private_file import read_private, write_private
from motenashi.identity.roles import Role
from motenashi.identity.tables import identity_logins as logins
from motenashi.identity.tables import identity_users as users
from motenashi.outgoing_mail.mail import is_address, one_line

DEMO_ADMIN = "admin@demo.example"
SHORTEST_PASSWORD = 12


class UserError(Exception):
    pass


class UserExists(UserError):
    pass


class UserUnknown(UserError):
    pass


class PasswordWeak(UserError):
    pass


@dataclass(frozen=True)
class User:
    """`language` is '' until the user chose one. Times are in UTC."""

    id: int
    email: str
    name: str
    role: Role
    language: str = ""
    active: bool = True
    created_at: datetime | None = None
    last_login_at: datetime | None = None


class Users:
    def __init__(self, database: Database, *, shortest_password: int = SHORTEST_PASSWORD) -> None:
        self._database = database
        self._shortest_password = shortest_password

    def add_user(self, email: str, role: Role, password: str, *, name: str = "", now: datetime | None = None) -> User:
        """UserError for what is no address; UserExists, PasswordWeak."""
        email = email.strip().lower()
        if not is_address(email):
            raise UserError(f"'{one_line(email)[:100]}' is no e-mail address.")
        values = {
            "email": email,
            "name": one_line(name)[:200] or email.partition("@")[0],
            "role": role.value,
            "password_hash": self._hash(email, password),
            "created_at": now or datetime.now(UTC),
        }
        try:
            with self._database.write() as connection:
                connection.execute(insert(users).values(values))
        except IntegrityError:
            raise UserExists(f"There is a user {email} already.") from None
        return self.user(email)

    def user(self, email: str) -> User:
        """UserUnknown when nobody has that address."""
        with self._database.read() as connection:
            row = connection.execute(select(users).where(users.c.email == email.strip().lower())).first()
        if row is None:
            raise UserUnknown(f"There is no user {one_line(email)[:100]}.")
        return as_user(row)

    def exists(self, email: str) -> bool:
        try:
            return bool(self.user(email))
        except UserUnknown:
            return False

    def is_password(self, email: str, password: str) -> bool:
        """Takes the same time whether there is such a user or not."""
        with self._database.read() as connection:
            mine = users.c.email == email.strip().lower()
            stored = connection.execute(select(users.c.password_hash).where(mine)).scalar()
        return is_password(stored, password)

    def everybody(self) -> list[User]:
        """All users by address."""
        with self._database.read() as connection:
            return [as_user(row) for row in connection.execute(select(users).order_by(users.c.email))]

    def set_password(self, email: str, password: str, *, stay_logged_in: str = "") -> None:
        """Ends all of the user's login sessions, but for the one whose token hash is `stay_logged_in`."""
        user = self.user(email)
        with self._database.write() as connection:
            values = {"password_hash": self._hash(user.email, password)}
            connection.execute(update(users).where(users.c.id == user.id).values(values))
            connection.execute(
                logins.delete().where(logins.c.user_id == user.id, logins.c.token_hash != stay_logged_in)
            )

    def change_password(self, email: str, old: str, new: str, *, stay_logged_in: str = "") -> bool:
        """False when `old` is not the password; then nothing changes."""
        if not self.is_password(email, old):
            return False
        self.set_password(email, new, stay_logged_in=stay_logged_in)
        return True

    def set_role(self, email: str, role: Role) -> None:
        self._set(email, role=role.value)

    def set_language(self, email: str, language: str) -> None:
        self._set(email, language=language)

    def set_active(self, email: str, active: bool) -> None:
        """A user who left keeps their name on what they did; all their login sessions end."""
        user = self._set(email, active=active)
        if not active:
            with self._database.write() as connection:
                connection.execute(logins.delete().where(logins.c.user_id == user.id))

    def _set(self, email: str, **values: Any) -> User:
        user = self.user(email)
        with self._database.write() as connection:
            connection.execute(update(users).where(users.c.id == user.id).values(values))
        return user

    def _hash(self, email: str, password: str) -> str:
        if not self._shortest_password <= len(password) <= LONGEST:
            raise PasswordWeak(f"A password needs at least {self._shortest_password} letters (and at most {LONGEST}).")
        if password.strip().lower() == email:
            raise PasswordWeak("The address itself is no password.")
        return hash_password(password)


def ensure_demo_admin(users: Users, file: Path, *, production: bool = False) -> tuple[str, str]:
    """The demo administrator's address and password, for development only; `make run` prints them.

    The password is made once and kept in `file`, which only its owner can read; it is '' when somebody has changed
    it since. Whoever removes the file gets a new one. UserError in production: nobody is let in there by itself.
    """
    if production:
        raise UserError("The demo administrator is for development only.")
    password = read_private(file)
    if password and users.is_password(DEMO_ADMIN, password):
        return DEMO_ADMIN, password
    if password and users.exists(DEMO_ADMIN):
        return DEMO_ADMIN, ""
    password = make_password()
    if users.exists(DEMO_ADMIN):
        users.set_password(DEMO_ADMIN, password)
    else:
        users.add_user(DEMO_ADMIN, Role.ADMINISTRATOR, password, name="Demo administrator")
    write_private(file, password)
    return DEMO_ADMIN, password


def as_user(row: Row[Any]) -> User:
    return User(
        id=row.id,
        email=row.email,
        name=row.name,
        role=Role(row.role),
        language=row.language,
        active=row.active,
        created_at=row.created_at,
        last_login_at=row.last_login_at,
    )
