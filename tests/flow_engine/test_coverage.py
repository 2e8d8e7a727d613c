"""Coverage counts what the traces of talks say, and names what is missing."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from motenashi.flow_engine.coverage import coverage_of, whole
from motenashi.flow_engine.coverage_table import print_coverage
from motenashi.flow_engine.flow_reader import read_flows
from motenashi.flow_engine.turn import Visited

TEXT = """flow: tea
title: Tea
steps:
  menu:
    say: Tea?
    choices:
      - {label: "Yes", go: tea}
      - {label: "No", go: bye}
  tea:
    say: Here.
  bye:
    end_chat: {}
"""
FLOWS = read_flows({"flows/tea.yaml": TEXT})[0]


def test_nothing_visited_is_nothing_covered() -> None:
    (tea,) = coverage_of(FLOWS, ())

    assert (tea.steps, tea.steps_covered, tea.branches, tea.branches_covered) == (3, 0, 4, 0)
    assert (tea.steps_percent, tea.branches_percent) == (0.0, 0.0)
    assert tea.missing_steps == {"menu", "tea", "bye"}


def test_a_step_is_covered_by_a_visit_and_a_branch_by_leaving_that_way() -> None:
    (tea,) = coverage_of(
        FLOWS, [Visited("tea", "menu"), Visited("tea", "menu", "choice 2: No"), Visited("tea", "bye", "end")]
    )

    assert (tea.steps_covered, tea.branches_covered) == (2, 2)
    assert [str(missing) for missing in tea.missing] == [
        "flows/tea.yaml:4: by 'choice 1: Yes' no talk leaves tea.menu",
        "flows/tea.yaml:9: no talk visits tea.tea",
        "flows/tea.yaml:9: by 'then' no talk leaves tea.tea",
    ]


def test_ways_that_no_step_declares_count_for_nothing() -> None:
    (tea,) = coverage_of(FLOWS, [Visited("tea", "menu", "interrupt stop"), Visited("coffee", "menu", "then")])

    assert (tea.steps_covered, tea.branches_covered) == (1, 0)


def test_the_table_shows_each_flow_and_all_together() -> None:
    out = StringIO()
    print_coverage(coverage_of(FLOWS, [Visited("tea", "bye", "end")]), Console(file=out, width=100))
    text = out.getvalue()

    assert "1/3" in text and "33 %" in text and "25 %" in text and "all flows" in text
    assert "flows/tea.yaml:4: no talk visits tea.menu" in text
    assert "choice 1" not in text, "the branches of a step that nobody visits go without saying"


def test_flows_without_steps_count_as_covered() -> None:
    assert whole(()).steps_percent == 100.0
