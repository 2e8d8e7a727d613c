"""Prospects and strangers: popular products, an appointment, an expert, a message left behind."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from crm_client.embedded.tables import crm_leads
from motenashi.hand_over import hand_overs
from motenashi.house import House
from tests.salesiq_simulator import Chat, Simulator
from tests.walks.real_house import HARUKA, HARUKAS_ORDERS, NOBODY, TOM, on_both_backends, on_both_databases
from tests.walks.widget_chat import WidgetChat

pytestmark = on_both_backends


def all_events(house: House) -> list[Any]:
    now = datetime.now(UTC)
    return list(house.crm.events_between(now, now + timedelta(days=60)))


def first_slot(chat: Chat) -> str:
    assert chat.input is not None and chat.input["type"] == "date-timeslots", chat.texts
    day, times = next(iter(chat.input["slots"].items()))
    return f"{day} {times[0]}"


def offered(chat: Chat) -> list[str]:
    return [f"{day} {time}" for day, times in (chat.input or {}).get("slots", {}).items() for time in times]


@pytest.mark.parametrize(("language", "label"), [("en", "Explore popular products"), ("ja", "人気商品を見る")])
def test_a_prospect_sees_what_others_buy_most(salesiq: Simulator, language: str, label: str) -> None:
    chat = salesiq.visitor(email=TOM, language=language).open().click(label)

    wanted = HARUKAS_ORDERS[0] if language == "en" else f"{HARUKAS_ORDERS[0]}（日本語）"
    assert wanted in chat.texts, chat.texts
    chat.click("View" if language == "en" else "商品を見る")
    assert chat.opened_pages[0].startswith("https://shop.example.com/products/")


@pytest.mark.parametrize(("language", "label"), [("en", "Book an appointment"), ("ja", "打ち合わせを予約する")])
def test_a_prospect_books_an_appointment_and_it_stands_in_the_crm(
    salesiq: Simulator, house: House, language: str, label: str
) -> None:
    chat = salesiq.visitor(email=TOM, language=language).open().click(label)
    slot = first_slot(chat)

    chat.answer(slot)

    (event,) = all_events(house)
    lead = house.crm.find_lead(email=TOM)
    assert lead is not None and event.lead_id == lead.id
    assert event.kind == "event" and event.owner_id
    assert event.subject.startswith({"en": "Consultation", "ja": "ご相談"}[language])
    tokyo = event.start_at + timedelta(hours=9)
    assert f"{tokyo:%d/%m/%Y %H:%M}" == slot
    assert any(f"{tokyo:%H:%M}" in text for text in chat.texts), chat.texts


@on_both_databases
def test_the_same_slot_is_booked_as_often_as_there_are_people_and_no_more(house: House, client: FlaskClient) -> None:
    """Eight visitors, one moment, two of us: two events, six are offered other times."""
    chats = [Simulator(house_client(client)).visitor(email=TOM).open() for _ in range(8)]
    for chat in chats:
        chat.click("Book an appointment")
    slot = first_slot(chats[0])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda chat: chat.answer(slot), chats))

    events = all_events(house)
    assert len(events) == 2 and len({event.owner_id for event in events}) == 2
    still_asking = [chat for chat in chats if chat.input is not None]
    assert len(still_asking) == 6
    assert all(slot not in offered(chat) for chat in still_asking)


def house_client(client: FlaskClient) -> FlaskClient:
    """A client of its own for each thread: Flask's remembers the request it is in."""
    return client.application.test_client()


def test_an_expert_who_is_not_there_leaves_a_form_and_a_hand_over(salesiq: Simulator, house: House) -> None:
    salesiq.operators = "offline_hours"
    chat = salesiq.visitor(email=NOBODY, name="Nora Nobody").open().click("Talk to an expert")

    leave_a_message(chat, "Please call me about ten notebooks.")

    lead = house.crm.find_lead(email=NOBODY)
    assert lead is not None and "ten notebooks" in lead.note
    assert chat.status != "operator"
    assert any("ten notebooks" in waiting.summary for waiting in house.desk.waiting())


def leave_a_message(chat: Chat, message: str) -> None:
    """Through the form, whatever of it the flow asks in which order."""
    for _ in range(8):
        if "Leave a message" in chat.chips:
            chat.click("Leave a message")
            continue
        asked = " ".join(chat.texts).lower()
        if chat.status != "bot" or (chat.input is None and "may we do" not in asked and "message" not in asked):
            return
        kind = (chat.input or {}).get("type")
        chat.say({"name": "Nora Nobody", "email": NOBODY}.get(str(kind), message))


@on_both_databases
def test_a_message_left_in_the_widget_makes_one_lead_and_one_hand_over(client: FlaskClient, house: House) -> None:
    chat = WidgetChat(client, language="en", email=NOBODY).say("Talk to an expert")
    if "Leave a message" in chat.chips:
        chat.say("Leave a message")
    answers = {"name": "Nora Nobody", "email": NOBODY}
    for _ in range(6):
        asked = chat.reply.get("input") or {}
        if chat.reply.get("action", "reply") != "reply" or not asked:
            break
        chat.say(answers.get(asked.get("format", ""), "Please call me about ten notebooks."), message_id="")

    with house.database.read() as connection:
        leads = connection.execute(
            select(func.count()).select_from(crm_leads).where(crm_leads.c.email == NOBODY)
        ).scalar()
        messages = connection.execute(
            select(func.count()).select_from(hand_overs).where(hand_overs.c.summary.contains("ten notebooks"))
        ).scalar()
    assert (leads, messages) == (1, 1), chat.entries


@pytest.mark.parametrize(
    ("language", "services", "popular"),
    [("en", "See our services", "Explore popular products"), ("ja", "サービスを見る", "人気商品を見る")],
)
def test_somebody_new_sees_services_and_products(
    salesiq: Simulator, language: str, services: str, popular: str
) -> None:
    chat = salesiq.visitor(email="", language=language).open().click(services)
    assert "https://shop.example.com/services" in chat.texts, chat.texts

    chat.click(popular)

    assert any(HARUKAS_ORDERS[0] in text for text in chat.texts), chat.texts


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_widget_tells_the_same_people_apart(client: FlaskClient, language: str) -> None:
    chips = {email: WidgetChat(client, email=email, language=language).chips for email in (HARUKA, TOM, NOBODY)}

    assert len({tuple(labels) for labels in chips.values()}) == 3 and all(chips.values()), chips


def test_words_in_either_language_do_for_clicks(client: FlaskClient) -> None:
    chat = WidgetChat(client, email=TOM, language="en")

    chat.say("ｂｅｓｔ　ｓｅｌｌｅｒｓ")

    assert HARUKAS_ORDERS[0] in chat.shown
