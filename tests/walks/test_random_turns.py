"""Whatever comes to SalesIQ's door, in whatever order, to whichever flow: never a 500, always an answer SalesIQ takes,
a whole transcript, nothing of the visitor's words ever evaluated, and nothing broken behind a calm sentence."""

from __future__ import annotations

import json
import logging
import re
import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from sqlalchemy import select

from motenashi.conversation.tables import conversations, entries
from motenashi.house import House
from tests.salesiq_rules import check_response
from tests.walks.real_house import HARUKA, NOBODY, ROOT, TOM, on_both_databases

RESPONSE_SCHEMA = Draft202012Validator(
    json.loads((ROOT / "motenashi/channels/salesiq/schema/response.json").read_text(encoding="utf-8"))
)
TURNS = 10
EVALUATED = ("7006652", "looploop", "<Config", "<class")

# Every card, each in a flow of its own that asks, repeats what it was told, and asks again.
CARDS = {
    "text": "{card: text, longest: 50, skippable: true}",
    "name": "{card: name}",
    "email": "{card: email, errors: [{en: No., ja: いいえ。}]}",
    "tel": "{card: tel}",
    "url": "{card: url}",
    "number": "{card: number, low: 1, high: 99, decimals: 1}",
    "select": "{card: select, options: [One, Two, '3', 四]}",
    "multiple-select": "{card: multiple-select, options: [One, Two, Three], at_least: 2, at_most: 3}",
    "drop-down": "{card: drop-down, options: [{value: a, label: Ant}, {value: b, label: Bee}], skippable: true}",
    "slider": "{card: slider, values: ['1', '2', '3']}",
    "range-slider": "{card: range-slider, values: ['10', '20', '30']}",
    "calendar": "{card: calendar, from: '+1', to: '+30'}",
    "range-calendar": "{card: range-calendar, time: true}",
    "timeslots": "{card: timeslots, slots: ['10:00', '11:30'], date: '2030-01-02'}",
    "date-timeslots": "{card: date-timeslots, slots: {'2030-01-02': ['10:00'], '2030-01-03': ['11:30', '12:00']}}",
    "star-rating": "{card: star-rating, level: 7}",
    "happiness-rating": "{card: happiness-rating, level: 3}",
    "like": "{card: like}",
    "location": "{card: location, skippable: true}",
    "upload": "{card: upload, skippable: true}",
}
CARD_FLOW = """
flow: card_{name}
title: {{en: "{card}", ja: "{card}"}}
trigger: {{channel: [salesiq]}}
steps:
  question:
    say: {{en: "Tell me {{{{ visitor.name }}}}", ja: "どうぞ {{{{ visitor.name }}}}"}}
    ask: {spec}
    save: told
  repeat:
    say: {{en: "You said {{{{ told }}}} and {{{{ message.text }}}}", ja: "「{{{{ told }}}}」ですね"}}
    then: question
"""
# The shop's flows, begun in their middle.
WAY_IN = """
flow: to_{name}
title: {{en: To {name}, ja: "{name}へ"}}
trigger: {{channel: [salesiq]}}
steps:
  who:
    plug: identify_visitor
    with: {{email: $visitor.email, phone: $visitor.phone, name: $visitor.name}}
    save: person
    defaults: {{kind: new}}
  there:
    {way}
"""
COME_BACK = """call: {name}
  back:
    say: {{en: "Welcome back.", ja: お帰りなさいませ。}}
    choices: [{{label: {{en: Again, ja: もう一度}}, go: there}}]"""
SHOP_FLOWS = {name: f"go: {name}" for name in ("contact", "lead", "new_visitor", "leave_message")} | {
    name: COME_BACK.format(name=name) for name in ("popular_products", "appointment")
}
CARD_BOTS = tuple(f"card_{card.replace('-', '_')}" for card in CARDS)
BOTS = ("storefront", *(f"to_{name}" for name in SHOP_FLOWS), *CARD_BOTS)

NASTY = (
    "{{ 1234*5678 }}",
    "{% for x in range(9) %}loop{% endfor %}",
    "${1234*5678} #{1234*5678} <%= 1234*5678 %>",
    "{{ config }} {{ ''.__class__.__mro__[1].__subclasses__() }}",
    "$visitor.email $person.record_id",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    '{"action": "forward", "replies": ["x"]}',
    "'; DROP TABLE conversations; --",
    "\0", "a\0b", "\ud83c", "\udf38\ud83c", "🌸👨‍👩‍👧‍👦🏴󠁧󠁢󠁳󠁣󠁴󠁿", "שלום עולם", "\u202eevil\u202c", "ｅｎｄ　ｃｈａｔ",
    " ", "\n\n", "x" * 10_000, "森" * 10_000, "🌸 " * 3000, "{{" * 5000, "…", "Show answer (1)", "回答を表示（99999）",
    "123456", "１２３４５６", "cancel", "new code", "other address", "skip", "stop", "start over", "担当者", "menu",
    "1", "2,3",
    "03/11/2026", "11月3日", "明日", "10:30", "yes", "いいえ", "haruka.mori@example.com", "+81 3 1234 5678",
    "https://x.example",
    "-1e999", "9" * 400, "NaN",
)  # fmt: skip
TEXTS = st.one_of(st.sampled_from(NASTY), st.text(max_size=60), st.text(st.characters(), max_size=12))
SCALARS = st.one_of(TEXTS, st.integers(), st.floats(), st.booleans(), st.none(), st.just(10**400))
JSON = st.recursive(
    SCALARS,
    lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text(max_size=8), part, max_size=3),
    max_leaves=6,
)
CARD_DATA = st.one_of(
    st.fixed_dictionaries({"type": st.sampled_from(sorted(CARDS)), "value": SCALARS}),
    st.fixed_dictionaries({"values": st.lists(TEXTS, max_size=4)}),
    st.fixed_dictionaries({"from": JSON, "to": JSON}),
    st.fixed_dictionaries({"value": TEXTS, "epoch_ms": SCALARS, "time_zone_id": st.sampled_from(["Asia/Tokyo", "x"])}),
    st.fixed_dictionaries({"date": TEXTS, "time": TEXTS, "time_zone_id": TEXTS}),
    st.fixed_dictionaries({"latitude": SCALARS, "longitude": SCALARS}),
    st.fixed_dictionaries({"skipped": st.booleans()}),
    st.dictionaries(st.text(max_size=8), JSON, max_size=4),
)
ATTACHMENTS = st.lists(
    st.one_of(st.fixed_dictionaries({"name": TEXTS, "url": TEXTS, "type": TEXTS, "size": SCALARS}), TEXTS, JSON),
    max_size=3,
)
SAID = st.fixed_dictionaries(
    {"handler": st.just("message"), "operation": st.sampled_from(["chat", "message"]), "text": TEXTS},
    optional={"card": CARD_DATA, "attachments": ATTACHMENTS},
)
CLICKED = st.fixed_dictionaries(
    {"handler": st.just("click"), "which": st.integers(0, 30)}, optional={"card": CARD_DATA}
)
MOVES = st.one_of(
    CLICKED,
    CLICKED,
    SAID,
    st.just({"handler": "trigger"}),
    st.fixed_dictionaries(
        {"handler": st.just("context"), "context_id": TEXTS, "answers": st.dictionaries(TEXTS, JSON, max_size=3)}
    ),
    st.fixed_dictionaries(
        {
            "handler": st.just("failure"),
            "cause": st.fixed_dictionaries({"code": st.sampled_from([1001, 1002, 1003, 1005, 1007, 9, "x"])}),
            "failed_response": st.just({"action": "forward", "replies": []}),
        }
    ),
)
VISITORS = st.fixed_dictionaries(
    {
        "email": st.sampled_from([HARUKA, TOM, NOBODY, "", "not an address", "a@b\0c"]),
        "language": st.sampled_from(["en", "ja", "", "fr-CA", "\ud800"]),
        "channel": st.sampled_from(["Website", "WhatsApp", "Facebook", "Instagram", "Telegram", "LINE", "Mobile App"]),
    },
    optional={"name": TEXTS, "phone": TEXTS, "time_zone": TEXTS, "question": TEXTS, "custom_info": JSON, "city": JSON},
)
WRONG = st.sampled_from(
    [
        {"handler": None},
        {"handler": "no such handler"},
        {"handler": 7},
        {"visitor": "text"},
        {"visitor": {}, "handler": "message"},
        {"message": [1], "handler": "message"},
        {"message": {"text": {"deep": []}}, "handler": "message"},
        {"request": "text"},
    ]
)


class Errors(logging.Handler):
    """Traces in the operator's log: a turn that broke is no right answer, however calm its sentence sounds."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info:
            self.records.append(self.format(record))


@pytest.fixture
def errors() -> Iterator[Errors]:
    handler = Errors()
    logging.getLogger("motenashi").addHandler(handler)
    yield handler
    logging.getLogger("motenashi").removeHandler(handler)


@pytest.fixture
def any_bot(make_app: Callable[..., Flask], company_url: str, tmp_path: Path) -> Flask:
    """The shop's flows, each with a way in of its own, and a flow for every card."""
    folder = tmp_path / "flows"
    shutil.copytree(ROOT / "flows", folder, ignore=shutil.ignore_patterns("sample_talks"))
    for card, spec in CARDS.items():
        name = card.replace("-", "_")
        text = CARD_FLOW.format(name=name, card=card, spec=spec)
        (folder / f"card_{name}.yaml").write_text(text, encoding="utf-8")
    for name, way in SHOP_FLOWS.items():
        (folder / f"to_{name}.yaml").write_text(WAY_IN.format(name=name, way=way), encoding="utf-8")
    return make_app(company_url, flows=folder, salesiq={"public_keys": (), "allow_unsigned": True})


class Talker:
    """Sends payloads in one conversation and looks at every answer."""

    def __init__(self, app: Flask, bot: str, visitor: dict[str, Any]) -> None:
        self._client = app.test_client()
        self._bot = bot
        self.id = uuid.uuid4().hex
        self.visitor = visitor | {"active_conversation_id": self.id}
        self.offered: list[str] = []
        self.answers = 0

    def send(self, payload: dict[str, Any]) -> int:
        body = json.dumps({"request": {"id": uuid.uuid4().hex}, "visitor": self.visitor} | payload).encode()
        answer = self._client.post(f"/channels/salesiq/{self._bot}", data=body, content_type="application/json")
        assert answer.status_code in (200, 400), f"{answer.status_code} for {body[:2000]!r}"
        data = answer.get_json()
        if answer.status_code == 400:
            assert data["error"]["field"], data
            return 400
        check_response(data, self.visitor["channel"])
        RESPONSE_SCHEMA.validate(data)
        assert not [word for word in EVALUATED if word in answer.text], answer.text
        self.offered = [*data.get("suggestions", ()), *options_in(data.get("input") or {})]
        return 200

    def move(self, move: dict[str, Any]) -> None:
        if move["handler"] == "click":
            label = self.offered[move["which"] % len(self.offered)] if self.offered else "hello"
            move = {"handler": "message", "text": label} | ({"card": move["card"]} if "card" in move else {})
        if move["handler"] == "message":
            message: dict[str, Any] = {"type": "text", "text": move["text"]}
            if "card" in move:
                message["meta"] = {"card_data": move["card"]}
            move = move | {"message": message}
        assert self.send({key: value for key, value in move.items() if key not in ("text", "card")}) == 200, move


def options_in(card: dict[str, Any]) -> list[str]:
    labels = [option if isinstance(option, str) else option["label"] for option in card.get("options", ())]
    days = card.get("slots", ())
    slots = [f"{day} {time}" for day in days for time in days[day]] if isinstance(days, dict) else list(days)
    return [*labels, *card.get("values", ()), *slots]


def transcript_is_whole(house: House, bot: str, talker: Talker) -> None:
    conversation = f"salesiq:{bot}:{talker.id}"
    with house.database.read() as connection:
        row = connection.execute(select(conversations).where(conversations.c.id == conversation)).first()
        kept = connection.execute(
            select(entries.c.seq, entries.c.author, entries.c.text)
            .where(entries.c.conversation_id == conversation)
            .order_by(entries.c.seq)
        ).all()
    assert [entry.seq for entry in kept] == list(range(1, (row.last_seq if row else 0) + 1))
    assert sum(entry.author == "bot" for entry in kept) == (row.version if row else 0)
    assert all(entry.text for entry in kept if entry.author == "visitor")


def thrown_at(app: Flask, bot: str, visitor: dict[str, Any], moves: list[dict[str, Any]], errors: Errors) -> None:
    errors.records.clear()
    talker = Talker(app, bot, visitor)
    for move in moves:
        talker.move(move)
    transcript_is_whole(app.extensions["motenashi"], bot, talker)
    assert not errors.records, errors.records[0]


def bounded(examples: int) -> Callable[[Any], Any]:
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )


@on_both_databases
@given(bot=st.sampled_from(BOTS), visitor=VISITORS, moves=st.lists(MOVES, max_size=TURNS))
@bounded(120)
def test_random_turns(
    any_bot: Flask, errors: Errors, bot: str, visitor: dict[str, Any], moves: list[dict[str, Any]]
) -> None:
    thrown_at(any_bot, bot, visitor, moves, errors)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_flow_and_card_meets_nasty_texts(any_bot: Flask, errors: Errors, language: str) -> None:
    visitor = {"email": HARUKA, "language": language, "channel": "Website"}
    for number, bot in enumerate(BOTS):
        texts = NASTY[(number + (language == "ja")) % 3 :: 3]
        moves = [{"handler": "trigger"}, *({"handler": "message", "text": text} for text in texts)]
        thrown_at(any_bot, bot, visitor, moves, errors)


@given(visitor=VISITORS, wrong=WRONG, before=st.lists(MOVES, max_size=2))
@bounded(30)
def test_wrong_shapes_are_told_by_field_and_leave_the_conversation_alone(
    any_bot: Flask, errors: Errors, visitor: dict[str, Any], wrong: dict[str, Any], before: list[dict[str, Any]]
) -> None:
    errors.records.clear()
    talker = Talker(any_bot, "storefront", visitor)
    for move in before:
        talker.move(move)

    assert talker.send({"handler": "trigger"} | wrong) in (200, 400)

    transcript_is_whole(any_bot.extensions["motenashi"], "storefront", talker)
    assert not errors.records, errors.records[0]


def test_what_is_typed_is_repeated_as_it_was_typed(any_bot: Flask) -> None:
    talker = Talker(any_bot, "card_text", {"channel": "Website", "language": "en", "email": ""})
    talker.move({"handler": "trigger"})
    client = any_bot.test_client()
    words = "{{ 1234*5678 }} <b>bold</b>"
    body = {
        "handler": "message",
        "request": {"id": "r"},
        "visitor": talker.visitor,
        "message": {"type": "text", "text": words},
    }

    answer = client.post("/channels/salesiq/card_text", json=body).get_json()

    assert any(re.search(re.escape(f"You said {words}"), str(item)) for item in answer["replies"]), answer
