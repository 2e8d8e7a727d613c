"""What a date means, in words of the page's language."""

from __future__ import annotations

import ast
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import Babel

import motenashi.pages
import nlp.dates
from motenashi.pages.mail.date_words import date_value, form_value
from motenashi.pages.mail.names import REJECTED
from motenashi.pages.page_language import page_language
from nlp.dates import find_dates
from nlp.dates.mention import NormalForm

SENT = datetime(2026, 11, 20, 10, tzinfo=UTC)


@pytest.fixture
def app() -> Flask:
    app = Flask("words")
    folder = str(Path(motenashi.pages.__file__).parent / "translations")
    Babel(app, locale_selector=page_language, default_translation_directories=folder)
    return app


@pytest.mark.parametrize(
    ("value", "english", "japanese"),
    [
        ("P2W", "2 weeks", "2週間"),
        ("P1DT2H", "1 day 2 hours", "1日間2時間"),
        ("PT1.5H", "1.5 hours", "1.5時間"),
        ("P6M", "6 months", "6か月間"),
        ("PT30M", "30 minutes", "30分"),
        ("P3Y", "3 years", "3年間"),
    ],
)
def test_a_length_of_time_is_told_in_words(app: Flask, value: str, english: str, japanese: str) -> None:
    for language, told in (("en", english), ("ja", japanese)):
        with app.test_request_context(f"/?lang={language}"):
            assert form_value(NormalForm("duration", value)) == told


@pytest.mark.parametrize(
    ("form", "english", "japanese"),
    [
        (NormalForm("instant", "2025-12-10"), "Wed 10 Dec 2025", "2025年12月10日(水)"),
        (NormalForm("instant", "2025-12-10T00:00:00"), "Wed 10 Dec 2025", "2025年12月10日(水)"),
        (NormalForm("instant", "2025-12-10T09:30:00"), "Wed 10 Dec 2025 09:30", "2025年12月10日(水) 09:30"),
        (
            NormalForm("interval", start="2025-05-20T00:00:00", end="2025-05-21T00:00:00"),
            "Tue 20 May 2025",
            "2025年5月20日(火)",
        ),
        (
            NormalForm("interval", start="2025-12-03T14:00:00", end="2025-12-03T16:00:00"),
            "Wed 3 Dec 2025 14:00 – 16:00",
            "2025年12月3日(水) 14:00 – 16:00",
        ),
        (
            NormalForm("interval", start="2025-12-03T14:00:00"),
            "from Wed 3 Dec 2025 14:00",
            "2025年12月3日(水) 14:00から",
        ),
        (NormalForm("time", "T15:00"), "15:00", "15:00"),
        (NormalForm("timeinterval", start="T09:00", end="T11:00"), "09:00 – 11:00", "09:00 – 11:00"),
        (NormalForm("timeinterval", end="T17:00"), "until 17:00", "17:00まで"),
    ],
)
def test_a_value_that_was_not_taken_is_told_like_one_that_was(
    app: Flask, form: NormalForm, english: str, japanese: str
) -> None:
    for language, told in (("en", english), ("ja", japanese)):
        with app.test_request_context(f"/?lang={language}"):
            assert form_value(form) == told


@pytest.mark.parametrize(
    "text",
    [
        "It takes two and a half hours, every Monday and for a fortnight.",
        "We close for a weekend, a decade, half an hour, 90 minutes and 3 quarters.",
        "At 3, around noon, in the morning, from 9 to 11, before 5 pm, every second Friday.",
    ],
)
def test_no_date_is_shown_in_its_plain_code(app: Flask, text: str) -> None:
    found = find_dates(text, "en", reference=SENT)
    assert found
    with app.test_request_context("/?lang=en"):
        for told in [date_value(mention) for mention in found]:
            assert not any(code in told for code in ("PT", "P1", "P2", "FREQ", "T0", "T1")), told


def test_every_reason_against_a_value_has_a_sentence() -> None:
    """The reasons are those of nlp/dates: the texts of several words there that are no docstrings."""
    reasons: set[str] = set()
    for name in ("pinning.py", "resolving.py"):
        tree = ast.parse((Path(nlp.dates.__file__).parent / name).read_text(encoding="utf-8"))
        docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        reasons |= {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in docs
            and node.value.count(" ") >= 2
        }
    assert reasons == set(REJECTED)
