"""A cascade of rules over a row of tokens: the small machine that both grammars run on.

Each token has a category; every category is one letter, so a text's tokens are a short string, and a rule is a
regular expression over it, written in the notation of `Rules.rule`. Rules run once each, in the order they stand, and
replace what they match by one token of a new category; later rules build on earlier ones' work. Words that no rule
knows are one gap between tokens, which nothing crosses: the work grows with the dates in a text, not with its length.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

GAP = "_"
_PIECE = re.compile(r"[^\s()|?]+|[()|?]")
_FIRST_LETTER = 0x4E00  # any block with room for a few hundred categories
_ROW, _LONGEST_ROW = 120, 300  # tokens
MOST_TOKENS = 6_000  # what comes after in a text is left alone: no mail has so many dates


class Token:
    """A piece of text: its category, place and value."""

    __slots__ = ("category", "end", "letter", "start", "value")

    def __init__(self, category: str, letter: str, start: int, end: int, value: Any = None) -> None:
        self.category, self.letter, self.start, self.end, self.value = category, letter, start, end, value

    def __repr__(self) -> str:
        return f"<{self.category} {self.start}-{self.end} {self.value!r}>"


class Found:
    """The tokens of one match, as a rule's function sees them."""

    __slots__ = ("text", "tokens")

    def __init__(self, tokens: Sequence[Token], text: str) -> None:
        self.tokens, self.text = tokens, text

    def has(self, *categories: str) -> bool:
        return any(token.category in categories for token in self.tokens)

    def first(self, *categories: str) -> Any:
        """The value of the first token of these categories, or None."""
        return next((token.value for token in self.tokens if token.category in categories), None)

    def every(self, *categories: str) -> list[Any]:
        return [token.value for token in self.tokens if token.category in categories]

    def touching(self) -> bool:
        """No space between any two tokens."""
        return all(one.end == two.start for one, two in zip(self.tokens, self.tokens[1:], strict=False))

    def behind(self, letters: int) -> str:
        """The text right before the match."""
        start = self.tokens[0].start
        return self.text[max(0, start - letters) : start]

    def ahead(self, letters: int) -> str:
        """The text right after the match."""
        end = self.tokens[-1].end
        return self.text[end : end + letters]

    def alone(self) -> bool:
        """Nothing else but space and stops stands in the text."""
        start, end = self.tokens[0].start, self.tokens[-1].end
        if len(self.text) - (end - start) >= 8:
            return False
        return not (self.text[:start] + self.text[end:]).strip(" .!?。、,\n\t")


# What a rule's function gives: a value for the rule's own category, (category, value), or None: not this one.
Build = Callable[[Found, Any], Any]


@dataclass(slots=True)
class _Rule:
    makes: str
    letter: str
    search: Callable[..., re.Match[str] | None]
    needs: frozenset[str]  # every match holds one of these letters: a quick no for most rules
    build: Build


class Rules:
    """A list of rules in the order they were told, before they are compiled."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str, Build]] = []

    def rule(self, makes: str, *notations: str) -> Callable[[Build], Build]:
        """Register a function for rows of categories: names in order; ( | ) to choose, ? after what may be missing."""

        def keep(build: Build) -> Build:
            self.told += [(makes, notation, build) for notation in notations]
            return build

        return keep


class Grammar:
    """Compiled rules; built once, then run from any thread."""

    def __init__(self, shorthands: dict[str, str], *rules: Rules) -> None:
        self._shorthands = shorthands
        self._letters: dict[str, str] = {}
        self._rules = [
            _Rule(makes, self.letter(makes), re.compile(self._compiled(notation)).search, self._needs(notation), build)
            for some in rules
            for makes, notation, build in some.told
        ]

    def letter(self, category: str) -> str:
        if category == GAP:
            return GAP
        return self._letters.setdefault(category, chr(_FIRST_LETTER + len(self._letters)))

    def token(self, category: str, start: int, end: int, value: Any = None) -> Token:
        return Token(category, self.letter(category), start, end, value)

    def run(self, tokens: list[Token], text: str, context: Any) -> list[Token]:
        """The tokens that are left when every rule has had its turn."""
        left: list[Token] = []
        for row in _rows(tokens[:MOST_TOKENS]):
            left += self._run_row(row, text, context) if len(row) > 1 or row[0].letter != GAP else row
        return left

    def _run_row(self, tokens: list[Token], text: str, context: Any) -> list[Token]:
        letters = "".join([token.letter for token in tokens])
        present = set(letters)
        for rule in self._rules:
            if rule.needs.isdisjoint(present):
                continue
            match = rule.search(letters)
            while match is not None:
                start, end = match.span()
                made = rule.build(Found(tokens[start:end], text), context)
                if made is None:
                    match = rule.search(letters, start + 1)
                    continue
                tokens[start:end] = [self._made(rule, made, tokens[start:end])]
                letters = letters[:start] + tokens[start].letter + letters[end:]
                present.add(tokens[start].letter)
                match = rule.search(letters, start if end - start > 1 else start + 1)
        return tokens

    def _made(self, rule: _Rule, made: Any, used: Sequence[Token]) -> Token:
        start, end = used[0].start, used[-1].end
        if isinstance(made, tuple):
            return self.token(made[0], start, end, made[1])
        return Token(rule.makes, rule.letter, start, end, made)

    def _compiled(self, notation: str) -> str:
        return "".join(self._piece(piece) for piece in _PIECE.findall(notation))

    def _piece(self, piece: str) -> str:
        if piece == "(":
            return "(?:"
        if piece in ")|?":
            return piece
        if piece in self._shorthands:
            return f"(?:{self._compiled(self._shorthands[piece])})"
        return self.letter(piece)

    def _needs(self, notation: str) -> frozenset[str]:
        """The smallest set of letters of which every match must hold one."""
        groups = sorted((group for group in _groups(self._spelt(notation)) if group), key=len)
        return frozenset(groups[0] if groups else ())

    def _spelt(self, notation: str) -> list[str]:
        """The notation's pieces with shorthands written out and categories as letters."""
        spelt: list[str] = []
        for piece in _PIECE.findall(notation):
            if piece in "()|?":
                spelt.append(piece)
            elif piece in self._shorthands:
                spelt += self._spelt(self._shorthands[piece])
            else:
                spelt.append(self.letter(piece))
        return spelt


def _groups(pieces: Sequence[str]) -> Iterator[list[str]]:
    """The letters of each top-level part that cannot be missing."""
    depth, group = 0, list[str]()
    for piece, following in zip(pieces, [*pieces[1:], ""], strict=True):
        depth += (piece == "(") - (piece == ")")
        if piece not in "()|?":
            group.append(piece)
        if depth == 0 and piece not in "?|":
            if following != "?":
                yield group
            group = []


def _rows(tokens: list[Token]) -> Iterator[list[Token]]:
    """Cut at gaps into rows of some length, so that the work stays in proportion to the text."""
    row: list[Token] = []
    for token in tokens:
        row.append(token)
        if (token.letter == GAP and len(row) >= _ROW) or len(row) >= _LONGEST_ROW:
            yield row
            row = []
    if row:
        yield row
