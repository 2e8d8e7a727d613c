"""The shape of a language's cues for what a date is there for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cues:
    """Each function reads the sentence before and behind a date (small letters, narrow digits)."""

    is_old: Callable[[str, str, str], bool]  # and the text before the sentence
    is_deadline: Callable[[str, str], bool]
    is_proposed: Callable[[str, str], bool]
    is_free: Callable[[str], bool]  # "free until 4": an open end that is no deadline
    tells_of_past: Callable[[str, str], bool]
