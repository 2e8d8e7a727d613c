"""A talk with the bot in the terminal: bubbles, numbered buttons, and a line to type on. Also through a pipe."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TextIO

from rich.console import Console

from motenashi.conversation.answering import Answer, ConversationBusy, UnknownBot
from motenashi.conversation.as_lines import hint_of, lines_of, options_of, takes_several
from motenashi.conversation.input_cards import InputCard
from motenashi.conversation.message import Channel, Message, MessageKind
from motenashi.conversation.reply import Action, Reply
from motenashi.conversation.visitor import Visitor
from motenashi.flow_engine.steps.verify import CODE_PLACEHOLDER

TERMINAL = Channel("terminal")
QUIT = "/quit"

_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "begin": "Type words, or the number of a button. /quit leaves.",
        "code": "(Without a mail server the code lies in the outbox. Elsewhere: .venv/bin/python app.py outbox)",
        "several": "(several: 1, 3)",
        "skip": "(or: skip)",
        "busy": "(The conversation is busy just now; please type that again.)",
        "unknown": "There is no bot '{bot}'.",
        "end": "(The chat is closed.)",
        "forward": "(A person takes over here.)",
        "operator_busy": "(The chat counts as missed: somebody will write.)",
        "block": "(The visitor is blocked.)",
    },
    "ja": {
        "begin": "文字、またはボタンの番号を入力してください。/quit で終了します。",
        "code": "（メールサーバーがない場合、コードは送信トレイにあります。別のターミナルで: "
        ".venv/bin/python app.py outbox）",
        "several": "（複数選べます: 1, 3）",
        "skip": "（「スキップ」もできます）",
        "busy": "（ただいま混み合っています。もう一度入力してください。）",
        "unknown": "「{bot}」というボットはありません。",
        "end": "（チャットは終了しました。）",
        "forward": "（ここから担当者が対応します。）",
        "operator_busy": "（未対応として記録されました。のちほど担当者からご連絡します。）",
        "block": "（この訪問者はブロックされました。）",
    },
}


def talk(
    answer: Callable[[Message], Answer],
    *,
    bot: str = "storefront",
    email: str = "",
    language: str = "en",
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    console: Console | None = None,
    lines: TextIO | None = None,
) -> None:
    """Talk until the bot's part is over, the input ends, or /quit. `lines` is where words come from (stdin)."""
    visitor = Visitor(email=email, language=language)
    terminal = _Terminal(console or Console(), lines or sys.stdin, _WORDS["ja" if language == "ja" else "en"])
    conversation = _Conversation(answer, bot, visitor, clock)
    terminal.aside("begin")
    said = ""
    while True:
        try:
            reply = conversation.say(said).reply
        except UnknownBot:
            terminal.aside("unknown", bot=bot)
            return
        except ConversationBusy:
            terminal.aside("busy")
        else:
            terminal.show(reply)
            if reply.action not in (Action.REPLY, Action.PENDING):
                terminal.aside(reply.action.value)
                return
        typed = terminal.read()
        if typed is None or typed == QUIT:
            return
        said = terminal.meant(typed)


class _Conversation:
    """One visitor's deliveries, numbered."""

    def __init__(
        self, answer: Callable[[Message], Answer], bot: str, visitor: Visitor, clock: Callable[[], datetime]
    ) -> None:
        self._answer = answer
        self._bot = bot
        self._visitor = visitor
        self._clock = clock
        self._id = f"terminal-{uuid.uuid4().hex}"
        self._deliveries = 0

    def say(self, text: str) -> Answer:
        """'' opens the chat, or asks for the question once more."""
        self._deliveries += 1
        return self._answer(
            Message(
                conversation_id=self._id,
                delivery_id=str(self._deliveries),
                channel=TERMINAL,
                bot=self._bot,
                kind=MessageKind.TEXT if text else MessageKind.OPEN,
                received_at=self._clock(),
                text=text,
                visitor=self._visitor,
            )
        )


class _Terminal:
    """Shows replies and reads lines. Where nobody types, what was read is shown, so that the talk can be followed."""

    def __init__(self, console: Console, lines: TextIO, words: Mapping[str, str]) -> None:
        self._console = console
        self._lines = lines
        self._words = words
        self._numbered: tuple[str, ...] = ()
        self._several = False

    def show(self, reply: Reply) -> None:
        self._numbered, self._several = reply.chips, False
        for display in reply.displays:
            self._print("")
            for line in lines_of(display):
                self._print(line)
        if reply.input is not None:
            self._show_card(reply.input, reply.language)
        self._print("")
        for number, label in enumerate(self._numbered, 1):
            self._print(f"  {number}  {label}", "cyan")

    def _show_card(self, card: InputCard, language: str) -> None:
        self._numbered, self._several = options_of(card), takes_several(card)
        hint = hint_of(card, language)
        if hint == CODE_PLACEHOLDER:
            self.aside("code")
        elif hint:
            self._print(f"({hint})", "dim")
        if self._several:
            self.aside("several")
        if card.skippable:
            self.aside("skip")

    def aside(self, what: str, **facts: str) -> None:
        """A word of the terminal's own, not of the bot's."""
        self._print(self._words[what].format(**facts), "dim")

    def read(self) -> str | None:
        """The next line that says something; None when there are no more."""
        while (line := self._next_line()) is not None:
            if line.strip():
                return line.strip()
        return None

    def _next_line(self) -> str | None:
        if self._lines is sys.stdin and sys.stdin.isatty():
            try:
                return self._console.input("[bold]› [/bold]")
            except (EOFError, KeyboardInterrupt):
                return None
        line = self._lines.readline()
        if line.strip():
            self._print(f"› {line.strip()}")
        return line or None

    def meant(self, typed: str) -> str:
        """Numbers of what is on offer as their labels; anything else as it was typed."""
        parts = [part.strip() for part in typed.split(",")] if self._several else [typed]
        if not all(part.isascii() and part.isdigit() and 0 < int(part) <= len(self._numbered) for part in parts):
            return typed
        return ", ".join(self._numbered[int(part) - 1] for part in parts)

    def _print(self, line: str, style: str | None = None) -> None:
        self._console.print(line, style=style, markup=False, highlight=False, emoji=False, soft_wrap=True)
