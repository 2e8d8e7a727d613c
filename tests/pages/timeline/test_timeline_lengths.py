"""Lengths of time and moments in words, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask

from motenashi.pages.page_language import install_languages
from motenashi.pages.timeline import length_words

DAY, HOUR = 86_400, 3_600
APP = Flask(__name__)
install_languages(APP, time_zone="Asia/Tokyo")


def said(language: str, words: Callable[..., str], *values: object) -> str:
    with APP.test_request_context(f"/?lang={language}"):
        return words(*values)


@pytest.mark.parametrize(
    ("seconds", "english"),
    [
        (-5, "less than a minute"),
        (59, "less than a minute"),
        (60, "1 minute"),
        (HOUR - 1, "59 minutes"),
        (HOUR, "1 hour"),
        (DAY - 1, "23 hours"),
        (DAY, "1 day"),
        (41.9 * DAY, "41 days"),
    ],
)
def test_a_stretch_of_time_is_counted_when_it_is_over(seconds: float, english: str) -> None:
    assert said("en", length_words.length, seconds) == english


@pytest.mark.parametrize(
    ("days", "english"),
    [(0.5, "12 hours"), (1, "1 day"), (2.44, "2.4 days"), (2.96, "3 days"), (9.97, "10 days"), (41.6, "42 days")],
)
def test_a_usual_length_has_a_digit_where_that_tells_more(days: float, english: str) -> None:
    assert said("en", length_words.usual_length, days * DAY) == english


@pytest.mark.parametrize(
    ("seconds", "english"), [(59, "59 s"), (60, "1 min"), (2700, "45 min"), (7199, "120 min"), (9_000, "2 h 30 min")]
)
def test_how_long_something_took(seconds: int, english: str) -> None:
    assert said("en", length_words.duration, seconds) == english


def test_days_and_moments_are_the_houses_and_show_another_year() -> None:
    now, late = datetime(2026, 5, 11, tzinfo=UTC), datetime(2025, 12, 31, 16, tzinfo=UTC)

    assert said("en", length_words.day_label, late, now) == "1 Jan"  # in Tokyo the new year has begun
    assert said("en", length_words.day_label, late.replace(hour=1), now) == "31 Dec 2025"
    assert said("ja", length_words.day_label, late.replace(hour=1), now) == "2025年12月31日"
    assert said("en", length_words.exact, late) == "Thursday 1 January 2026, 01:00 (JST)"
    assert said("ja", length_words.exact, late) == "2026年1月1日(木) 01:00 (JST)"
