"""Whatever is thrown at find_dates: it answers, in bounds, and points into the text."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.dates import find_dates
from nlp.dates.english_words import WORDS as ENGLISH
from nlp.dates.japanese_words import WORDS as JAPANESE

REFERENCE = datetime(2026, 5, 13, 10, tzinfo=UTC)
NUMBERS = st.integers(0, 99_999).map(str)
MARKS = st.sampled_from(
    ["-", "/", ":", ".", ",", "(", ")", " ", "\n", "'", "+", "th", "st", "〜", "、", "の", "pm", "%", "$"]
)
ENGLISH_SOUP = st.lists(st.one_of(st.sampled_from(sorted(ENGLISH)), NUMBERS, MARKS), max_size=25).map(" ".join)
JAPANESE_SOUP = st.lists(st.one_of(st.sampled_from(sorted(JAPANESE)), NUMBERS, MARKS), max_size=25).map("".join)


def check(text: str, language: str, reference: datetime = REFERENCE) -> None:
    end = 0
    for mention in find_dates(text, language, reference=reference):
        assert end <= mention.start < mention.end <= len(text)
        assert mention.text == text[mention.start : mention.end]
        assert 0 < mention.certainty <= 1
        assert mention.value.as_json()["kind"] == mention.value.kind
        if mention.value.kind == "instant":
            datetime.fromisoformat(mention.value.value)
        end = mention.end


@given(st.text(max_size=200), st.sampled_from(["en", "ja", ""]))
@settings(max_examples=150, deadline=None)
def test_any_characters_are_read(text: str, language: str) -> None:
    check(text, language)


@given(ENGLISH_SOUP)
@settings(max_examples=400, deadline=None)
def test_any_row_of_english_date_words_is_read(text: str) -> None:
    check(text, "en")


@given(JAPANESE_SOUP)
@settings(max_examples=400, deadline=None)
def test_any_row_of_japanese_date_words_is_read(text: str) -> None:
    check(text, "ja")


@given(ENGLISH_SOUP, st.datetimes(datetime(2, 1, 5), datetime(9990, 1, 1), timezones=st.just(UTC)))
@settings(max_examples=100, deadline=None)
def test_any_year_of_writing_is_fine(text: str, reference: datetime) -> None:
    check(text, "en", reference)


@pytest.mark.parametrize("text", ["İ on Friday", "\x00 tomorrow \ud800", "ﬁ明日ﬁ", "①日 ３月４日", "🎉 next week 🎉"])
def test_odd_characters_do_not_move_the_places(text: str) -> None:
    check(text, "en")
    check(text, "ja")


@pytest.mark.parametrize(
    ("piece", "language"), [("monday ", "en"), ("1 ", "en"), ("a.", "en"), ("1日", "ja"), ("明日か", "ja")]
)
def test_a_megabyte_of_dates_is_bounded(piece: str, language: str) -> None:
    mentions = find_dates(piece * (1_200_000 // len(piece)), language, reference=REFERENCE)

    assert len(mentions) <= 2_500
