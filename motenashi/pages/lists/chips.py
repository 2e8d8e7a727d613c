"""A filter as chips in words, each with the way to take it out: what everybody sees, with or without the builder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from motenashi.filters.filter import FilterWrong
from motenashi.filters.wording import test_in_words
from motenashi.flow_engine.criteria_pattern import And, Not, Pattern, Ref
from motenashi.pages.lists.asked import Asked, compact
from motenashi.pages.lists.conditions import Conditions, conditions_of, without
from motenashi.pages.lists.list_view import ListsDesk


@dataclass(frozen=True)
class Chip:
    """`remove` is the address of the list without this condition, `build` that of the builder with it."""

    number: int
    words: str
    remove: str
    build: str
    wrong: bool = False
    join: Literal[""] = ""
    parts: tuple[()] = ()


@dataclass(frozen=True)
class Joined:
    """Chips that are joined by and, or; or the one that must not hold."""

    join: Literal["and", "or", "not"]
    parts: tuple[Chip | Joined, ...]


def chips_of(asked: Asked, desk: ListsDesk, language: str) -> Joined:
    """The whole filter; without conditions, no part."""
    conditions = conditions_of(asked.written)
    chips = {
        number: _chip(number, item, asked, conditions, desk, language)
        for number, item in enumerate(conditions.items, start=1)
    }
    if conditions.pattern is None:
        return Joined("and", tuple(chips.values()))
    whole = _joined(conditions.pattern, chips)
    forgotten = tuple(chip for number, chip in chips.items() if number not in _numbers(whole))
    if forgotten or isinstance(whole, Chip):
        return Joined("and", (whole, *forgotten))
    return whole


def _chip(number: int, item: Any, asked: Asked, conditions: Conditions, desk: ListsDesk, language: str) -> Chip:
    words, wrong = _words(item, asked.module, desk, language)
    remove = asked.path(written=without(conditions, number).written)
    return Chip(number, words, remove, asked.path(build=True), wrong)


def _words(item: Any, module: str, desk: ListsDesk, language: str) -> tuple[str, bool]:
    """One condition in words, or as it is written where it can't be used."""
    try:
        words = test_in_words(desk.read(module, {"if": [item]}).group.tests, language)
        return words[:1].upper() + words[1:], False
    except FilterWrong:
        return _as_written(item), True


def _as_written(item: Any) -> str:
    return ", ".join(f"{name}: {_plain(value)}" for name, value in item.items()) if isinstance(item, Mapping) else "?"


def _plain(value: Any) -> str:
    text = value if isinstance(value, str) else compact(value) if isinstance(value, dict | list) else str(value)
    return text if len(text) <= 80 else f"{text[:80]}…"


def _joined(pattern: Pattern, chips: Mapping[int, Chip]) -> Chip | Joined:
    if isinstance(pattern, Ref):
        return chips.get(pattern.number, Joined("and", ()))
    if isinstance(pattern, Not):
        return Joined("not", (_joined(pattern.part, chips),))
    parts = tuple(_joined(part, chips) for part in pattern.parts)
    return Joined("and" if isinstance(pattern, And) else "or", parts)


def _numbers(part: Chip | Joined) -> set[int]:
    return {part.number} if isinstance(part, Chip) else {one for inner in part.parts for one in _numbers(inner)}
