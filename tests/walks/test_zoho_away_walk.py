"""Zoho goes away, or takes our permission back: visitors go on from the mirror and notice nothing, nobody becomes a
stranger, what is written waits, and the staff are told what is wrong and what to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from crm_client.errors import CrmError
from crm_client.zoho.tables import zoho_sync
from motenashi.house import House
from motenashi.identity.roles import Role
from motenashi.zoho_room import ZohoRoom, build_zoho_room
from tests.fake_zoho.fake import FakeZoho
from tests.fake_zoho.tokens import EVERYTHING
from tests.salesiq_simulator import Simulator
from tests.walks.conftest import code_in_outbox
from tests.walks.real_house import HARUKA, HARUKAS_ORDERS, NOBODY, TOM
from tests.walks.test_bad_input import logged_in
from tests.walks.test_crm_away_walk import GREETS_STRANGERS, TRACE
from tests.walks.widget_chat import WidgetChat
from tests.walks.zoho_house import both_alike, crm_section, room_of

NO_RECORDS = re.compile("can't open our customer records|お客様情報を確認できません")
Trouble = Callable[[FakeZoho], None]


def outage(zoho: FakeZoho) -> None:
    zoho.faults.outage = True


def revoked(zoho: FakeZoho) -> None:
    zoho.tokens.revoke()


with_each_trouble = pytest.mark.parametrize("trouble", [outage, revoked])


@pytest.fixture
def zoho(company_zoho: FakeZoho) -> FakeZoho:
    return company_zoho


@pytest.fixture
def backend() -> str:
    return "zoho"


@pytest.fixture
def app(make_app: Callable[..., Flask], company_url: str, zoho: FakeZoho) -> Flask:
    return make_app(company_url, crm=crm_section(zoho))


def told_all(house: House, **ago: float) -> None:
    """So long ago Zoho told us all that it knew."""
    with house.database.write() as connection:
        connection.execute(update(zoho_sync).values(asked_at=datetime.now(UTC) - timedelta(**ago)))


@with_each_trouble
@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_customer_notices_nothing(
    salesiq: Simulator, house: House, zoho: FakeZoho, trouble: Trouble, language: str
) -> None:
    told_all(house, days=2)
    trouble(zoho)

    chat = salesiq.visitor(email=HARUKA, language=language).open()
    chat.click("Show past orders" if language == "en" else "過去の注文を表示")
    chat.say(code_in_outbox(house))

    said = "\n".join(text for who, text in chat.log if who == "bot")
    assert all(name in "\n".join(chat.texts) for name in HARUKAS_ORDERS), chat.texts
    assert not NO_RECORDS.search(said) and not GREETS_STRANGERS.search(said) and not TRACE.search(said), said
    assert zoho.calls("GET", "/Contacts") == []  # who is in the mirror is not asked for


@with_each_trouble
def test_a_stranger_is_called_one_only_while_the_mirror_is_young(
    client: FlaskClient, house: House, zoho: FakeZoho, trouble: Trouble
) -> None:
    trouble(zoho)

    told_all(house, seconds=20)
    young = WidgetChat(client, email=NOBODY, language="en")
    told_all(house, minutes=20)
    old = WidgetChat(client, email="somebody.else@kita.example", language="en")

    assert GREETS_STRANGERS.search(young.shown) and not NO_RECORDS.search(young.shown), young.shown
    assert NO_RECORDS.search(old.shown) and not GREETS_STRANGERS.search(old.shown), old.shown
    assert old.chips and not TRACE.search(old.shown)


@with_each_trouble
def test_an_appointment_made_meanwhile_reaches_zoho_once_when_it_is_back(
    salesiq: Simulator, house: House, zoho: FakeZoho, trouble: Trouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    told_all(house, days=2)
    trouble(zoho)
    chat = salesiq.visitor(email=TOM).open().click("Book an appointment")
    assert chat.input is not None
    day, times = next(iter(chat.input["slots"].items()))
    chat.answer(f"{day} {times[0]}")
    assert any("Booked" in text for text in chat.texts), chat.texts
    pushed = room_of(house).pusher.push()
    assert (pushed.sent, pushed.stuck) == (0, 0) and pushed.waiting >= 1
    assert zoho.store.count("Events") == 0

    with ten_minutes_later(house, zoho, monkeypatch) as room:
        both_alike(house, zoho, room)

    (event,) = zoho.store.all("Events")
    tom = house.crm.find_lead(email=TOM)
    assert tom is not None and event["What_Id"]["id"] == tom.id


@contextmanager
def ten_minutes_later(house: House, zoho: FakeZoho, monkeypatch: pytest.MonkeyPatch) -> Iterator[ZohoRoom]:
    """Zoho answers, the operator has given us a new refresh token, and a worker looks again."""
    zoho.faults.clear()
    zoho.tokens.add_refresh("1000.another.refresh", EVERYTHING)
    monkeypatch.setenv("ZOHO_REFRESH_TOKEN", "1000.another.refresh")
    zoho.advance(600)
    room = build_zoho_room(
        house.settings, house.database, house.secret_key, clock=lambda: datetime.now(UTC) + timedelta(minutes=10)
    )
    try:
        yield room
    finally:
        room.close()


@pytest.mark.parametrize(
    ("trouble", "title", "cure"),
    [
        (outage, "No answer from Zoho", "writes wait in the outbox"),
        (revoked, "Our permission was revoked", "zoho connect"),
    ],
)
def test_the_page_says_what_is_wrong_and_what_to_do(
    app: Flask, house: House, zoho: FakeZoho, trouble: Trouble, title: str, cure: str
) -> None:
    house.users.add_user("admin@example.com", Role.ADMINISTRATOR, "a calm long password")
    room = room_of(house)
    staff = logged_in(app)
    assert title not in staff.get("/crm").text
    trouble(zoho)
    with suppress(CrmError):
        room.mirror.poll()

    page = staff.get("/crm").text

    assert title in page and cure in page
    for secret in (zoho.client_secret, zoho.refresh_token):
        assert secret not in page
