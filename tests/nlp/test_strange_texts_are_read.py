"""Texts that no person writes: they are read to the end, and soon. One that takes the square of its length would run
into the tests' time limit."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from nlp.intents.english_words import stems
from nlp.reading import TextToRead

if TYPE_CHECKING:
    from nlp.pipeline import MailReader

SENT = datetime(2026, 11, 20, tzinfo=UTC)
LONG = 20_000
SEEDS = (
    "@",
    "!?.",
    "(",
    "1-",
    "a@",
    "a.",
    "-",
    "'",
    "。",
    "、(",
    "「",
    "あ",
    "http://",
    "15:00 or ",
    ">",
    "\u200b",
    "…",
    "a-b_",
)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_mail_of_one_thing_repeated_is_read(mail_reader: MailReader, seed: str, language: str) -> None:
    text = (seed * LONG)[:LONG]
    reading = mail_reader.read(TextToRead(text, "A question", language, SENT))
    assert reading.text.startswith("A question\n\n")
    assert reading.body_start == len("A question\n\n")
    assert all(0 <= intent.start <= intent.end <= len(reading.text) for intent in reading.intents)


def test_runs_of_signs_are_cut_and_it_is_said(mail_reader: MailReader) -> None:
    reading = mail_reader.read(TextToRead("Help! " + "(" * 5_000 + " Please call me.", "Why" + "?" * 400, "en", SENT))
    assert reading.text == "Why" + "?" * 200 + "\n\nHelp! " + "(" * 200 + " Please call me."
    assert reading.text[reading.body_start :].startswith("Help!")
    assert reading.shortened


def test_the_words_of_a_thousand_at_signs_are_found_soon() -> None:
    assert isinstance(stems("@" * LONG), list)
    assert isinstance(stems("1-" * LONG), list)
