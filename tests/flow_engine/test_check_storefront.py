"""The shop's own flows: nothing wrong with them, whatever a small edit breaks is told."""

from __future__ import annotations

from pathlib import Path

from motenashi.flow_engine.check import check_all, check_flows
from motenashi.flow_engine.flow_reader import read_flows
from motenashi.flow_engine.known import Known
from motenashi.flow_engine.live_flows import read_folder
from motenashi.flow_engine.prove import prove
from tests.flow_engine.names_for_tests import KNOWN, flows_in, flows_of

SHOP = read_folder(Path(__file__).parents[2] / "flows")


def edited(before: str, after: str) -> list[str]:
    """What is wrong with the shop's flows after this edit of its contact flow."""
    file = "flows/contact.yaml"
    assert before in SHOP[file]
    flows = flows_in({**SHOP, file: SHOP[file].replace(before, after)})
    return [problem.what for problem in check_all(flows, KNOWN) if problem.severity == "error"]


def test_the_shops_flows_have_no_errors() -> None:
    flows = flows_in(SHOP)
    assert [problem for problem in check_all(flows, KNOWN) if problem.severity == "error"] == []


def test_taking_the_verification_out_is_refused_with_the_conversation_that_shows_it() -> None:
    file = "flows/contact.yaml"
    flows = flows_in({**SHOP, file: SHOP[file].replace("go: past_orders", "go: list_orders")})
    refused = [problem for problem in check_all(flows, KNOWN) if "reveals personal data" in problem.what]
    assert [problem.what.split()[1] for problem in refused] == ["'list_orders'"]
    assert refused[0].evidence[-1] == "visitor: Show past orders"


def test_verifying_only_those_who_refuse_is_no_verification() -> None:
    assert any("reveals personal data" in what for what in edited("on_refused: menu", "on_refused: list_orders"))


def test_without_knowledge_of_the_outside_only_the_inside_is_checked() -> None:
    flows = flows_of(
        """
flow: start
title: Start
trigger: {channel: [anything]}
steps:
  who: {plug: whatever, with: {a: 1}, save: person}
  hours: {hours_router: {department: whoever}, open: say, closed: say}
  say: {say: "{{ person.anything.at.all }}"}
"""
    )
    assert check_flows(flows, Known()) == []
    assert check_flows(flows, Known(plugs={}, departments=(), channels=())) != []


def test_no_flows_at_all_are_no_problem_of_the_flows() -> None:
    flows, problems = read_flows({})
    assert (problems, check_all(flows, KNOWN), prove(flows, KNOWN)) == ([], [], [])


def test_proofs_wait_until_the_check_finds_no_error() -> None:
    text = """
flow: start
title: Start
trigger: {}
steps:
  hello: {say: Hello., then: nowhere}
  unreachable: {say: Hidden.}
"""
    flows = flows_of(text)
    assert [problem.line for problem in check_all(flows, KNOWN)] == [6]
    assert [problem.line for problem in check_all(flows_of(text.replace("nowhere", "hello2")), KNOWN)] == [6]
