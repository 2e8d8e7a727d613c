"""The learnt model of one language: from the sentences of a mail to its intents.

Two linear models look at the same features: one at each sentence, one at the whole mail. A mail's margin for a label is
the mean of its best sentence's and of the whole's, less the label's threshold; `decision.py` tells what follows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nlp.intents.decision import Margins, decide
from nlp.intents.features import views_of
from nlp.intents.vectors import Floats, Vocabulary
from nlp.labels import INTENTS
from nlp.reading import Intent

Place = tuple[int, int]

# Our own words come back in the subject of an answer.
_OUR_WORDS = re.compile(r"\s*(?:re|aw|sv|antw|fwd?|wg|返信|転送)\s*(?:\[\d+\])?\s*[::]", re.IGNORECASE)

# A wish stands near the beginning; a mail of a megabyte must not take seconds.
_MOST_SENTENCES = 200
_LONGEST = 1_000  # characters of a sentence


def repeats_our_words(subject: str) -> bool:
    return _OUR_WORDS.match(subject) is not None


@dataclass(frozen=True)
class Linear:
    """`weights` is columns by labels."""

    weights: Floats
    bias: Floats


@dataclass(frozen=True)
class IntentsModel:
    language: str
    vocabulary: Vocabulary
    of_sentences: Linear
    of_whole: Linear
    thresholds: Floats

    def margins(self, sentences: Sequence[str], is_subject: Sequence[bool] = ()) -> Margins:
        """How far each sentence and the whole of them speak for each label; above 0 means that they give it."""
        if not sentences:
            nothing = np.full(len(INTENTS), -np.inf, np.float32)
            return Margins(np.zeros((0, len(INTENTS)), np.float32), nothing)
        ours = [bool(subject and repeats_our_words(text)) for text, subject in zip(sentences, is_subject, strict=False)]
        entries = self.vocabulary.entries([views_of(text, self.language) for text in sentences])
        alone = self.vocabulary.matrix(entries, np.arange(len(sentences)), len(sentences))
        # Row 1 takes what is not to be counted in the whole.
        whole = self.vocabulary.matrix(entries, np.array([*ours, *[False] * (len(sentences) - len(ours))], np.int64), 2)
        return Margins(
            np.asarray(alone @ self.of_sentences.weights, np.float32) + self.of_sentences.bias - self.thresholds,
            np.asarray(whole @ self.of_whole.weights, np.float32)[0] + self.of_whole.bias - self.thresholds,
        )

    def read(self, text: str, places: Sequence[Place], body_start: int = 0) -> tuple[Intent, ...]:
        """The intents of a text whose sentences stand at `places`; what stands before `body_start` is the subject."""
        places = places[:_MOST_SENTENCES]
        is_subject = [start < body_start for start, _ in places]
        margins = self.margins([text[start : min(end, start + _LONGEST)] for start, end in places], is_subject)
        return tuple(
            Intent(INTENTS[label], score, text[slice(*places[sentence])], *places[sentence])
            for label, score, sentence in decide(margins, is_subject)
        )

    def to_disk(self, folder: Path) -> None:
        """Writes the model as plain arrays and JSON."""
        folder.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(
            folder / "arrays.npz",
            sentence_weights=self.of_sentences.weights,
            sentence_bias=self.of_sentences.bias,
            whole_weights=self.of_whole.weights,
            whole_bias=self.of_whole.bias,
            thresholds=self.thresholds,
            idf=self.vocabulary.idf,
        )
        about = {
            "language": self.language,
            "labels": INTENTS,
            "view_weights": dict(self.vocabulary.weights),
            "columns": {name: list(columns) for name, columns in self.vocabulary.columns.items()},
        }
        (folder / "model.json").write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def from_disk(cls, folder: Path) -> IntentsModel:
        """The model as `to_disk` wrote it. OSError without one; ValueError for a model of other labels."""
        about = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        if tuple(about["labels"]) != INTENTS:
            raise ValueError(f"the model in {folder} was trained for other labels; train it again")
        columns: dict[str, dict[str, int]] = {}
        offset = 0
        for name, features in about["columns"].items():
            columns[name] = {feature: offset + place for place, feature in enumerate(features)}
            offset += len(features)
        with np.load(folder / "arrays.npz") as arrays:
            return cls(
                about["language"],
                Vocabulary(columns, arrays["idf"], about["view_weights"]),
                Linear(arrays["sentence_weights"], arrays["sentence_bias"]),
                Linear(arrays["whole_weights"], arrays["whole_bias"]),
                arrays["thresholds"],
            )
