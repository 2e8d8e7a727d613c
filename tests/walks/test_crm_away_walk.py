"""The CRM goes away in mid-talk: the visitor stays calm, the operator is told, nobody becomes a stranger."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from motenashi.house import House
from motenashi.storage import open_database
from tests.salesiq_simulator import Simulator
from tests.walks.conftest import code_in_outbox
from tests.walks.real_house import HARUKA, HARUKAS_ORDERS, TOM, on_both_databases
from tests.walks.widget_chat import WidgetChat

TABLES = ("crm_contacts", "crm_leads", "crm_deals", "crm_products", "crm_owners")
GREETS_STRANGERS = re.compile("Notebooks, servers and everything|IT の備え|ITの備え")
TRACE = re.compile(r"Traceback|Error|sqlite|psycopg|crm_|no such table|does not exist", re.IGNORECASE)


@contextmanager
def crm_away(house: House) -> Iterator[None]:
    """Every question to the CRM fails in the database itself; conversations can still be stored."""
    with house.database.write() as connection:
        for table in TABLES:
            connection.execute(text(f"ALTER TABLE {table} RENAME TO {table}_away"))
    yield
    with house.database.write() as connection:
        for table in TABLES:
            connection.execute(text(f"ALTER TABLE {table}_away RENAME TO {table}"))


@on_both_databases
@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_customer_who_comes_meanwhile_is_not_taken_for_a_stranger(
    salesiq: Simulator, house: House, caplog: pytest.LogCaptureFixture, language: str
) -> None:
    with crm_away(house):
        chat = salesiq.visitor(email=HARUKA, language=language).open()

    said = "\n".join(chat.texts)
    assert chat.chips and not GREETS_STRANGERS.search(said) and not TRACE.search(said), said
    assert ("can't open our customer records" if language == "en" else "お客様情報を確認できません") in said
    assert "identify_visitor" in caplog.text and "storefront.identify" in caplog.text


def test_orders_that_cannot_be_read_are_not_no_orders(
    salesiq: Simulator, house: House, caplog: pytest.LogCaptureFixture
) -> None:
    chat = salesiq.visitor(email=HARUKA).open().click("Show past orders")

    with crm_away(house):
        chat.say(code_in_outbox(house))
        said = "\n".join(chat.texts)

    assert "no completed orders" not in said and not TRACE.search(said)
    assert "can't look that up" in said and "Talk to a colleague" in chat.chips
    assert "contact.list_orders" in caplog.text

    chat.click("Back").click("Show past orders")  # it is back, and so are the orders, without a second code

    assert HARUKAS_ORDERS[0] in "\n".join(chat.texts)


def test_appointments_that_cannot_be_looked_up_leave_another_way(salesiq: Simulator, house: House) -> None:
    chat = salesiq.visitor(email=TOM).open()

    with crm_away(house):
        chat.click("Book an appointment")

    assert chat.status == "bot" and (chat.chips or chat.input), chat.texts
    assert not TRACE.search("\n".join(chat.texts))


def test_a_booking_that_cannot_be_written_is_not_confirmed(salesiq: Simulator, house: House) -> None:
    chat = salesiq.visitor(email=TOM).open().click("Book an appointment")
    assert chat.input is not None
    day, times = next(iter(chat.input["slots"].items()))

    with crm_away(house):
        chat.answer(f"{day} {times[0]}")

    said = "\n".join(chat.texts)
    assert "Booked" not in said and not TRACE.search(said), said


def test_the_widget_is_as_calm(client: FlaskClient, house: House) -> None:
    with crm_away(house):
        chat = WidgetChat(client, email=HARUKA, language="en")
        chat.say("Explore popular products")

    assert chat.chips and not TRACE.search(chat.shown), chat.shown


def test_a_locked_store_is_a_busy_sentence_and_nothing_is_lost(
    make_app: Callable[..., Flask],
    company_url: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Somebody holds SQLite's write lock: the turn can't be stored, so it is not answered; sent again, it is."""
    monkeypatch.setattr(open_database, "BUSY_SECONDS", 0.05)
    app = make_app(company_url)
    salesiq = Simulator(app.test_client())
    chat = salesiq.visitor(email=TOM).open()
    widget = WidgetChat(app.test_client(), email=TOM)
    holder = sqlite3.connect(company_url.removeprefix("sqlite:///"), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")

    chat.say("Explore popular products")
    refused = widget.send("Explore popular products", message_id="the-same-message")
    holder.execute("ROLLBACK")
    holder.close()

    assert "busy" in chat.texts[0] and "busy" in caplog.text
    assert refused.status_code == 503 and refused.headers["Retry-After"] == "1"
    assert HARUKAS_ORDERS[0] in str(chat.retry())
    assert HARUKAS_ORDERS[0] in widget.say("Explore popular products", message_id="the-same-message").shown
