"""What can be wrong in a file of questions, told by line."""

from __future__ import annotations

from pathlib import Path

from motenashi.faq.entries import read_folder

WRONG = """\
faq: broken
questons: []
questions:
  - id: delivery
    question: {en: When does it come}
    answer: {en: "", ja: 明日です。}
  - id: delivery
    question: {en: How much, ja: いくら}
    answer: {en: Nothing., ja: 無料です。}
  - question: {en: "HOW much?", ja: いつ}
    answer: {en: Ten., ja: 十円です。, fr: Dix.}
  - just a text
  - id: last
    question: What
    variants: [a, b]
    answer: {en: Yes., ja: はい。}
  - id: right
    question: {en: Is this right, ja: 正しいですか}
    answer: {en: Yes., ja: はい。}
    link: {en: /en/right, ja: /ja/right}
"""


def told(folder: Path) -> list[str]:
    return [str(problem).removeprefix(f"{folder}/") for problem in read_folder(folder)[1]]


def test_every_problem_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(WRONG, encoding="utf-8")

    assert [line.partition(". ")[0].rstrip(".") for line in told(tmp_path)] == [
        "a.yaml:2: 'questons' is unknown in a file of questions",
        "a.yaml:5: question has no 'ja'",
        "a.yaml:6: answer is empty in 'en'",
        "a.yaml:7: id 'delivery' is taken (" + f"{tmp_path}/a.yaml:4)",
        "a.yaml:10: 'HOW much?' is asked twice (first at " + f"{tmp_path}/a.yaml:7)",
        "a.yaml:10: this question has no id",
        "a.yaml:11: 'fr' is unknown in answer",
        "a.yaml:12: a question must be a mapping",
        "a.yaml:14: question must have a text in each language",
        "a.yaml:15: variants must be a list per language",
    ]


def test_what_is_right_is_kept_beside_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(WRONG, encoding="utf-8")
    (tmp_path / "b.yaml").write_text("faq: [", encoding="utf-8")

    entries, _ = read_folder(tmp_path)

    assert [entry.id for entry in entries] == ["right"]
    assert entries[0].link["ja"] == "/ja/right"


def test_a_missing_folder_or_an_empty_file_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("faq: empty\n", encoding="utf-8")

    assert "there is no such folder" in str(read_folder(tmp_path / "nowhere")[1][0])
    assert "there are no questions" in told(tmp_path)[0]
