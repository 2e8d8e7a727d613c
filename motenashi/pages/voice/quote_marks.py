"""The keywords inside a quote, so that a template can mark them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from motenashi.voice_reports.quotes import Quote, SaidWord

LONGEST_SHOWN = 600  # letters of a quote in a list


@dataclass(frozen=True)
class Stretch:
    text: str
    word: SaidWord | None = None


def stretches(quote: Quote) -> tuple[Stretch, ...]:
    """The text in pieces, one after the other; what is a keyword carries it. Longer words win over shorter ones."""
    text = quote.text[:LONGEST_SHOWN] + ("…" if len(quote.text) > LONGEST_SHOWN else "")
    words = {word.text.casefold(): word for word in quote.words if word.text}
    if not words:
        return (Stretch(text),)
    ordered = sorted(words, key=len, reverse=True)
    found = re.compile("|".join(_whole(word) for word in ordered), re.IGNORECASE)
    return tuple(_cut(text, found, words))


def _whole(word: str) -> str:
    """Not within another word, where words have spaces around them."""
    before = r"(?<!\w)" if word[0].isascii() else ""
    after = r"(?!\w)" if word[-1].isascii() else ""
    return f"{before}{re.escape(word)}{after}"


def _cut(text: str, found: re.Pattern[str], words: dict[str, SaidWord]) -> Sequence[Stretch]:
    pieces, done = [], 0
    for match in found.finditer(text):
        if match.start() > done:
            pieces.append(Stretch(text[done : match.start()]))
        pieces.append(Stretch(match[0], words.get(match[0].casefold())))
        done = match.end()
    if done < len(text):
        pieces.append(Stretch(text[done:]))
    return pieces
