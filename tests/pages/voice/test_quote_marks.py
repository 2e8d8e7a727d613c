"""Keywords inside a quote are found as they stand there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motenashi.pages.voice.quote_marks import LONGEST_SHOWN, stretches
from motenashi.voice_reports.quotes import Quote, SaidWord
from tests.pages.conftest import NOW


def quote(text: str, *words: str) -> Quote:
    said = tuple(SaidWord(word, "general", "neutral", "customer") for word in words)
    return Quote(1, NOW, "email", "mail", "en", "neutral", "", "other", None, text, words=said)


def marked(one: Quote) -> list[str]:
    return [piece.text for piece in stretches(one) if piece.word]


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("The Price is right, the price!", ["price"], ["Price", "price"]),
        ("Priceless.", ["price"], []),
        ("価格が高いです。価格の件", ["価格"], ["価格", "価格"]),
        ("delivery time and delivery", ["delivery", "delivery time"], ["delivery time", "delivery"]),
        ("C++ (and more)", ["C++"], ["C++"]),
        ("nothing", [""], []),
    ],
)
def test_words_are_marked_whole(text: str, words: list[str], found: list[str]) -> None:
    assert marked(quote(text, *words)) == found


@given(st.text(max_size=80), st.lists(st.text(max_size=5), max_size=4))
def test_the_text_stays_what_it_was(text: str, words: list[str]) -> None:
    assert "".join(piece.text for piece in stretches(quote(text, *words))) == text


def test_a_long_text_is_cut() -> None:
    (piece,) = stretches(quote("a" * (LONGEST_SHOWN + 1)))

    assert piece.text == "a" * LONGEST_SHOWN + "…"
