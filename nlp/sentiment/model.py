"""A trained reader of tone: from the sentences of a mail to glad, neutral or cross, with the sentence that decided.

Only numpy is needed here; what trains it is in nlp/sentiment/training.py.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from nlp.reading import Sentiment, Tone
from nlp.sentiment.features import features_of

MORE_FOR_A_CLAUSE = 1.2  # evidence: few words say less than a mail
MOST_SENTENCES = 200  # of one mail; a longer one is judged by its first half and its last

Scores = npt.NDArray[np.float64]
Place = tuple[int, int]

_OUR_OWN_SUBJECT = re.compile(r"\s*(?:re|aw|fwd?|wg|tr|返信|転送)\s*[:：]", re.IGNORECASE)


@dataclass(frozen=True)
class SentimentModel:
    """Evidence of joy and of anger, learned apart: most mails show neither.

    `weights` has a row for each feature of `vocabulary`, and a column for glad and one for cross; `telling` says how
    much each feature weighs in a text before that. Evidence counts from `least` upwards; below, a text is neutral.
    """

    language: str
    vocabulary: Mapping[str, int]
    weights: npt.NDArray[np.float32]
    telling: npt.NDArray[np.float32]
    intercept: Scores
    least: float = 0.0

    def evidence(self, features: Mapping[str, int]) -> Scores:
        """How much speaks for glad and for cross, each above 0 when there is more for it than against it."""
        return self._of(counted(features, self.vocabulary))

    def judge(self, sentences: Sequence[str]) -> tuple[Scores, list[Scores]]:
        """The evidence of the whole, and of each sentence."""
        counts = [counted(features_of(sentence, self.language), self.vocabulary) for sentence in sentences]
        each = [self._of(rows) for rows in counts]
        if len(each) == 1:
            return each[0], each
        whole: dict[int, int] = {}
        for rows in counts:
            for row, times in rows.items():
                whole[row] = whole.get(row, 0) + times
        return together(self._of(whole), each), each

    def _of(self, rows: Mapping[int, int]) -> Scores:
        found = self.intercept - self.least
        if not rows:
            return found
        columns, values = weights_of(rows, self.telling)
        return found + values @ self.weights[columns]

    def sentiment(self, text: str, places: Sequence[Place], body_start: int = 0) -> Sentiment:
        """The tone of `text`, whose sentences stand at `places`; before `body_start` is the subject."""
        places = [place for place in places if not self._is_our_subject(text, place, body_start)]
        if len(places) > MOST_SENTENCES:
            places = [*places[: MOST_SENTENCES // 2], *places[-MOST_SENTENCES // 2 :]]
        if not places:
            return Sentiment()
        whole, each = self.judge([text[start:end] for start, end in places])
        tone = tone_by(whole)
        positive, negative = (round(1 / (1 + math.exp(-float(found))), 4) for found in whole)
        if tone == "neutral":
            return Sentiment(tone, positive, negative)
        column = 0 if tone == "positive" else 1
        start, end = places[max(range(len(each)), key=lambda number: each[number][column])]
        return Sentiment(tone, positive, negative, text[start:end], start, end)

    def tone_of(self, piece: str) -> Tone:
        """The tone of a sentence or a clause alone."""
        return tone_by(self.evidence(features_of(piece, self.language)) - MORE_FOR_A_CLAUSE)

    def to_disk(self, folder: Path) -> None:
        """Write the model into `folder`, which is made when missing."""
        folder.mkdir(parents=True, exist_ok=True)
        names = sorted(self.vocabulary, key=self.vocabulary.__getitem__)
        settings = {"language": self.language, "least": self.least, "names": names}
        (folder / "model.json").write_text(json.dumps(settings, ensure_ascii=False), encoding="utf-8")
        with (folder / "weights.npz").open("wb") as file:
            np.savez(file, weights=self.weights, telling=self.telling, intercept=self.intercept)

    @classmethod
    def from_disk(cls, folder: Path) -> SentimentModel:
        """Read what `to_disk` wrote; FileNotFoundError when it is not there."""
        given = json.loads((folder / "model.json").read_bytes())
        names = given.pop("names")
        vocabulary = {name: row for row, name in enumerate(names)}
        with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
            return cls(vocabulary=vocabulary, **{name: arrays[name] for name in arrays.files}, **given)

    def _is_our_subject(self, text: str, place: Place, body_start: int) -> bool:
        """The subject of an answer repeats our own words."""
        return place[0] < body_start and _OUR_OWN_SUBJECT.match(text) is not None


def counted(features: Mapping[str, int], vocabulary: Mapping[str, int]) -> dict[int, int]:
    """How often each known feature is there, by its row."""
    return {vocabulary[name]: times for name, times in features.items() if name in vocabulary}


def weights_of(rows: Mapping[int, int], telling: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.int64], Scores]:
    """The rows, and what each counts: a text counts the same whatever its length, and a word twice is not two words."""
    places = np.fromiter(rows, np.int64, len(rows))
    values = (1 + np.log(np.fromiter(rows.values(), np.float64, len(rows)))) * telling[places]
    return places, values / np.sqrt(values @ values)


def together(whole: Scores, each: Sequence[Scores]) -> Scores:
    """The mail as a whole and its most telling sentence count alike: the one is blind to a single cry in a long calm
    mail, the other to what many sentences only hint at."""
    result: Scores = (whole + np.max(np.stack(each), axis=0)) / 2
    return result


def tone_by(evidence: Scores) -> Tone:
    glad, cross = evidence
    if max(glad, cross) <= 0:
        return "neutral"
    return "positive" if glad > cross else "negative"


def vocabulary_of(texts: Iterable[Mapping[str, int]], at_least: int) -> dict[str, int]:
    """Every feature that is in `at_least` texts, with its row; in an order that does not depend on chance."""
    times = Counter(name for features in texts for name in features)
    return {name: row for row, name in enumerate(sorted(name for name, n in times.items() if n >= at_least))}
