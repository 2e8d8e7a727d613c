"""What a person corrects is kept with its text and becomes a row for the next training."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from motenashi.database import Database
from motenashi.inbound_mail.corrections import Change, Corrections, metadata
from nlp.reading import Intent, Reading, Sentiment

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
SUBJECT, BODY = "見積の件", "先日の見積、正直がっかりしました。"
READING = Reading("ja", (Intent("quote_request", 0.7), Intent("other", 0.4)), f"{SUBJECT}\n\n{BODY}", len(SUBJECT) + 2)
TRAINING_DATA = Path(__file__).parents[2] / "nlp" / "training_data"


@pytest.fixture
def corrections(database: Database) -> Iterator[Corrections]:
    metadata.create_all(database.engine)
    yield Corrections(database)


def correct(
    corrections: Corrections, *labels: str, mail_id: int | None = 7, tone: str = "negative", after: int = 0
) -> None:
    at = NOW + timedelta(minutes=after)
    corrections.add(mail_id, READING, intents=labels, tone=tone, by="aya@example.com", at=at)  # type: ignore[arg-type]


def test_a_correction_says_who_changed_what_and_when(corrections: Corrections) -> None:
    correct(corrections, "discount_request", "complaint")

    (kept,) = corrections.all()
    assert (kept.by, kept.at, kept.mail_id, kept.language) == ("aya@example.com", NOW, 7, "ja")
    assert (kept.subject, kept.text) == (SUBJECT, BODY)
    assert kept.changes == (
        Change("intents", "quote_request, other", "discount_request, complaint"),
        Change("sentiment", "neutral", "negative"),
    )


def test_the_last_word_on_a_mail_counts(corrections: Corrections) -> None:
    correct(corrections, "complaint")
    correct(corrections, "thanks_ack", mail_id=8)
    correct(corrections, "discount_request", tone="neutral", after=1)

    last = corrections.of_mail(7)
    assert last is not None
    assert (last.intents, last.tone) == (("discount_request",), "neutral")
    assert corrections.of_mail(99) is None


def test_a_reading_that_is_confirmed_changes_nothing_and_still_teaches(corrections: Corrections) -> None:
    corrections.add(None, READING, intents=READING.labels, tone="neutral", by="", at=NOW)

    (kept,) = corrections.all()
    assert kept.changes == ()
    assert len(corrections.training_rows()) == 1


def test_rows_for_training_have_the_shape_of_the_training_data(corrections: Corrections) -> None:
    correct(corrections, "complaint")
    correct(corrections, "complaint", "discount_request", mail_id=8, after=1)  # the same words in another mail

    (row,) = corrections.training_rows()
    assert (row["text"], row["subject"]) == (BODY, SUBJECT)
    assert (row["intents"], row["sentiment"]) == (["discount_request", "complaint"], "negative")
    line = (TRAINING_DATA / "ja" / "money.jsonl").read_text(encoding="utf-8").splitlines()[0]
    assert set(row) <= {*json.loads(line), "language", "subject", "sentences", "intents_optional", "tags"}
    assert row["id"].startswith("ja-")


def test_the_training_takes_the_rows(corrections: Corrections) -> None:
    """Whatever the trainer asks of a row, a correction has."""
    from nlp.intents.training import mail_from_row  # these load spaCy
    from nlp.train import training_rows

    correct(corrections, "complaint", "discount_request")
    rows = [row for row in training_rows("ja", corrections.training_rows()) if row["file"] == "corrections"]

    assert [(row["text"], row["sentiment"]) for row in rows] == [(BODY, "negative")]
    assert training_rows("en", corrections.training_rows()) == training_rows("en")
    mail = mail_from_row(rows[0], "corrections")
    assert set(mail.intents) == {"complaint", "discount_request"}


def test_a_text_of_a_subject_alone_is_a_text(corrections: Corrections) -> None:
    corrections.add(1, Reading("en", text="Call me", body_start=7), intents=["other"], tone="neutral", by="", at=NOW)
    corrections.add(2, Reading("en"), intents=["other"], tone="neutral", by="", at=NOW)  # no words: nothing to learn

    assert [row["text"] for row in corrections.training_rows()] == ["Call me"]


def test_more_corrections_than_are_read_at_once(corrections: Corrections, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("motenashi.inbound_mail.corrections._ROWS_AT_ONCE", 2)
    for number in range(5):
        correct(corrections, "other", mail_id=number, tone="neutral")

    assert [one.mail_id for one in corrections.all()] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(("labels", "tone"), [(["demo"], "neutral"), ([], "neutral"), (["other"], "angry")])
def test_labels_and_tones_that_do_not_exist_are_refused(corrections: Corrections, labels: list[str], tone: str) -> None:
    with pytest.raises(ValueError, match=r"label|tone"):
        correct(corrections, *labels, tone=tone)
    assert list(corrections.all()) == []


def test_what_was_kept_of_a_mail_can_be_forgotten(corrections: Corrections) -> None:
    correct(corrections, "complaint")
    correct(corrections, "complaint", mail_id=8)

    assert corrections.forget(7) == 1
    assert [one.mail_id for one in corrections.all()] == [8]


def test_the_tone_is_kept_whatever_the_reader_said(corrections: Corrections) -> None:
    glad = Reading("en", text="Great.", sentiment=Sentiment("positive", 0.9))
    corrections.add(3, glad, intents=["thanks_ack"], tone="negative", by="", at=NOW)

    (kept,) = corrections.all()
    assert (kept.tone_before, kept.tone) == ("positive", "negative")
