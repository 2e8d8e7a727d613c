"""From margins to the labels of the mail.

A mail always wants something: the label with the largest margin is given even when it is below its threshold,
with a score below 0.5. Further labels need to be above theirs. `other`, `spam` and `out_of_office` stand alone or give
way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nlp.intents.vectors import Floats
from nlp.labels import INTENTS, STAND_ALONE

_STEEPNESS = 4.0  # how fast the score grows with the margin
SUBJECT_COUNTS_LESS = np.float32(0.3)
_ALONE = np.array([label in STAND_ALONE for label in INTENTS])


@dataclass(frozen=True)
class Margins:
    """`sentences` is sentences by labels, `whole` has one margin a label."""

    sentences: Floats
    whole: Floats

    def of_mail(self, is_subject: Sequence[bool] = ()) -> Floats:
        """One margin a label."""
        found: Floats = (self.weighed(is_subject).max(axis=0) + self.whole) / 2
        return found

    def weighed(self, is_subject: Sequence[bool]) -> Floats:
        lessened = self.sentences.copy()
        if len(is_subject):
            lessened[np.asarray(is_subject)] -= SUBJECT_COUNTS_LESS
        return lessened


def decide(margins: Margins, is_subject: Sequence[bool] = ()) -> list[tuple[int, float, int]]:
    """Label, score and the sentence that gave it, the surest first."""
    if not len(margins.sentences):
        return []
    of_mail, giver = margins.of_mail(is_subject), margins.weighed(is_subject).argmax(axis=0)
    return [(label, _score(float(of_mail[label])), int(giver[label])) for label in chosen_labels(of_mail)]


def chosen_labels(margins: Floats) -> list[int]:
    """The labels that a mail with these margins gets, the surest first; never none."""
    order = [int(label) for label in np.argsort(-margins, kind="stable")]
    if _ALONE[order[0]]:
        return order[:1]
    return order[:1] + [label for label in order[1:] if margins[label] > 0 and not _ALONE[label]]


def _score(margin: float) -> float:
    return round(float(1 / (1 + np.exp(-_STEEPNESS * margin))), 4)
