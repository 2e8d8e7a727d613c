"""What the English rules of days share: the categories of months and weekdays, and the words this, next and last."""

from __future__ import annotations

from nlp.dates.cascade import Found
from nlp.dates.context import Context

MONTHS = ("month", "may", "march", "mar")
WEEKDAYS = ("weekday", "sat", "sun")
_SHIFT = {"this": 0, "next": 1, "last": -1, "the": 0, "past": -1}


def month_is_meant(found: Found, context: Context) -> bool:
    """May and March are verbs too: beside a number they must look like names."""
    token = next(one for one in found.tokens if one.category in MONTHS)
    if token.category == "month":
        return True
    if any(one.category in ("small", "nth", "year", "of", "number", "slash") for one in found.tokens):
        return True
    return context.original[token.start : token.start + 1].isupper() or found.alone()


def shift_of(found: Found) -> int | None:
    for token in found.tokens:
        if token.category in _SHIFT and token.category != "the":
            return _SHIFT[token.category]
    return 0 if found.has("the") else None
