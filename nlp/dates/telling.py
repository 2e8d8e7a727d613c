"""What is left when the rules have run, as dates in order: the same in both languages."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from nlp.dates.cascade import Token
from nlp.dates.values import Value

Told = tuple[int, int, Value, str]


def told_in_order(
    tokens: Sequence[Token],
    value_of: Callable[[Token], Value | None],
    *,
    choosing: Collection[str],
    adding: Collection[str],
    passing: Collection[str],
) -> list[Told]:
    """(start, end, value, link) of each date; link "or": a choice with the one before, "and": beside it, "": apart.

    `choosing`, `adding` and `passing` are the categories that may stand between: or; and, commas; words without weight.
    """
    told: list[Told] = []
    link = ""
    for token in tokens:
        value = value_of(token)
        if value is not None:
            told.append((token.start, token.end, value, link if told else ""))
            link = ""
        elif token.category in choosing:
            link = "or"
        elif token.category in adding:
            link = link or "and"
        elif token.category not in passing:
            link = ""
    return told
