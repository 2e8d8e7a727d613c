"""Random flows, talked with at random: what check and prove let pass must not happen when they run.

No personal plug is called for somebody unverified, no turn goes in a circle, no turn ends in silence, and no
conversation comes to a step that was called unreachable.
"""

from __future__ import annotations

import random

import pytest

from motenashi.conversation.verification import CodeRequest
from motenashi.conversation.visitor import Visitor
from motenashi.flow_engine.check import check_flows
from motenashi.flow_engine.flow import FlowSet
from motenashi.flow_engine.flow_reader import read_flows
from motenashi.flow_engine.prove import prove
from motenashi.flow_engine.services import FaqAnswer
from motenashi.flow_engine.ways import explore
from motenashi.plug_contract import PlugCall, PlugFailed, PlugRefused, PlugResult
from tests.flow_engine.names_for_tests import KNOWN
from tests.flow_engine.small_talk import CODE, HARUKA, SALESIQ, WEBSITE, Talk, World

CONDITIONS = (
    "{identity.level: verified}",
    "{identity.level: {at_least: claimed}}",
    "{identity.level: {is_not: verified}}",
    "{visitor.country: JP}",
    "{identity.level: verified, visitor.country: JP}",
)
STEPS = (
    "say: Words.{then}",
    "say: Words.",
    "{{say: Q, ask: text{then}}}",
    "{{say: Q, ask: {{card: email, skippable: true}}, profile: email, on_skip: {go}}}",
    "{{say: Menu, choices: [{{label: One, go: {go}}}, {{label: Two, go: {go}}}]}}",
    "{{say: Menu, choices: [{{label: One, go: {go}, if: {if_}}}, {{label: Two}}]}}",
    "{{criteria_router: [{{name: A, if: {if_}, go: {go}}}], not_matched: {go}}}",
    "{{criteria_router: [{{name: A, if: {if_}, go: {go}}}, {{name: B, if: {if_}, go: {go}}}], not_matched: {go}}}",
    "{{verify: email, on_refused: {go}}}",
    "{{plug: past_orders, with: {{contact_id: '1'}}, on_error: {go}{then}}}",
    "{{plug: past_orders, with: {{contact_id: '1'}}}}",
    "{{plug: popular_products, on_error: {go}}}",
    "{{set: {{x: 1}}{then}}}",
    "{{call: {flow}{then}}}",
    "{{go: {go}}}",
    "{{forward_to_operator: {{}}, when_unavailable: {go}}}",
    "{{answer_bot: {{}}, on_unsure: {go}}}",
    "{{end_chat: {{}}}}",
)
FLOWS = ("one", "two", "three")


def random_flows(chance: random.Random) -> FlowSet:
    names = [f"{flow}.{step}" for flow in FLOWS for step in "abcd"]

    def step() -> str:
        text = chance.choice(STEPS)
        if not text.startswith("{"):
            text = "{{" + text + "}}"
        filled = text.replace("{if_}", "\0")
        for slot in ("{go}", "{flow}"):
            while slot in filled:
                place = chance.choice(names) if slot == "{go}" else chance.choice(FLOWS[1:])
                filled = filled.replace(slot, place, 1)
        while "\0" in filled:
            filled = filled.replace("\0", chance.choice(CONDITIONS).replace("{", "{{").replace("}", "}}"), 1)
        then = f", then: {chance.choice(names)}" if chance.random() < 0.5 else ""
        return filled.replace("{then}", then).replace("{{", "{").replace("}}", "}")

    documents = [
        f"flow: {flow}\ntitle: T\n"
        + ("trigger: {}\n" if flow == "one" else "")
        + (f"interrupts: {{human: {chance.choice(names)}}}\n" if chance.random() < 0.3 else "")
        + "steps:\n"
        + "".join(f"  {name}: {step()}\n" for name in "abcd")
        for flow in FLOWS
    ]
    flows, problems = read_flows({"test.yaml": "---\n".join(documents)})
    assert problems == [], (problems, documents)
    return flows


class Strict(World):
    """Remembers a personal plug that was called for somebody unverified."""

    broken: bool = False

    def call_plug(self, call: PlugCall) -> PlugResult:
        if self.chance.random() < 0.2:
            raise PlugFailed(call.plug, "timeout", "too slow")
        try:
            return super().call_plug(call)
        except PlugRefused:
            self.broken = True
            raise

    chance: random.Random


def talk_with(flows: FlowSet, chance: random.Random) -> Talk:
    world = Strict(
        plugs={"past_orders": {}, "popular_products": {}},
        personal_plugs={"past_orders"},
        faq=FaqAnswer("A.", "Q", 0.9, chance.random() < 0.5),
        codes=chance.choice((CodeRequest.SENT, CodeRequest.NOT_SENT)),
        somebody=chance.random() < 0.3,
    )
    world.chance = chance
    talk = Talk(flows=flows, world=world, channel=chance.choice((WEBSITE, SALESIQ)))
    country = chance.choice(("JP", ""))
    talk.visitor = Visitor(email=chance.choice((HARUKA, "")), country=country)
    return talk


@pytest.mark.parametrize("seed", range(40))
def test_what_is_let_pass_does_not_happen(seed: int) -> None:
    chance = random.Random(seed)
    flows = random_flows(chance)
    said = [problem.what for problem in [*check_flows(flows, KNOWN), *prove(flows, KNOWN)]]
    may_reveal = any("personal data" in what for what in said)
    may_circle = any("in a circle" in what or "again" in what for what in said)
    may_be_silent = any("without a word" in what for what in said)
    reachable = explore(flows).places_of
    for _ in range(6):
        talk = talk_with(flows, chance)
        talk.opens()
        for _ in range(12):
            assert may_reveal or not talk.world.broken  # type: ignore[attr-defined]
            assert may_circle or len(talk.path) < 100
            assert may_be_silent or may_circle or talk.texts != ["I'm here when you need me."]
            assert {(visited.flow, visited.step) for visited in talk.last.trace} <= set(reachable)
            chips = [*talk.chips, "human", CODE, CODE, "cancel", "hello", "a@example.com", HARUKA]
            talk.says(chance.choice(chips)) if chance.random() < 0.9 else talk.fails()
