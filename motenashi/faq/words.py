"""What a question is made of, for comparing questions: words in English, characters by twos in Japanese.

English words are folded and lose their endings; words that ask and point ("do", "the", "please") are left out.
Japanese has no spaces: kanji and hiragana give pairs of characters (kanji also singly), while a run of katakana or
Latin letters is one word. Each piece has a weight: what is only grammar counts little.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from itertools import pairwise

_JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uff66-\uff9f]")
_ENGLISH_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
_JAPANESE_RUN = re.compile(
    r"(?P<katakana>[\u30a1-\u30fa\u30fc]+)|(?P<latin>[a-z0-9]+)|(?P<text>[\u3041-\u3096\u3400-\u9fff\u3005]+)"
)
_KANJI = re.compile(r"[\u3400-\u9fff]")

_SILENT_WORDS = """
    a about am an and any are as at be been but by can could did do does for from get give go good got had has have
    having hello hi how i i'd i'll i'm i've if in into is it it's its let like long made make many may me might much my
    need of on one or our ours please rather should since so some still tell thank thanks that that's the their them
    then there these they this till to us want was we we'd we're what what's whats when where which who will with would
    you your yours
"""
_SILENT = frozenset(_SILENT_WORDS.split())
# "us" is a keyboard, "our" is not: these stay although they look like grammar.
_KEPT = frozenset({"us"})

# Japanese phrases that only ask or are polite; cut away before pairs are made.
_POLITE = re.compile(
    "こんにちは|こんばんは|おはようございます|ありがとうございます|ありがとうございました|ありがとう|すみません|"
    "教えてください|教えて下さい|お願いします|お願いいたします|いただけますか|頂けますか|もらえますか|もらえません|"
    "してください|して下さい|ください|下さい|できますか|出来ますか|できません|ありますか|でしょうか|ですか|ますか|"
    "いますか|なりました|なくなり|しまいました|ました|たいです|たい|ません|したい|のですが|ですが|です|ます|について|とは|ほしい|欲しい|知りたい|どうすればよい"
)
_GRAMMAR_WEIGHT, _KANJI_WEIGHT, _MIXED_WEIGHT = 0.25, 0.7, 0.5


def is_japanese(text: str) -> bool:
    return bool(_JAPANESE.search(text))


def folded(text: str) -> str:
    """One width and one case; halves of surrogate pairs and control characters become spaces."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'")
    return "".join(" " if unicodedata.category(letter) in ("Cc", "Cs") else letter for letter in plain)


def weighted_words(text: str, language: str) -> Mapping[str, float]:
    """The pieces of a text with their weight (0 to 1)."""
    pieces = _japanese(folded(text)) if language == "ja" else _english(folded(text))
    weights: dict[str, float] = {}
    for piece, weight in pieces:
        weights[piece] = max(weight, weights.get(piece, 0.0))
    return weights


def _english(text: str) -> Iterator[tuple[str, float]]:
    for word in _ENGLISH_WORD.findall(text.replace("e-mail", "email")):
        if word in _KEPT or word not in _SILENT:
            yield stem(word), 1.0


def stem(word: str) -> str:
    """Without the common English endings; only ever compared with other stems."""
    word = word.removesuffix("'s")
    for ending, instead in (("ies", "y"), ("ations", "at"), ("ation", "at"), ("ing", ""), ("ed", ""), ("es", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word.removesuffix(ending) + instead
            break
    else:
        if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
            word = word[:-1]
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiouls":
        word = word[:-1]  # shipped -> shipp -> ship
    return word.removesuffix("e") if len(word) > 3 else word


def _japanese(text: str) -> Iterator[tuple[str, float]]:
    for match in _JAPANESE_RUN.finditer(_POLITE.sub(" ", text)):
        if match.lastgroup == "text":
            yield from _pairs(match.group())
        else:
            word = match.group()
            yield (word.rstrip("ー") if len(word) > 3 else word), 1.0


def _pairs(run: str) -> Iterator[tuple[str, float]]:
    for letter in run:
        if _KANJI.match(letter):
            yield letter, _KANJI_WEIGHT
    for first, second in pairwise(run):
        kanji = bool(_KANJI.match(first)) + bool(_KANJI.match(second))
        yield first + second, (_GRAMMAR_WEIGHT, _MIXED_WEIGHT, 1.0)[kanji]
