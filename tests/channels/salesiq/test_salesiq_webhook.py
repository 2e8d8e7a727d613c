"""The door of SalesIQ's bots: pings, bad input, trouble inside; and talks as the platform holds them."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from motenashi.channels.inside import ConversationBusy, UnknownBot
from motenashi.conversation import display_cards as show
from motenashi.conversation import input_cards as ask
from motenashi.conversation.assurance import Assurance
from motenashi.conversation.message import Message, MessageKind
from motenashi.conversation.reply import Action, Reply
from tests.plain_inside import PlainInside, says
from tests.salesiq_door import JSON, RESPONSES, SETTINGS, SHAPES, door, echo, simulator
from tests.salesiq_simulator import Answered, Simulator

TEXT = {"handler": "message", "visitor": {"id": "1"}, "message": {"text": "Hello"}}


def sent(data: Any, *, bot: str = "storefront", **options: Any) -> Answered:
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    return simulator().send(f"/channels/salesiq/{bot}", body, **options)


# The address


def test_saving_the_bot_in_salesiq_works() -> None:
    simulator().ping()


def test_a_ping_starts_no_talk() -> None:
    inside = PlainInside(echo)

    simulator(inside).ping()

    assert inside.messages == []


@pytest.mark.parametrize("method", ["POST", "GET", "HEAD"])
def test_an_unknown_bot_is_not_found(method: str) -> None:
    answer = sent(TEXT, bot="nobody", method=method)

    assert answer.status == 404
    assert method == "HEAD" or answer.json["error"]["field"] == "bot"


def test_a_bot_that_vanished_between_is_not_found() -> None:
    def gone(message: Message) -> Reply:
        raise UnknownBot

    assert simulator(gone).send("/channels/salesiq/storefront", json.dumps(TEXT).encode()).status == 404


@pytest.mark.parametrize("which", ["request", "response"])
def test_the_schemas_are_published(which: str) -> None:
    answer = sent(b"", bot=f"schema/{which}.json", method="GET")

    assert answer.status == 200
    Draft202012Validator.check_schema(answer.json)


# Bad input


def test_a_wrong_signature_is_refused_without_a_word_why() -> None:
    answer = sent(TEXT, sign=False, headers={"x-siqsignature": "AAAA"})

    assert (answer.status, answer.json) == (401, {"error": {"message": "unauthorized"}})


def test_the_signature_is_checked_before_anything_is_read() -> None:
    assert sent(b"not json", sign=False).status == 401
    assert sent(TEXT, bot="nobody", sign=False).status == 401


def test_without_a_key_nobody_is_answered_unless_the_settings_say_so(caplog: pytest.LogCaptureFixture) -> None:
    body = json.dumps(TEXT).encode()
    bare = replace(SETTINGS, public_keys=())
    refused = Simulator(door(PlainInside(echo), bare), sign=False).send("/channels/salesiq/storefront", body)
    allowed = Simulator(door(PlainInside(echo), replace(bare, allow_unsigned=True)), sign=False)

    assert refused.status == 401
    assert "public_keys" in caplog.text
    assert allowed.send("/channels/salesiq/storefront", body).status == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [(b"not json", "body"), (b"[]", "body"), (b'{"handler":"dance"}', "handler"), (b'{"a":1}', "handler")],
)
def test_a_wrong_shape_is_told_by_field(body: bytes, field: str) -> None:
    answer = sent(body)

    assert (answer.status, answer.json["error"]["field"]) == (400, field)


def test_an_unknown_handler_is_named() -> None:
    assert "'dance'" in sent({"handler": "dance"}).json["error"]["message"]


def test_a_body_that_is_too_large_is_refused() -> None:
    assert sent(b"x" * (256 * 1024 + 1)).status == 413
    assert sent(json.dumps(TEXT).encode().ljust(256 * 1024)).status == 200


def test_a_body_of_unknown_length_is_refused_when_it_gets_too_large() -> None:
    client = door(PlainInside(echo))
    body = BytesIO(b"x" * 300_000)

    answer = client.post(
        "/channels/salesiq/storefront",
        input_stream=body,
        environ_overrides={"wsgi.input_terminated": True},
        headers={"Transfer-Encoding": "chunked"},
    )

    assert answer.status_code == 413


def test_ten_thousand_characters_and_every_script_arrive() -> None:
    chat = simulator(lambda message: says(str(len(message.text)), message.text[:5]))

    assert chat.visitor().say("字" * 10_000).texts[0] == "10000"
    assert chat.visitor().say("👋🏽مرحبا").texts[1] == "👋🏽مرح"


def test_half_characters_and_nul_do_no_harm() -> None:
    assert simulator().visitor().say("a\0b\ud800c").texts == ["You said ab\ufffdc"]


# Trouble inside


@pytest.mark.parametrize(
    ("language", "words"), [("en-GB", "Please send"), ("ja", "もう一度お送りください"), ("de", "Please")]
)
def test_a_visitor_never_sees_what_broke(language: str, words: str, caplog: pytest.LogCaptureFixture) -> None:
    def broken(message: Message) -> Reply:
        raise RuntimeError("secret of the house")

    chat = simulator(broken).visitor(language=language).say("Hello")

    assert chat.status == "bot"
    assert words in chat.texts[0]
    assert "secret" not in json.dumps(chat.last)
    assert "secret of the house" in caplog.text


def test_a_busy_store_asks_to_send_again(caplog: pytest.LogCaptureFixture) -> None:
    def busy(message: Message) -> Reply:
        raise ConversationBusy

    with caplog.at_level(logging.WARNING):
        chat = simulator(busy).visitor().say("Hello")

    assert "very busy" in chat.texts[0]
    assert not [record for record in caplog.records if record.exc_info]


def test_a_reply_that_can_not_be_rendered_is_trouble_too(monkeypatch: pytest.MonkeyPatch) -> None:
    bad: Any = Reply(displays=(object(),))  # type: ignore[arg-type]

    assert "something went wrong" in simulator(lambda message: bad).visitor().say("Hello").texts[0]


@settings(max_examples=150, deadline=None)
@given(data=st.one_of(JSON, SHAPES))
def test_any_signed_json_is_answered_and_never_by_an_error_of_ours(data: Any) -> None:
    platform = simulator(lambda message: says(message.text or "…", chips=tuple(message.answers)))

    answer = platform.send("/channels/salesiq/storefront", json.dumps(data).encode())

    assert answer.status in (200, 400), answer.body
    if answer.status == 400:
        assert answer.json["error"]["field"]
    elif "action" in answer.json:  # a ping has none
        RESPONSES.validate(answer.json)


# Talks


def test_a_talk_goes_from_trigger_to_hand_over() -> None:
    def bot(message: Message) -> Reply:
        if message.text == "A person":
            return says("One moment", action=Action.FORWARD)
        return says("Welcome", chips=("A person", "Nothing"))

    inside = PlainInside(bot)
    chat = simulator(inside).visitor(name="Mina Okafor").open()
    chat.say("Hello").click("A person")

    assert chat.status == "operator"
    assert [message.kind for message in inside.messages] == [MessageKind.OPEN, MessageKind.TEXT, MessageKind.TEXT]
    assert [request.get("operation") for request in chat.requests] == [None, "chat", "message"]
    assert len({message.conversation_id for message in inside.messages}) == 1
    assert len({message.delivery_id for message in inside.messages}) == 3


def test_a_retry_is_the_same_message_in_another_delivery() -> None:
    inside = PlainInside(echo)
    platform = simulator(inside)
    chat = platform.visitor()

    platform.lose_answers(1)
    chat.say("Hello")

    first, again = inside.messages
    assert first.retry_fingerprint == again.retry_fingerprint
    assert first.delivery_id != again.delivery_id
    assert chat.texts == ["You said Hello"]


def test_links_are_made_absolute_with_the_address_the_call_came_to() -> None:
    def bot(message: Message) -> Reply:
        return Reply(displays=(show.Image("/a.svg", "A"),))

    chat = simulator(bot, replace(SETTINGS, public_url="")).visitor().open()

    assert chat.texts == ["A", "http://localhost/a.svg"]


CARDS: list[tuple[ask.InputCard, Any, str]] = [
    (ask.TextInput("email"), "mina@example.org", "mina@example.org"),
    (ask.Select(("A", "B")), "B", "B"),
    (ask.MultipleSelect(("A", "B", "C")), ["A", "C"], "A, C"),
    (ask.DropDown((ask.Option("p", "Plus"),)), "Plus", "Plus"),
    (ask.Slider(("1", "2")), "2", "2"),
    (ask.RangeSlider(("1", "2", "3")), ("1", "3"), "1 - 3"),
    (ask.Calendar(first="2026-11-01", last="2026-11-05", time_zone="Asia/Tokyo"), "2026-11-05", "05/11/2026"),
    (ask.Calendar(time=True), "03/11/2026 09:30", "03/11/2026 09:30"),
    (ask.RangeCalendar(), ("2026-11-03", "2026-11-05"), "03/11/2026 - 05/11/2026"),
    (ask.TimeSlots(("10:00",), "2026-11-03", "Asia/Tokyo"), "10:00", "10:00"),
    (ask.DateTimeSlots({"2026-11-03": ("10:00",)}), "03/11/2026 10:00", "03/11/2026 10:00"),
    (ask.StarRating(), 4, "4"),
    (ask.HappinessRating(), 5, ":rating-excited:"),
    (ask.Like(), True, ":thumbsup:"),
    (ask.LocationInput(), (35.6, 139.7), "35.6,139.7"),
]


@pytest.mark.parametrize(("card", "value", "text"), CARDS, ids=lambda value: type(value).__name__)
def test_every_card_can_be_answered(card: ask.InputCard, value: Any, text: str) -> None:
    inside = PlainInside(lambda message: says("Well?", input=card))

    simulator(inside).visitor().open().answer(value)

    assert inside.messages[-1].text == text


def test_a_skippable_card_can_be_skipped() -> None:
    inside = PlainInside(lambda message: says("Well?", input=ask.Select(("A",), skippable=True)))

    simulator(inside).visitor().open().skip()

    assert inside.messages[-1].card == {"skipped": True}


def test_files_reach_the_flow() -> None:
    inside = PlainInside(lambda message: says("Send it", input=ask.Upload()))

    simulator(inside).visitor().open().upload("invoice.pdf", type="application/pdf")

    assert [file.name for file in inside.messages[-1].attachments] == ["invoice.pdf"]


def test_a_form_is_asked_by_the_platform_and_comes_back_whole() -> None:
    form = ask.Form(
        "callback",
        (
            ask.Question("name", ("Your name?",), ask.TextInput("name")),
            ask.Question("plan", ("Which plan?",), ask.Select(tuple(f"Plan {n} {'x' * 90}" for n in range(3)))),
        ),
    )
    inside = PlainInside(lambda message: says("Thanks") if message.kind is MessageKind.FORM else says("Hi", form=form))

    chat = simulator(inside).visitor().open().answer("Mina Okafor")
    assert chat.texts[0] == "Which plan?"
    chat.click(chat.chips[1])

    assert chat.texts == ["Thanks"]
    assert inside.messages[-1].answers == {"name": "Mina Okafor", "plan": f"Plan 1 {'x' * 90}"}


# What our rendering had to cut comes back whole


def test_a_cut_label_comes_back_whole() -> None:
    label = "Tell me about every laptop you have ever sold in any of your shops, and in detail please"
    inside = PlainInside(lambda message: says("Hi", chips=(label, "No")))

    chat = simulator(inside).visitor().open()
    chat.click(chat.chips[0])

    assert chat.chips[0].endswith("…")
    assert inside.messages[-1].text == label


def test_on_a_messenger_a_number_names_a_listed_label() -> None:
    labels = tuple(f"Laptop with {n} GB" for n in range(1, 16))
    inside = PlainInside(lambda message: says("Hi", input=ask.Select(labels)))

    simulator(inside).visitor(channel="WhatsApp").open().say("１２")

    assert inside.messages[-1].text == "Laptop with 12 GB"


def test_on_a_messenger_numbers_name_several_labels() -> None:
    inside = PlainInside(lambda message: says("Hi", input=ask.MultipleSelect(("RAM", "Disk", "Dock"))))

    simulator(inside).visitor(channel="LINE").open().say("1、3")

    assert inside.messages[-1].text == "RAM, Dock"


def test_a_number_stays_a_number_where_nothing_was_listed() -> None:
    inside = PlainInside(lambda message: says("How many?", input=ask.TextInput("number")))

    simulator(inside).visitor(channel="LINE").open().say("3")

    assert inside.messages[-1].text == "3"


# Who it is


@pytest.mark.parametrize(("assurance", "level"), [("claimed", Assurance.CLAIMED), ("verified", Assurance.VERIFIED)])
def test_an_address_counts_for_what_the_operator_says(assurance: Any, level: Assurance) -> None:
    inside = PlainInside(echo)

    simulator(inside, replace(SETTINGS, assurance=assurance)).visitor(email="mina@example.org").open()

    assert inside.messages[0].identity.level is level
