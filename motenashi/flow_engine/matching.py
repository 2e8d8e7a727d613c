"""Which choice does a visitor mean who types instead of clicking?

From the surest to the least sure: the label itself, its place in the list, its words, a piece of it, a typing mistake.
Short labels get no typing mistakes, since in a two-character word every character carries the meaning. A text that
declines something matches nothing but labels that decline, too. When two labels fit about equally well, both are given.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from motenashi.conversation.folding import bare, fold, has_japanese
from motenashi.flow_engine.matching_words import NO, YES, content, is_negated, ordinal

LONGEST_TEXT = 200  # characters; whoever writes more than that is not naming a choice
SURE = 85.0
MARGIN = 8.0  # by which the best must lead to be sure
_LEAST = 60.0


@dataclass(frozen=True)
class Match:
    """`index` is the best label, `score` 0 to 100. When it is not `sure`, ask back: `close` are the likely
    ones, best first."""

    index: int
    score: float
    sure: bool
    close: tuple[int, ...] = ()


def match_choice(text: str, labels: Sequence[str], language: str, also: Sequence[Sequence[str]] = ()) -> Match | None:
    """The choice that `text` names, or None. `also[i]` are further words for label i (say, the other language's label).

    `language` is that of the conversation; both languages are understood whichever it is.
    """
    if len(text) > LONGEST_TEXT or not bare(text) or not labels:
        return _exact(text, labels)
    names = [(label, *(also[index] if index < len(also) else ())) for index, label in enumerate(labels)]
    return (
        _exact(text, labels)
        or _judged([max(100.0 * (bare(text) == bare(name)) for name in some) for some in names])
        or _yes_or_no(text, names)
        or _by_place(text, names)
        or _judged([max(_likeness(text, name) for name in some) for some in names])
    )


def match_words(text: str, words: Sequence[str]) -> Match | None:
    """The word or phrase that the text says, with little else beside it, or None; never an unsure one.

    For what interrupts a whole flow (human, start over, stop): a list of words has no places and no yes or no.
    """
    if len(text) > LONGEST_TEXT or not bare(text):
        return None
    scores = [100.0 if bare(text) == bare(word) else _likeness(text, word, pieces=False) for word in words]
    best = max(range(len(words)), key=scores.__getitem__, default=None)
    return None if best is None or scores[best] < SURE else Match(best, scores[best], True)


def _exact(text: str, labels: Sequence[str]) -> Match | None:
    """The very label, width and case aside: 'C++' is not 'C', although punctuation is all that differs."""
    wanted = fold(text)
    fits = [index for index, label in enumerate(labels) if wanted and fold(label) == wanted]
    return Match(fits[0], 100.0, True) if len(fits) == 1 else None


def _judged(scores: Sequence[float]) -> Match | None:
    """The best of the scores, if any is good enough; sure when it is high and well ahead of the others."""
    ranked = sorted(range(len(scores)), key=lambda index: -scores[index])
    best = ranked[0]
    if scores[best] < _LEAST:
        return None
    near = tuple(index for index in ranked if scores[index] >= max(_LEAST, scores[best] - MARGIN))
    sure = len(near) == 1 and scores[best] >= SURE
    return Match(best, scores[best], sure, () if sure else near[:3])


def _yes_or_no(text: str, names: Sequence[Sequence[str]]) -> Match | None:
    for group in (YES, NO):
        fits = [index for index, some in enumerate(names) if any(bare(name) in group for name in some)]
        if bare(text) in group and len(fits) == 1:
            return Match(fits[0], 96.0, True)
    return None


def _by_place(text: str, names: Sequence[Sequence[str]]) -> Match | None:
    """'2', 'the second one'. A number that stands in labels may be meant as that: then both are close."""
    place = ordinal(text)
    if place is None or is_negated(text):
        return None
    if place > len(names) or place == 0:
        place = None
    holding = [index for index, some in enumerate(names) if any(_holds_number(name, text) for name in some)]
    meant = {*holding, *([len(names) - 1 if place == -1 else place - 1] if place else [])}
    if not meant:
        return None
    best = min(meant, key=lambda index: (index not in holding, index))
    return Match(best, 95.0, True) if len(meant) == 1 else Match(best, 80.0, False, tuple(sorted(meant))[:3])


def _holds_number(name: str, text: str) -> bool:
    found = re.search(r"\d+", fold(text))
    return bool(found and found[0] in re.findall(r"\d+", fold(name)))


def _likeness(text: str, name: str, pieces: bool = True) -> float:
    """0 to 100: how well the words of a text fit one label; with `pieces`, a part of the label is enough."""
    if is_negated(text) and not is_negated(name):
        return 0.0
    said, meant = content(text), content(name) or bare(name)
    if not said:
        return 0.0
    if said == meant:
        return 97.0
    if sorted(said.split()) == sorted(meant.split()):
        return 93.0
    slips = max(_mistyped(said, meant), _mistyped(bare(text), bare(name)))
    return max(slips, _piece_of_text(said, meant), _piece(said, meant, text) if pieces else 0.0)


def _piece(said: str, meant: str, text: str) -> float:
    """What was said is a part of the label: whole words, the last of which may be only begun."""
    if has_japanese(said):
        telling = any("一" <= c <= "鿿" or "ァ" <= c <= "ヶ" for c in fold(text)) or len(said) >= 4
        return 88.0 if len(said) >= 2 and telling and said in meant else 0.0
    begun = re.search(rf"(?:^|\s){re.escape(said)}(\w*)", meant)
    if len(said) < 3 or not begun:
        return 0.0
    return 90.0 if not begun[1] or len(said) >= 4 else 70.0


def _piece_of_text(said: str, meant: str) -> float:
    """The label stands within what was said, and what was said is not much more."""
    around = r"" if has_japanese(meant) else r"\b"
    if len(meant) < 2 or not re.search(rf"{around}{re.escape(meant)}{around}", said):
        return 0.0
    share = len(meant) / len(said)
    return 86.0 + 4 * share if share >= 0.5 else 65.0 if share >= 0.3 else 0.0


def _mistyped(said: str, meant: str) -> float:
    """A slip or two of the fingers; the shorter the label, the fewer, and in the shortest none."""
    length = min(len(said), len(meant))
    japanese = has_japanese(said) or has_japanese(meant)
    kana_only = japanese and not any("一" <= c <= "鿿" for c in meant)
    allowed = _slips_allowed(length, japanese)
    slips = OSA.distance(said, meant, score_cutoff=allowed)
    if not allowed or slips > allowed:
        return 0.0
    long_enough = length >= (5 if kana_only else 7 if japanese else 6)
    return 92.0 - 2 * slips if long_enough else 70.0


def _slips_allowed(length: int, japanese: bool) -> int:
    if japanese:
        return 0 if length < 4 else 1 if length < 10 else 2
    return 0 if length < 4 else 1 if length < 8 else 2 if length < 15 else 3
