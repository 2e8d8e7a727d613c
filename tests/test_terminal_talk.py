"""The talk in the terminal: what it shows of a reply, and how numbers and words come back."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from motenashi.conversation import display_cards as cards
from motenashi.conversation import input_cards as inputs
from motenashi.conversation.answering import Answer, ConversationBusy, UnknownBot
from motenashi.conversation.message import Message, MessageKind
from motenashi.conversation.reply import Action, Reply
from motenashi.flow_engine.steps.verify import CODE_PLACEHOLDER
from motenashi.terminal_talk import talk

NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)
BYE = Reply((cards.Text("Bye."),), action=Action.END)


class Script:
    """An answer function that gives its replies one after the other, and remembers what came."""

    def __init__(self, *replies: Reply | Exception) -> None:
        self.replies = list(replies)
        self.messages: list[Message] = []

    def __call__(self, message: Message) -> Answer:
        self.messages.append(message)
        reply = self.replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return Answer(reply)

    @property
    def heard(self) -> list[str]:
        return [message.text for message in self.messages]


def shown(answer: Callable[[Message], Answer], typed: str, **more: str) -> list[str]:
    out = io.StringIO()
    talk(answer, clock=lambda: NOW, console=Console(file=out, width=60), lines=io.StringIO(typed), **more)
    return [line.rstrip() for line in out.getvalue().splitlines() if line.strip()]


def test_the_chat_is_opened_as_the_visitor_that_was_asked_for() -> None:
    script = Script(BYE)
    shown(script, "", bot="storefront", email="haruka.mori@example.com", language="ja")
    (message,) = script.messages

    assert (message.kind, message.bot, message.channel.name) == (MessageKind.OPEN, "storefront", "terminal")
    assert (message.visitor.email, message.visitor.language) == ("haruka.mori@example.com", "ja")
    assert message.received_at == NOW


def test_a_button_is_taken_by_its_number_or_by_words() -> None:
    menu = Reply((cards.Text("Tea or coffee?"),), chips=("Tea", "Coffee"))
    script = Script(menu, menu, menu, BYE)
    lines = shown(script, "2\ntea, please\n3\n")

    assert script.heard == ["", "Coffee", "tea, please", "3"]
    assert [message.delivery_id for message in script.messages] == ["1", "2", "3", "4"]
    assert len({message.conversation_id for message in script.messages}) == 1
    assert lines[1:5] == ["Tea or coffee?", "  1  Tea", "  2  Coffee", "› 2"]


def test_every_card_shows_what_it_holds() -> None:
    tile = cards.ProductTile(
        "nb", "AeroBook 14", "¥148,000", url="/products/nb", buttons=(cards.Button("Compare", "c", "say"),)
    )
    reply = Reply(
        (
            cards.Text("One\nTwo"),
            cards.Products((tile,), "These:"),
            cards.Links((cards.Link("/services", "Services"),), "Pages:"),
            cards.Articles((cards.Article("7", "Returns", "/returns"),)),
            cards.SingleProduct("Server", (), subtitle="big"),
            cards.Image("/map.png", "The way"),
            cards.Video("/tour.mp4"),
            cards.File("/list.pdf", "Prices", "list.pdf"),
            cards.Place(35.6, 139.7, "Tokyo"),
        ),
        action=Action.END,
    )

    assert shown(Script(reply), "")[1:-1] == [
        *("One", "Two", "These:", "  AeroBook 14  ¥148,000  /products/nb", "      [Compare]"),
        *("Pages:", "  Services  /services", "  Returns  /returns", "  Server  big", "The way", "  /map.png"),
        *("  /tour.mp4", "Prices", "  list.pdf /list.pdf", "  Tokyo 35.6, 139.7"),
    ]


def test_brackets_in_a_text_are_no_colours() -> None:
    assert "[bold]not bold[/bold] :smile:" in shown(Script(Reply((cards.Text("[bold]not bold[/bold] :smile:"),))), "")


def test_options_of_a_card_are_numbered_and_several_can_be_picked() -> None:
    card = inputs.MultipleSelect(("RAM", "Disk", "Screen"), skippable=True)
    script = Script(Reply(input=card), BYE)
    lines = shown(script, "1, 3\n")

    assert script.heard == ["", "RAM, Screen"]
    assert lines[1:6] == ["(several: 1, 3)", "(or: skip)", "  1  RAM", "  2  Disk", "  3  Screen"]


def test_free_times_are_picked_by_number() -> None:
    script = Script(Reply(input=inputs.DateTimeSlots({"2026-11-25": ("09:00", "10:00")}, "Asia/Tokyo")), BYE)
    shown(script, "2\n")

    assert script.heard == ["", "2026-11-25 10:00"]


def test_a_number_that_is_an_answer_stays_one() -> None:
    script = Script(Reply(input=inputs.TextInput("number")), BYE)
    shown(script, "2\n")

    assert script.heard == ["", "2"]


def test_who_waits_for_a_code_is_told_where_it_is() -> None:
    asks = Reply(input=inputs.TextInput(placeholder=CODE_PLACEHOLDER))

    assert any("app.py outbox" in line for line in shown(Script(asks), ""))
    assert any("送信トレイ" in line for line in shown(Script(asks), "", language="ja"))


def test_quit_and_the_end_of_the_input_leave() -> None:
    reply = Reply((cards.Text("Hello"),))
    script = Script(reply)

    assert shown(script, "/quit\nmore\n")[-1] == "› /quit"
    assert shown(Script(reply), "")[-1] == "Hello"
    assert script.heard == [""]


def test_how_the_bots_part_ended_is_told() -> None:
    ends = {action: shown(Script(Reply(action=action)), "")[-1] for action in (Action.FORWARD, Action.BLOCK)}

    assert ends == {Action.FORWARD: "(A person takes over here.)", Action.BLOCK: "(The visitor is blocked.)"}


def test_a_busy_conversation_can_be_tried_again_and_an_unknown_bot_is_told() -> None:
    script = Script(ConversationBusy(), BYE)

    assert "(The conversation is busy just now; please type that again.)" in shown(script, "hello\n")
    assert script.heard == ["", "hello"]
    assert shown(Script(UnknownBot("shop")), "", bot="shop")[-1] == "There is no bot 'shop'."


def test_it_works_through_a_pipe() -> None:
    program = """
from motenashi.conversation.answering import Answer
from motenashi.conversation.display_cards import Text
from motenashi.conversation.reply import Action, Reply
from motenashi.terminal_talk import talk

def answer(message):
    action = Action.END if message.text == "さようなら" else Action.REPLY
    return Answer(Reply((Text(f"heard: {message.text}"),), chips=("はい", "いいえ"), action=action))

talk(answer, language="ja")
"""
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", program],
        input="1\n\nさようなら\nnever read\n".encode(),
        capture_output=True,
        cwd=Path(__file__).parents[1],
        check=True,
        timeout=60,
    )
    lines = [line.strip() for line in done.stdout.decode().splitlines() if line.strip()]

    assert done.stderr == b""
    assert lines[1:] == [
        *("heard:", "1  はい", "2  いいえ", "› 1", "heard: はい", "1  はい", "2  いいえ"),
        *("› さようなら", "heard: さようなら", "1  はい", "2  いいえ", "（チャットは終了しました。）"),
    ]
