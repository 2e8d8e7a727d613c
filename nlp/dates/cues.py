"""The shape of a language's cues for what a date is there for."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cues:
    """Each function reads the sentence before and behind a date (small letters, narrow digits)."""

    is_old: Callable[[str, str, str], bool]  # and the text before the sentence
    is_deadline: Callable[[str, str], bool]
    is_proposed: Callable[[str, str], bool]
    tells_of_past: Callable[[str, str], bool]
    looks_ahead: Callable[[str, str], bool]  # a plan, a wish, a question, a duty
    is_no_meeting: Callable[[str, str], bool]  # what happens then is not for the two to settle
    is_demand: Callable[[str, str], bool]  # somebody is told to do something, and not to meet


def last_clause(before: str, ends: re.Pattern[str]) -> str:
    """What stands behind the last end of a clause; `ends` matches from the beginning."""
    match = ends.match(before)
    return before[match.end() :] if match else before


def first_clause(after: str, ends: re.Pattern[str]) -> str:
    match = ends.search(after)
    return after[: match.start()] if match else after
