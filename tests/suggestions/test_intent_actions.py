"""The table of actions is read with every mistake told by line."""

from __future__ import annotations

from pathlib import Path

import pytest

from motenashi.problems import Problem
from motenashi.suggestions.intent_actions import FILE, intent_actions, read_intent_actions
from nlp.labels import INTENTS

WHOLE = FILE.read_text(encoding="utf-8")


def problems(tmp_path: Path, text: str) -> list[Problem]:
    file = tmp_path / "intent_actions.yaml"
    file.write_text(text, encoding="utf-8")
    table, found = read_intent_actions(file)
    assert (table is None) == bool(found)
    return found


def line_of(words: str) -> int:
    return WHOLE[: WHOLE.index(words)].count("\n") + 1


def test_the_table_has_a_row_for_every_label_and_no_other() -> None:
    assert set(intent_actions().intents) == set(INTENTS)


def test_the_rank_is_the_order_of_the_file() -> None:
    table = intent_actions()

    assert table.rank("complaint") == 0
    assert table.rank("demo_request") < table.rank("quote_request") < table.rank("product_info")
    assert table.rank("no such label") == len(INTENTS)


def test_the_file_as_it_is_has_no_problem(tmp_path: Path) -> None:
    assert problems(tmp_path, WHOLE) == []


@pytest.mark.parametrize(
    ("old", "new", "what", "at"),
    [
        ("action: call\n    purpose: complaint", "action: visit\n    purpose: complaint", "visit", "action: call"),
        ("    purpose: retention\n", "", "cancellation needs a 'purpose'", "  cancellation:"),
        (
            "within_hours: 4\n    title: {en: Move",
            "within_hours: 0\n    title: {en: Move",
            "within_hours",
            "  reschedule:",
        ),
        (", ja: 苦情の件で電話する}", "}", "complaint, 'title' has no text for 'ja'", "  complaint:"),
        ("Call about the complaint", "'Call {name}'", "can't be filled in (en)", "  complaint:"),
        ("{date}.'", "{day}.'", "away can't be filled in (en)", "reasons:"),
    ],
)
def test_each_mistake_is_told_where_it_stands(tmp_path: Path, old: str, new: str, what: str, at: str) -> None:
    assert old in WHOLE
    (found,) = problems(tmp_path, WHOLE.replace(old, new, 1))

    assert what in found.what
    assert found.line == line_of(at)


def test_all_mistakes_come_at_once(tmp_path: Path) -> None:
    broken = WHOLE.replace("    purpose: retention\n", "", 1).replace(", ja: 苦情の件で電話する}", "}", 1)

    assert len(problems(tmp_path, broken)) == 2


def test_no_table_at_all_is_a_problem(tmp_path: Path) -> None:
    assert problems(tmp_path, "")
    assert problems(tmp_path, "intents: [a]")
