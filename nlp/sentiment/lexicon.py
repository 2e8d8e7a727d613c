"""The words that judge, found in a text: which, where, how strongly, and whether they are denied.

The words themselves stand in lexicon_en.yaml and lexicon_ja.yaml, written for this project.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import yaml

HERE = Path(__file__).parent
GROUPS = ("glad.strong", "glad.plain", "cross.strong", "cross.plain", "sarcasm", "courtesy")
_LONGEST_PHRASE = 7  # English words
_DENIAL_REACHES = 3  # English words before a hit
_DENIAL_FOLLOWS = 7  # Japanese characters after a hit


@dataclass(frozen=True)
class Hit:
    """`start` and `end` count words in English and characters in Japanese."""

    group: str
    start: int
    end: int
    denied: bool = False
    strengthened: bool = False


@dataclass(frozen=True)
class Lexicon:
    """`entries` leads from the first two words (Japanese: characters) to the entries that begin with them."""

    entries: Mapping[str, tuple[tuple[str, str], ...]]
    words: Mapping[str, str]
    stems: Mapping[str, str]
    denials: tuple[str, ...]
    strengtheners: frozenset[str]
    turns: tuple[str, ...]


@cache
def lexicon_of(language: str) -> Lexicon:
    """The lexicon of "en" or "ja", read once."""
    given = yaml.safe_load((HERE / f"lexicon_{language}.yaml").read_text(encoding="utf-8"))
    flat = {
        str(phrase): group
        for group in reversed(GROUPS)  # an entry that stands twice counts for the first of its groups
        for phrase in _listed(given, group)
    }
    entries: dict[str, list[tuple[str, str]]] = {}
    words: dict[str, str] = {}
    stems: dict[str, str] = {}
    for phrase, group in flat.items():
        if language == "ja":
            entries.setdefault(phrase[:2], []).append((phrase, group))
        elif " " in phrase:
            entries.setdefault(_first_two(phrase.split(" ")), []).append((phrase, group))
        elif phrase.endswith("*"):
            stems[phrase[:-1]] = group
        else:
            words[phrase] = group
    longest_first = {first: tuple(sorted(those, key=lambda e: -len(e[0]))) for first, those in entries.items()}
    return Lexicon(
        longest_first,
        words,
        stems,
        tuple(map(str, given["denies"])),
        frozenset(map(str, given["strengthens"])),
        tuple(map(str, given["turns"])),
    )


def _listed(given: Mapping[str, object], group: str) -> list[object]:
    name, _, strength = group.partition(".")
    listed = given[name]
    if isinstance(listed, dict):
        listed = listed[strength]
    return listed if isinstance(listed, list) else []


def english_hits(words: list[str]) -> list[Hit]:
    """Hits in lower-case words; marks of punctuation stand among them as words of their own."""
    lexicon = lexicon_of("en")
    hits: list[Hit] = []
    place = 0
    while place < len(words):
        end, group = _english_entry(lexicon, words, place)
        if group:
            before = words[max(0, place - _DENIAL_REACHES) : place]
            hits.append(
                Hit(group, place, end, _is_denied(before), bool(before) and before[-1] in lexicon.strengtheners)
            )
        place = max(end, place + 1)
    return hits


def _english_entry(lexicon: Lexicon, words: list[str], place: int) -> tuple[int, str]:
    for phrase, group in lexicon.entries.get(_first_two(words[place : place + 2]), ()):
        length = phrase.count(" ") + 1
        if place + length <= len(words) and _same(phrase.split(" "), words[place : place + length]):
            return place + length, group
    return place + 1, _group_of_word(words[place])


def _first_two(words: list[str]) -> str:
    """The beginning under which a phrase is kept; of a second word only a few letters, since a star may follow."""
    return " ".join((words[0], words[1][:3])) if len(words) > 1 else words[0]


@lru_cache(maxsize=20_000)
def _group_of_word(word: str) -> str:
    lexicon = lexicon_of("en")
    if word in lexicon.words:
        return lexicon.words[word]
    ends = range(min(len(word), 10), 2, -1)
    return next((lexicon.stems[word[:end]] for end in ends if word[:end] in lexicon.stems), "")


def _same(phrase: list[str], words: list[str]) -> bool:
    return all(
        word == given or (given.endswith("*") and word.startswith(given[:-1]))
        for given, word in zip(phrase, words, strict=True)
    )


_DENYING_WORD = re.compile(
    r"(?:not|no|never|without|nothing|nobody|none|neither|nor|hardly|barely|cannot|lacks?|lacking|less)$|.*n't$"
)
_ENDS_REACH = frozenset({",", ".", "!", "?", ";", ":", "but", "and"})


def _is_denied(before: list[str]) -> bool:
    for word in reversed(before):
        if word in _ENDS_REACH:
            return False
        if _DENYING_WORD.match(word):
            return True
    return False


def japanese_hits(text: str) -> list[Hit]:
    """Hits in folded text (see `nlp.sentiment.features.folded`)."""
    return list(_japanese_hits(text, lexicon_of("ja")))


_JAPANESE_DENIAL = re.compile(r"[^、。!?\n]{0,5}?(?:ない|なく|なかっ|ません|ず(?:、|に)|なし|ぬ)")
_NOT_A_DENIAL = re.compile(
    r"[^、。!?\n]{0,6}?(?:ませんか|ないか|なければ|しかない|しかありません|に違いない|ないでしょうか)"
)


def _japanese_hits(text: str, lexicon: Lexicon) -> Iterator[Hit]:
    place = 0
    while place < len(text):
        for phrase, group in lexicon.entries.get(text[place : place + 2], lexicon.entries.get(text[place], ())):
            if text.startswith(phrase, place):
                end = place + len(phrase)
                follows = text[end : end + _DENIAL_FOLLOWS]
                denied = bool(_JAPANESE_DENIAL.match(follows)) and not _NOT_A_DENIAL.match(follows)
                yield Hit(group, place, end, denied, _strengthened_before(text, place, lexicon))
                place = end
                break
        else:
            place += 1


def _strengthened_before(text: str, place: int, lexicon: Lexicon) -> bool:
    before = text[max(0, place - 5) : place].rstrip("にのは、")
    return any(before.endswith(word) for word in lexicon.strengtheners)
