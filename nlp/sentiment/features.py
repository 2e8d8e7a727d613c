"""What a sentence shows of its tone: its own words, and what the lexicon knows about them.

A feature is a short name; a text has each of its features once or several times. Courtesy formulas are replaced by one
mark before anything is counted, so that thanks in advance never learn to be joy.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from itertools import pairwise

from nlp.sentiment.courtesy import MARK, without_courtesy
from nlp.sentiment.lexicon import Hit, english_hits, japanese_hits

LONGEST_SENTENCE = 600  # characters; the rest of a sentence without end is not looked at

_WORD = re.compile(r"[a-z]+(?:['’][a-z]+)*|\d[\d.,:]*|[!?]+|\.{2,}|…|[.,;:()\"“”]|[^\x00-\x7f\s]")
_SHOUTED = re.compile(r"\b[A-Z]{4,}\b")
_STEM_LETTERS = 5


def features_of(sentence: str, language: str) -> Counter[str]:
    """The features of one sentence, with how often each is there."""
    sentence = without_courtesy(sentence[:LONGEST_SENTENCE], language)
    return _japanese(sentence) if language == "ja" else _english(sentence)


def folded(text: str) -> str:
    """Japanese made alike: width and letter case."""
    return unicodedata.normalize("NFKC", text).lower()


def english_words(sentence: str) -> list[str]:
    return [word.replace("’", "'") for word in _WORD.findall(sentence.lower())]


def _english(sentence: str) -> Counter[str]:
    words = english_words(sentence)
    hits = english_hits(words)
    found = _of_hits(hits)
    if _SHOUTED.search(sentence):
        found["shouted"] += 1
    kept = _without_courtesy(words, hits)
    found.update(kept)
    found.update([f"{word[:_STEM_LETTERS]}~" for word in kept if len(word) > _STEM_LETTERS])
    found.update([f"{one} {two}" for one, two in pairwise(["^", *kept, "$"])])
    found.update([f"{one} {two} {three}" for one, two, three in zip(kept, kept[1:], kept[2:], strict=False)])
    found.update([f"{one} {two}" for one, two in pairwise(_judged(words, hits)) if "<" in one or "<" in two])
    return found


def _without_courtesy(words: list[str], hits: list[Hit]) -> list[str]:
    kept = list(words)
    for hit in reversed(hits):
        if hit.group == "courtesy":
            kept[hit.start : hit.end] = [MARK]
    return ["0" if word[0].isdigit() else word for word in kept]


def _judged(words: list[str], hits: list[Hit]) -> list[str]:
    """The words with every judging one replaced by what it judges: "your <cross> support"."""
    kept = list(words)
    for hit in reversed(hits):
        kept[hit.start : hit.end] = [f"<{hit.group.partition('.')[0]}>"]
    return kept


def _japanese(sentence: str) -> Counter[str]:
    text = folded(sentence)
    hits = japanese_hits(text)
    found = _of_hits(hits)
    for hit in reversed(hits):
        if hit.group == "courtesy":
            text = f"{text[: hit.start]}{MARK}{text[hit.end :]}"
    text = re.sub(r"\d+", "0", text)
    text = f"^{re.sub(chr(92) + 's+', '', text)}$"
    for length in (1, 2, 3, 4):
        found.update([text[place : place + length] for place in range(len(text) - length + 1)])
    return found


def _of_hits(hits: list[Hit]) -> Counter[str]:
    found: Counter[str] = Counter()
    glad = cross = 0
    for hit in hits:
        if hit.group == "courtesy":
            found["L:courtesy"] += 1
            continue
        kind = hit.group.partition(".")[0]
        found[f"L:{hit.group}{'-denied' if hit.denied else ''}"] += 1
        found[f"L:{kind}{'-denied' if hit.denied else ''}{'-very' if hit.strengthened else ''}"] += 1
        glad += (kind == "glad" and not hit.denied) or (kind == "cross" and hit.denied)
        cross += (kind == "cross" and not hit.denied) or (kind == "glad" and hit.denied)
    found[f"L:glad={min(glad, 3)}"] = 1
    found[f"L:cross={min(cross, 3)}"] = 1
    found[f"L:both={min(glad, 2)},{min(cross, 2)}"] = 1
    return found
