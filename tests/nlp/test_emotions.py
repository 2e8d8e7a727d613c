"""What customers feel, told from their words and the tone of the reading."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from nlp.emotions.cues import FEELINGS
from nlp.emotions.finding import emotion_of
from nlp.reading import Sentiment, TextToRead

if TYPE_CHECKING:
    from nlp.pipeline import MailReader

HERE = Path(__file__).parent
PLAIN, GLAD, CROSS = Sentiment(), Sentiment("positive", 0.8, 0.1), Sentiment("negative", 0.1, 0.8)
TONE_ALONE: Mapping[str, str] = {"positive": "happy", "negative": "dissatisfied", "neutral": "neutral"}


def cases(language: str) -> Iterator[tuple[str, str]]:
    given = yaml.safe_load((HERE / f"emotion_cases_{language}.yaml").read_text(encoding="utf-8"))
    return ((text, emotion) for emotion, texts in given.items() for text in texts)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_most_texts_show_what_their_writers_feel(language: str, mail_reader: MailReader) -> None:
    """And far more of them than the tone alone would tell."""
    told = [
        (mail_reader.read(TextToRead(text, language=language)).sentiment, text, emotion)
        for text, emotion in cases(language)
    ]

    right = sum(emotion_of(text, language, tone).name == emotion for tone, text, emotion in told)
    by_tone = sum(TONE_ALONE[tone.tone] == emotion for tone, _, emotion in told)
    assert right / len(told) >= 0.95
    assert by_tone / len(told) <= 0.45


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_cases_have_every_emotion(language: str) -> None:
    assert {emotion for _, emotion in cases(language)} == {*FEELINGS, "neutral"}


@pytest.mark.parametrize(
    ("text", "language", "tone", "emotion"),
    [
        # Thanks at the end of a complaint are courtesy; for help they are thanks.
        ("いまだに返事がありません。ありがとうございます。", "ja", CROSS, "dissatisfied"),
        ("Nobody answers. Thank you.", "en", CROSS, "dissatisfied"),
        ("大変助かりました。", "ja", GLAD, "grateful"),
        ("教えていただけると助かります。", "ja", PLAIN, "neutral"),
        ("I would be grateful for a quote.", "en", PLAIN, "neutral"),
        # A denial turns a feeling round, or takes it away.
        ("I am not happy with it.", "en", CROSS, "dissatisfied"),
        ("満足していません。", "ja", CROSS, "dissatisfied"),
        ("We were never disappointed.", "en", GLAD, "happy"),
        ("I'm not keen.", "en", PLAIN, "neutral"),
        # Without words the tone decides; without both there is nothing.
        ("Blue it is.", "en", GLAD, "happy"),
        ("Blue it is.", "en", CROSS, "dissatisfied"),
        ("Blue it is.", "en", PLAIN, "neutral"),
        ("", "ja", PLAIN, "neutral"),
        # A language that we have no words of is read with the English ones.
        ("Wir sind enttäuscht.", "de", CROSS, "dissatisfied"),
    ],
)
def test_words_and_tone_together(text: str, language: str, tone: Sentiment, emotion: str) -> None:
    assert emotion_of(text, language, tone).name == emotion


def test_the_sentence_that_shows_it_is_told() -> None:
    found = emotion_of("We need ten more.  I can't wait\nto begin! Regards", "en", GLAD)

    assert (found.name, found.sentence) == ("enthusiastic", "I can't wait")


def test_a_very_long_text_without_end_takes_no_time() -> None:
    """No cue looks further than a few words; ten pages of one letter are over in a moment."""
    assert emotion_of("a " * 20_000, "en", PLAIN).name == "neutral"
    assert emotion_of("あ" * 40_000, "ja", PLAIN).name == "neutral"
