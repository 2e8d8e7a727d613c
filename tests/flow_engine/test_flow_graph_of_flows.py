"""A flow as a picture needs it."""

from __future__ import annotations

from motenashi.flow_engine.graph import END, RETURN, Edge, graph_of
from tests.flow_engine.names_for_tests import flows_of

FLOWS = flows_of(
    """
flow: start
title: Start
trigger: {}
interrupts: {human: talk}
intents: [{intent: complaint, go: other.second}]
lost: talk
steps:
  hello: {say: Hello.}
  menu:
    say: Where to
    choices: [{label: Other, go: other}, {label: On}]
  call: {call: other}
  orders: {plug: past_orders, with: {contact_id: '1'}, on_error: menu}
  last: {say: Bye., then: nowhere}
  talk: {forward_to_operator: {}, when_unavailable: last}
""",
    "flow: other\ntitle: Other\nsteps:\n  first: {say: A.}\n  second: {say: B.}\n",
)


def test_every_step_is_a_node_with_its_words_and_lines() -> None:
    nodes = graph_of(FLOWS.flows["start"], FLOWS).nodes
    assert [(node.id, node.kind) for node in nodes[:3]] == [("hello", "say"), ("menu", "choices"), ("call", "call")]
    assert nodes[1].label.source("en") == "Where to"
    assert nodes[2].label.by_language == {}
    assert (nodes[1].line, nodes[1].last_line) == (10, 12)


def test_every_way_out_is_an_edge_and_targets_that_lead_nowhere_are_left_out() -> None:
    edges = graph_of(FLOWS.flows["start"], FLOWS).edges
    assert edges == (
        Edge("hello", "menu", "", "then"),
        Edge("menu", "other.first", "Other", "choice 1: Other"),
        Edge("menu", "call", "On", "then"),
        Edge("call", "other.first", "call", "call"),
        Edge("call", "orders", "", "then"),
        Edge("orders", "last", "", "then"),
        Edge("orders", "menu", "on_error", "on_error"),
        Edge("talk", END, "forward", "forward"),
        Edge("talk", "last", "when_unavailable", "when_unavailable"),
        Edge("", "talk", "human", "interrupt human"),
        Edge("", "other.second", "complaint", "intent complaint"),
        Edge("", "talk", "not understood", "lost"),
    )


def test_the_last_step_of_a_flow_returns() -> None:
    edges = graph_of(FLOWS.flows["other"], FLOWS).edges
    assert edges[-1] == Edge("second", RETURN, "", "then")
