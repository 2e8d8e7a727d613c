"""The simulator itself: it notices what SalesIQ would not take, and behaves as the platform does."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask, request
from werkzeug.serving import make_server

from tests.salesiq_rules import ProtocolViolation, answer_fits, check_response
from tests.salesiq_simulator import Chat, Simulator, card_answer, session_value

Bot = Callable[[dict[str, Any]], Any]


def app_of(bot: Bot) -> Flask:
    app = Flask(__name__)

    @app.post("/channels/salesiq/storefront")
    def receive() -> Any:
        return bot(json.loads(request.data))

    return app


def chat_with(bot: Bot, *, channel: str = "Website", **options: Any) -> Chat:
    return Simulator(app_of(bot).test_client(), **options).visitor(channel=channel)


def reply(*replies: Any, **more: Any) -> dict[str, Any]:
    return {"action": "reply", "replies": list(replies)} | more


@contextmanager
def served(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(
    "wrong",
    [
        "text",
        {},
        {"action": "reply"},
        reply({"type": "dance"}),
        reply({"type": "links", "links": []}),
        reply({"type": "multiple-product", "text": "a", "elements": [{"id": "1", "title": "A", "image": "/a.svg"}]}),
        reply("a", input={"type": "select", "options": ["A"]}, suggestions=["B"]),
        reply("a", input={"type": "select", "options": ["x" * 81]}),
        reply("a", input={"type": "multiple-select", "options": ["A", "B"], "max_selection": 1}),
        reply("a", input={"type": "timeslots", "slots": ["10:00"], "date": "2026-11-03", "time_zone_id": "UTC"}),
        reply({"text": "a", "validate": {"format": "anything"}}),
        {"action": "forward", "replies": [], "department": "sales"},
        {"action": "context", "replies": [], "context_id": "a", "questions": []},
    ],
    ids=str,
)
def test_an_answer_that_breaks_the_rules_is_noticed(wrong: Any) -> None:
    with pytest.raises(ProtocolViolation):
        chat_with(lambda data: wrong if isinstance(wrong, dict) else json.dumps(wrong)).open()


def test_an_answer_that_breaks_the_rules_can_become_a_failure_as_on_the_platform() -> None:
    seen: list[dict[str, Any]] = []

    def bot(data: dict[str, Any]) -> Any:
        seen.append(data)
        return reply("Sorry") if data["handler"] == "failure" else {"action": "dance"}

    chat = chat_with(bot, strict=False).open()

    assert chat.texts == ["Sorry"]
    assert seen[1]["cause"] == {"code": 1007, "desc": "execution_failure"}


def test_a_messenger_shows_no_input_cards() -> None:
    answer = reply("a", input={"type": "like"})

    check_response(answer, "Website")
    with pytest.raises(ProtocolViolation, match="no input cards"):
        check_response(answer, "WhatsApp")


def test_a_typed_answer_that_the_check_refuses_never_reaches_the_bot() -> None:
    seen: list[str] = []

    def bot(data: dict[str, Any]) -> Any:
        seen.append(data.get("message", {}).get("text", ""))
        return reply({"text": "Your mail?", "validate": {"format": "email", "error": ["That looks wrong."]}})

    chat = chat_with(bot).open().say("nonsense")
    assert chat.texts == ["That looks wrong."]
    chat.say("a@b.example")

    assert seen == ["", "a@b.example"]


def test_a_forward_to_nobody_calls_the_failure_handler() -> None:
    def bot(data: dict[str, Any]) -> Any:
        if data["handler"] == "failure":
            return reply(data["cause"]["desc"], str(data["cause"]["code"]))
        return {"action": "forward", "replies": ["One moment"]}

    assert chat_with(bot, operators="operators_not_available").open().texts == ["operators_not_available", "1002"]


def test_a_failure_answered_by_forward_is_a_loop() -> None:
    with pytest.raises(ProtocolViolation, match="ask for ever"):
        chat_with(lambda data: {"action": "forward", "replies": []}, operators="offline_hours").open()


def test_a_context_keeps_its_answers_and_another_one_loses_them() -> None:
    seen: list[dict[str, Any]] = []

    def context(id: str, name: str) -> dict[str, Any]:
        return {"action": "context", "replies": [], "context_id": id, "questions": [{"name": name, "replies": ["?"]}]}

    def bot(data: dict[str, Any]) -> Any:
        if data["handler"] == "trigger":
            return context("one", "a")
        seen.append(dict(data["answers"]))
        return [context("one", "b"), context("two", "c"), reply("Done")][len(seen) - 1]

    chat = chat_with(bot).open().say("1").say("2").say("3")

    assert chat.texts == ["Done"]
    assert seen == [{"a": {"text": "1"}}, {"a": {"text": "1"}, "b": {"text": "2"}}, {"c": {"text": "3"}}]


def test_a_chat_that_ended_takes_no_more_words() -> None:
    chat = chat_with(lambda data: {"action": "end", "replies": ["Bye"]}).open()

    assert chat.status == "ended"
    with pytest.raises(AssertionError, match="out of this chat"):
        chat.say("Hello?")


def test_a_click_on_nothing_names_the_buttons() -> None:
    with pytest.raises(AssertionError, match="Yes"):
        chat_with(lambda data: reply("Well?", suggestions=["Yes"])).open().click("No")


def test_a_late_answer_is_asked_for_again_with_a_new_request_id() -> None:
    first_may_end = threading.Event()
    ids: list[str] = []

    def bot(data: dict[str, Any]) -> Any:
        ids.append(data["request"]["id"])
        if len(ids) == 1:
            first_may_end.wait(20)
        return reply("Hello")

    with served(app_of(bot)) as url:
        chat = Simulator(url, timeout=0.5, retries=50).visitor().open()
        first_may_end.set()

    assert chat.texts == ["Hello"]
    assert len(set(ids)) == len(ids) >= 2


def test_a_carousels_button_opens_its_page() -> None:
    action = {"label": "Open", "name": "o", "type": "url", "link": "https://a.example/p"}
    element = {"id": "1", "title": "A", "image": "https://a.example/a.svg", "actions": [action]}
    carousel = {"type": "multiple-product", "text": "Look", "elements": [element]}

    assert chat_with(lambda data: reply(carousel)).open().click("Open").opened_pages == ["https://a.example/p"]


@pytest.mark.parametrize(
    ("card", "value"),
    [
        ({"type": "select", "options": ["A"]}, "B"),
        ({"type": "multiple-select", "options": ["A", "B", "C"], "max_selection": 2}, ["A", "B", "C"]),
        ({"type": "range-slider", "values": ["1", "2"]}, ("2", "1")),
        ({"type": "calendar", "from": "1793631600000"}, "2026-11-01"),
        ({"type": "timeslots", "slots": ["10:00"]}, "11:00"),
        ({"type": "star-rating", "level": 5}, 6),
    ],
    ids=lambda value: str(value),
)
def test_a_card_lets_no_impossible_answer_through(card: dict[str, Any], value: Any) -> None:
    with pytest.raises(AssertionError):
        card_answer(card, value, "Asia/Tokyo")


@pytest.mark.parametrize(
    ("format", "good", "bad"),
    [
        ("email", "a@b.example", "a@b"),
        ("phoneno", "+81 3-1234-5678", "call me"),
        ("website", "example.org/a", "no site"),
        ("number", "-3", "three"),
        ("number(1-5)", "5", "6"),
        ("string(2-4)", "abc", "a1c"),
    ],
)
def test_typed_answers_are_checked_as_documented(format: str, good: str, bad: str) -> None:
    assert answer_fits(good, format)
    assert not answer_fits(bad, format)


def test_plug_parameters_carry_their_types() -> None:
    assert session_value(5) == {"value": 5, "meta": {"type": "number", "value": "5"}}
    assert session_value({"from": "a", "to": "b"})["meta"]["type"] == "daterange"
    assert session_value({"latitude": "1", "longitude": "2", "city": "Tokyo"})["meta"]["type"] == "location"
