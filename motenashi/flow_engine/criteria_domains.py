"""Which values a variable may take, cut down to one of each kind that some conditions tell apart.

Two values of which all conditions say the same need not both be tried. A variable of unknown domain may hold anything,
nothing included. A Case that stands for values nobody can write down (a text that contains 'x' but begins with 'y') or
that may not occur (half a visit) is not `sure`: it can refute, but never serve as an example.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations, pairwise, product
from typing import Any

from motenashi.conversation.assurance import Assurance
from motenashi.conversation.folding import fold, number_in
from motenashi.flow_engine.criteria import Condition, condition_holds
from motenashi.flow_engine.criteria_subjects import as_text
from motenashi.flow_engine.criteria_values import NumberRange

MOST_OPAQUE = 8  # conditions on one variable whose truth is tried both ways
_MOST_ITEMS = 4  # named in list conditions on one variable
_LONGEST_LIST = 12
_LARGEST = 1e15  # from here on, a float and the equal int are written differently
_ANY_TIME = datetime(2026, 1, 1, tzinfo=UTC)  # only conditions that know no time are asked with it


@dataclass(frozen=True)
class Numbers:
    """Any number in bounds (included); `whole` numbers only; `may_be_empty`: may it be unknown?"""

    whole: bool = False
    low: float | None = None
    high: float | None = None
    may_be_empty: bool = True


@dataclass(frozen=True)
class Texts:
    """Any text that is not blank; `may_be_empty`: may it be unknown?"""

    may_be_empty: bool = True


# A sequence is every value there is; put None into it when the variable may be unknown.
Domain = Sequence[Any] | Numbers | Texts
Key = tuple[str, str, str]  # field, operator, value


@dataclass(frozen=True)
class Case:
    """One value of a field (or only its truths, when not `sure`) and what each condition says of it."""

    value: Any
    sure: bool
    truths: Mapping[Key, bool]


def key_of(condition: Condition) -> Key:
    return condition.field, condition.operator.name, repr(condition.value)


def cases_of(field: str, conditions: Iterable[Condition], domain: Domain | None) -> list[Case]:
    """The kinds of value of `field` that the conditions tell apart, the sure ones first."""
    asked = {key_of(condition): condition for condition in conditions}
    found = _Field(list(asked.values()), domain).cases()
    first: dict[tuple[bool, ...], Case] = {}
    for case in sorted(found, key=lambda case: not case.sure):  # sorting keeps the order within both
        first.setdefault(tuple(case.truths[key] for key in asked), case)
    return list(first.values())


def is_free(condition: Condition) -> bool:
    """Does its truth depend on more than its own variable: on another variable, or on the time?"""
    if condition.operator.name == "between":
        return bool(condition.references) or not isinstance(condition.ready, NumberRange)
    return bool(condition.references) or "time" in condition.operator.families


class _Field:
    """Makes the cases of one variable; `conditions` are different ones and none is free."""

    def __init__(self, conditions: list[Condition], domain: Domain | None) -> None:
        self.conditions = conditions
        self.domain = domain
        self.mentioned = list(dict.fromkeys(text for c in conditions for text in _texts_in(c)))
        self.fresh = _unlike(self.mentioned)
        self.points = self._points()

    def cases(self) -> Iterator[Case]:
        if isinstance(self.domain, Numbers):
            yield from self._concrete(self.points, sure=True)
            yield from self._concrete([None] if self.domain.may_be_empty else [], sure=True)
            yield from self._abstract(numbers_only=True)
        elif isinstance(self.domain, Texts):
            yield from self._concrete([*self.mentioned, *map(str, self.points), self.fresh], sure=True)
            yield from self._concrete([None] if self.domain.may_be_empty else [], sure=True)
            yield from self._abstract()
        elif self.domain is not None:
            yield from self._concrete(self.domain, sure=True)
        else:
            yield from self._anything()

    def _anything(self) -> Iterator[Case]:
        """Values of the kinds that the conditions speak of are sure; of other kinds, possible at most."""
        families = {family for condition in self.conditions for family in condition.operator.families}
        wrote = {float(number) for number in _numbers_in(self.conditions)}
        likely = [point for point in self.points if point == int(point) or point in wrote]
        yield from self._concrete(self.mentioned, sure=True)
        yield from self._concrete(likely, sure="number" in families)
        yield from self._concrete([True, False], sure="boolean" in families)
        yield from self._concrete([None], sure=True)
        yield from self._concrete([self.fresh], sure=bool(families & {"text", "any"}))
        yield from self._concrete(self._lists(), sure="list" in families)
        yield from self._concrete([*self.points, *self._records()], sure=False)
        yield from self._abstract()

    def _concrete(self, values: Iterable[Any], sure: bool) -> Iterator[Case]:
        for value in values:
            yield Case(value, sure, {key_of(c): _says(c, value) for c in self.conditions})

    def _abstract(self, numbers_only: bool = False) -> Iterator[Case]:
        """Texts (and numbers) that nobody named: each may or may not contain, match …, and may be some number.

        Wider than what there is, which is safe for saying that something can not happen.
        """
        opaque = {_opaque_key(c): None for c in self.conditions if _is_opaque(c)}
        if len(opaque) > MOST_OPAQUE:
            raise TooMany(f"more than {MOST_OPAQUE} conditions on pieces of one text")
        stand_ins: list[Any] = [*self.points] if numbers_only else [*self.points, self.fresh]
        for stand_in, truths in product(stand_ins, product((True, False), repeat=len(opaque))):
            chosen = dict(zip(opaque, truths, strict=True))
            yield Case(None, False, {key_of(c): self._imagined(c, stand_in, chosen) for c in self.conditions})

    def _imagined(self, condition: Condition, stand_in: Any, chosen: Mapping[Key, bool]) -> bool:
        if _is_opaque(condition):
            return chosen[_opaque_key(condition)] != (condition.operator.name == "not_contains")
        numeric = "number" in condition.operator.families
        return _says(condition, stand_in if numeric or isinstance(self.domain, Numbers) else self.fresh)

    def _points(self) -> list[int | float]:
        """Each number a condition turns on, and one from every gap between them, within the domain."""
        bounds = self.domain if isinstance(self.domain, Numbers) else Numbers()
        ends = [end for end in (bounds.low, bounds.high) if end is not None]
        written = [*_numbers_in(self.conditions), *map(_number, self.mentioned), *ends]
        turns = sorted({number for number in written if number is not None}) or [0]
        if max(map(abs, turns)) >= _LARGEST:
            raise TooMany("numbers so large that their writing is not unique")
        inside = [between for low, high in pairwise(turns) for between in _between(low, high)]
        found = sorted({math.ceil(turns[0]) - 1, *turns, *inside, math.floor(turns[-1]) + 1})
        return [
            point
            for point in found
            if (bounds.low is None or point >= bounds.low)
            and (bounds.high is None or point <= bounds.high)
            and (not bounds.whole or point == int(point))
        ]

    def _lists(self) -> Iterator[list[str]]:
        """Lists that hold each choice of the named items, in every length that matters."""
        listing = [c for c in self.conditions if "list" in c.operator.families]
        items = list(dict.fromkeys(fold(text) for c in listing for text in _texts_in(c)))
        longest = max((c.ready for c in listing if c.operator.name.startswith("size_")), default=0)
        if len(items) > _MOST_ITEMS or longest > _LONGEST_LIST:
            raise TooMany("too many items named in conditions on one list")
        for number in range(len(items) + 1):
            for chosen in combinations(items, number):
                for length in range(max(number, 1), max(longest, number) + 2):
                    yield [*chosen, *[self.fresh] * (length - number)]

    def _records(self) -> Iterator[dict[str, int]]:
        longest = max((c.ready for c in self.conditions if c.operator.name.startswith("size_")), default=0)
        for length in range(1, longest + 2):
            yield {f"key{number}": number for number in range(length)}


class TooMany(Exception):
    """More kinds of value than it is sensible to try."""


def _says(condition: Condition, value: Any) -> bool:
    return condition_holds(condition, {condition.field: value}.get, _ANY_TIME)


_OPAQUE = ("contains", "not_contains", "starts_with", "ends_with", "matches")


def _is_opaque(condition: Condition) -> bool:
    """Does it look inside a text?"""
    return condition.operator.name in _OPAQUE


def _opaque_key(condition: Condition) -> Key:
    """Of a text, `not_contains` is the exact opposite of `contains`."""
    field, operator, value = key_of(condition)
    return field, operator.removeprefix("not_"), value


def _texts_in(condition: Condition) -> list[str]:
    """The texts that a condition names, as the designer wrote them; the words that some operators stand for."""
    if condition.operator.shape.name == "flag":
        return ["true", "false"] if "boolean" in condition.operator.families else []
    if condition.operator.shape.name == "level":
        return [level.word for level in Assurance]
    if condition.operator.shape.name not in ("text", "texts"):
        return []
    values = condition.value if isinstance(condition.value, list) else [condition.value]
    return [value if isinstance(value, str) else as_text(value) for value in values]


def _numbers_in(conditions: Iterable[Condition]) -> Iterator[int | float]:
    for condition in conditions:
        if isinstance(condition.ready, NumberRange):
            yield from (condition.ready.low, condition.ready.high)
        elif condition.operator.shape.name == "number":
            yield condition.ready


def _number(text: str) -> int | float | None:
    number = number_in(text)
    if number is None:
        try:
            number = float(fold(text))  # the way a very large number is written
        except ValueError:
            return None
    return number if math.isfinite(number) else None


def _between(low: int | float, high: int | float) -> list[int | float]:
    """A whole number between both if there is one, and else the middle (or nothing, where they touch)."""
    whole = math.floor(low) + 1
    if whole < high:
        return [whole]
    middle = low + (high - low) / 2
    return [middle] if low < middle < high else []


def _unlike(texts: Sequence[str]) -> str:
    known = {fold(text) for text in texts}
    return next(word for word in ("other", *(f"other {n}" for n in range(1, 10_000))) if word not in known)
