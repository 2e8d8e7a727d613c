"""What a page about the model's quality tells besides F1: how each kind of mail fares, and the worst mistakes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from nlp.labels import INTENTS

if TYPE_CHECKING:
    from nlp.intents.training import Booleans, TrainingMail
    from nlp.intents.vectors import Floats

KINDS = (
    "indirect",
    "negated",
    "mixed",
    "trap",
    "short",
    "long",
    "quoted",
    "polite",
    "curt",
    "chatty",
    "typos",
    "non_native",
    "sarcasm",
    "keigo",
    "casual",
)
MOST = 10
LONGEST = 300  # characters of a text that is shown

Score = Callable[[Sequence["TrainingMail"], Sequence[Iterable[str]]], dict[str, Any]]


def by_kind(
    mails: Sequence[TrainingMail], predicted: Sequence[Sequence[str]], score: Score
) -> dict[str, dict[str, Any]]:
    """For each tag of the training mails that occurs: number of mails, micro F1, share with all labels right."""
    told = {}
    for kind in KINDS:
        rows = [row for row, mail in enumerate(mails) if kind in mail.tags]
        if rows:
            scores = score([mails[row] for row in rows], [predicted[row] for row in rows])
            told[kind] = {name: scores[name] for name in ("mails", "micro_f1", "all_right")}
    return told


def worst_mistakes(
    mails: Sequence[TrainingMail],
    predicted: Sequence[Sequence[str]],
    margins: Floats,
    wanted: Booleans,
    optional: Booleans,
) -> list[dict[str, Any]]:
    """The mails that were read wrong with the greatest conviction: `text`, `is`, `read`.

    `margins` are mails by labels, thresholds taken off: above 0 a label is given.
    """
    found = np.array([[label in labels for label in INTENTS] for labels in predicted], bool)
    conviction = np.where(found & ~wanted & ~optional, margins, 0.0) + np.where(wanted & ~found, -margins, 0.0)
    order = np.argsort(-conviction.max(axis=1), kind="stable")[:MOST]
    return [
        {"text": mails[row].text[:LONGEST], "is": list(mails[row].intents), "read": list(predicted[row])}
        for row in order
    ]
