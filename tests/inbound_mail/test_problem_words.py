"""Every sentence about what could not be read of a mail has a twin in Japanese."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import motenashi.inbound_mail
from motenashi.inbound_mail.mime_reading import parse_mail
from motenashi.inbound_mail.problem_words import problem_in

ROOM = Path(motenashi.inbound_mail.__file__).parent
NOT_ABOUT_A_MAIL = {"problem_words.py", "calm_words.py", "settings.py", "mailboxes.py", "tables.py"}


def test_every_sentence_in_the_code_has_a_twin() -> None:
    told = {sentence for file in ROOM.glob("*.py") if file.name not in NOT_ABOUT_A_MAIL for sentence in _in(file)}

    assert len(told) > 30
    assert {sentence for sentence in told if not _is_japanese(problem_in(sentence, "ja"))} == set()


def test_values_keep_their_places() -> None:
    labelled = "Part 2.1: The text is labelled us-ascii but was read as shift_jis."

    assert problem_in(labelled, "ja") == "パート2.1：文字コードの指定はus-asciiですが、shift_jisとして読み取りました。"
    assert problem_in(labelled, "en") == labelled
    assert problem_in("The time zone 'Mars {0} \\1' of the invitation is not known.", "ja") == (
        "招待のタイムゾーン「Mars {0} \\1」に対応していません。"
    )
    assert problem_in("Something else.", "ja") == "Something else."


def test_a_broken_mail_is_explained_in_japanese() -> None:
    broken = b"From: a@example.com\nDate: soon\nContent-Type: text/plain; charset=klingon\n\n\xe4\xf6\xfc\xe4"

    told = [problem_in(sentence, "ja") for sentence in parse_mail(broken).problems]

    assert len(told) >= 3 and all(map(_is_japanese, told)), told


def _in(file: Path) -> Iterator[str]:
    """Sentences that are no docstrings, with 7 for each value. mail_dates has two ends for one beginning."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and isinstance(node.body[0], ast.Expr)
    }
    pieces = {id(piece) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for piece in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(one.value) if isinstance(one, ast.Constant) else "7" for one in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and not {id(node)} & (docs | pieces):
            text = node.value
        else:
            continue
        if text.endswith(".") and " " in text.strip():
            yield from _ends(text)


def _ends(text: str) -> Iterator[str]:
    if "The Date header 7" not in text:
        yield text
        return
    for what in ("cannot be read", "is missing"):
        yield text.replace("7", what)


def _is_japanese(sentence: str) -> bool:
    return any("\u3040" <= letter <= "\u30ff" for letter in sentence)
