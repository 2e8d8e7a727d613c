"""The page that erases a person, on a real store."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.embedded.settings import EmbeddedCrmSettings
from crm_client.records import Contact, Deal, Outcome, Stage, Touchpoint
from motenashi.database import Database
from motenashi.erasing.desk import EraseForPages, group_of
from motenashi.erasing.erase import Eraser
from motenashi.identity.roles import Role
from motenashi.pages.records.erase_page import build_erase_page
from motenashi.pages.records.records_page import build_records_page
from motenashi.pages.today.today_page import build_today_page
from tests.migrated import migrate
from tests.pages.advice.plain_desk import PlainDesk
from tests.pages.conftest import House, form_token

NOW = datetime(2026, 5, 11, 0, 30, tzinfo=UTC)
PATH = "/records/contacts/c1/erase"


@pytest.fixture
def crm(sqlite_database: Database) -> EmbeddedCrm:
    migrate(sqlite_database)
    crm = EmbeddedCrm(sqlite_database, EmbeddedCrmSettings())
    crm.set_stages([Stage("New", Outcome.OPEN, 1)])
    crm.save_contact(Contact("c1", "Sato", "Aki", email="aki@example.com"))
    crm.save_contact(Contact("c2", "Mori", "Ben", email="ben@example.com"))
    crm.save_deal(Deal("d1", "Forty laptops", "New", contact_id="c1"), at=NOW)
    for number in range(3):
        crm.save_touchpoint(Touchpoint("", "visit", "visit", NOW, True, contact_id="c1"), key=f"v{number}")
    return crm


@pytest.fixture
def client(crm: EmbeddedCrm, house: House, sqlite_database: Database) -> FlaskClient:
    desk = EraseForPages(Eraser(sqlite_database, b"k" * 32), crm, clock=lambda: NOW)
    house.app.register_blueprint(build_records_page(PlainDesk(), clock=lambda: NOW))
    house.app.register_blueprint(build_today_page(PlainDesk(), clock=lambda: NOW))
    house.app.register_blueprint(build_erase_page(desk))
    return house.staff()


def erase(client: FlaskClient, path: str = PATH, **form: str) -> TestResponse:
    return client.post(f"{path}?lang=en", data={"csrf_token": form_token(client, "/staff/password"), **form})


def test_what_would_go_is_told_before_anything_goes(client: FlaskClient, crm: EmbeddedCrm) -> None:
    page = client.get(f"{PATH}?lang=en").text

    assert "Erase Aki Sato" in page
    assert "1 deal is the company" in page
    assert 'touchpoints</dt><dd class="number">3</dd>' in page
    assert crm.contact("c1") is not None


def test_it_goes_and_the_page_proves_it(client: FlaskClient, crm: EmbeddedCrm) -> None:
    page = erase(client, sure="1").text

    assert "columns of the store were searched" in page
    assert crm.contact("c1") is None
    assert crm.touchpoints_of(contact_id="c1") == ()
    assert crm.contact("c2") is not None
    deal = crm.deal("d1")
    assert deal is not None
    assert deal.contact_id == ""


def test_afterwards_the_page_says_that_it_was_done(client: FlaskClient) -> None:
    erase(client, sure="1")

    answer = client.get(f"{PATH}?lang=en")

    assert answer.status_code == 410
    assert "This person was erased" in answer.text


def test_without_the_tick_nothing_goes(client: FlaskClient, crm: EmbeddedCrm) -> None:
    answer = erase(client)

    assert answer.status_code == 422
    assert "Please confirm that it is meant." in answer.text
    assert crm.contact("c1") is not None


def test_somebody_elses_record_that_names_them_is_shown(client: FlaskClient, crm: EmbeddedCrm) -> None:
    crm.save_contact(Contact("c2", "Mori", "Ben", title="deputy of aki@example.com"))

    page = erase(client, sure="1").text

    assert "still name them" in page
    assert "crm_contacts" in page


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_administrators_may(client: FlaskClient, house: House, crm: EmbeddedCrm, role: Role) -> None:
    other = house.staff(role)

    assert other.get(PATH).status_code == 403
    assert erase(other, sure="1").status_code == 403
    assert crm.contact("c1") is not None


@pytest.mark.parametrize("path", ["/records/contacts/nobody/erase", "/records/leads/c1/erase"])
def test_who_is_not_there_is_not_there(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404
    assert erase(client, path, sure="1").status_code == 404


def test_every_table_has_a_kind_that_people_have_words_for() -> None:
    assert group_of("crm_touchpoints") == "touches"
    assert group_of("mail_outgoing") == "mails"
    assert group_of("something_new") == "other"


def test_the_record_leads_there_for_those_who_may(client: FlaskClient, house: House) -> None:
    assert f'href="{PATH}"' in client.get("/records/contacts/c1?lang=en").text
    assert f'href="{PATH}"' not in house.staff(Role.SUPERVISOR).get("/records/contacts/c1?lang=en").text
    assert "/erase" not in client.get("/records/deals/d1?lang=en").text
