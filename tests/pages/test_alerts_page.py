"""The page of alerts, on a real store with real rules."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.embedded.settings import EmbeddedCrmSettings
from crm_client.records import Contact, Owner
from motenashi.alert_views import AlertViews
from motenashi.alerts.acting import Acting
from motenashi.alerts.check import read_rules
from motenashi.alerts.desk import AlertDesk
from motenashi.alerts.happenings import Happenings
from motenashi.alerts.live_alerts import LiveAlerts
from motenashi.alerts.raised_store import RaisedStore
from motenashi.alerts.settings import AlertSettings
from motenashi.database import Database
from motenashi.identity.roles import Role
from motenashi.insights.voice.response import Response, SaidKeyword
from motenashi.insights.voice.responses import Responses
from motenashi.outgoing_mail.outgoing_mail import OutgoingMail
from motenashi.outgoing_mail.settings import OutgoingMailSettings
from motenashi.pages.alerts.alerts_page import build_alerts_page
from motenashi.pages.records.records_page import build_records_page
from motenashi.pages.today.today_page import build_today_page
from motenashi.web_call.caller import WebCaller
from motenashi.web_call.settings import WebCallSettings
from tests.migrated import migrate
from tests.pages.advice.plain_desk import PlainDesk
from tests.pages.conftest import House

NOW = datetime(2026, 5, 11, 0, 30, tzinfo=UTC)
RULE = """alert: worry
title: {en: Price worry, ja: 価格の心配}
if:
  - {keywords: {has: price}}
  - {tone: negative}
pattern: 1 and 2
do:
  - task: {title: "Call {{ person.name }}"}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "alerts").mkdir()
    return tmp_path / "alerts"


@pytest.fixture
def desk(sqlite_database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch) -> AlertDesk:
    monkeypatch.setattr("motenashi.alerts.live_alerts.LOOK_EVERY", 0.0)
    migrate(sqlite_database)
    crm = EmbeddedCrm(sqlite_database, EmbeddedCrmSettings())
    crm.save_owner(Owner("u1", "Yui", "yui@us.example"))
    crm.save_contact(Contact("c1", "Sato", "Aki", owner_id="u1"))
    happenings = Happenings(sqlite_database, Responses(sqlite_database))
    send = OutgoingMail(OutgoingMailSettings(), sqlite_database).send
    acting = Acting(crm, send, WebCaller(WebCallSettings()))
    return AlertDesk(
        LiveAlerts(folder, read_rules), happenings, RaisedStore(sqlite_database), acting, crm, AlertSettings()
    )


@pytest.fixture
def client(desk: AlertDesk, house: House, sqlite_database: Database) -> FlaskClient:
    crm = EmbeddedCrm(sqlite_database, EmbeddedCrmSettings())
    views = AlertViews(desk, Happenings(sqlite_database, Responses(sqlite_database)), crm, clock=lambda: NOW)
    for page in (build_records_page(PlainDesk(), clock=lambda: NOW), build_today_page(PlainDesk(), clock=lambda: NOW)):
        house.app.register_blueprint(page)
    house.app.register_blueprint(build_alerts_page(views, clock=lambda: NOW))
    return house.staff(Role.SUPERVISOR)


def said(database: Database, text: str) -> None:
    words = (SaidKeyword("price", "price"),)
    Responses(database).add(
        Response(0, text, NOW, "email", "mail", contact_id="c1", text=text, tone="negative", keywords=words)
    )


def test_without_rules_it_says_how_to_begin(client: FlaskClient) -> None:
    assert "Put a YAML file into the folder alerts/." in client.get("/alerts?lang=en").text


def test_rules_and_what_they_said_are_shown(
    client: FlaskClient, desk: AlertDesk, folder: Path, sqlite_database: Database
) -> None:
    (folder / "rules.yaml").write_text(RULE, encoding="utf-8")
    desk.look(NOW)
    said(sqlite_database, "<b>Too expensive</b>")
    desk.look(NOW)

    page = client.get("/alerts?lang=en").text

    assert "Price worry" in page
    assert "1. keywords has price" in page
    assert "1 alert in 30 days" in page
    assert "&lt;b&gt;Too expensive&lt;/b&gt;" in page
    assert '<a href="/records/contacts/c1">Aki Sato</a>' in page
    assert "task: done (Yui)" in page
    assert "価格の心配" in client.get("/alerts?lang=ja").text


def test_problems_are_told_by_line(client: FlaskClient, folder: Path) -> None:
    (folder / "rules.yaml").write_text(RULE.replace("tone", "tune"), encoding="utf-8")

    page = client.get("/alerts?lang=en").text

    assert "There is 1 problem in the files." in page
    assert "rules.yaml:5" in page


def test_a_rule_can_be_tried_and_does_nothing(
    client: FlaskClient, desk: AlertDesk, folder: Path, sqlite_database: Database
) -> None:
    (folder / "rules.yaml").write_text(RULE, encoding="utf-8")
    said(sqlite_database, "Too expensive")

    page = client.get("/alerts/worry/trial?lang=en").text

    assert "Of the newest 1 it would have spoken of 1. Nothing was done." in page
    assert desk.newest() == ()
    assert client.get("/alerts/nothing/trial").status_code == 404


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.DESIGNER])
def test_who_may_not_see_records_may_not_see_alerts(client: FlaskClient, house: House, role: Role) -> None:
    assert house.staff(role).get("/alerts").status_code == 403


def test_what_customers_said_is_kept_by_no_cache(client: FlaskClient, house: House) -> None:
    assert client.get("/alerts").headers["Cache-Control"] == "no-store"
    assert house.client().get("/alerts/nowhere").status_code == 302
