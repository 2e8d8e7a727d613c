"""Folding: what counts as the same typed text, and which texts are numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motenashi.conversation.folding import bare, fold, fold_kana, has_japanese, number_in, numbers_within


@pytest.mark.parametrize(
    ("text", "folded"),
    [(" Ｔｏｋｙｏ  ﾀﾜｰ\n", "tokyo タワー"), ("Straße", "strasse"), ("　", ""), ("①", "1"), ("ｶﾞ", "ガ")],
)
def test_width_case_and_blanks_do_not_matter(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_both_kana_scripts_and_punctuation_do_not_matter_where_only_words_count() -> None:
    assert fold_kana("ｻﾎﾟｰﾄ") == fold_kana("さぽーと")
    assert bare("「はい」、お願いします！") == "はい お願いします"
    assert bare("I’m   exploring...") == "im exploring"
    assert bare("👍 !?") == ""


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,200", 1200), ("１，２００．５", 1200.5), ("−3", -3), (".5", 0.5), ("+7", 7), ("007", 7),
        ("1,20", None), ("1 200", None), ("12a", None), ("", None), ("٣", None), ("1e5", None), ("9" * 41, None),
    ],
)  # fmt: skip
def test_a_number_is_read_from_text_and_nothing_else_is(text: str, number: float | None) -> None:
    assert number_in(text) == number


def test_the_numbers_in_a_sentence_are_found_in_order() -> None:
    assert numbers_within("大人５人と子供 2 人、1,200円") == [5, 2, 1200]


@given(st.text())
def test_folding_again_changes_nothing(text: str) -> None:
    for folded in (fold, fold_kana, bare):
        assert folded(folded(text)) == folded(text)


def test_japanese_is_recognised_by_its_characters() -> None:
    assert [has_japanese(text) for text in ("はい", "ﾊｲ", "注文", "yes", "ＹＥＳ", "")] == [True, True, True] + [
        False
    ] * 3
