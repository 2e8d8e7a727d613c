"""The dates as a spaCy component: what the Doc says of its writing counts, and places are those of the Doc's text."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import spacy

import nlp.components.dates  # noqa: F401  (registers the component)
from nlp.dates import DateMention

pytestmark = pytest.mark.filterwarnings("ignore:Dictionary.create:DeprecationWarning")  # spaCy asks Sudachi so


def read(text: str, language: str = "en", **told: object) -> tuple[DateMention, ...]:
    pipeline = spacy.blank(language)
    pipeline.add_pipe("mail_dates")
    doc = pipeline.make_doc(text)
    doc.user_data.update(told)
    return pipeline(doc)._.dates  # type: ignore[no-any-return]


WRITTEN = datetime(2026, 5, 13, 20, tzinfo=UTC)  # the 14th in Tokyo


def test_places_are_those_of_subject_and_body() -> None:
    text = "Demo on Friday\n\nCould we say 10 o'clock?"

    found = read(text, reference=WRITTEN)

    assert [text[one.start : one.end] for one in found] == ["Friday", "10 o'clock"]


def test_the_writers_zone_counts() -> None:
    (mention,) = read("明日の15時はいかがでしょうか。", "ja", reference=WRITTEN, time_zone="Asia/Tokyo")

    assert mention.begins == datetime(2026, 5, 15, 6, tzinfo=UTC)


def test_holidays_are_those_one_is_told_of() -> None:
    def is_holiday(day: date) -> bool:
        return day == date(2026, 5, 14)

    (plain,) = read("in two business days", reference=WRITTEN)
    (mention,) = read("in two business days", reference=WRITTEN, is_holiday=is_holiday)

    assert (plain.value.value[:10], mention.value.value[:10]) == ("2026-05-15", "2026-05-18")


def test_a_doc_that_says_nothing_of_its_writing_is_read() -> None:
    assert [one.value.value for one in read("on 3 June 2026")] == ["2026-06-03T00:00:00"]
