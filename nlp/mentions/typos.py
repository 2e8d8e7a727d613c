"""Names with a slip of the keyboard: how far a word may be from a name, by the name's length.

The first letter has to be right; the shorter the name, the nearer the word. Digits are never mended: a 15 is not a 14.
Distances are optimal string alignment (RapidFuzz): a wrong, missing, doubled or swapped letter counts one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz.distance import OSA

from nlp.mentions.name_trie import compact

_SHORTEST, _LONG = 6, 9  # letters; from _LONG on, two slips are forgiven
_SHORTEST_KANA, _SHORTEST_KANA_LIKE, _LONG_KANA = 5, 4, 8
_STEM = re.compile(r"[a-z]+|[ァ-ヺ]+")
_REMEMBERED = 20_000

# Kana that are taken for one another: by eye, or with the wrong sound mark.
_TAKEN_FOR = str.maketrans(
    "ガギグゲゴザジズゼゾダデドバビブベボパピプペポソツヌ", "カキクケコサシスセソタテトハヒフヘホハヒフヘホンシス"
)
_LONG_VOWEL = re.compile("(?<=[エケセテネヘメレゲゼデベペ])イ|(?<=[オコソトノホモヨロゴゾドボポ])ウ")


class TypoFinder:
    def __init__(self, spellings: Iterable[str], ordinary: Iterable[str]) -> None:
        """`spellings` are compact; `ordinary` are words near a name that mean themselves."""
        self._stems: dict[str, list[str]] = defaultdict(list)
        self._alike: dict[str, str] = {}
        self._ordinary = frozenset(ordinary)
        for spelling in spellings:
            stem = _STEM.match(spelling)
            if stem and stem.group() not in self._stems[stem.group()[0]]:
                self._stems[stem.group()[0]].append(stem.group())
                self._alike.setdefault(_eye(stem.group()), stem.group())
        self.stem_for = lru_cache(_REMEMBERED)(self._stem_for)

    def _stem_for(self, word: str) -> str:
        """The beginning of a name that `word` (folded letters of one script) stands for, or ""."""
        word = compact(word)
        if not word or word in self._ordinary or word.removesuffix("s") in self._ordinary:
            return ""
        return self._latin(word) if word.isascii() else self._kana(word)

    def _latin(self, word: str) -> str:
        best, best_distance = "", 3
        for stem in self._stems.get(word[0], ()):
            allowed = _slips(len(stem))
            if not allowed or abs(len(stem) - len(word)) > allowed:
                continue
            distance = min(OSA.distance(stem, tried, score_cutoff=allowed) for tried in _singular(word))
            if 0 < distance <= allowed and distance < best_distance:
                best, best_distance = stem, distance
        return best

    def _kana(self, word: str) -> str:
        alike = self._alike.get(_eye(word)) or self._alike.get(_eye(word.replace("ツ", "")), "")
        if alike and alike != word and len(word) >= _SHORTEST_KANA_LIKE:
            return alike
        for stem in self._stems.get(word[0], ()):
            allowed = 2 if len(stem) >= _LONG_KANA else 1
            if len(stem) >= _SHORTEST_KANA and 0 < OSA.distance(stem, word, score_cutoff=allowed) <= allowed:
                return stem
        return ""


def _slips(length: int) -> int:
    return 0 if length < _SHORTEST else 1 if length < _LONG else 2


def _singular(word: str) -> tuple[str, ...]:
    return (word, word[:-1]) if word.endswith("s") else (word,)


def _eye(word: str) -> str:
    return _LONG_VOWEL.sub("", word).translate(_TAKEN_FOR)
