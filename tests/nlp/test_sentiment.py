"""The tone of a mail: courtesy is not joy, a calm report is not anger, and what is learned holds for unseen mails."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.components.sentences import split_sentences
from nlp.components.sentiment import SentimentReader
from nlp.reading import Sentiment
from nlp.sentiment.features import features_of
from nlp.sentiment.model import MOST_SENTENCES, SentimentModel
from nlp.sentiment.training import scores_of, train_sentiment

pytestmark = pytest.mark.filterwarnings("ignore:Dictionary.create:DeprecationWarning")  # spaCy asks Sudachi so

TRAINING_DATA = Path(__file__).parents[2] / "nlp" / "training_data"
HELD_OUT = "tones_in_letters"  # whole letters, most of them with the tone in one sentence
LANGUAGES = ["en", "ja"]


def rows(language: str, *, held_out: bool) -> Iterator[dict[str, Any]]:
    for path in sorted((TRAINING_DATA / language).glob("*.jsonl")):
        if (path.stem == HELD_OUT) is held_out:
            for line in path.read_text(encoding="utf-8").splitlines():
                yield json.loads(line)


def some(language: str) -> list[dict[str, Any]]:
    """Every glad and every cross mail, and some of the others: quick to learn from, and still enough."""
    known = list(rows(language, held_out=False))
    neutral = [row for row in known if row["sentiment"] == "neutral"]
    return [row for row in known if row["sentiment"] != "neutral"] + neutral[::2]


@cache
def model(language: str) -> SentimentModel:
    return train_sentiment(language, some(language), seed=1)


def read(text: str, language: str, body_start: int = 0) -> Sentiment:
    return model(language).sentiment(text, split_sentences(text, language), body_start)


@pytest.mark.parametrize("language", LANGUAGES)
def test_letters_of_a_kind_it_has_not_learned_from_are_read(language: str) -> None:
    told = [(row["sentiment"], read(row["text"], language).tone) for row in rows(language, held_out=True)]

    # Half of these letters have a tone, which is far more than in an ordinary mailbox.
    assert scores_of(told)["macro"] >= 0.55, scores_of(told)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Thank you in advance for your kind help. Kind regards"),
        ("en", "I would be most grateful if you could send the price list. Have a wonderful day!"),
        ("en", "I hope this finds you well. Please send the invoice again."),
        ("en", "The screen of one tablet stays dark."),
        ("ja", "いつも大変お世話になっております。お見積書をお送りいただけますと幸いです。"),
        ("ja", "お忙しいところ恐れ入りますが、何卒よろしくお願い申し上げます。"),
        ("ja", "タブレット1台の画面が暗いままです。"),
    ],
)
def test_courtesy_and_calm_reports_are_neutral(language: str, text: str) -> None:
    assert read(text, language).tone == "neutral"


@pytest.mark.parametrize(
    ("language", "text", "tone", "sentence"),
    [
        ("en", "Please send ten. We absolutely love them!", "positive", "We absolutely love them!"),
        ("en", "We ordered in May. Your service is a disgrace.", "negative", "Your service is a disgrace."),
        (
            "ja",
            "10台お願いします。本当に素晴らしい製品で感動しました！",
            "positive",
            "本当に素晴らしい製品で感動しました！",
        ),
        ("ja", "5月に注文しました。御社の対応には失望しました。", "negative", "御社の対応には失望しました。"),
    ],
)
def test_the_sentence_that_decided_is_told(language: str, text: str, tone: str, sentence: str) -> None:
    found = read(text, language)

    assert (found.tone, found.sentence) == (tone, sentence)
    assert text[found.start : found.end] == sentence


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_sure_it_is_lies_between_0_and_1(language: str) -> None:
    for row in rows(language, held_out=True):
        found = read(row["text"], language)
        assert 0 <= found.positive <= 1
        assert 0 <= found.negative <= 1
        assert (found.tone == "neutral") == (max(found.positive, found.negative) <= 0.5)


def test_the_subject_of_an_answer_is_ours_and_has_no_tone() -> None:
    subject, body = "Terrible service, we are furious", "The 14th is fine."

    assert read(f"{subject}\n\n{body}", "en", len(subject) + 2).tone == "negative"
    assert read(f"Re: {subject}\n\n{body}", "en", len(subject) + 6).tone == "neutral"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_mails_and_seed_give_the_same_model(language: str) -> None:
    few = some(language)[::8]

    one, other = train_sentiment(language, few, seed=7), train_sentiment(language, few, seed=7)

    assert one.vocabulary == other.vocabulary
    assert np.array_equal(one.weights, other.weights)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_model_reads_the_same_after_a_journey_to_disk(language: str, tmp_path: Path) -> None:
    model(language).to_disk(tmp_path / "sentiment")
    back = SentimentModel.from_disk(tmp_path / "sentiment")

    for row in list(rows(language, held_out=True))[:20]:
        places = split_sentences(row["text"], language)
        assert back.sentiment(row["text"], places) == model(language).sentiment(row["text"], places)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_component_reads_and_survives_the_disk(language: str, tmp_path: Path) -> None:
    nlp = spacy.blank(language)
    nlp.add_pipe("sentiment")
    text = {"en": "Your service is a disgrace.", "ja": "御社の対応には失望しました。"}[language]
    assert nlp(text)._.sentiment == Sentiment()  # nothing has been learned yet

    component: Any = nlp.get_pipe("sentiment")
    component.model = model(language)
    nlp.to_disk(tmp_path / "pipeline")
    back = spacy.load(tmp_path / "pipeline")

    assert nlp(text)._.sentiment.tone == back(text)._.sentiment.tone == "negative"
    assert isinstance(back.get_pipe("sentiment"), SentimentReader)


def test_courtesy_leaves_one_mark_and_no_words() -> None:
    assert "‡" not in features_of("Please call.", "en")
    formula = features_of("Thank you in advance.", "en")

    assert formula["‡"] == 1
    assert "thank" not in formula


def test_what_is_denied_is_another_feature() -> None:
    assert "L:glad.plain" in features_of("We are pleased.", "en")
    assert "L:glad.plain-denied" in features_of("We are not pleased.", "en")
    assert "L:glad.plain-denied" in features_of("満足していません。", "ja")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mail_without_end_is_bounded(language: str) -> None:
    places = [(number * 4, number * 4 + 3) for number in range(MOST_SENTENCES * 20)]

    found = model(language).sentiment("a b " * MOST_SENTENCES * 20, places)

    assert found.tone in ("positive", "neutral", "negative")


@settings(deadline=None)
@given(st.text(max_size=200), st.sampled_from(LANGUAGES))
def test_any_text_has_a_tone(text: str, language: str) -> None:
    found = read(text, language)

    assert found.tone in ("positive", "neutral", "negative")
    assert found.start == -1 or text[found.start : found.end] == found.sentence


@given(st.lists(st.tuples(*[st.sampled_from(["positive", "neutral", "negative"])] * 2), min_size=1))
def test_scores_lie_between_0_and_1_and_are_1_when_all_is_right(told: list[tuple[str, str]]) -> None:
    assert all(0 <= score <= 1 for score in scores_of(told).values())
    right = [(true, true) for true, _ in told]
    assert all(scores_of(right)[true] == 1 for true, _ in told)
