"""Staff: accounts, logging in and being known again, and what happens to whoever guesses."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import select

from motenashi.database import Database
from motenashi.identity import passwords
from motenashi.identity.login_sessions import Login, LoginRefused, LoginSessions, token_hash
from motenashi.identity.roles import Role, may
from motenashi.identity.settings import LoginSettings
from motenashi.identity.tables import identity_logins, identity_users, metadata
from motenashi.identity.users import (
    DEMO_ADMIN,
    PasswordWeak,
    UserError,
    UserExists,
    Users,
    UserUnknown,
    ensure_demo_admin,
)

NOW = datetime(2026, 5, 11, 9, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"


@pytest.fixture
def users(database: Database) -> Users:
    metadata.create_all(database.engine)
    users = Users(database)
    users.add_user("Ann@Example.com", Role.OPERATOR, PASSWORD, name="Ann", now=NOW)
    return users


@pytest.fixture
def sessions(database: Database, users: Users) -> LoginSessions:
    return LoginSessions(database, LoginSettings())


def log_in(
    sessions: LoginSessions,
    password: str = PASSWORD,
    *,
    email: str = "ann@example.com",
    machine: str = "192.0.2.1",
    now: datetime = NOW,
) -> Login | LoginRefused:
    return sessions.log_in(email, password, machine=machine, now=now)


def token(login: Login | LoginRefused) -> str:
    assert isinstance(login, Login)
    return login.token


def test_a_user_logs_in_with_their_password_and_is_known_again(sessions: LoginSessions) -> None:
    user = sessions.user_of(token(log_in(sessions, email=" ANN@example.com ")), now=NOW)

    assert user is not None
    assert (user.email, user.name, user.role) == ("ann@example.com", "Ann", Role.OPERATOR)


def test_neither_password_nor_token_stand_in_the_database(sessions: LoginSessions, database: Database) -> None:
    cookie = token(log_in(sessions))
    with database.read() as connection:
        rows = str([*connection.execute(select(identity_users)), *connection.execute(select(identity_logins))])

    assert "$argon2id$" in rows
    assert PASSWORD not in rows
    assert cookie not in rows


@pytest.mark.parametrize("cookie", ["", "x", "\udcff\x00", "x" * 500])
def test_a_made_up_cookie_is_nobody(sessions: LoginSessions, cookie: str) -> None:
    assert sessions.user_of(cookie, now=NOW) is None


def test_a_stranger_and_a_wrong_password_get_the_same_answer_after_the_same_work(
    sessions: LoginSessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked: list[str] = []
    real = passwords._HASHER.verify
    monkeypatch.setattr(passwords, "_HASHER", Watched(real, worked))

    assert log_in(sessions, "wrong") is LoginRefused.WRONG
    assert log_in(sessions, email="nobody@example.com") is LoginRefused.WRONG
    assert len(worked) == 2
    assert {stored.split("$")[1:4][2] for stored in worked} == {"m=19456,t=2,p=1"}


class Watched:
    """The hasher, noting which hash each verification worked on."""

    def __init__(self, real: object, worked: list[str]) -> None:
        self.real, self.worked = real, worked

    def verify(self, stored: str, password: bytes) -> bool:
        self.worked.append(stored)
        return bool(self.real(stored, password))  # type: ignore[operator]


def test_a_session_slides_with_use_and_ends_without(sessions: LoginSessions) -> None:
    cookie = token(log_in(sessions))

    assert sessions.user_of(cookie, now=NOW + timedelta(hours=11)) is not None
    assert sessions.user_of(cookie, now=NOW + timedelta(hours=22)) is not None
    assert sessions.user_of(cookie, now=NOW + timedelta(hours=35)) is None


def test_a_session_ends_after_two_weeks_in_any_case(sessions: LoginSessions) -> None:
    cookie = token(log_in(sessions))
    used = [sessions.user_of(cookie, now=NOW + timedelta(hours=10 * step)) for step in range(1, 36)]

    assert used[32] is not None  # 330 hours
    assert used[33] is None  # 340 hours: two weeks are 336


def test_logging_out_ends_this_session_and_no_other(sessions: LoginSessions) -> None:
    one, other = token(log_in(sessions)), token(log_in(sessions))
    sessions.log_out(one)

    assert sessions.user_of(one, now=NOW) is None
    assert sessions.user_of(other, now=NOW) is not None


def test_a_new_password_ends_the_other_sessions(sessions: LoginSessions, users: Users) -> None:
    here, elsewhere = token(log_in(sessions)), token(log_in(sessions))

    assert not users.change_password("ann@example.com", "wrong", "another good password")
    assert users.change_password("ann@example.com", PASSWORD, "another good password", stay_logged_in=token_hash(here))
    assert sessions.user_of(here, now=NOW) is not None
    assert sessions.user_of(elsewhere, now=NOW) is None
    assert log_in(sessions) is LoginRefused.WRONG
    assert isinstance(log_in(sessions, "another good password"), Login)


def test_a_user_who_left_is_out_at_once(sessions: LoginSessions, users: Users) -> None:
    cookie = token(log_in(sessions))
    users.set_active("ann@example.com", False)

    assert sessions.user_of(cookie, now=NOW) is None
    assert log_in(sessions) is LoginRefused.WRONG


def test_ten_failures_for_one_address_make_it_wait(sessions: LoginSessions) -> None:
    tried = [log_in(sessions, "wrong", machine=f"192.0.2.{n}") for n in range(11)]

    assert tried == [LoginRefused.WRONG] * 10 + [LoginRefused.TOO_MANY]
    assert log_in(sessions, machine="192.0.2.99") is LoginRefused.TOO_MANY
    assert isinstance(log_in(sessions, now=NOW + timedelta(minutes=16)), Login)


def test_thirty_failures_from_one_machine_make_it_wait_but_nobody_else(database: Database, users: Users) -> None:
    sessions = LoginSessions(database, LoginSettings(tries_per_machine=3))
    tried = [log_in(sessions, "x", email=f"p{n}@example.com") for n in range(4)]

    assert tried == [LoginRefused.WRONG] * 3 + [LoginRefused.TOO_MANY]
    assert isinstance(log_in(sessions, machine="192.0.2.50"), Login)


def test_guesses_made_at_the_same_moment_count_one_another(database: Database, users: Users) -> None:
    sessions = LoginSessions(database, LoginSettings(tries_per_address=3))
    together = Barrier(8)

    def guess(number: int) -> Login | LoginRefused:
        together.wait()
        return log_in(sessions, f"wrong {number}", machine=f"192.0.2.{number}")

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(guess, range(8))).count(LoginRefused.WRONG) <= 3


def test_a_good_login_counts_as_no_failure(database: Database, users: Users) -> None:
    sessions = LoginSessions(database, LoginSettings(tries_per_address=2))

    assert all(isinstance(log_in(sessions), Login) for _ in range(5))


def test_what_is_wrong_with_a_new_user_is_said(users: Users) -> None:
    with pytest.raises(UserExists):
        users.add_user("ann@example.com", Role.OPERATOR, PASSWORD)
    with pytest.raises(UserError, match="no e-mail address"):
        users.add_user("ann", Role.OPERATOR, PASSWORD)
    with pytest.raises(PasswordWeak, match="at least 12"):
        users.add_user("bob@example.com", Role.OPERATOR, "short")
    with pytest.raises(PasswordWeak, match="address itself"):
        users.add_user("bob@example.com", Role.OPERATOR, "Bob@example.com")
    with pytest.raises(UserUnknown):
        users.set_role("bob@example.com", Role.DESIGNER)
    assert [user.email for user in users.everybody()] == ["ann@example.com"]


def test_a_role_opens_its_own_doors_and_an_administrator_all() -> None:
    console = frozenset({Role.OPERATOR, Role.SUPERVISOR})

    assert may(Role.OPERATOR, console)
    assert not may(Role.DESIGNER, console)
    assert may(Role.ADMINISTRATOR, console)
    assert may(Role.DESIGNER, frozenset())


def test_the_demo_administrator_keeps_their_password_in_a_private_file(
    users: Users, sessions: LoginSessions, tmp_path: Path
) -> None:
    file = tmp_path / "var" / "demo_admin.txt"
    first = ensure_demo_admin(users, file)

    assert ensure_demo_admin(users, file) == first
    assert first[0] == DEMO_ADMIN
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert isinstance(log_in(sessions, first[1], email=DEMO_ADMIN), Login)


def test_a_demo_administrators_changed_password_is_not_reset(users: Users, tmp_path: Path) -> None:
    file = tmp_path / "demo_admin.txt"
    ensure_demo_admin(users, file)
    users.set_password(DEMO_ADMIN, "my very own password")

    assert ensure_demo_admin(users, file) == (DEMO_ADMIN, "")
    assert users.is_password(DEMO_ADMIN, "my very own password")
    file.unlink()
    assert users.is_password(*ensure_demo_admin(users, file))


def test_production_has_no_demo_administrator(users: Users, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="development"):
        ensure_demo_admin(users, tmp_path / "demo_admin.txt", production=True)
    assert not users.exists(DEMO_ADMIN)


def test_made_passwords_differ_and_are_long() -> None:
    made = {passwords.make_password() for _ in range(50)}

    assert len(made) == 50
    assert {len(password) for password in made} == {23}
