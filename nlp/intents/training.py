"""Learns the model of one language from labelled mails, and says how good it is on mails it has not seen.

Pure functions: the same mails and seed give the same model and the same scores. scikit-learn is loaded here only, never
where mails are read.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from nlp.components.sentences import split_sentences
from nlp.intents.decision import SUBJECT_COUNTS_LESS, chosen_labels
from nlp.intents.features import views_of
from nlp.intents.model import IntentsModel, Linear, repeats_our_words
from nlp.intents.report import by_kind, worst_mistakes
from nlp.intents.vectors import Floats, Integers, Vocabulary, learn_vocabulary
from nlp.intents.views import Views
from nlp.labels import INTENTS, STAND_ALONE

TRAINING_DATA = Path(__file__).resolve().parents[1] / "training_data"

Progress = Callable[[str, int, int], None]  # what is being done, steps done, steps in all
Booleans = NDArray[np.bool_]

_FOLDS = 5
_LEAST = {"words": 2, "letters": 2, "concepts": 1, "pairs": 3}
_VIEW_WEIGHTS = {"words": 1.0, "letters": 1.0, "concepts": 0.5, "pairs": 0.4}
_HOW_FREELY = 0.7  # LinearSVC's C
_SEVERAL_COUNT = 2.0  # in choosing thresholds: real mails want several things more often than ours do
_OWN_SHARE = 0.25  # of a label's own best threshold in the one it gets
_GRID = np.linspace(-1.0, 0.6, 33)
_ALONE = np.array([label in STAND_ALONE for label in INTENTS])
_COLUMN = {label: column for column, label in enumerate(INTENTS)}


@dataclass(frozen=True)
class TrainingMail:
    """One labelled mail. `group`: mails of one group are never on both sides of a test."""

    id: str
    text: str
    group: str
    intents: tuple[str, ...]
    optional: tuple[str, ...] = ()
    subject: str = ""
    sentences: tuple[tuple[str, tuple[str, ...]], ...] = ()
    tags: tuple[str, ...] = ()


def read_mails(language: str, folder: Path = TRAINING_DATA, corrections: Iterable[Path] = ()) -> list[TrainingMail]:
    """The training mails of one language, and of further files in the same format.

    OSError for a file that cannot be read, ValueError (with file and line) for a row that is not one.
    """
    files = [*sorted((folder / language).glob("*.jsonl")), *corrections]
    return [mail for file in files for mail in _mails_of(file)]


def _mails_of(file: Path) -> Iterable[TrainingMail]:
    for number, row in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if row.strip():
            try:
                yield mail_from_row(json.loads(row), file.stem)
            except (ValueError, KeyError, TypeError) as error:
                raise ValueError(f"{file.name}:{number}: not a training mail: {error}") from error


def mail_from_row(row: dict[str, Any], group: str) -> TrainingMail:
    """KeyError or ValueError for a row without text, or with labels that do not exist."""
    labels = {*row["intents"], *row.get("intents_optional", ())}
    labels.update(label for sentence in row.get("sentences", ()) for label in sentence["intents"])
    if unknown := sorted(labels - set(INTENTS)):
        raise ValueError(f"unknown label {', '.join(unknown)}")
    return TrainingMail(
        id=str(row.get("id", "")),
        text=row["text"],
        group=group,
        intents=tuple(row["intents"]),
        optional=tuple(row.get("intents_optional", ())),
        subject=row.get("subject", ""),
        sentences=tuple((sentence["text"], tuple(sentence["intents"])) for sentence in row.get("sentences", ())),
        tags=tuple(row.get("tags", ())),
    )


def train_intents(
    language: str, mails: Sequence[TrainingMail], seed: int = 0, progress: Progress | None = None
) -> tuple[IntentsModel, dict[str, Any]]:
    """The model, and its scores on mails of groups it was not trained on (`score`, by kind, the worst mistakes)."""
    said = progress or (lambda what, done, of: None)
    learner = Learner(language, mails, seed)
    steps = _FOLDS + 1

    def tell(done: int) -> None:
        said(f"{language}: intents", done, steps)

    margins = learner.out_of_fold_margins(tell)
    tell(_FOLDS)
    wanted, optional = label_table(mails)
    thresholds = best_thresholds(margins, wanted, optional)
    vocabulary, of_sentences, of_whole = learner.fit(np.ones(len(mails), bool))
    tell(steps)
    model = IntentsModel(language, vocabulary, of_sentences, of_whole, thresholds)
    predicted = learner.honest_predictions(margins)
    return model, {
        **score(mails, predicted),
        "kinds": by_kind(mails, predicted, score),
        "worst": worst_mistakes(mails, predicted, margins - thresholds, wanted, optional),
    }


def label_table(mails: Sequence[TrainingMail]) -> tuple[Booleans, Booleans]:
    """Mails by labels: which are required, and which are neither rewarded nor punished."""
    wanted = np.zeros((len(mails), len(INTENTS)), bool)
    optional = np.zeros_like(wanted)
    for row, mail in enumerate(mails):
        for label in mail.intents:
            wanted[row, _COLUMN[label]] = True
        for label in set(mail.optional) - set(mail.intents):
            optional[row, _COLUMN[label]] = True
    return wanted, optional


class Learner:
    """The sentences of the mails with their features, read once and used in every fold."""

    def __init__(self, language: str, mails: Sequence[TrainingMail], seed: int = 0) -> None:
        self._language, self._mails, self._seed = language, mails, seed
        self._known: dict[str, Views] = {}
        self._fold_of = _folds(mails, _FOLDS)
        self._wanted, self._optional = label_table(mails)
        labelled = [(row, *sentence) for row, mail in enumerate(mails) for sentence in _labelled_sentences(mail)]
        self._owner = np.array([row for row, _, _ in labelled])
        self._labelled = [self._views_of(text) for _, text, _ in labelled]
        self._targets = np.array([[label in labels for label in INTENTS] for _, _, labels in labelled], bool)
        cut = [(row, *read) for row, mail in enumerate(mails) for read in _sentences_as_read(mail, language)]
        self._reading_owner = np.array([row for row, _, _ in cut])
        self._reading = [self._views_of(text) for _, text, _ in cut]
        self._is_subject = np.array([is_subject for _, _, is_subject in cut])
        self._in_whole = np.array([not (is_subject and repeats_our_words(text)) for _, text, is_subject in cut])

    def _views_of(self, text: str) -> Views:
        if text not in self._known:
            self._known[text] = views_of(text, self._language)
        return self._known[text]

    def out_of_fold_margins(self, tell: Callable[[int], None] = lambda done: None) -> Floats:
        """Mails by labels, by models that saw no mail of the same group; thresholds not yet taken off."""
        found = np.zeros((len(self._mails), len(INTENTS)), np.float32)
        for fold in range(_FOLDS):
            tell(fold)
            tested = self._fold_of == fold
            found[tested] = self._margins(tested, *self.fit(~tested))
        return found

    def _margins(self, tested: Booleans, vocabulary: Vocabulary, of_sentences: Linear, of_whole: Linear) -> Floats:
        mails, rows = np.flatnonzero(tested), np.flatnonzero(tested[self._reading_owner])
        owner = np.searchsorted(mails, self._reading_owner[rows])
        entries = vocabulary.entries([self._reading[row] for row in rows])
        alone = vocabulary.matrix(entries, np.arange(len(rows)), len(rows)) @ of_sentences.weights + of_sentences.bias
        alone[self._is_subject[rows]] -= SUBJECT_COUNTS_LESS
        best = np.full((len(mails), len(INTENTS)), -np.inf)
        np.maximum.at(best, owner, alone)
        whole = self._whole(vocabulary, mails, rows) @ of_whole.weights + of_whole.bias
        margins: Floats = ((best + whole) / 2).astype(np.float32)
        return margins

    def fit(self, used: Booleans) -> tuple[Vocabulary, Linear, Linear]:
        """Vocabulary, the model of sentences and that of whole mails, from the mails marked in `used`."""
        mails, rows = np.flatnonzero(used), np.flatnonzero(used[self._owner])
        views = [self._labelled[row] for row in rows]
        vocabulary = learn_vocabulary(views, _LEAST, _VIEW_WEIGHTS)
        matrix = vocabulary.matrix(vocabulary.entries(views), np.arange(len(rows)), len(rows))
        of_sentences = _fit_linear(matrix, self._targets[rows], self._optional[self._owner[rows]], self._seed)
        whole = self._whole(vocabulary, mails, np.flatnonzero(used[self._reading_owner]))
        return vocabulary, of_sentences, _fit_linear(whole, self._wanted[mails], self._optional[mails], self._seed)

    def _whole(self, vocabulary: Vocabulary, mails: Integers, rows: Integers) -> csr_matrix:
        """The features of whole mails; `rows` are their sentences."""
        counted = rows[self._in_whole[rows]]
        entries = vocabulary.entries([self._reading[row] for row in counted])
        return vocabulary.matrix(entries, np.searchsorted(mails, self._reading_owner[counted]), len(mails))

    def honest_predictions(self, margins: Floats) -> list[tuple[str, ...]]:
        """Labels from out-of-fold margins, with thresholds that did not see the fold either."""
        lessened = margins.copy()
        for fold in range(_FOLDS):
            tested = self._fold_of == fold
            if tested.any() and not tested.all():
                rest = ~tested
                lessened[tested] -= best_thresholds(margins[rest], self._wanted[rest], self._optional[rest])
        return predictions_from(lessened)


def _fit_linear(matrix: csr_matrix, wanted: Booleans, optional: Booleans, seed: int) -> Linear:
    """One classifier a label; a text for which the label is optional is left out of its training."""
    from sklearn.svm import LinearSVC

    weights = np.zeros((matrix.shape[1], wanted.shape[1]), np.float32)
    bias = np.full(wanted.shape[1], -1.0, np.float32)
    # One after the other: liblinear's random numbers are shared by all threads, and results must repeat themselves.
    for column in np.flatnonzero(wanted.any(axis=0)):
        counted = np.flatnonzero(~(optional[:, column] & ~wanted[:, column]))
        used = matrix if len(counted) == matrix.shape[0] else matrix[counted]
        fitted = LinearSVC(C=_HOW_FREELY, random_state=seed).fit(used, wanted[counted, column])
        weights[:, column], bias[column] = fitted.coef_[0], fitted.intercept_[0]
    return Linear(weights, bias)


def _labelled_sentences(mail: TrainingMail) -> Iterable[tuple[str, tuple[str, ...]]]:
    return mail.sentences or ((mail.text, mail.intents),)


def _sentences_as_read(mail: TrainingMail, language: str) -> list[tuple[str, bool]]:
    """Each with whether it is the subject."""
    subject = [(mail.subject.strip(), True)] if mail.subject.strip() else []
    return subject + [(mail.text[start:end], False) for start, end in split_sentences(mail.text, language)]


def _folds(mails: Sequence[TrainingMail], count: int) -> NDArray[np.int_]:
    """The fold of each mail: whole groups, the largest first, each to the fold that is the smallest so far."""
    sizes = [0] * count
    fold_of: dict[str, int] = {}
    for group, size in sorted(Counter(mail.group for mail in mails).items(), key=lambda item: (-item[1], item[0])):
        fold_of[group] = sizes.index(min(sizes))
        sizes[fold_of[group]] += size
    return np.array([fold_of[mail.group] for mail in mails])


def best_thresholds(margins: Floats, wanted: Booleans, optional: Booleans) -> Floats:
    """One threshold a label: mostly the one that is best for all labels together, a little its own best.

    Thresholds fitted to each label alone look better than they are: they lose two points of F1 on unseen groups.
    """
    together = max(_GRID, key=lambda level: _micro_f1(margins - level, wanted, optional))
    own = [_own_threshold(margins[:, label], wanted[:, label], optional[:, label]) for label in range(len(INTENTS))]
    mixed = [together if level is None else _OWN_SHARE * level + (1 - _OWN_SHARE) * together for level in own]
    return np.array(mixed, np.float32)


def _own_threshold(margins: Floats, wanted: Booleans, optional: Booleans) -> float | None:
    if not wanted.any():
        return None
    hits, right = margins[~optional][:, None] > _GRID, wanted[~optional][:, None]
    f1 = 2 * (hits & right).sum(axis=0) / np.maximum(1, hits.sum(axis=0) + right.sum())
    # In the middle of the best stretch, not at its edge.
    return float(np.median(_GRID[f1 >= f1.max() - 1e-9]))


def _micro_f1(margins: Floats, wanted: Booleans, optional: Booleans) -> float:
    found = label_choices(margins) & ~optional
    weights = np.where(wanted.sum(axis=1) > 1, _SEVERAL_COUNT, 1.0)
    right, chosen, sought = (weights @ table.sum(axis=1) for table in (found & wanted, found, wanted))
    return float(2 * right / max(1.0, chosen + sought))


def label_choices(margins: Floats) -> Booleans:
    """`chosen_labels` for many mails at once: mails by labels."""
    mails, surest = np.arange(len(margins)), margins.argmax(axis=1)
    found: Booleans = (margins > 0) & ~_ALONE & ~_ALONE[surest][:, None]
    found[mails, surest] = True
    return found


def predictions_from(margins: Floats) -> list[tuple[str, ...]]:
    """The labels of each mail from its margins above the thresholds."""
    return [tuple(INTENTS[label] for label in chosen_labels(row)) for row in margins]


def score(mails: Sequence[TrainingMail], predicted: Sequence[Iterable[str]]) -> dict[str, Any]:
    """Micro and macro F1, all labels right, and precision, recall and F1 of each label; optional labels left out."""
    wanted, optional = label_table(mails)
    chosen = [[label in set(labels) for label in INTENTS] for labels in predicted]
    found = np.array(chosen, bool).reshape(wanted.shape) & ~optional
    right, extra, missed = (found & wanted).sum(0), (found & ~wanted).sum(0), (~found & wanted).sum(0)
    f1 = 2 * right / np.maximum(1, 2 * right + extra + missed)
    seen = right + missed > 0
    return {
        "mails": len(mails),
        "micro_f1": _rounded(2 * right.sum() / max(1, int(2 * right.sum() + extra.sum() + missed.sum()))),
        "macro_f1": _rounded(f1[seen].mean()) if seen.any() else 0.0,
        "all_right": _rounded((found == wanted).all(axis=1).mean()) if len(mails) else 0.0,
        "labels": {
            label: {
                "mails": int(right[column] + missed[column]),
                "precision": _rounded(right[column] / max(1, right[column] + extra[column])),
                "recall": _rounded(right[column] / max(1, right[column] + missed[column])),
                "f1": _rounded(f1[column]),
            }
            for column, label in enumerate(INTENTS)
        },
    }


def _rounded(value: float) -> float:
    return round(float(value), 4)
