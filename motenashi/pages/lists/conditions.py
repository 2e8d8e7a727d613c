"""A written filter as numbered conditions and their pattern: without one of them, with another field, searched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from motenashi.flow_engine.criteria_pattern import And, Not, Or, Pattern, PatternWrong, Ref, numbers_in, read_pattern

# What the search box looks through.
SEARCHED: Mapping[str, tuple[str, ...]] = {
    "leads": ("name", "company", "email"),
    "contacts": ("name", "account.name", "email"),
    "accounts": ("name", "website"),
    "deals": ("name", "account.name", "contact.name", "contact.email"),
}


@dataclass(frozen=True)
class Conditions:
    """Numbered from 1, as they stand. `pattern` is None where all of them must hold."""

    items: tuple[Any, ...]
    pattern: Pattern | None = None

    @property
    def written(self) -> dict[str, Any]:
        """The filter again; {} without a condition."""
        if not self.items:
            return {}
        written: dict[str, Any] = {"if": list(self.items)}
        if self.pattern is not None:
            written["pattern"] = pattern_text(self.pattern)
        return written


def conditions_of(written: Mapping[str, Any]) -> Conditions:
    """Of any filter, also a wrong one; a pattern that can't be read is none."""
    items = written.get("if") or ()
    if isinstance(items, Mapping):
        items = [{field: value} for field, value in items.items()]
    if not isinstance(items, list | tuple):
        return Conditions(())
    pattern = written.get("pattern")
    try:
        tree = read_pattern(pattern) if isinstance(pattern, str) and pattern.strip() else None
    except PatternWrong:
        tree = None
    return Conditions(tuple(items), tree)


def without(conditions: Conditions, number: int) -> Conditions:
    """The others, numbered anew; what was joined with the one that is gone stands alone."""
    items = tuple(item for place, item in enumerate(conditions.items, 1) if place != number)
    left = None if conditions.pattern is None else _pruned(conditions.pattern, number)
    return Conditions(items, None if left is None or _is_plain(left, len(items)) else left)


def renamed(conditions: Conditions, number: int, old: str, new: str) -> Conditions:
    """With another field in one condition, wherever in it the old one stands."""
    items = list(conditions.items)
    if 1 <= number <= len(items):
        items[number - 1] = _with_key(items[number - 1], old, new)
    return Conditions(tuple(items), conditions.pattern)


def searched(written: Mapping[str, Any], module: str, typed: str) -> Mapping[str, Any]:
    """The filter with what somebody typed into the search box as one more condition; every word must be found."""
    words = typed.split()[:5]
    if not words:
        return written
    conditions = conditions_of(written)
    items, joined = list(conditions.items), [conditions.pattern] if conditions.pattern else []
    if conditions.pattern is None:
        joined += [Ref(number) for number in range(1, len(items) + 1)]
    for word in words:
        first = len(items) + 1
        items += [{field: {"contains": word}} for field in SEARCHED[module]]
        joined.append(Or(tuple(Ref(number) for number in range(first, len(items) + 1))))
    whole = joined[0] if len(joined) == 1 else And(tuple(joined))
    return Conditions(tuple(items), whole).written


def pattern_text(pattern: Pattern) -> str:
    """As somebody would write it."""
    if isinstance(pattern, Ref):
        return str(pattern.number)
    if isinstance(pattern, Not):
        return f"not {_bracketed(pattern.part)}"
    word = " and " if isinstance(pattern, And) else " or "
    return word.join(_bracketed(part) for part in pattern.parts)


def _bracketed(pattern: Pattern) -> str:
    text = pattern_text(pattern)
    return f"({text})" if isinstance(pattern, And | Or) else text


def _pruned(pattern: Pattern, gone: int) -> Pattern | None:
    if isinstance(pattern, Ref):
        return None if pattern.number == gone else Ref(pattern.number - (pattern.number > gone))
    if isinstance(pattern, Not):
        part = _pruned(pattern.part, gone)
        return None if part is None else Not(part)
    parts = tuple(part for one in pattern.parts if (part := _pruned(one, gone)) is not None)
    if len(parts) < 2:
        return parts[0] if parts else None
    return And(parts) if isinstance(pattern, And) else Or(parts)


def _is_plain(pattern: Pattern, count: int) -> bool:
    """Does it say no more than that all must hold?"""
    parts: Sequence[Pattern] = pattern.parts if isinstance(pattern, And) else (pattern,)
    return all(isinstance(part, Ref) for part in parts) and numbers_in(pattern) == set(range(1, count + 1))


def _with_key(value: Any, old: str, new: str) -> Any:
    if isinstance(value, Mapping):
        return {(new if key == old else key): _with_key(inner, old, new) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with_key(inner, old, new) for inner in value]
    return value
