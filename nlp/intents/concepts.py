"""Finds classes of words and phrases ("concepts") in a row of symbols.

The symbols are word stems in English and characters in Japanese; the lists stand in concepts/*.txt, their notation in
the README beside them. Read once, as a trie, so that finding costs next to nothing however long the lists are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

_FOLDER = Path(__file__).parent / "concepts"
_GAP = "_"


@dataclass(frozen=True, order=True)
class Found:
    """A concept at symbols `start` to `end` (excluded)."""

    start: int
    end: int
    name: str


@dataclass
class _Node:
    following: dict[str, _Node] = field(default_factory=dict)
    gap: _Node | None = None
    names: set[str] = field(default_factory=set)


class Concepts:
    """The lists of one language. `gap` is the most symbols that `_` may stand for."""

    def __init__(self, sections: dict[str, list[str]], parse: Callable[[str], Iterator[list[str]]], gap: int) -> None:
        self.names = list(sections)
        self._gap = gap
        self._root = _Node()
        for name, phrases in sections.items():
            for phrase in phrases:
                for symbols in parse(phrase):
                    self._add(symbols, name)

    def find(self, symbols: Sequence[str]) -> list[Found]:
        """Every concept, the longest of each name at each place, in order."""
        found: dict[tuple[int, str], int] = {}
        for start in range(len(symbols)):
            node = self._root.following.get(symbols[start])
            if node is not None:
                self._walk(node, symbols, start, start + 1, found)
        return sorted(Found(start, end, name) for (start, name), end in found.items())

    def _walk(
        self, node: _Node, symbols: Sequence[str], start: int, place: int, found: dict[tuple[int, str], int]
    ) -> None:
        for name in node.names:
            found[start, name] = max(place, found.get((start, name), 0))
        if place < len(symbols) and (following := node.following.get(symbols[place])) is not None:
            self._walk(following, symbols, start, place + 1, found)
        if node.gap is not None:
            for after in range(place, min(place + self._gap + 1, len(symbols))):
                following = node.gap.following.get(symbols[after])
                if following is not None:
                    self._walk(following, symbols, start, after + 1, found)

    def _add(self, symbols: list[str], name: str) -> None:
        node = self._root
        for symbol in symbols:
            if symbol == _GAP:
                if node.gap is None:
                    node.gap = _Node()
                node = node.gap
            else:
                node = node.following.setdefault(symbol, _Node())
        node.names.add(name)


def concept_views(found: Sequence[Found], kinds: Sequence[str], reach: int) -> dict[str, list[str]]:
    """The concepts with how each is negated, and every two that begin within `reach` symbols of each other."""
    names = [f"{kinds[concept.start]}:{concept.name}" for concept in found]
    pairs: set[str] = set()
    for place, first in enumerate(found):
        for following in range(place + 1, len(found)):
            if found[following].start - first.start > reach:
                break
            if found[following].name != first.name:
                pairs.add(f"{names[place]}>{names[following]}")
    return {"concepts": sorted(set(names)), "pairs": sorted(pairs)}


def read_sections(language: str) -> dict[str, list[str]]:
    """The phrases of each concept, as they stand in the language's file."""
    sections: dict[str, list[str]] = {}
    current: list[str] = []
    for row in (_FOLDER / f"{language}.txt").read_text(encoding="utf-8").splitlines():
        if row.startswith("["):
            current = sections.setdefault(row.strip()[1:-1], [])
        elif row.strip() and not row.startswith("# "):
            current.extend(phrase.strip() for phrase in row.split(";") if phrase.strip())
    return sections


def word_alternatives(phrase: str) -> Iterator[list[str]]:
    """ "would/could you" as "would you" and "could you"."""
    for words in product(*(word.split("/") for word in phrase.split())):
        yield list(words)
