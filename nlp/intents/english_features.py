"""What the model sees of an English sentence: stems and their neighbours, letters, concepts, and what is negated."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from nlp.intents.concepts import Concepts, concept_views, read_sections, word_alternatives
from nlp.intents.english_words import stems
from nlp.intents.views import Views, letter_grams, word_grams

_LONGEST_GAP = 3
_REACH = 5  # words between two concepts that are looked at together
_SCOPE = 7  # words after "not" that it may still negate
_SCOPE_ENDS = frozenset({",", ".", ";", ":", "?", "!", "but", "...", '"', "(", ")"})
_DECLINED_WISHES = frozenset({"need", "want", "wish", "requir", "like", "care", "intend", "plan"})


def english_views(text: str) -> Views:
    """The views of one sentence, by name."""
    words = stems(text)
    kinds = negation_kinds(words)
    grams = word_grams(words)
    grams.extend(f"{kind}:{word}" for word, kind in zip(words, kinds, strict=True) if kind)
    concepts = concept_views(_concepts().find(words), kinds, _REACH)
    return {"words": grams, "letters": letter_grams(" ".join(words)), **concepts}


def negation_kinds(words: list[str]) -> list[str]:
    """For each word: "" or how it is negated (`cannot`, `not_yet`, `not_wanted`, `will_not`, `not`, `no`)."""
    kinds = [""] * len(words)
    for place, word in enumerate(words):
        kind, first = _negator(words, place, word)
        if not kind:
            continue
        for index in range(first, min(len(words), first + _SCOPE)):
            if words[index] in _SCOPE_ENDS:
                break
            kinds[index] = kind
    return kinds


def _negator(words: list[str], place: int, word: str) -> tuple[str, int]:
    """The kind of negation that begins here, and the first word in its scope."""
    after = words[place + 1] if place + 1 < len(words) else ""
    if word in {"not", "never"}:
        return ("" if after == "only" else _kind_of_not(words[place - 1] if place else "", after)), place + 1
    if word in {"no", "without", "nor", "neither", "none"}:
        return "no", place + 1
    if (word, after) in {("instead", "of"), ("rather", "than")}:
        return "no", place + 2
    return "", place


def _kind_of_not(before: str, after: str) -> str:
    if before in {"can", "could"}:
        return "cannot"
    if before == "have":
        return "not_yet"
    if before == "do" and after in _DECLINED_WISHES:
        return "not_wanted"
    return "will_not" if before in {"will", "would", "shall"} else "not"


@cache
def _concepts() -> Concepts:
    return Concepts(read_sections("en"), _parse, _LONGEST_GAP)


def _parse(phrase: str) -> Iterator[list[str]]:
    for words in word_alternatives(phrase):
        symbols = [
            symbol for word in words for symbol in ([word] if word == "_" or word.startswith("#") else stems(word))
        ]
        if symbols:
            yield symbols
