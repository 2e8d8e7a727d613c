"""How a person is told what is wrong with their file: one line each, in order, with a cure."""

from __future__ import annotations

import pytest

from motenashi.problems import Problem, ProblemsFound, did_you_mean


def test_a_problem_is_one_line_with_place_what_and_cure() -> None:
    problem = Problem("flows/a.yaml", 14, "step 'x' calls plug 'y', which does not exist.", "Did you mean 'z'?")

    assert str(problem) == "flows/a.yaml:14: step 'x' calls plug 'y', which does not exist. Did you mean 'z'?"


def test_a_problem_of_a_whole_file_has_no_line() -> None:
    assert str(Problem("a.yaml", 0, "this file is not UTF-8.")) == "a.yaml: this file is not UTF-8."


def test_a_warning_says_so_and_evidence_stands_below() -> None:
    problem = Problem("a.yaml", 1, "nobody gets here.", evidence=("visitor: hi", "bot: …"), severity="warning")

    assert str(problem).splitlines() == ["a.yaml:1: warning: nobody gets here.", "    visitor: hi", "    bot: …"]


def test_problems_are_told_in_the_order_of_files_and_lines() -> None:
    found = ProblemsFound([Problem("b", 1, "x"), Problem("a", 10, "y"), Problem("a", 9, "z")])

    assert [(problem.file, problem.line) for problem in found.problems] == [("a", 9), ("a", 10), ("b", 1)]
    assert str(found) == "a:9: z\na:10: y\nb:1: x"


@pytest.mark.parametrize(
    ("word", "known", "hint"),
    [
        ("order_staus", ["order_status", "orders"], "Did you mean 'order_status'?"),
        ("SAY", ["say", "ask"], "Did you mean 'say'?"),
        ("zzz", ["say", "ask"], "There is: ask, say."),
        ("zzz", [], ""),
        ("zzz", [f"name{number}" for number in range(31)], ""),
    ],
)
def test_the_closest_known_word_is_offered(word: str, known: list[str], hint: str) -> None:
    assert did_you_mean(word, known) == hint
