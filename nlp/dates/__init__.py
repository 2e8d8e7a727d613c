"""Dates and times in English and Japanese texts: found, understood, resolved, with their role.

`find_dates` is the only door. A text goes through one tokeniser and one cascade of rules a language (english_*.py,
japanese_*.py); what they make are the values of values.py; resolving.py puts those against the moment the text was
written; roles.py says what each date is there for. No model, no network, no clock of its own.

The rules are loaded when somebody asks for `find_dates`: a web process only hands readings on, and needs the words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nlp.dates.mention import DateMention, NormalForm, RejectedReading

if TYPE_CHECKING:
    from nlp.dates.finding import find_dates

__all__ = ["DateMention", "NormalForm", "RejectedReading", "find_dates"]


def __getattr__(name: str) -> Any:
    if name != "find_dates":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from nlp.dates.finding import find_dates

    return find_dates
