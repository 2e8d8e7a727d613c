"""A customer at the front door: verified by a code, then their orders, in both languages."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from motenashi.conversation.tables import conversations, entries
from motenashi.house import House
from motenashi.identity.tables import identity_codes
from tests.salesiq_simulator import Simulator
from tests.walks.conftest import code_in_outbox
from tests.walks.real_house import (
    HARUKA,
    HARUKAS_ORDERS,
    HARUKAS_WISH,
    NEW_CONTACT,
    on_both_backends,
    on_both_databases,
)

pytestmark = on_both_backends

PAST = {"en": "Show past orders", "ja": "過去の注文を表示"}
EXPLORING = {"en": "Show products I'm exploring", "ja": "検討中の商品を表示"}


@on_both_databases
@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_customer_sees_past_orders_after_the_code_from_the_mail(
    salesiq: Simulator, house: House, language: str
) -> None:
    chat = salesiq.visitor(email=HARUKA, language=language).open()
    chat.click(PAST[language])
    assert not any(name in str(chat.log) for name in HARUKAS_ORDERS)

    chat.say(code_in_outbox(house))

    names = [name if language == "en" else f"{name}（日本語）" for name in HARUKAS_ORDERS]
    assert all(name in "\n".join(chat.texts) for name in names), chat.texts
    assert HARUKAS_WISH not in "\n".join(chat.texts)
    assert house.outbox.newest(1)[0].language == language
    assert house.outbox.newest(1)[0].to == HARUKA


@pytest.mark.parametrize("language", ["en", "ja"])
def test_who_is_verified_once_is_not_asked_again(salesiq: Simulator, house: House, language: str) -> None:
    chat = salesiq.visitor(email=HARUKA, language=language).open()
    chat.click(PAST[language]).say(code_in_outbox(house))

    chat.click(EXPLORING[language])

    assert HARUKAS_WISH in "\n".join(chat.texts)
    assert len(house.outbox.newest(10)) == 1


def test_a_customer_without_orders_is_told_so(salesiq: Simulator, house: House) -> None:
    chat = salesiq.visitor(email=NEW_CONTACT).open().click(PAST["en"])

    chat.say(code_in_outbox(house))

    assert any("no completed orders" in text for text in chat.texts), chat.texts


def test_a_question_is_answered_from_the_pages(salesiq: Simulator) -> None:
    chat = salesiq.visitor(email=HARUKA).open().click("Ask a question")

    chat.say("Do you ship abroad?")

    assert chat.status == "bot" and chat.texts, chat.texts
    assert not any(name in str(chat.log) for name in HARUKAS_ORDERS)


def test_the_code_is_hashed_at_rest_and_stands_in_no_log(
    salesiq: Simulator, house: House, caplog: pytest.LogCaptureFixture
) -> None:
    salesiq.visitor(email=HARUKA).open().click(PAST["en"])

    with house.database.read() as connection:
        kept = connection.execute(select(identity_codes)).all()

    code = code_in_outbox(house)
    assert len(code) == 6 and code not in str(kept) and code not in caplog.text


@on_both_databases
def test_the_transcript_holds_every_word_in_order_without_a_gap(salesiq: Simulator, house: House) -> None:
    chat = salesiq.visitor(email=HARUKA).open().click(PAST["en"])
    chat.say(code_in_outbox(house))

    with house.database.read() as connection:
        rows = connection.execute(select(entries).order_by(entries.c.seq)).all()
        row = connection.execute(select(conversations)).one()
    assert [entry.seq for entry in rows] == list(range(1, row.last_seq + 1))
    assert [entry.text for entry in rows if entry.author == "visitor"] == [
        text for who, text in chat.log if who == "visitor"
    ]
    assert row.version == 3
