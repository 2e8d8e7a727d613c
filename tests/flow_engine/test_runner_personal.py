"""Personal data at run time: for the verified visitor it is about, for nobody else, whatever is made of it."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from motenashi.conversation.assurance import Assurance, Identity
from motenashi.conversation.visitor import Visitor
from tests.flow_engine.small_talk import CODE, HARUKA, MONDAY, Talk, World, part, steps

ORDERS = {"products": [{"id": "p1", "title": "Notebook 14"}], "text": "Notebook 14", "count": 1}
VERIFIED = Identity(Assurance.VERIFIED, HARUKA, "token")


def world() -> World:
    return World(plugs={"past_orders": ORDERS}, personal_plugs={"past_orders"})


def shown_after(making: str, shown: str) -> tuple[list[str], list[str]]:
    """What a verified visitor is shown, and then somebody who claims another address in the same talk."""
    flow = steps(
        f"  orders: {{plug: past_orders, with: {{contact_id: '1'}}, save: orders}}\n{making}"
        f"  show: {{say: 'Here: {shown}.'}}\n  more: {{say: More, ask: text, then: show}}\n"
    )
    talk = Talk(flow, world=world(), identity=VERIFIED, email=HARUKA)
    talk.opens()
    if "ask" in making or "choices" in making:
        talk.says("Notebook 14")
    first = talk.texts[-2:-1]
    talk.identity = Identity()
    talk.visitor = Visitor(email="somebody.else@example.com")
    return first, talk.says("go on")[:1]


@pytest.mark.parametrize(
    ("making", "shown"),
    [
        ("", "{{ orders.text }}"),
        ("  keep: {set: {kept: $orders.text}}\n", "{{ kept }}"),
        ("  keep: {set: {kept: '{{ orders.text }}'}}\n", "{{ kept }}"),
        ("  keep: {set: {first: $orders.text}}\n  more_of_it: {set: {kept: $first}}\n", "{{ kept }}"),
        (
            "  keep: {say: Which, choices: {list: $orders.products, label: '{{ item.title }}'}, save: kept}\n",
            "{{ kept.title }}",
        ),
        ("  keep: {say: Which, ask: {card: select, options: $orders.products}, save: kept}\n", "{{ kept }}"),
    ],
)
def test_personal_data_and_what_is_made_of_it_is_hidden_from_another_address(making: str, shown: str) -> None:
    first, then = shown_after(making, shown)
    assert first == ["Here: Notebook 14."] or first == ["Here: p1."]
    assert then == ["Here: ."]


def test_a_personal_plug_is_refused_before_the_code_and_given_after_it() -> None:
    flow = steps(
        "  early: {plug: past_orders, save: early}\n  say: {say: 'Early: {{ early.text }}.'}\n"
        "  sure: {verify: email, on_refused: no}\n  late: {plug: past_orders, save: late}\n"
        "  show: {say: 'Late: {{ late.text }}.'}\n  no: {say: End.}\n"
    )
    talk = Talk(flow, world=world(), email=HARUKA)
    assert talk.opens()[0] == "Early: ."
    assert talk.says(CODE)[0] == "Late: Notebook 14."
    assert talk.session.personal == {"late": HARUKA}


def test_claiming_another_address_takes_the_verification_away() -> None:
    flow = steps(
        "  sure: {verify: email, on_refused: no}\n  other: {say: Address, ask: email, profile: email}\n"
        "  orders: {plug: past_orders, save: orders}\n  no: {say: 'You are {{ identity.level }}. {{ orders.text }}'}\n"
    )
    talk = Talk(flow, world=world(), email=HARUKA)
    talk.opens()
    talk.says(CODE)
    assert talk.session.identity.level is Assurance.VERIFIED
    assert talk.says("boss@example.com") == ["You are claimed."]


def test_overwriting_a_personal_variable_with_something_public_makes_it_public() -> None:
    flow = steps(
        "  orders: {plug: past_orders, save: kept}\n  forget: {set: {kept: nothing}}\n  ask: {say: More, ask: text}\n"
        "  show: {say: 'Kept: {{ kept }}.'}\n"
    )
    talk = Talk(flow, world=world(), identity=VERIFIED)
    talk.opens()
    talk.identity = Identity()
    talk.visitor = Visitor(email="somebody.else@example.com")
    assert talk.says("x") == ["Kept: nothing."]


def test_a_called_flow_hides_personal_data_the_same_way() -> None:
    flow = steps("  orders: {plug: past_orders, save: orders}\n  ask: {say: More, ask: text}\n  tell: {call: report}\n")
    talk = Talk(flow, part("  show: {say: 'Here: {{ orders.text }}.'}\n", "report"), world=world(), identity=VERIFIED)
    talk.opens()
    talk.identity, talk.visitor = Identity(), Visitor(email="x@example.com")
    assert talk.says("x") == ["Here: ."]


@pytest.mark.parametrize(
    "asking",
    [
        "choices: {list: $orders.products, label: '{{ item.title }}'}",
        "ask: {card: select, options: $orders.products}",
        "ask: {questions: [{name: one, say: One, card: select, options: $orders.products}]}",
    ],
)
def test_a_question_that_shows_personal_data_is_not_repeated_to_somebody_else(asking: str) -> None:
    flow = steps(
        f"  orders: {{plug: past_orders, save: orders}}\n  pick: {{say: Which, {asking}, save: kept}}\n"
        "  end: {say: End.}\n"
    )
    talk = Talk(flow, world=world(), identity=VERIFIED)
    talk.opens()
    assert "Notebook 14" in str(talk.last.reply)
    talk.identity, talk.visitor = Identity(), Visitor(email="x@example.com")
    for words in ("purple", "1", "Notebook 14"):
        talk.says(words)
        assert "Notebook" not in str(talk.last.reply)
        assert "Notebook" not in str(talk.session.variables.get("kept"))


def test_a_proof_that_has_worn_off_is_a_claim_also_for_a_talk_that_goes_on() -> None:
    flow = steps(
        "  orders: {plug: past_orders, save: orders}\n"
        "  more: {say: 'You are {{ identity.level }}. {{ orders.text }}', ask: text, then: more}\n"
    )
    identity = dataclasses.replace(VERIFIED, until=MONDAY + timedelta(hours=1))
    talk = Talk(flow, world=world(), identity=identity, email=HARUKA)
    assert talk.opens() == ["You are verified. Notebook 14"]
    talk.identity = Identity()
    talk.now = MONDAY + timedelta(minutes=59)
    assert talk.says("x") == ["You are verified. Notebook 14"]
    talk.now = MONDAY + timedelta(hours=1)
    assert talk.says("x") == ["You are claimed."]


def test_what_a_failed_plug_leaves_is_personal_when_its_defaults_are() -> None:
    flow = steps(
        "  orders: {plug: past_orders, save: orders}\n"
        "  other: {plug: broken, save: kept, defaults: {text: $orders.text}}\n"
        "  more: {say: 'Kept: {{ kept.text }}.', ask: text, then: more}\n"
    )
    talk = Talk(flow, world=world(), identity=VERIFIED, email=HARUKA)
    assert talk.opens() == ["Kept: Notebook 14."]
    talk.identity, talk.visitor = Identity(), Visitor(email="somebody.else@example.com")
    assert talk.says("x") == ["Kept: ."]
