"""Typed text brought to one plain form, so that equal words compare equal.

Full and half width, upper and lower case, blanks, punctuation and the two kana scripts are differences of the
keyboard and not of meaning. What a folded text means is for its readers to say.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Hiragana's code points lie this far below those of the same katakana (ァ to ヶ).
_KANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_MINUS = str.maketrans({"−": "-", "–": "-", "—": "-", "―": "-", "‐": "-", "‑": "-"})
_NUMBER = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|[-+]?\.\d+", re.ASCII)
_JAPANESE = re.compile("[぀-ヿ㐀-鿿ｦ-ﾟ]")
_LONGEST_NUMBER = 40  # characters


# Labels and commands are folded at every turn, and are short; long texts are visitors' own and come once.
_REMEMBERED = 64  # characters


def fold(text: str) -> str:
    """NFKC, lower case, blanks trimmed and runs of them one: ' Ｔｏｋｙｏ  ﾀﾜｰ ' -> 'tokyo タワー'."""
    return _fold_short(text) if len(text) <= _REMEMBERED else _fold(text)


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(plain.split())


_fold_short = lru_cache(maxsize=8192)(_fold)


def fold_kana(text: str) -> str:
    """`fold`, with katakana written as hiragana: 'ｻﾎﾟｰﾄ' and 'さぽーと' become equal."""
    return fold(text).translate(_KANA)


def bare(text: str) -> str:
    """`fold_kana` without punctuation and symbols; words stay apart: 'Yes, please!' -> 'yes please'.

    Apostrophes vanish without leaving a blank, since people leave them out. The long-vowel mark is a letter.
    """
    return _bare_short(text) if len(text) <= _REMEMBERED else _bare(text)


def _bare(text: str) -> str:
    joined = re.sub(r"['’‘`´]", "", fold_kana(text))
    kept = (character if _is_word(character) else " " for character in joined)
    return " ".join("".join(kept).split())


_bare_short = lru_cache(maxsize=8192)(_bare)


def has_japanese(text: str) -> bool:
    """Is there kana or a Chinese character in it?"""
    return _JAPANESE.search(text) is not None


def number_in(text: str) -> int | float | None:
    """The number that this whole text is, or None: '1,200', '１２００', '-3.5'. No units, no currency."""
    plain = fold(text).translate(_MINUS)
    if len(plain) > _LONGEST_NUMBER or not _NUMBER.fullmatch(plain):
        return None
    digits = plain.replace(",", "")
    return float(digits) if "." in digits else int(digits)


def numbers_within(text: str) -> list[int | float]:
    """Every number that stands in a text, in order: '5人と、子供 2 人' -> [5, 2]."""
    found = _NUMBER.findall(fold(text).translate(_MINUS))
    numbers = (number_in(piece) for piece in found)
    return [number for number in numbers if number is not None]


def without_surrogates(text: str) -> str:
    """Half characters, which no encoder takes, become '?'."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _is_word(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN"
