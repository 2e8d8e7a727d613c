"""A small server that plays every card: a scripted `Inside` behind the real door, and pages that show the box.

Say a card's name and it is shown; whatever is answered comes back as words. The transcript lies in an SQLite file, so
the server may be stopped and started in mid-conversation. Also run by hand:
`python -m tests.channels.widget.card_gallery --port 8101`.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

from flask import Flask, Response
from limits.storage import MemoryStorage

from motenashi.channels.inside import Answer, Inside, UnknownBot
from motenashi.channels.widget.door import build_widget
from motenashi.channels.widget.settings import WidgetSettings
from motenashi.conversation.as_json import reply_from_json, reply_to_json
from motenashi.conversation.assurance import Assurance, Identity
from motenashi.conversation.display_cards import (
    Article,
    Articles,
    Button,
    File,
    Image,
    Link,
    Links,
    Place,
    Products,
    ProductTile,
    SingleProduct,
    Text,
    Video,
)
from motenashi.conversation.input_cards import (
    Calendar,
    DateTimeSlots,
    DropDown,
    HappinessRating,
    InputCard,
    Like,
    LocationInput,
    MultipleSelect,
    Option,
    RangeCalendar,
    RangeSlider,
    Select,
    Slider,
    StarRating,
    TextInput,
    TimeSlots,
    Upload,
)
from motenashi.conversation.message import Message, MessageKind
from motenashi.conversation.reply import Action, Reply
from motenashi.conversation.transcript import Entry

EVIL = "<img src=x onerror=\"document.title='hacked'\"><script>document.title='hacked'</script>{{ 7*7 }}"

_OPTIONS = tuple(
    Option(f"p{number}", label)
    for number, label in enumerate(("Starter", "Plus", "Team", "Company", "サポート", "Education"))
)

INPUTS: Mapping[str, InputCard] = {
    "text": TextInput(placeholder="Anything", shortest=2, longest=20),
    "name": TextInput("name", placeholder="Your name"),
    "email": TextInput("email", placeholder="name@example.com", errors=("No address yet.", "Still no address.")),
    "tel": TextInput("tel", placeholder="Phone number"),
    "url": TextInput("url", placeholder="Web address"),
    "number": TextInput("number", placeholder="How many?", low=1, high=500, decimals=0, skippable=True),
    "select": Select(("RAM", "Disk", "Dock"), skippable=True),
    "multiple select": MultipleSelect(("RAM", "Disk", "Dock", "Cable"), at_least=2, at_most=3),
    "drop-down": DropDown(_OPTIONS, placeholder="Search a plan", label="Plan"),
    "drop-down several": DropDown(_OPTIONS, placeholder="Search plans", label="Plans", multiple=True, at_most=2),
    "slider": Slider(("1–10", "11–50", "51–200", "201–500", "500+")),
    "range slider": RangeSlider(("¥50k", "¥100k", "¥150k", "¥200k", "¥300k")),
    "calendar": Calendar(first="2027-03-03", last="2027-04-20", title="Choose a day", button="Book", skippable=True),
    "calendar with time": Calendar(time=True, choose_zone=True, first="2027-03-03", time_zone="Asia/Tokyo"),
    "range calendar": RangeCalendar(first="2027-03-03", last="2027-04-20"),
    "time slots": TimeSlots(("09:30", "10:00", "14:30"), date="2027-03-03", time_zone="Asia/Tokyo"),
    "date-time slots": DateTimeSlots(
        {"2027-03-04": ("09:30", "10:00"), "2027-03-03": ("13:00", "13:30", "16:00")},
        time_zone="Asia/Tokyo",
        choose_zone=True,
        title="Pick a slot",
    ),
    "star rating": StarRating(),
    "happiness rating": HappinessRating(),
    "three faces": HappinessRating(level=3),
    "like": Like(),
    "location": LocationInput(skippable=True),
    "upload": Upload(skippable=True),
}

_TILES = tuple(
    ProductTile(
        f"nb-{number}",
        f"AeroBook {number}",
        "¥148,000 · 16 GB, 1.1 kg",
        f"/picture/{number}.svg",
        f"/products/nb-{number}",
        (Button("Details", f"open{number}", url=f"/products/nb-{number}"), Button("Ask about it", "ask", "say")),
    )
    for number in (13, 14, 16, 17)
)

DISPLAYS: Mapping[str, tuple[Any, ...]] = {
    "products": (Products(_TILES, text="Four notebooks in your price range:"),),
    "single product": (
        SingleProduct(
            "AeroBook 14",
            (("a", "/picture/1.svg"), ("b", "/picture/2.svg")),
            "Our favourite:",
            "Light and quiet",
            (Button("Compare", "compare", "client_action", client_action="compare"),),
        ),
    ),
    "links": (
        Links((Link("/services", "Our services"), Link("https://example.com/guide", "Buying guide")), text="Read on:"),
    ),
    "articles": (Articles((Article("a1", "How to return a device", "/support"),), text="This may help:"),),
    "image": (Image("/picture/9.svg", "This is the one."),),
    "video": (Video("/clip.mp4", "Unpacking it"), Video("https://video.example.com/w/1", "The long version")),
    "file": (File("/sheet.pdf", "Here is the data sheet.", "AeroBook-14.pdf"),),
    "place": (Place(35.6812, 139.7671, "Our shop near Tokyo station"),),
    "evil": (
        Text(EVIL),
        Links((Link("javascript:document.title='hacked'", EVIL), Link("data:text/html,x", "data"))),
        Products((ProductTile("x", EVIL, EVIL, "javascript:alert(1)", "javascript:alert(1)"),)),
        Image("javascript:alert(1)", EVIL),
    ),
}

_WORDS = {
    "en": ("Hello! Which card would you like to see?", "You answered: {}", "And now?"),
    "ja": ("こんにちは。どのカードをご覧になりますか？", "ご回答：{}", "次はいかがなさいますか？"),
}


class Gallery:
    """Answers by script and keeps the transcript; a delivery that was answered before is not answered again."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.messages: list[Message] = []
        with closing(self._open()) as database, database:
            database.execute(
                "CREATE TABLE IF NOT EXISTS entries (conversation TEXT, seq INTEGER, delivery TEXT, content TEXT,"
                " PRIMARY KEY (conversation, seq))"
            )

    def inside(self) -> Inside:
        return Inside(self.answer, _unused, self.history, _unused, (), lambda: ("gallery",))

    def answer(self, message: Message) -> Answer:
        if message.bot != "gallery":
            raise UnknownBot(message.bot)
        self.messages.append(message)
        with closing(self._open()) as database, database:
            database.execute("BEGIN IMMEDIATE")
            if known := self._entries(database, message.conversation_id, delivery=message.delivery_id):
                return Answer(known[-1].reply or Reply(), tuple(known), repeated=True)
            reply = _reply_to(message)
            seq = len(self._entries(database, message.conversation_id))
            entries = []
            if message.kind is MessageKind.TEXT:
                entries.append(Entry(seq + 1, _now(), "visitor", message.text, delivery_id=message.delivery_id))
            entries.append(Entry(seq + len(entries) + 1, _now(), "bot", reply=reply))
            for entry in entries:
                row = (message.conversation_id, entry.seq, message.delivery_id, json.dumps(_plain(entry)))
                database.execute("INSERT INTO entries VALUES (?, ?, ?, ?)", row)
            return Answer(reply, tuple(entries))

    def history(self, conversation_id: str, after: int) -> Sequence[Entry]:
        with closing(self._open()) as database:
            return [entry for entry in self._entries(database, conversation_id) if entry.seq > after]

    def push(self, conversation_id: str, text: str) -> None:
        """Say something although the visitor is silent."""
        with closing(self._open()) as database, database:
            seq = len(self._entries(database, conversation_id)) + 1
            entry = Entry(seq, _now(), "bot", reply=Reply((Text(text),)))
            row = (conversation_id, seq, "", json.dumps(_plain(entry)))
            database.execute("INSERT INTO entries VALUES (?, ?, ?, ?)", row)

    def conversations(self) -> list[str]:
        with closing(self._open()) as database:
            return [row[0] for row in database.execute("SELECT DISTINCT conversation FROM entries")]

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._file, timeout=5)

    def _entries(self, database: sqlite3.Connection, conversation: str, delivery: str | None = None) -> list[Entry]:
        rows = database.execute(
            "SELECT content FROM entries WHERE conversation = ? AND (? IS NULL OR delivery = ?) ORDER BY seq",
            (conversation, delivery, delivery),
        )
        return [_entry(json.loads(content)) for (content,) in rows]


def _reply_to(message: Message) -> Reply:
    language = "ja" if message.visitor.language.startswith("ja") else "en"
    hello, answered, what_next = _WORDS[language]
    said = message.text.strip()
    names = (*INPUTS, *DISPLAYS)
    if message.kind is MessageKind.OPEN:
        return Reply((Text(hello),), chips=names, language=language)
    if said == "end":
        return Reply((Text("Goodbye."),), action=Action.END, language=language)
    if said in INPUTS and not message.card:
        return Reply((Text(f"Please answer: {said}"),), INPUTS[said], language=language)
    if said in DISPLAYS:
        return Reply((*DISPLAYS[said], Text(what_next)), chips=names, language=language)
    content = said + (f" {json.dumps(dict(message.card), ensure_ascii=False)}" if message.card else "")
    return Reply((Text(answered.format(content)), Text(what_next)), chips=names, language=language)


def _plain(entry: Entry) -> dict[str, Any]:
    reply = reply_to_json(entry.reply) if entry.reply else None
    return {**dataclasses.asdict(entry), "at": entry.at.isoformat(), "reply": reply}


def _entry(plain: dict[str, Any]) -> Entry:
    reply = reply_from_json(plain["reply"]) if plain["reply"] is not None else None
    return Entry(**{**plain, "at": datetime.fromisoformat(plain["at"]), "reply": reply})


def _unused(*_arguments: Any) -> NoReturn:
    raise AssertionError("the chat box does not need this")


def _now() -> datetime:
    return datetime.now(UTC)


def check_token(token: str) -> Identity | None:
    """The gallery believes one token."""
    return Identity(Assurance.VERIFIED, "haruka.mori@example.com", "token") if token == "good-token" else None


_PAGE = """<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>Gallery</title>
<meta name="viewport" content="width=device-width"></head>
<body><main><h1>Cards</h1><p><a href="/other">Another page</a></p></main>
<script src="/widget.js" data-bot="gallery" async></script></body></html>"""
# As strict as a page can be: whatever the box needs beyond this is a mistake.
_POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self'; media-src 'self'"
_PICTURE = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 200"><rect x="70" y="40" width="180" height="110"
 rx="8" fill="#5b8"/><path d="M40 160h240l-12 14H52z" fill="#9ab"/></svg>"""


def build_gallery_app(file: Path, settings: WidgetSettings | None = None) -> tuple[Flask, Gallery]:
    app, gallery = Flask("gallery"), Gallery(file)
    generous = WidgetSettings(messages="1000/minute", conversations="1000/minute", look_ups="1000/minute")
    app.register_blueprint(
        build_widget(
            settings or generous,
            gallery.inside(),
            signing_keys=("a test key",),
            rate_storage=MemoryStorage(),
            check_token=check_token,
        )
    )

    @app.get("/")
    @app.get("/<any(other, services, support):name>")
    @app.get("/products/<name>")
    def page(name: str = "") -> Response:
        return Response(_PAGE.format(lang="en"), mimetype="text/html", headers={"Content-Security-Policy": _POLICY})

    @app.get("/ja")
    def japanese_page() -> Response:
        return Response(_PAGE.format(lang="ja"), mimetype="text/html", headers={"Content-Security-Policy": _POLICY})

    @app.get("/picture/<name>.svg")
    def picture(name: str) -> Response:
        return Response(_PICTURE, mimetype="image/svg+xml")

    return app, gallery


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--port", type=int, default=8101)
    arguments.add_argument("--file", type=Path, default=Path("gallery.db"))
    given = arguments.parse_args()
    build_gallery_app(given.file)[0].run(port=given.port, threaded=True)
