"""All spellings in one tree of letters, walked from a place in the text: the longest spelling that fits comes first.

Spaces, hyphens, middle dots and a line break (with the marks of a quoted mail) may stand anywhere inside a name, and
the kana that people leave out or add (ー, ッ) are passed over on both sides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from nlp.mentions.catalogue import CatalogueEntry

PASSED_OVER = "ーッ"
GAP = re.compile(r"[®™\u200b\u00ad]*(?:[ \t]{1,3}|[-_・·])?(?:\r?\n[>| \t]{0,12})?")
_NOT_LETTERS = re.compile(r"[\W_ーッ]+")
_KANA = re.compile("[ァ-ヺ]")


def compact(folded: str) -> str:
    """A folded name without spaces, signs and the kana that are passed over."""
    return _NOT_LETTERS.sub("", folded)


@dataclass
class Node:
    next: dict[str, Node] = field(default_factory=dict)
    entry: CatalogueEntry | None = None


class NameTrie:
    def __init__(self, spellings: Iterable[tuple[str, CatalogueEntry]]) -> None:
        """`spellings` are compact; of two entries with one spelling the first has it."""
        self.root = Node()
        for spelling, entry in spellings:
            node = self.node_of(spelling, make=True)
            if node is not None and node.entry is None:
                node.entry = entry

    def node_of(self, spelling: str, *, make: bool = False) -> Node | None:
        node: Node | None = self.root
        for letter in spelling:
            if node is None:
                return None
            node = node.next.setdefault(letter, Node()) if make else node.next.get(letter)
        return node

    def walk(self, text: str, at: int, node: Node | None = None) -> list[tuple[int, CatalogueEntry]]:
        """(end, entry) of every spelling that begins at `at`, the longest first. `node`: go on from there."""
        node = node or self.root
        found: list[tuple[int, CatalogueEntry]] = []
        length = len(text)
        while at < length:
            letter = text[at]
            child = node.next.get(letter)
            if child is not None:
                node, at = child, at + 1
                if node.entry is not None:
                    found.append((self._with_tail(text, at), node.entry))
                continue
            at = self._past(text, at, node)
            if at < 0:
                break
        return found[::-1]

    def _past(self, text: str, at: int, node: Node) -> int:
        """The place behind what may be passed over, or -1."""
        if node is self.root:
            return -1
        if text[at] in PASSED_OVER:
            return at + 1
        if text[at] == "s" and text[at - 1].isalpha() and not text[at + 1 : at + 2].isalpha():
            return at + 1  # AeroBooks 14
        gap = GAP.match(text, at)  # one gap only: a paragraph's end is no part of a name
        return gap.end() if gap is not None and text[gap.end() : gap.end() + 1] in node.next else -1

    def _with_tail(self, text: str, at: int) -> int:
        if _KANA.match(text[at - 1]):
            while text[at : at + 1] in PASSED_OVER and at < len(text):
                at += 1
        return at
