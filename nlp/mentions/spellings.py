"""All the ways one catalogue entry is spelt: from its names and aliases, mixed scripts and sounds written otherwise."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import product

from nlp.mentions.catalogue import CatalogueEntry
from nlp.mentions.folding import fold
from nlp.mentions.name_trie import compact

_WORD = re.compile(r"[A-Za-z]+[0-9]+[A-Za-z]*(?![a-z])|[A-Za-z]+|[0-9]+[A-Za-z]*|[ぁ-ヺー]+|[一-鿿々]+")
_MOST_MIXED = 32  # spellings of one name with its words in either script
_SOUNDS = {"バ": "ブア", "ビ": "ブイ", "ベ": "ブエ", "ボ": "ブオ"}


def spellings(entry: CatalogueEntry) -> tuple[str, ...]:
    """Compact spellings (folded, without spaces), each once."""
    plain = [compact(fold(name).text) for name in (*entry.names, *entry.aliases, *_mixed(entry))]
    return tuple(dict.fromkeys(spelling for name in plain for spelling in _sounding_alike(name) if spelling))


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name, folded and compact: AeroBook 16 Pro -> aerobook, 16, pro."""
    return tuple(compact(fold(word).text) for word in _WORD.findall(unicodedata.normalize("NFKC", name)))


def _mixed(entry: CatalogueEntry) -> Iterator[str]:
    """AeroBook ライト13: the names of both languages, word by word, where they have as many words."""
    names = [words_of(name) for name in entry.names]
    for other in names[1:]:
        if len(other) == len(names[0]) and 2 ** len(other) <= _MOST_MIXED:
            yield from ("".join(words) for words in product(*zip(names[0], other, strict=True)))


def _sounding_alike(name: str) -> Iterator[str]:
    """ノルドヴィク and ノルドビク, ボルト and ヴォルト."""
    yield name
    for plain, written_out in _SOUNDS.items():
        if plain in name:
            yield name.replace(plain, written_out)
        if written_out in name:
            yield name.replace(written_out, plain)
    if "ビユ" in name:
        yield name.replace("ビユ", "ブユ")
