"""Views of a sentence: lists of features, one list a way of looking at it."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

Views = dict[str, list[str]]
VIEW_NAMES = ("words", "letters", "concepts", "pairs")


def word_grams(words: list[str]) -> list[str]:
    """Single symbols, neighbours in twos and threes, and pairs with one or two symbols left out."""
    padded = ["<", *words, ">"]
    grams = list(words)
    grams.extend(f"{first} {second}" for first, second in pairwise(padded))
    grams.extend(f"{a} {b} {c}" for a, b, c in zip(padded, padded[1:], padded[2:], strict=False))
    grams.extend(f"{first} _ {second}" for first, second in zip(padded, padded[2:], strict=False))
    grams.extend(f"{first} _ {second}" for first, second in zip(padded, padded[3:], strict=False))
    return grams


def letter_grams(text: str, shortest: int = 2, longest: int = 5) -> list[str]:
    """Pieces of words, each word with a space at both ends; they see through typing errors and endings."""
    grams: list[str] = []
    for word in text.split():
        grams.extend(_pieces(word, shortest, longest))
    return grams


@lru_cache(maxsize=20_000)
def _pieces(word: str, shortest: int, longest: int) -> tuple[str, ...]:
    padded, pieces = f" {word} ", list[str]()
    for length in range(shortest, longest + 1):
        if len(padded) <= length:
            return (*pieces, padded)
        pieces.extend([padded[start : start + length] for start in range(len(padded) - length + 1)])
    return tuple(pieces)


def running_grams(text: str, shortest: int = 1, longest: int = 4) -> list[str]:
    """Pieces of a text without spaces between words."""
    return [
        text[start : start + length]
        for length in range(shortest, longest + 1)
        for start in range(len(text) - length + 1)
    ]
