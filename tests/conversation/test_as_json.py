"""Replies, messages and sessions survive their way through JSON, whatever stands in them."""

from __future__ import annotations

import dataclasses
import json
import typing
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings

from motenashi.conversation import display_cards, input_cards
from motenashi.conversation.as_json import (
    card_from_json,
    card_name,
    card_to_json,
    channel_from_json,
    channel_to_json,
    message_from_json,
    message_to_json,
    reply_from_json,
    reply_to_json,
    session_from_json,
    session_to_json,
)
from motenashi.conversation.assurance import Assurance, Identity
from motenashi.conversation.message import Attachment, Channel, Failure, Message, MessageKind
from motenashi.conversation.reply import Action, Reply
from motenashi.conversation.session import Frame, Session
from motenashi.conversation.visitor import Visitor
from tests.reply_strategies import replies

NOW = datetime(2026, 5, 11, 1, 0, 0, 123456, tzinfo=UTC)
CHANNEL = Channel("salesiq", collects_forms=True, hands_over=True)
MESSAGE = Message(
    "c1",
    "d1",
    CHANNEL,
    "storefront",
    MessageKind.TEXT,
    NOW,
    text="森 🌸",
    card={"value": "a", "card": "select", "nested": {"card": "no_such_card"}},
    attachments=(Attachment("a.pdf", "https://f.test/a", "application/pdf", 7, "id"),),
    answers={"name": "x", "card": "y"},
    failure=Failure("unknown", 9, "?", "reply"),
    visitor=Visitor(name="n", lead_score=3, custom_info={"card": "gold", "deep": [{"a": None}]}),
    identity=Identity(Assurance.VERIFIED, "a@b.c", "code"),
    retry_fingerprint="f",
)
SESSION = Session(
    "c1",
    "storefront",
    stack=(Frame("a", "b"),),
    waiting={"card": {"card": "text_input"}},
    variables={"card": {"card": "anything"}, "none": None},
    identity=Identity(Assurance.CLAIMED, "a@b.c"),
    visitor={"card": {"card": "platinum"}},
    wake_at=NOW,
    turn=3,
)


def through_json(data: typing.Any) -> typing.Any:
    return json.loads(json.dumps(data, allow_nan=False))


@given(replies())
@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_every_reply_comes_back_equal(reply: Reply) -> None:
    assert reply_from_json(through_json(reply_to_json(reply))) == reply


def test_a_message_comes_back_equal() -> None:
    assert message_from_json(through_json(message_to_json(MESSAGE))) == MESSAGE


def test_a_session_comes_back_equal() -> None:
    assert session_from_json(through_json(session_to_json(SESSION))) == SESSION
    assert session_from_json(through_json(session_to_json(Session("c", "b")))) == Session("c", "b")


def test_every_field_of_a_session_is_written() -> None:
    """It is written out by hand, so a new field could be forgotten."""
    assert set(session_to_json(SESSION)) == {field.name for field in dataclasses.fields(Session)}


def test_a_channel_comes_back_equal() -> None:
    assert channel_from_json(through_json(channel_to_json(CHANNEL))) == CHANNEL


@pytest.mark.parametrize("kind", typing.get_args(input_cards.InputCard), ids=card_name)
def test_every_input_card_has_a_name_of_its_own(kind: type) -> None:
    required = [field for field in dataclasses.fields(kind) if field.default is dataclasses.MISSING]
    values = {field.name: ("10:00",) for field in required if field.default_factory is dataclasses.MISSING}
    if kind is input_cards.DateTimeSlots:
        values = {"slots": {"2030-01-02": ("10:00",)}}
    elif kind is input_cards.DropDown:
        values = {"options": (input_cards.Option("a", "A"),)}
    card = kind(**values)

    data = through_json(card_to_json(card))

    assert data["card"] == card_name(kind) and card_from_json(data) == card


def test_no_two_cards_share_a_name() -> None:
    kinds = (*typing.get_args(display_cards.Display), *typing.get_args(input_cards.InputCard))

    assert len({card_name(kind) for kind in kinds}) == len(kinds)


def test_what_stands_at_its_default_is_left_out() -> None:
    assert reply_to_json(Reply()) == {}
    assert reply_to_json(Reply(action=Action.END)) == {"action": "end"}


def test_what_a_newer_program_wrote_is_read_by_an_older_one() -> None:
    assert reply_from_json({"language": "ja", "new_field": [1]}) == Reply(language="ja")
    assert session_from_json({**session_to_json(SESSION), "new_field": 1}) == SESSION
