"""What must not come in is refused clearly at the real door, and nothing is lost by it."""

from __future__ import annotations

import dataclasses
import json
import re
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

import app as roof
from motenashi.conversation.tables import conversations
from motenashi.house import House
from motenashi.identity.roles import Role
from motenashi.plug_contract import plug
from plugs.all_plugs import ALL_PLUGS
from plugs.popular_products import PopularProducts
from tests.salesiq_simulator import Answered, Simulator
from tests.walks.real_house import HARUKA, ROOT, TOM, on_both_databases, write_flows
from tests.walks.widget_chat import WidgetChat

PATH = "/channels/salesiq/storefront"


def body(**changes: Any) -> bytes:
    payload = {
        "handler": "message",
        "request": {"id": uuid.uuid4().hex},
        "visitor": {"active_conversation_id": "c1", "email": TOM},
        "message": {"type": "text", "text": "hello"},
    }
    kept = {key: value for key, value in (payload | changes).items() if value is not None}
    return json.dumps(kept).encode()


def stored(house: House) -> int:
    with house.database.read() as connection:
        return len(connection.execute(select(conversations.c.id)).all())


def test_a_wrong_signature_is_refused_without_a_word_about_why(salesiq: Simulator, house: House) -> None:
    unsigned = salesiq.send(PATH, body(), sign=False)
    forged = salesiq.send(PATH, body(), sign=False, headers={"x-siqsignature": "AAAA"})
    other_body = salesiq.send(PATH, body(), sign=False, headers={"x-siqsignature": ""})

    for answer in (unsigned, forged, other_body):
        assert answer.status == 401 and answer.json == {"error": {"message": "unauthorized"}}
    assert stored(house) == 0


def test_a_body_over_256_kib_is_refused(salesiq: Simulator, house: House) -> None:
    answer = salesiq.send(PATH, body(message={"text": "x" * 300_000}))

    assert answer.status == 413 and answer.json["error"]["field"] == "body" and stored(house) == 0


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (b"not JSON at all", "body"),
        (b"[1, 2]", "body"),
        (b"\xff\xfe{}", "body"),
        (b"[" * 100_000, "body"),
        (body(handler=None), "handler"),
        (body(handler="greeting"), "handler"),
        (body(handler=["message"]), "handler"),
        (body(message=None), "message"),
        (body(message={"text": {"a": 1}}), "message.text"),
        (body(visitor="Tom"), "visitor"),
        (body(visitor={"email": TOM}), "visitor.active_conversation_id"),
        (body(request=[]), None),
        (body(handler="context", answers="{broken"), "answers"),
    ],
)
def test_a_wrong_shape_is_told_by_field(salesiq: Simulator, house: House, content: bytes, field: str | None) -> None:
    answer = salesiq.send(PATH, content)

    if field is None:  # an empty list is nobody's mistake
        assert answer.status == 200
        return
    assert answer.status == 400 and answer.json["error"]["field"] == field and answer.json["error"]["message"]
    assert stored(house) == 0


@pytest.mark.parametrize("path", ["/channels/salesiq/nobody", "/channels/salesiq/contact", "/plugs/nobody"])
def test_what_is_not_there_is_404(salesiq: Simulator, path: str) -> None:
    assert salesiq.send(path, body()).status == 404


def test_other_verbs_are_405(client: FlaskClient) -> None:
    assert [client.delete(PATH).status_code, client.put(PATH, data=b"x").status_code] == [405, 405]


def test_an_unknown_conversation_of_the_box_is_404_whoever_asks(client: FlaskClient) -> None:
    chat = WidgetChat(client, email=TOM)
    strange = client.post(
        "/widget/conversations/web-0000/messages",
        json={"id": "12345678", "text": "hi"},
        headers={"Authorization": f"Bearer {chat.secret}"},
    )
    nobodys = client.get(f"/widget/conversations/{chat.id}/messages")

    assert strange.status_code == nobodys.status_code == 404


def test_a_message_in_a_conversation_that_never_began_begins_one(salesiq: Simulator) -> None:
    assert salesiq.visitor(email=TOM).say("hello").chips


@on_both_databases
def test_ids_of_any_length_name_conversations_that_never_meet(salesiq: Simulator, house: House) -> None:
    """Two ids that differ only behind where a table's column ends."""
    long = "9" * 300
    answers = [
        salesiq.send(
            PATH, body(visitor={"active_conversation_id": f"{long}{end}", "email": HARUKA}, request={"id": long * 3})
        )
        for end in "ab"
    ]

    assert [answer.status for answer in answers] == [200, 200]
    assert "went wrong" not in answers[0].body.decode() and stored(house) == 2


@on_both_databases
@pytest.mark.parametrize(
    "words",
    [
        "x" * 10_000,
        "森" * 10_000,
        "🌸👨‍👩‍👧‍👦",
        "שלום",
        "a\0b",
        "\ud83c",
        "{{ 7 * 7 }}{% raw %}",
        "<script>alert(1)</script>",
    ],
    ids=["long", "long Japanese", "emoji", "right to left", "NUL", "half a character", "template", "HTML"],
)
def test_odd_words_are_answered_and_kept(salesiq: Simulator, house: House, words: str) -> None:
    chat = salesiq.visitor(email=TOM).open().say(words)

    assert chat.status == "bot" and chat.chips and "went wrong" not in "".join(chat.texts)
    kept = house.store.entries(f"salesiq:storefront:{chat.conversation_id}")[1].text
    assert kept == words.replace("\0", "").replace("\ud83c", "\ufffd")


# Plugs of other people


@plug(title="Raises")
def popular_products_raises(*, limit: int = 5) -> PopularProducts:
    raise ZeroDivisionError("secret detail")


@plug(title="Hangs", timeout=0.2)
def popular_products_hangs(*, limit: int = 5) -> PopularProducts:
    time.sleep(1.5)
    return PopularProducts((), 0, "")


@pytest.mark.parametrize("broken", [popular_products_raises, popular_products_hangs], ids=["raises", "hangs"])
def test_a_plug_that_breaks_costs_its_own_answer_only(
    make_app: Callable[..., Flask],
    company_url: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    broken: Any,
) -> None:
    stand_in = dataclasses.replace(broken, name="popular_products")
    plugs = tuple(stand_in if each.name == "popular_products" else each for each in ALL_PLUGS)
    monkeypatch.setattr(roof, "ALL_PLUGS", plugs)
    chat = Simulator(make_app(company_url).test_client()).visitor(email=TOM).open()

    chat.click("Explore popular products")

    said = "\n".join(chat.texts)
    assert chat.chips and "not available just now" in said
    assert not re.search("ZeroDivision|secret|Traceback", said)
    assert "popular_products.look" in caplog.text


# The designers' files


def test_a_broken_edit_shows_on_the_staffs_page_with_its_line(
    make_app: Callable[..., Flask], company_url: str, tmp_path: Path
) -> None:
    text = (ROOT / "flows/lead.yaml").read_text(encoding="utf-8")
    folder = tmp_path / "flows"
    write_flows(folder, **{path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "flows").glob("*.yaml")})
    app = make_app(company_url, flows=folder)
    house: House = app.extensions["motenashi"]
    house.users.add_user("admin@example.com", Role.ADMINISTRATOR, "a calm long password")
    line = next(number for number, each in enumerate(text.splitlines(), start=1) if "go: popular" in each)
    write_flows(folder, lead=text.replace("go: popular", "go: poplar", 1))
    house.flows._looked = 0.0

    chat = Simulator(app.test_client()).visitor(email=TOM).open()
    page = logged_in(app).get("/flows/lead")

    assert "Explore popular products" in chat.chips
    assert page.status_code == 200 and "poplar" in page.text and str(line) in page.text


def logged_in(app: Flask) -> FlaskClient:
    client = app.test_client()
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/login").text)
    assert token
    form = {"csrf_token": token[1], "email": "admin@example.com", "password": "a calm long password"}
    answer = client.post("/login", data=form)
    assert answer.status_code == 302, answer.text
    return client


def test_an_answer_is_plain_json_without_anything_of_us_in_it(salesiq: Simulator) -> None:
    answer: Answered = salesiq.send(PATH, body())

    assert set(answer.json) <= {"action", "replies", "suggestions", "input"}
