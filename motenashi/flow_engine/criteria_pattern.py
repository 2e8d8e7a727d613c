"""How numbered conditions are joined: `(1 and 2) or not 3`, read into a small tree.

`not` binds tighter than `and`, `and` tighter than `or`; brackets say otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

LONGEST_PATTERN = 500  # characters
DEEPEST = 40  # brackets and nots inside one another


@dataclass(frozen=True)
class Ref:
    """Condition number `number`."""

    number: int


@dataclass(frozen=True)
class Not:
    part: Pattern


@dataclass(frozen=True)
class And:
    parts: tuple[Pattern, ...]


@dataclass(frozen=True)
class Or:
    parts: tuple[Pattern, ...]


Pattern = Ref | Not | And | Or


class PatternWrong(Exception):
    """`position` counts characters from 1."""

    def __init__(self, what: str, position: int) -> None:
        super().__init__(what)
        self.what = what
        self.position = position


def read_pattern(text: str) -> Pattern:
    """PatternWrong for whatever is no pattern."""
    if len(text) > LONGEST_PATTERN:
        raise PatternWrong(f"it is longer than {LONGEST_PATTERN} characters", LONGEST_PATTERN + 1)
    return _Reader(text).whole()


def numbers_in(pattern: Pattern) -> set[int]:
    """The numbers of the conditions it names."""
    if isinstance(pattern, Ref):
        return {pattern.number}
    if isinstance(pattern, Not):
        return numbers_in(pattern.part)
    return {number for part in pattern.parts for number in numbers_in(part)}


def holds_for(pattern: Pattern, held: Callable[[int], bool]) -> bool:
    """Is the pattern true, when `held` says it of each number? Asks no more numbers than it needs."""
    if isinstance(pattern, Ref):
        return held(pattern.number)
    if isinstance(pattern, Not):
        return not holds_for(pattern.part, held)
    if isinstance(pattern, And):
        return all(holds_for(part, held) for part in pattern.parts)
    return any(holds_for(part, held) for part in pattern.parts)


_TOKEN = re.compile(r"\s*(?:(?P<number>\d{1,9})|(?P<word>[^\W\d_]+)|(?P<open>[(（])|(?P<close>[)）])|(?P<other>\S))")


@dataclass(frozen=True)
class _Token:
    kind: str  # number, and, or, not, open, close, end
    text: str
    position: int


def _tokens(text: str) -> Iterator[_Token]:
    for found in _TOKEN.finditer(text):
        kind = str(found.lastgroup)
        piece = found[kind]
        position = found.start(kind) + 1
        if kind == "word" and piece.casefold() in ("and", "or", "not"):
            kind = piece.casefold()
        elif kind in ("word", "other"):
            raise PatternWrong(f"'{piece}' does not belong in a pattern", position)
        yield _Token(kind, piece, position)
    yield _Token("end", "", len(text.rstrip()) + 1)


class _Reader:
    def __init__(self, text: str) -> None:
        self._tokens = list(_tokens(text))
        self._next = 0
        self._depth = 0

    def whole(self) -> Pattern:
        pattern = self._or()
        if self._here.kind != "end":
            raise PatternWrong(f"'{self._here.text}' is not expected here", self._here.position)
        return pattern

    @property
    def _here(self) -> _Token:
        return self._tokens[self._next]

    def _take(self, kind: str) -> bool:
        if self._here.kind != kind:
            return False
        self._next += 1
        return True

    def _or(self) -> Pattern:
        parts = [self._and()]
        while self._take("or"):
            parts.append(self._and())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _and(self) -> Pattern:
        parts = [self._one()]
        while self._take("and"):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _one(self) -> Pattern:
        token = self._here
        if self._take("number"):
            return Ref(int(token.text))
        self._depth += 1
        if self._depth > DEEPEST:
            raise PatternWrong("too many brackets inside one another", token.position)
        found = self._negated() if self._take("not") else self._bracket()
        self._depth -= 1
        return found

    def _negated(self) -> Pattern:
        return Not(self._one())

    def _bracket(self) -> Pattern:
        token = self._here
        if not self._take("open"):
            what = (
                "it ends where a number is expected" if token.kind == "end" else f"'{token.text}' is not expected here"
            )
            raise PatternWrong(what, token.position)
        inner = self._or()
        if not self._take("close"):
            raise PatternWrong("the bracket that opened here is not closed", token.position)
        return inner
