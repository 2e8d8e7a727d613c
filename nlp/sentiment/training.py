"""Learn the tone of mails from labelled ones (`nlp/training_data`, field `sentiment`). Needs scikit-learn."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from nlp.components.sentences import split_sentences
from nlp.sentiment.features import features_of
from nlp.sentiment.model import SentimentModel, counted, tone_by, vocabulary_of, weights_of

Row = Mapping[str, Any]
Scores = dict[str, float]

STRENGTH = 20.0  # of the evidence against caution (C of the logistic regression)
SEEN_AT_LEAST = 2  # mails; what only one mail says teaches nothing
LEXICON_COUNTS = 2.0  # what the lexicon knows, against a word that is in a few mails
LEAST = {"en": -1.6, "ja": -1.6}  # where neither tone is missed nor imagined too often, by cross-validation over files


def train_sentiment(language: str, rows: Sequence[Row], seed: int = 0) -> SentimentModel:
    """A model for `language` ("en" or "ja") from rows with `text` and `sentiment` (see nlp/training_data/README.md).

    The same rows and seed give the same model. The sentences of neutral mails are learned from once more, each alone,
    since a mail is judged by its most telling sentence too.
    """
    split = [[features_of(sentence, language) for sentence in sentences_of(row, language)] for row in rows]
    mails = [_together(sentences) for sentences in split]
    calm = [
        sentence
        for row, sentences in zip(rows, split, strict=True)
        if row["sentiment"] == "neutral" and len(sentences) > 1
        for sentence in sentences
    ]
    vocabulary = vocabulary_of(mails, SEEN_AT_LEAST)
    telling = _telling(mails, vocabulary)
    table = matrix([*mails, *calm], vocabulary, telling)
    tones = [*(row["sentiment"] for row in rows), *("neutral" for _ in calm)]
    learned = [_against_the_rest(table, [one == tone for one in tones], seed) for tone in ("positive", "negative")]
    weights = np.stack([weights for weights, _ in learned], axis=1).astype(np.float32)
    return SentimentModel(
        language, vocabulary, weights, telling, np.array([bias for _, bias in learned]), LEAST[language]
    )


def _telling(mails: Sequence[Mapping[str, int]], vocabulary: Mapping[str, int]) -> npt.NDArray[np.float32]:
    """Rare features tell more than those of every mail (inverse document frequency, around 1)."""
    times = Counter(name for features in mails for name in features if name in vocabulary)
    telling = np.ones(len(vocabulary), np.float32)
    for name, row in vocabulary.items():
        telling[row] = LEXICON_COUNTS if name.startswith("L:") else math.log(len(mails) / times[name]) / 5
    return np.maximum(telling, 0.01)


def _against_the_rest(table: sparse.csr_matrix, is_it: Sequence[bool], seed: int) -> tuple[np.ndarray, float]:
    """Weights and intercept of one tone; it is rare, so its mails weigh more."""
    weight = math.sqrt((len(is_it) - sum(is_it)) / max(1, sum(is_it)))
    # Solved in the dual: the same weights as in the primal to three digits, seven times as fast.
    classifier = LogisticRegression(
        C=STRENGTH,
        solver="liblinear",
        dual=True,
        tol=0.01,
        max_iter=1000,
        class_weight={False: 1.0, True: weight},
        random_state=seed,
    )
    classifier.fit(table, np.asarray(is_it))
    return classifier.coef_[0], float(classifier.intercept_[0])


def sentences_of(row: Row, language: str) -> list[str]:
    text: str = row["text"]
    return [text[start:end] for start, end in split_sentences(text, language)]


def _together(sentences: Sequence[Mapping[str, int]]) -> Counter[str]:
    together: Counter[str] = Counter()
    for features in sentences:
        together.update(features)
    return together


def matrix(
    texts: Sequence[Mapping[str, int]], vocabulary: Mapping[str, int], telling: npt.NDArray[np.float32]
) -> sparse.csr_matrix:
    """One row a text, one column a feature."""
    columns: list[npt.NDArray[np.int64]] = []
    values: list[npt.NDArray[np.float64]] = []
    for features in texts:
        known = counted(features, vocabulary)
        found, weights = weights_of(known, telling) if known else (np.zeros(0, np.int64), np.zeros(0))
        columns.append(found)
        values.append(weights)
    ends = np.concatenate([[0], np.cumsum([len(found) for found in columns])])
    return sparse.csr_matrix(
        (np.concatenate(values), np.concatenate(columns), ends), shape=(len(texts), len(vocabulary))
    )


def cross_validate(language: str, rows: Sequence[Row], groups: Sequence[str], seed: int = 0, folds: int = 5) -> Scores:
    """F1 of each tone and their mean ("macro") on mails of files that were not learned from; `groups` are their files.

    Files are dealt out whole, since mails of one file are alike; scores are those of all folds together.
    """
    names = sorted(set(groups))
    told: list[tuple[str, str]] = []
    for fold in range(folds):
        held_out = set(names[fold::folds])
        model = train_sentiment(
            language, [row for row, group in zip(rows, groups, strict=True) if group not in held_out], seed
        )
        told += [
            (row["sentiment"], tone_by(model.judge(sentences_of(row, language))[0]))
            for row, group in zip(rows, groups, strict=True)
            if group in held_out
        ]
    return scores_of(told)


def scores_of(told: Sequence[tuple[str, str]]) -> Scores:
    """F1 of each tone from pairs of what is right and what was said."""
    scores = {}
    for tone in ("positive", "neutral", "negative"):
        right = sum(true == said == tone for true, said in told)
        scores[tone] = 2 * right / max(1, sum((true == tone) + (said == tone) for true, said in told))
    return scores | {"macro": sum(scores.values()) / len(scores)}
