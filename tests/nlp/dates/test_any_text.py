"""Whatever is thrown at find_dates: it answers, in bounds, and points into the text."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

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


def check(text: str, language: str, reference: datetime = REFERENCE, zone: str = "") -> None:
    end = 0
    for mention in find_dates(text, language, reference=reference, time_zone=zone):
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


EDGES = [
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(1, 1, 1, 0, 30, tzinfo=ZoneInfo("Asia/Tokyo")),
    datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 30, tzinfo=ZoneInfo("America/New_York")),
    datetime(2026, 3, 29, 1, 30, tzinfo=ZoneInfo("Europe/London")),  # an hour that the clocks leave out
    datetime(2026, 10, 25, 1, 30, fold=1, tzinfo=ZoneInfo("Europe/London")),  # one that comes twice
    datetime(2028, 2, 29, 12, tzinfo=UTC),
    datetime(2026, 5, 13, 10),  # without a zone
]
REFERENCES = st.datetimes(timezones=st.sampled_from([UTC, ZoneInfo("Asia/Tokyo"), ZoneInfo("America/New_York")]))
ZONE_NAMES = st.sampled_from(["", "Europe/London", "Asia/Tokyo", "Pacific/Apia", "+05:30", "-12:00", "no such zone"])
WORD = st.one_of(
    st.sampled_from(sorted(ENGLISH)), st.sampled_from(sorted(JAPANESE)), NUMBERS, MARKS, st.text(max_size=5)
)
BOTH = st.lists(WORD, max_size=30)


@given(BOTH.map("".join), st.sampled_from(["en", "ja"]), REFERENCES | st.sampled_from(EDGES), ZONE_NAMES)
@settings(max_examples=300, deadline=None)
def test_any_moment_and_place_of_writing_is_fine(text: str, language: str, reference: datetime, zone: str) -> None:
    check(text, language, reference, zone)


@given(ENGLISH_SOUP | JAPANESE_SOUP, st.sampled_from(["en", "ja"]), st.sampled_from(EDGES))
@settings(max_examples=200, deadline=None)
def test_the_ends_of_the_calendar_are_fine(text: str, language: str, reference: datetime) -> None:
    check(text, language, reference)


def steps(text: str, language: str) -> int:
    """How many functions are called while a text is read."""
    count = 0

    def one_more(_frame: object, _event: str, _argument: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(one_more)
    try:
        find_dates(text, language, reference=REFERENCE)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    ("piece", "language"),
    [
        ("Could we move it from Monday at 3 to Friday, or to the week after? ", "en"),
        ("at 3 or 4, 5 and 6 may, ", "en"),
        ("Dr May, ", "en"),
        ("monday ", "en"),
        ("来週の火曜か水曜の15時〜16時を3日に変更、", "ja"),
        ("3日か", "ja"),
        ("の", "ja"),
    ],
)
def test_work_grows_with_the_text_and_not_faster(piece: str, language: str) -> None:
    steps(piece, language)
    once, four_times = steps(piece * 60, language), steps(piece * 240, language)

    assert four_times <= 5 * once + 500


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
