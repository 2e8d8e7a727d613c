"""What SalesIQ could not carry out: told to the flow, never answered by the same again, and soon at an end."""

from __future__ import annotations

import pytest

from motenashi.channels.salesiq.failure_guard import FailureGuard
from motenashi.conversation.message import Message, MessageKind
from motenashi.conversation.reply import Action, Reply
from tests.plain_inside import PlainInside, says
from tests.salesiq_door import simulator
from tests.salesiq_rules import ProtocolViolation


def forwards_always(message: Message) -> Reply:
    return says("One moment", action=Action.FORWARD, language=message.visitor.language)


def test_the_flow_hears_why_nobody_took_over() -> None:
    def bot(message: Message) -> Reply:
        if message.failure:
            return says(f"Sorry: {message.failure.reason}", chips=("Leave a message",))
        return forwards_always(message)

    chat = simulator(bot, operators="offline_hours").visitor().say("A person, please")

    assert (chat.status, chat.texts) == ("bot", ["Sorry: offline_hours"])


@pytest.mark.parametrize(("language", "words"), [("en", "leave a message"), ("ja", "メッセージをお残し")])
def test_a_failure_is_never_answered_by_forward(language: str, words: str) -> None:
    chat = simulator(forwards_always, operators="operators_not_available").visitor(language=language).say("Hello")

    assert chat.status == "missed"
    assert words in chat.texts[0]


def test_a_failure_is_never_answered_by_pending() -> None:
    inside = PlainInside(forwards_always, slow={""})

    chat = simulator(inside, operators="offline_hours").visitor().say("Hello")

    assert chat.status == "missed"


def test_failure_after_failure_ends_the_chat_calmly() -> None:
    inside = PlainInside(lambda message: says("Hello"))
    chat = simulator(inside).visitor().say("Hello")

    chat.fail().fail().fail()

    assert (chat.status, chat.texts) == (
        "ended",
        ["Sorry, we can't go on with this chat right now. Please try again later."],
    )
    assert len([message for message in inside.messages if message.kind is MessageKind.FAILURE]) == 2


def test_a_visitor_who_speaks_between_failures_keeps_the_chat() -> None:
    chat = simulator(lambda message: says("Hello")).visitor().say("Hello")

    for _ in range(5):
        chat.fail().say("Hello again")

    assert chat.status == "bot"


def test_failures_of_long_ago_do_not_count() -> None:
    guard = FailureGuard()

    assert [guard.too_many("c", at) for at in (0.0, 61.0, 122.0, 123.0, 124.0)] == [False, False, False, False, True]


def test_conversations_are_counted_apart() -> None:
    guard = FailureGuard()

    assert not any(guard.too_many(id, 0.0) for id in ("a", "b", "c", "a", "b"))


def test_the_simulator_itself_notices_a_loop() -> None:
    chat = simulator(lambda message: says("Hello")).visitor()
    chat._failures = 5

    with pytest.raises(ProtocolViolation, match="loop"):
        chat.fail()
