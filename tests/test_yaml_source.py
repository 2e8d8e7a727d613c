"""A person's YAML: words stay words, lines are remembered, every trouble is a problem and never an exception."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motenashi.problems import Problem
from motenashi.yaml_source import YamlList, YamlMap, read_documents, read_file


def read(text: str) -> Any:
    documents, problems = read_documents(text, "a.yaml")
    assert not problems, problems
    return documents[0]


def problems_of(text: str) -> list[Problem]:
    return read_documents(text, "a.yaml")[1]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("yes", "yes"),
        ("No", "No"),
        ("on", "on"),
        ("10:30", "10:30"),
        ("2026-01-31", "2026-01-31"),
        ("0123", "0123"),
        ("1_000", "1_000"),
        ("0x1f", "0x1f"),
        (".5", ".5"),
        ("true", True),
        ("FALSE", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("12", 12),
        ("-3", -3),
        ("1.5", 1.5),
        ('"12"', "12"),
        ("'true'", "true"),
        ("日本語", "日本語"),
        ("99999999999999999999", "99999999999999999999"),
    ],
)
def test_only_true_false_null_and_numbers_are_special(written: str, meant: Any) -> None:
    value = read(f"key: {written}")["key"]

    assert value == meant and type(value) is type(meant)


def test_lines_count_from_one_and_belong_to_keys_and_items() -> None:
    data = read("# a comment\nflow: a\nsteps:\n  one:\n    say: hi\n  two: {say: ho}\nlist:\n  - a\n\n  - b\n")

    assert isinstance(data, YamlMap) and data.line == 2
    assert (data.line_of("flow"), data.line_of("steps"), data.line_of("list")) == (2, 3, 7)
    assert data["steps"].line_of("two") == 6 and data["steps"]["one"].line == 5
    assert isinstance(data["list"], YamlList) and [data["list"].line_of(index) for index in (0, 1, 7)] == [8, 10, 8]
    assert data.line_of("not there") == 2


def test_two_equal_keys_are_a_problem_that_names_both_lines() -> None:
    (problem,) = problems_of("a: 1\nb: 2\na: 3\n")

    assert (problem.line, problem.what) == (3, "'a' stands here twice (first on line 1).")


def test_all_equal_keys_are_told_at_once_and_the_first_ones_count() -> None:
    documents, problems = read_documents("a: 1\na: 2\nb: {c: 1, c: 2}\n", "a.yaml")

    assert len(problems) == 2 and documents[0] == {"a": 1, "b": {"c": 1}}


def test_several_documents_are_read_and_empty_ones_left_out() -> None:
    documents, problems = read_documents("a: 1\n---\n---\nb: 2\n", "a.yaml")

    assert documents == [{"a": 1}, {"b": 2}] and not problems
    assert documents[1].line_of("b") == 4


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\nb: {c: 1\nd: 2", 3),
        ("a: 'open", 1),
        ("a: 1\n\tb: 2", 2),
        ("say: What: now?", 1),
        ("a: *nobody", 1),
        ("a: %x", 1),
    ],
)
def test_what_is_no_yaml_is_told_with_its_line(text: str, line: int) -> None:
    (problem,) = problems_of(text)

    assert problem.file == "a.yaml" and problem.line == line and "not readable YAML" in problem.what and problem.hint


def test_documents_before_a_mistake_are_kept() -> None:
    documents, problems = read_documents("a: 1\n---\nb: {", "a.yaml")

    assert documents == [{"a": 1}] and len(problems) == 1


def test_a_small_file_that_means_a_huge_one_is_refused() -> None:
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{here}: &{here} [{', '.join([f'*{before}'] * 9)}]\n"
        for before, here in zip("abcdefg", "bcdefgh", strict=True)
    )

    (problem,) = problems_of(bomb)

    assert "more than 200000 pieces" in problem.what


@pytest.mark.parametrize("text", ["a: &a [*a]", "&a {b: *a}", "[" * 5000, "{a: " * 3000])
def test_endless_and_bottomless_files_are_problems(text: str) -> None:
    assert problems_of(text)


@pytest.mark.parametrize("text", ["a: !!python/object/apply:os.system [exit]", "!!python/name:os.system x"])
def test_a_file_runs_nothing(text: str) -> None:
    documents, _ = read_documents(text, "a.yaml")

    assert "os.system" not in str(type(documents)) and all(not callable(document) for document in documents)


@given(st.text(max_size=200))
def test_no_text_at_all_is_an_exception(text: str) -> None:
    documents, problems = read_documents(text, "a.yaml")

    assert isinstance(documents, list) and all(isinstance(problem, Problem) for problem in problems)


def test_files_that_cannot_be_read_are_problems(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes("a: é".encode("latin-1"))
    (tmp_path / "bom.yaml").write_bytes(b"\xef\xbb\xbfa: 1")

    assert "not UTF-8" in read_file(tmp_path / "latin.yaml", "latin.yaml")[1][0].what
    assert "can't be read" in read_file(tmp_path / "gone.yaml", "gone.yaml")[1][0].what
    assert read_file(tmp_path / "bom.yaml", "bom.yaml") == ([{"a": 1}], [])
