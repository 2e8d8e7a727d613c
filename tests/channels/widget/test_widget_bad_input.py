"""What the chat box's door refuses, and how it says so."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motenashi.channels.widget.payloads import WrongShape, read_opening, read_said
from tests.channels.widget.conftest import FRIEND, Door, MakeDoor, bearer

KEYS = st.sampled_from(["bot", "id", "text", "card", "attachments", "visitor", "email", "info", "token"]) | st.text()
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("message-0001")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"id": "message-0001", "text": 5}, "text"),
        ({"id": "message-0001", "text": ""}, "text"),
        ({"id": "message-0001", "text": "   "}, "text"),
        ({"id": "message-0001", "text": "x" * 10_001}, "text"),
        ({"id": "short", "text": "hello"}, "id"),
        ({"id": "message 0001 with spaces", "text": "hello"}, "id"),
        ({"text": "hello"}, "id"),
        ({"id": "message-0001", "text": "hello", "card": "star"}, "card"),
        ({"id": "message-0001", "text": "hello", "card": {"a": {"b": {"c": {"d": {"e": {"f": {"g": 1}}}}}}}}, "card"),
        ({"id": "message-0001", "text": "hello", "card": {"value": float("nan")}}, "card.value"),
        ({"id": "message-0001", "text": "hello", "attachments": {}}, "attachments"),
        ({"id": "message-0001", "text": "hello", "attachments": [{"name": 1}]}, "attachments.0.name"),
        ({"id": "message-0001", "text": "hello", "attachments": [{"size": -1}]}, "attachments.0.size"),
        ({"id": "message-0001", "text": "hello", "visitor": []}, "visitor"),
        ({"id": "message-0001", "text": "hello", "visitor": {"email": ["a"]}}, "visitor.email"),
        ({"id": "message-0001", "text": "hello", "visitor": {"name": "n" * 2_001}}, "visitor.name"),
    ],
)
def test_a_wrong_shape_is_told_by_its_field(door: Door, body: dict[str, Any], field: str) -> None:
    answer = door.say(door.opened(), **body)

    assert answer.status_code == 400
    assert answer.get_json()["error"]["field"].startswith(field)
    assert len(door.gallery.messages) == 1  # the opening only


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe", b"[" * 50_000, b'"text"', b"[]", b"null"])
def test_what_is_no_json_object_is_refused(door: Door, raw: bytes) -> None:
    held = door.opened()
    path = f"/widget/conversations/{held['conversation']}/messages"

    answer = door.client.post(path, data=raw, headers=bearer(held), content_type="application/json")

    assert (answer.status_code, answer.get_json()["error"]["field"]) == (400, "body")


def test_another_content_type_is_refused(door: Door) -> None:
    answer = door.client.post("/widget/conversations", data={"bot": "gallery"})

    assert (answer.status_code, answer.get_json()["error"]["field"]) == (400, "Content-Type")


@given(st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=12))
def test_whatever_json_comes_is_read_or_refused_by_its_field(data: Any) -> None:
    for read in (lambda: read_opening(data, ip=""), lambda: read_said(data, longest_text=100, ip="")):
        try:
            read()
        except WrongShape as wrong:
            assert wrong.field


def test_a_body_over_the_limit_is_refused(door: Door) -> None:
    answer = door.open(visitor={"info": {"much": "x" * 300_000}})

    assert answer.status_code == 413
    assert answer.get_json()["error"]["code"] == "too_large"


def test_ten_thousand_characters_are_taken(door: Door) -> None:
    assert door.say(door.opened(), id="message-0001", text="あ" * 10_000).status_code == 200


def test_nul_and_lone_surrogates_become_text_that_can_be_stored(door: Door) -> None:
    held = door.opened()
    path = f"/widget/conversations/{held['conversation']}/messages"
    raw = rb'{"id": "message-0001", "text": "a\u0000b \ud800 \ud83d\ude00", "card": {"value": "\udfff"}}'

    answer = door.client.post(path, data=raw, headers=bearer(held), content_type="application/json")

    assert answer.status_code == 200
    assert door.gallery.messages[-1].text == "ab � 😀"
    assert door.gallery.messages[-1].card == {"value": "�"}


@pytest.mark.parametrize("after", ["-1", "x", "1.5", "9" * 40, "１"])
def test_a_place_in_the_transcript_is_a_whole_number(door: Door, after: str) -> None:
    answer = door.since(door.opened(), after)

    assert (answer.status_code, answer.get_json()["error"]["field"]) == (400, "after")


def test_a_site_that_is_not_on_the_list_gets_nothing(door: Door) -> None:
    for origin in (
        "https://evil.example.com",
        "https://shop.example.com.evil.net",
        "http://shop.example.com",
        "null",
        "http://[",
    ):
        answer = door.open(headers={"Origin": origin})

        assert answer.status_code == 403
        assert "Access-Control-Allow-Origin" not in answer.headers
    assert door.gallery.messages == []


def test_a_listed_site_is_answered_by_name(door: Door) -> None:
    preflight = door.client.options("/widget/conversations", headers={"Origin": FRIEND})
    answer = door.open(headers={"Origin": FRIEND})

    assert preflight.status_code == 204
    assert "Authorization" in preflight.headers["Access-Control-Allow-Headers"]
    assert answer.headers["Access-Control-Allow-Origin"] == FRIEND
    assert "Origin" in answer.headers["Vary"]
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_a_refusal_can_be_read_by_a_listed_sites_page(door: Door) -> None:
    answer = door.open(headers={"Origin": FRIEND}, bot=5)

    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (400, FRIEND)


def test_our_own_pages_are_always_welcome(door: Door) -> None:
    assert door.open(headers={"Origin": "https://localhost"}).status_code == 200


def test_a_flood_of_messages_is_asked_to_wait_in_the_visitors_language(make_door: MakeDoor) -> None:
    door = make_door(messages="3/hour")
    held = door.opened()
    for number in range(3):
        assert door.say(held, id=f"message-000{number}", text="hello").status_code == 200

    japanese = door.say(held, id="message-0009", text="hello", headers={"Accept-Language": "ja-JP"})
    english = door.say(held, id="message-0009", text="hello", headers={"Accept-Language": "fr"})

    assert (japanese.status_code, english.status_code) == (429, 429)
    assert "少し待って" in japanese.get_json()["error"]["message"]
    assert "wait a moment" in english.get_json()["error"]["message"]
    assert 1 <= int(japanese.headers["Retry-After"]) <= 3600


def test_one_visitors_flood_does_not_silence_another(make_door: MakeDoor) -> None:
    door = make_door(messages="1/hour")
    loud, quiet = door.opened(), door.opened()
    door.say(loud, id="message-0001", text="hello")

    assert door.say(loud, id="message-0002", text="hello").status_code == 429
    assert door.say(quiet, id="message-0001", text="hello").status_code == 200


def test_one_address_can_not_open_conversations_without_end(make_door: MakeDoor) -> None:
    door = make_door(conversations="2/hour")

    assert [door.open().status_code for _ in range(3)] == [200, 200, 429]


def test_polling_without_end_is_asked_to_wait(make_door: MakeDoor) -> None:
    door = make_door(look_ups="2/hour")
    held = door.opened()

    assert [door.since(held).status_code for _ in range(3)] == [200, 200, 429]


def test_answers_are_not_kept_by_anybody_on_the_way(door: Door) -> None:
    assert door.open().headers["Cache-Control"] == "no-store"


def test_one_machines_many_ipv6_addresses_count_as_one(make_door: MakeDoor) -> None:
    client = make_door(conversations="2/minute").client
    addresses = (
        "2001:db8::1",
        "2001:db8::2:1",
        "2001:db8:0:0:ffff::3",
        "2001:db8:0:1::1",
        "::ffff:192.0.2.1",
        "192.0.2.9",
    )
    answers = [
        client.post("/widget/conversations", json={"bot": "gallery"}, environ_base={"REMOTE_ADDR": address}).status_code
        for address in addresses
    ]

    assert answers == [200, 200, 429, 200, 200, 200]
