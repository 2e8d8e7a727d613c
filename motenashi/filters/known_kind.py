"""A value whose kind an earlier check has settled, told to the type checker by a check that always runs."""

from __future__ import annotations

from typing import TypeVar

T = TypeVar("T")


def known_as(kind: type[T], value: object) -> T:
    """The value itself; TypeError when the earlier check was forgotten."""
    if not isinstance(value, kind):
        raise TypeError(f"{kind.__name__} was to be expected here, not {type(value).__name__}")
    return value
