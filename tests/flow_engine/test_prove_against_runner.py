"""What is proved of flows must hold when they run: random talks never leave the ways that were explored."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from motenashi.conversation.assurance import Assurance, Identity
from motenashi.conversation.verification import CodeRequest
from motenashi.conversation.visitor import Visitor
from motenashi.flow_engine.live_flows import read_folder
from motenashi.flow_engine.services import FaqAnswer, ServiceFailed, Slot
from motenashi.flow_engine.ways import explore
from motenashi.plug_contract import PlugFailed
from tests.flow_engine.names_for_tests import flows_in
from tests.flow_engine.small_talk import CODE, HARUKA, MONDAY, SALESIQ, WEBSITE, Talk, World

SHOP = flows_in(read_folder(Path(__file__).parents[2] / "flows"))
WORDS = (
    "human",
    "start over",
    "back",
    "cancel",
    "hello",
    "1",
    "2",
    CODE,
    "000000",
    HARUKA,
    "Haruka Mori",
    "",
    "予約",
    "質問",
)


def random_world(chance: random.Random) -> World:
    failed = PlugFailed("x", "timeout", "too slow")
    tiles = {"products": [{"id": "1", "title": "Notebook"}] * chance.randint(0, 2), "count": 1, "text": "x"}
    kind = chance.choice(("contact", "lead", "new"))
    slots = [Slot(MONDAY, MONDAY)] * chance.randint(0, 1)
    person = {"kind": kind, "record_id": "7", "first_name": "", "addressed_as": "", "matched_by": ""}
    return World(
        plugs={
            "identify_visitor": chance.choice((person, person, failed)),
            **{
                name: chance.choice((tiles, failed))
                for name in ("past_orders", "exploring_products", "popular_products")
            },
        },
        personal_plugs={"past_orders", "exploring_products"},
        intents={"hello": chance.choice(("complaint", "demo_request", "quote_request"))},
        faq=chance.choice((FaqAnswer("A.", "Q?", 0.9, True), FaqAnswer("", "", 0.2, False, others=("Q1?", "Q2?")))),
        slots=slots,
        booking=chance.choice(("event-1", ServiceFailed("crm_away"))),
        codes=chance.choice((CodeRequest.SENT, CodeRequest.SENT, CodeRequest.TOO_MANY)),
        somebody=chance.choice((True, False)),
    )


def says_something(talk: Talk, chance: random.Random) -> None:
    move = chance.random()
    if move < 0.5 and talk.chips:
        talk.says(chance.choice(talk.chips))
    elif move < 0.55:
        talk.fails()
    elif move < 0.6:
        talk.opens()
    elif move < 0.65:
        talk.answers_form(name="Haruka", email=chance.choice((HARUKA, "x")), message="Hello")
    elif move < 0.7:
        talk.visitor = Visitor(email=chance.choice((HARUKA, "other@example.com", "")))
        talk.says("1")
    else:
        talk.says(chance.choice(WORDS))


@pytest.mark.parametrize("seed", range(20))
def test_random_talks_with_the_shop_stay_on_explored_ways(seed: int) -> None:
    chance = random.Random(seed)
    token = Identity(Assurance.VERIFIED, HARUKA, "token") if chance.random() < 0.2 else Identity()
    talk = Talk(flows=SHOP, world=random_world(chance), channel=chance.choice((WEBSITE, SALESIQ)), identity=token)
    talk.visitor = Visitor(email=chance.choice((HARUKA, "")))
    ways = explore(SHOP)
    stacks = {place.stack for place in ways.first}
    exits = {(*place.step, way.out.name) for place in ways.first for way in ways.all[place]}
    talk.opens()
    for _ in range(25):
        says_something(talk, chance)
        assert talk.session.stack == () or talk.session.stack in stacks
        for visited in talk.last.trace:
            assert (visited.flow, visited.step) in ways.places_of
            known = (visited.flow, visited.step, visited.exit) in exits
            assert (
                known or visited.exit.startswith("interrupt") or visited.exit in ("", "not understood", "then", "end")
            )
        assert talk.texts or talk.last.reply.form or talk.last.reply.input, talk.path
