"""The app as it runs, on each kind of database, with a small company in the CRM and SalesIQ on the other side."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from motenashi.house import House
from motenashi.identity.one_time_codes import read_code
from tests.salesiq_simulator import Simulator
from tests.walks.real_house import close, company_file, filled, settings_for


@pytest.fixture(scope="session")
def company_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return company_file(tmp_path_factory.mktemp("company"))


@pytest.fixture
def company_url(request: pytest.FixtureRequest, company_template: Path) -> str:
    """The URL of a database with the small company: SQLite, and PostgreSQL too for tests marked @on_both_databases."""
    url: str = request.getfixturevalue(f"{getattr(request, 'param', 'sqlite')}_url")
    filled(url, company_template)
    return url


@pytest.fixture
def make_app(tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """make_app(url, **sections) -> the whole application; see real_house.settings_for."""
    houses: list[House] = []

    def make(url: str, **sections: Any) -> Flask:
        app = create_app(settings_for(url, tmp_path, **sections))
        houses.append(app.extensions["motenashi"])
        return app

    yield make
    for house in houses:
        close(house)


@pytest.fixture
def app(make_app: Callable[..., Flask], company_url: str) -> Flask:
    return make_app(company_url)


@pytest.fixture
def house(app: Flask) -> House:
    found: House = app.extensions["motenashi"]
    return found


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def salesiq(client: FlaskClient) -> Simulator:
    return Simulator(client)


def code_in_outbox(house: House) -> str:
    newest = house.outbox.newest(1)
    assert newest, "no mail went out"
    return read_code(newest[0].text)
