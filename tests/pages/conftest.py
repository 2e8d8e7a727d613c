"""The staff's pages on their own, with a database that holds one user of each role and two mails."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_wtf import CSRFProtect
from werkzeug.test import TestResponse

import motenashi.pages
from motenashi.database import Database
from motenashi.identity import tables as identity_tables
from motenashi.identity.api_keys import ApiKeys
from motenashi.identity.login_sessions import LoginSessions
from motenashi.identity.roles import Role
from motenashi.identity.settings import LoginSettings
from motenashi.identity.users import Users
from motenashi.outgoing_mail import tables as mail_tables
from motenashi.outgoing_mail.outbox import Outbox
from motenashi.pages.flows_page import FlowView
from motenashi.pages.staff_pages import StaffParts, install_staff_pages
from motenashi.pages.today.today_view import Notice

PASSWORD = "a calm long password"
NOW = datetime(2026, 5, 11, 0, 30, tzinfo=UTC)  # 9:30 in Tokyo


@dataclass
class House:
    """The app with what a test changes or looks at; `now` is what its clock says."""

    app: Flask
    csrf: CSRFProtect
    users: Users
    logins: LoginSessions
    api_keys: ApiKeys
    flows: list[FlowView] = field(default_factory=list)
    bell: Callable[[str], Sequence[Notice]] = lambda email: ()
    now: datetime = NOW

    def client(self) -> FlaskClient:
        return self.app.test_client()

    def staff(self, role: Role = Role.ADMINISTRATOR) -> FlaskClient:
        """A browser in which somebody of that role is logged in."""
        client = self.client()
        answer = log_in(client, f"{role}@example.com")
        assert answer.status_code == 302, answer.text
        return client


def form_token(client: FlaskClient, path: str = "/login") -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    assert found
    return found[1]


def log_in(client: FlaskClient, email: str, password: str = PASSWORD, **more: str) -> TestResponse:
    form = {"csrf_token": form_token(client), "email": email, "password": password, **more}
    return client.post("/login", data=form)


@pytest.fixture
def build_house(sqlite_database: Database) -> Callable[..., House]:
    identity_tables.metadata.create_all(sqlite_database.engine)
    mail_tables.metadata.create_all(sqlite_database.engine)
    users = Users(sqlite_database)

    def build(*, production: bool = False) -> House:
        app = Flask("house", static_folder=str(Path(motenashi.pages.__file__).parent / "static"))
        logins = LoginSessions(sqlite_database, LoginSettings())
        keys = ApiKeys(sqlite_database)
        house = House(app, CSRFProtect(), users, logins, keys)
        parts = StaffParts(
            users,
            logins,
            keys,
            Outbox(sqlite_database),
            flows=lambda: house.flows,
            production=production,
            clock=lambda: house.now,
            due_reminders=lambda email: house.bell(email),
        )
        house.csrf = install_staff_pages(app, parts, secret_key=b"k" * 40)
        return house

    return build


@pytest.fixture
def house(build_house: Callable[..., House]) -> House:
    house = build_house()
    for role in Role:
        house.users.add_user(
            f"{role}@example.com", role, PASSWORD, name=role.value.title(), now=NOW - timedelta(days=1)
        )
    return house
