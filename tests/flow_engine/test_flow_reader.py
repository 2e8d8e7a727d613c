"""From YAML to flows: kinds, lines, versions, sources, targets. What is wrong is in tests/broken_flows."""

from __future__ import annotations

from motenashi.flow_engine.flow_reader import read_flows
from tests.flow_engine.names_for_tests import flows_in, flows_of

TWO = """# A remark above.
flow: one
title: {en: One, ja: 一}
trigger: {channel: [website]}
steps:
  hello:
    say: Hello.

  go_on:
    go: two
---
flow: two
title: Two
steps:
  here: {say: Here.}
"""


def test_each_document_is_a_flow_and_each_key_of_steps_a_step() -> None:
    flows = flows_in({"flows/a.yaml": TWO})
    one = flows.flows["one"]
    assert [(step.id, step.kind, step.line) for step in one.steps] == [("hello", "say", 6), ("go_on", "go", 9)]
    assert (one.line, flows.flows["two"].line, flows.starters()) == (2, 12, ("one",))
    assert one.source.startswith("flow: one") and one.source.rstrip().endswith("---")


def test_a_flows_version_changes_with_its_text_and_with_nothing_else() -> None:
    before = flows_in({"flows/a.yaml": TWO})
    after = flows_in({"flows/a.yaml": TWO.replace("Here.", "Here!")})
    assert before.flows["one"].version == after.flows["one"].version
    assert before.flows["two"].version != after.flows["two"].version
    assert before.version != after.version
    assert flows_in({"flows/other_name.yaml": TWO}).version == before.version


def test_a_set_can_be_read_again_from_its_sources() -> None:
    flows = flows_in({"flows/a.yaml": TWO})
    assert flows_in(flows.sources).version == flows.version


def test_a_target_is_a_step_here_then_a_flow_then_a_step_there() -> None:
    flows = flows_of(
        "flow: one\ntitle: T\nsteps:\n  two: {say: A.}\n  b: {say: B.}\n",
        "flow: two\ntitle: T\nsteps:\n  first: {say: C.}\n  second: {say: D.}\n",
    )
    one, two = flows.flows["one"], flows.flows["two"]

    def resolved(name: str) -> str:
        there = flows.resolve(one, name)
        return f"{there[0].id}.{there[1].id}" if there else ""

    assert [resolved(name) for name in ("two", "b", "two.second", "one", "two.third", "second", "x.y", "", ".")] == [
        *("one.two", "one.b", "two.second", "one.two"),
        *("", "", "", "", ""),
    ]
    assert flows.resolve(two, "second") == (two, two.steps[1])


def test_flows_that_can_be_read_are_given_beside_the_problems_of_others() -> None:
    flows, problems = read_flows({"flows/a.yaml": TWO, "flows/b.yaml": "flow: three\ntitle: T\n"})
    assert set(flows.flows) == {"one", "two", "three"}
    assert [str(problem) for problem in problems] == ["flows/b.yaml:1: the flow has no steps. steps: {first: {say: …}}"]


def test_an_empty_file_is_told() -> None:
    for text in ("", "# Only a remark.\n", "---\n---\n"):
        assert [problem.what for problem in read_flows({"flows/a.yaml": text})[1]] == ["this file is empty."]


def test_broken_yaml_tells_its_line_and_keeps_what_stands_before() -> None:
    flows, problems = read_flows({"flows/a.yaml": TWO + "---\nflow: [three\n"})
    assert set(flows.flows) == {"one", "two"}
    assert [(problem.file, problem.line) for problem in problems] == [("flows/a.yaml", 18)]


def test_words_that_other_yaml_takes_for_truth_stay_words() -> None:
    flows = flows_of(
        "flow: one\ntitle: T\nsteps:\n  a: {say: Off?, choices: [{label: yes}, {label: no}]}\n".replace("Off?", "Off")
    )
    labels = [choice.label.source("en") for choice in flows.flows["one"].steps[0].spec.choices.fixed]
    assert labels == ["yes", "no"]
