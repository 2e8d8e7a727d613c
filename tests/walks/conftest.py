"""The app as it runs, on each kind of database and each CRM, with a small company in it and SalesIQ on the other side.

A test marked @on_both_backends runs with the embedded CRM and with a fake Zoho; after each with Zoho, what was written
is sent, and both sides must hold the same records.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from motenashi.house import House
from motenashi.identity.one_time_codes import read_code
from tests.fake_zoho.fake import FakeZoho
from tests.salesiq_simulator import Simulator
from tests.walks.real_house import close, company_file, filled, settings_for
from tests.walks.zoho_house import (
    both_alike,
    company_in_zoho,
    crm_section,
    environment_for,
    filled_from_zoho,
)


@pytest.fixture(scope="session")
def company_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return company_file(tmp_path_factory.mktemp("company"))


@pytest.fixture(scope="session")
def mirror_template(company_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file that mirrors the company in a fake Zoho."""
    folder = tmp_path_factory.mktemp("mirror")
    file = folder / "mirror.db"
    with company_in_zoho(company_template) as zoho, pytest.MonkeyPatch.context() as patch:
        for name, value in environment_for(zoho).items():
            patch.setenv(name, value)
        filled_from_zoho(f"sqlite:///{file}", folder, zoho)
    return file


@pytest.fixture
def company_zoho(company_template: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeZoho]:
    """A fake Zoho with the company in it; the environment holds what its client needs."""
    with company_in_zoho(company_template) as zoho:
        for name, value in environment_for(zoho).items():
            monkeypatch.setenv(name, value)
        yield zoho


@pytest.fixture
def backend(request: pytest.FixtureRequest) -> str:
    """What crm.backend is: embedded, and zoho too for tests marked @on_both_backends."""
    return str(getattr(request, "param", "embedded"))


@pytest.fixture
def company_url(request: pytest.FixtureRequest, backend: str, company_template: Path, tmp_path: Path) -> str:
    """The URL of a database with the small company: SQLite, and PostgreSQL too for tests marked @on_both_databases."""
    kind = getattr(request, "param", "sqlite")
    url: str = request.getfixturevalue(f"{kind}_url")
    if backend == "embedded":
        filled(url, company_template)
    elif kind == "sqlite":
        shutil.copyfile(request.getfixturevalue("mirror_template"), url.removeprefix("sqlite:///"))
    else:
        filled_from_zoho(url, tmp_path, request.getfixturevalue("company_zoho"))
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
def app(
    request: pytest.FixtureRequest, backend: str, make_app: Callable[..., Flask], company_url: str
) -> Iterator[Flask]:
    if backend == "embedded":
        yield make_app(company_url)
        return
    zoho: FakeZoho = request.getfixturevalue("company_zoho")
    app = make_app(company_url, crm=crm_section(zoho))
    yield app
    both_alike(app.extensions["motenashi"], zoho)


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
