"""Typed words and the choices they mean: the cases of matching_cases.yaml, and what holds for any text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motenashi.flow_engine.matching import match_choice, match_words
from motenashi.yaml_source import read_file

TABLES, _problems = read_file(Path(__file__).with_name("matching_cases.yaml"))
CASES = [
    pytest.param(table["labels"], table.get("also", ()), text, expected, id=f"{number}: {text}")
    for number, table in enumerate(TABLES[0])
    for text, expected in table["cases"].items()
]


def meaning(text: str, labels: list[str], also: Any = ()) -> Any:
    found = match_choice(text, labels, "en", also)
    if found is None:
        return "none"
    return found.index + 1 if found.sure else sorted(index + 1 for index in found.close)


@pytest.mark.parametrize(("labels", "also", "text", "expected"), CASES)
def test_typed_words_mean_the_choice_a_person_would_take(
    labels: list[str], also: Any, text: str, expected: Any
) -> None:
    assert meaning(text, labels, also) == expected


def test_the_table_of_cases_reads_without_problems() -> None:
    assert _problems == []
    assert len(CASES) > 100


@pytest.mark.parametrize(
    ("text", "words", "said"),
    [
        ("human", ["human", "talk to a person"], True),
        ("I want to talk to a human please", ["human", "operator"], True),
        ("talk to a person", ["human", "talk to a person"], True),
        ("担当者と話したい", ["担当者", "オペレーター"], True),
        ("ｵﾍﾟﾚｰﾀｰお願いします", ["担当者", "オペレーター"], True),
        ("start over", ["start over", "最初から"], True),
        ("最初からお願いします", ["start over", "最初から"], True),
        ("strat over", ["start over"], True),
        ("stop", ["stop", "やめる"], True),
        ("やめる", ["stop", "やめる"], True),
        ("can I speak to a person?", ["talk to a person"], True),
        ("オペレーターにつないでください", ["オペレーター"], True),
        ("main", ["main menu"], False),
        ("最初の注文", ["最初から"], False),
        ("stopp", ["stop"], False),
        ("I don't want a human", ["human"], False),
        ("担当者はいりません", ["担当者"], False),
        ("Are human resources included in the yearly plan for teams?", ["human"], False),
        ("2", ["human"], False),
        ("1", ["human", "operator"], False),
        ("yes", ["human"], False),
        ("", ["human"], False),
        ("human", [], False),
    ],
)
def test_a_word_that_interrupts_is_heard_and_not_imagined(text: str, words: list[str], said: bool) -> None:
    assert (match_words(text, words) is not None) is said


labels = st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=6)


@given(st.text(max_size=250), labels)
def test_any_text_gives_a_choice_that_exists_or_none(text: str, labels: list[str]) -> None:
    found = match_choice(text, labels, "ja")

    assert found is None or (
        0 <= found.index < len(labels)
        and (found.sure or found.index in found.close)
        and all(0 <= index < len(labels) for index in found.close)
    )


@given(labels)
def test_typing_a_label_that_nobody_else_has_takes_it(labels: list[str]) -> None:
    for index, label in enumerate(labels):
        found = match_choice(label, labels, "en")
        if found and found.sure:
            assert labels[found.index].casefold() == label.casefold() or found.index == index
