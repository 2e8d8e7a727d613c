"""How near a question is to each of the questions that are answered: BM25, with RapidFuzz for slips of the keyboard.

Every way to ask is a document of its own. Its BM25 score is divided by the score the query would reach against
itself, so that 1 means "everything that was asked is found here" and a word nobody ever wrote lowers the score of
all. The same is done from the other side (how much of the document was asked), with less weight, since visitors say
more and less than they need.

BM25 as in Robertson and Zaragoza, The Probabilistic Relevance Framework (2009), with their usual k1 and b.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from rapidfuzz import fuzz, process

from motenashi.faq.words import weighted_words

Words = Mapping[str, float]  # word -> weight

_K1, _B = 1.2, 0.75
_SIMILAR = 82  # percent: below, two words are two words
_SHORTEST_TYPO = 5  # letters; shorter words differ by a letter and mean something else
_QUERY_SIDE, _DOCUMENT_SIDE = 0.7, 0.3
_ANSWER_WEIGHT = 0.55  # a word found only in the answer speaks for the entry, but less


class Index:
    """The questions of one language. `entries` are per entry: the ways to ask it, and its answer."""

    def __init__(self, entries: Sequence[tuple[Sequence[str], str]], language: str) -> None:
        self._language = language
        self._documents = [[weighted_words(text, language) for text in asked] for asked, _ in entries]
        self._answers = [weighted_words(answer, language) for _, answer in entries]
        flat = [document for documents in self._documents for document in documents]
        self._mean_length = sum(sum(document.values()) for document in flat) / max(1, len(flat))
        self._rarity = self._rarities()
        self._unknown = math.log(1 + (len(entries) + 0.5) / 0.5)
        self._vocabulary = [word for word in self._rarity if len(word) >= _SHORTEST_TYPO]

    def scores(self, question: str) -> list[float]:
        """0 to 1 for each entry, in their order."""
        asked = self._mended(weighted_words(question, self._language))
        if not asked:
            return [0.0] * len(self._documents)
        return [
            max(self._likeness(asked, document, answer) for document in documents)
            for documents, answer in zip(self._documents, self._answers, strict=True)
        ]

    def _rarities(self) -> dict[str, float]:
        """Inverse document frequency, an entry counting as one document: its variants repeat its words."""
        holding: Counter[str] = Counter()
        for documents, answer in zip(self._documents, self._answers, strict=True):
            holding.update({word for document in documents for word in document} | set(answer))
        count = len(self._documents)
        return {word: math.log(1 + (count - n + 0.5) / (n + 0.5)) for word, n in holding.items()}

    def _mended(self, asked: Words) -> Words:
        """Unknown words that look like a known one become it, at the price of the difference."""
        mended: dict[str, float] = {}
        for word, weight in asked.items():
            if word not in self._rarity and len(word) >= _SHORTEST_TYPO:
                near = process.extractOne(word, self._vocabulary, scorer=fuzz.ratio, score_cutoff=_SIMILAR)
                if near:
                    word, weight = near[0], weight * near[1] / 100
            mended[word] = max(weight, mended.get(word, 0.0))
        return mended

    def _likeness(self, asked: Words, document: Words, answer: Words) -> float:
        length = _K1 * (1 - _B + _B * sum(document.values()) / self._mean_length)
        found = wanted = 0.0
        for word, weight in asked.items():
            worth = weight * (self._rarity[word] if word in self._rarity else weight * self._unknown)
            wanted += worth
            if word in document:
                found += worth * min(1.0, (_K1 + 1) / (1 + length))
            elif word in answer:
                found += worth * _ANSWER_WEIGHT
        if not found:
            return 0.0
        return _QUERY_SIDE * found / wanted + _DOCUMENT_SIDE * self._covered(asked, document)

    def _covered(self, asked: Words, document: Words) -> float:
        """How much of the document was asked."""
        whole = sum(weight * self._rarity[word] for word, weight in document.items())
        shared = sum(weight * self._rarity[word] for word, weight in document.items() if word in asked)
        return shared / whole if whole else 0.0
