"""SalesIQ's JSON in our words: recorded shapes, tolerated ones, and anything at all."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motenashi.channels.salesiq.payloads import WrongShape, read_json, to_message
from motenashi.channels.salesiq.settings import SalesIQSettings
from motenashi.conversation.assurance import NOBODY, Assurance
from motenashi.conversation.message import Attachment, Failure, Message, MessageKind
from tests.salesiq_door import JSON, REQUESTS, SHAPES

PAYLOADS = Path(__file__).parents[2] / "payloads" / "salesiq"
NOW = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)


def read(data: Any, *, assurance: Any = "claimed", signed: bool = True) -> Message:
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    settings = SalesIQSettings(assurance=assurance)
    return to_message(read_json(body), bot="storefront", settings=settings, signed=signed, now=NOW)


def recorded(name: str) -> Message:
    return read((PAYLOADS / f"{name}.json").read_bytes())


def message(**changes: Any) -> dict[str, Any]:
    return {
        "handler": "message",
        "operation": "message",
        "request": {"id": "r-1"},
        "visitor": {"active_conversation_id": "301", "channel": "Website"},
        "message": {"text": "Hello"},
        "attachments": [],
    } | changes


@pytest.mark.parametrize("path", sorted(PAYLOADS.glob("*.json")), ids=lambda path: path.stem)
def test_the_schema_accepts_what_we_read(path: Path) -> None:
    REQUESTS.validate(json.loads(path.read_text()))
    recorded(path.stem)


def test_a_first_message_brings_the_whole_visitor() -> None:
    found = recorded("first_message")

    assert (found.kind, found.text, found.conversation_id) == (
        MessageKind.TEXT,
        "Where is my order?",
        "salesiq:storefront:301550000000417009",
    )
    assert found.delivery_id == "7c1e90-aab31-5f0d2-e417c:message"
    assert found.visitor.name == "Mina Okafor"
    assert found.visitor.time_zone == "Asia/Tokyo"
    assert found.visitor.number_of_past_chats == 3
    assert found.visitor.custom_info == {"Plan": "Premium", "seats": "12"}
    assert found.received_at == NOW


def test_a_trigger_opens_a_conversation_even_before_it_has_an_id() -> None:
    found = recorded("trigger")

    assert found.kind is MessageKind.OPEN
    assert found.conversation_id == "salesiq:storefront:greeting-0b77aa-19c2e-44d10-9e001"
    assert found.visitor.name == ""  # 'Visitor 20417' is no name


def test_a_finished_context_is_a_form() -> None:
    found = recorded("context")

    assert found.kind is MessageKind.FORM
    assert found.answers == {"full_name": "Mina Okafor", "slot": "10:30"}
    assert found.card == {"context_id": "callback_form"}


@pytest.mark.parametrize(
    "answers",
    [
        {"mail": {"text": "a@b.c"}},
        {"mail": "a@b.c"},
        [{"name": "mail", "text": "a@b.c"}],
        json.dumps({"mail": {"text": "a@b.c"}}),
        {"mail": {"value": "a@b.c"}},
    ],
    ids=["map", "flat", "list", "text", "value"],
)
def test_answers_come_in_several_shapes(answers: Any) -> None:
    assert read(message(handler="context", answers=answers)).answers == {"mail": "a@b.c"}


def test_a_failure_tells_why() -> None:
    assert recorded("failure_offline_hours").failure == Failure("offline_hours", 1001, "offline_hours", "forward")


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (1002, "operators_not_available"),
        (1003, "invalid_operators"),
        (1005, "more_than_max_length"),
        ("1007", "execution_failure"),
        (4711, "unknown"),
        (None, "unknown"),
    ],
)
def test_every_failure_code_has_our_word(code: Any, reason: str) -> None:
    failure = read(message(handler="failure", cause={"code": code})).failure

    assert failure is not None
    assert failure.reason == reason


def test_files_come_as_attachments() -> None:
    found = recorded("files")

    assert found.text == ""
    assert found.conversation_id.endswith(":301550000000417009")
    assert found.attachments == (
        Attachment("invoice.pdf", "https://files.example.org/77", "application/pdf", 2048, "77"),
        Attachment("photo.png", "https://files.example.org/photo.png"),
    )


def test_a_cards_answer_keeps_its_data() -> None:
    assert recorded("card_answer").card == {"type": "drop-down", "value": "p", "label": "Plus"}


def test_what_stands_inside_entity_counts_too() -> None:
    found = recorded("entity_wrapper")

    assert (found.text, found.channel.name) == ("こんにちは", "line")
    assert found.conversation_id == "salesiq:storefront:301550000000417009"


@pytest.mark.parametrize(
    ("channel", "name", "cards", "forms"),
    [
        ("Website", "salesiq", True, True),
        ("Mobile App", "salesiq", True, True),
        ("", "salesiq", True, True),
        ("WhatsApp", "whatsapp", False, False),
        ("facebook", "facebook", False, False),
        ("Instagram", "instagram", False, False),
        ("Telegram", "telegram", False, False),
        ("LINE", "line", False, False),
    ],
)
def test_each_channel_has_its_abilities(channel: str, name: str, cards: bool, forms: bool) -> None:
    found = read(message(visitor={"active_conversation_id": "1", "channel": channel})).channel

    assert (found.name, found.shows_cards, found.collects_forms, found.hands_over) == (name, cards, forms, True)


@pytest.mark.parametrize(
    ("visitor", "request_", "key"),
    [
        ({"active_conversation_id": "a", "uuid": "b"}, {}, "a"),
        ({"uuid": "b"}, {"conversation_id": "c"}, "c"),
        ({"uuid": "b"}, {"chat_id": "d"}, "d"),
        ({"visitid": "e", "id": "g"}, {"id": "r"}, "e"),
        ({"visitor_id": "f", "id": "g"}, {}, "f"),
        ({"id": 12}, {}, "12"),
    ],
)
def test_a_conversation_is_found_by_the_best_id_there_is(visitor: Any, request_: Any, key: str) -> None:
    assert read(message(visitor=visitor, request=request_)).conversation_id == f"salesiq:storefront:{key}"


def test_an_address_is_only_claimed() -> None:
    identity = recorded("first_message").identity

    assert (identity.level, identity.email) == (Assurance.CLAIMED, "mina@example.org")


def test_an_operator_may_trust_the_address_of_a_signed_call() -> None:
    identity = read((PAYLOADS / "first_message.json").read_bytes(), assurance="verified").identity

    assert (identity.level, identity.email) == (Assurance.VERIFIED, "mina@example.org")


def test_an_unsigned_call_never_verifies_anybody() -> None:
    identity = read((PAYLOADS / "first_message.json").read_bytes(), assurance="verified", signed=False).identity

    assert identity.level is Assurance.CLAIMED


@pytest.mark.parametrize("email", ["", "nobody", None, 5, "a b@c"])
def test_no_address_is_nobody(email: Any) -> None:
    assert read(message(visitor={"id": "1", "email": email}), assurance="verified").identity == NOBODY


def test_a_retry_has_another_delivery_and_the_same_fingerprint() -> None:
    first, again = read(message()), read(message(request={"id": "r-2"}))
    other = read(message(message={"text": "Something else"}))

    assert first.delivery_id != again.delivery_id
    assert first.retry_fingerprint == again.retry_fingerprint
    assert first.retry_fingerprint != other.retry_fingerprint


def test_another_cards_answer_is_no_retry() -> None:
    one, two = (read(message(message={"text": "Yes", "meta": {"card_data": {"id": id}}})) for id in "ab")

    assert one.retry_fingerprint != two.retry_fingerprint


def test_without_a_request_id_equal_words_are_two_deliveries() -> None:
    assert read(message(request={})).delivery_id != read(message(request={})).delivery_id


def test_half_characters_and_nul_are_made_harmless() -> None:
    found = read(b'{"handler":"message","visitor":{"id":"1","name":"A\\u0000B"},"message":{"text":"x\\ud800y\\u0000"}}')

    assert found.text == "x\ufffdy"
    assert found.visitor.name == "AB"


def test_numbers_that_json_has_not_are_left_out() -> None:
    found = read(
        b'{"handler":"message","visitor":{"id":"1"},"message":{"text":"","meta":{"card_data":{"value":1e999}}}}'
    )

    assert found.card == {"value": None}


def test_ten_thousand_characters_arrive_whole() -> None:
    assert read(message(message={"text": "字" * 10_000})).text == "字" * 10_000


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"not json", "body"),
        (b"[1]", "body"),
        (b'"text"', "body"),
        (b"\xff\xfe", "body"),
        (b"[" * 100_000, "body"),
        (b"{}", "handler"),
        (b'{"handler": 5}', "handler"),
        (b'{"handler": "dance"}', "handler"),
        (b'{"handler": "message", "visitor": 3}', "visitor"),
        (b'{"handler": "message", "visitor": {"id": "1"}}', "message"),
        (b'{"handler": "message", "visitor": {"id": "1"}, "message": "hi"}', "message"),
        (b'{"handler": "message", "visitor": {"id": "1"}, "message": {"text": {}}}', "message.text"),
        (b'{"handler": "message", "message": {"text": "a"}}', "visitor.active_conversation_id"),
        (b'{"handler": "context", "visitor": {"id": "1"}}', "answers"),
        (b'{"handler": "context", "visitor": {"id": "1"}, "answers": "{"}', "answers"),
    ],
)
def test_a_wrong_shape_names_its_field(body: bytes, field: str) -> None:
    with pytest.raises(WrongShape) as error:
        read(body)

    assert error.value.field == field


@settings(max_examples=300, deadline=None)
@given(data=st.one_of(JSON, SHAPES))
def test_any_json_becomes_a_message_or_names_its_field(data: Any) -> None:
    try:
        found = read(json.dumps(data).encode())
    except WrongShape as error:
        assert error.field
    else:
        assert found.conversation_id.startswith("salesiq:storefront:")
        json.dumps([found.text, dict(found.card), dict(found.answers)], ensure_ascii=False, allow_nan=False).encode()


@settings(max_examples=200, deadline=None)
@given(body=st.binary(max_size=200))
def test_any_bytes_become_a_message_or_name_a_field(body: bytes) -> None:
    with pytest.raises(WrongShape):
        read(body)


def test_an_id_that_would_begin_a_new_line_in_the_log_is_kept_as_its_hash() -> None:
    found = read(message(visitor={"active_conversation_id": "1\nCRITICAL all is lost"}, request={"id": "2\r\nx"}))
    assert (found.conversation_id + found.delivery_id).isprintable()
