"""Text made alike: letter case, width, accents, kana and look-alike kanji, with every place still known.

Folding changes characters one for one, so that a place in the folded text is a place in the raw one. Only half-width
katakana with their sound marks (ﾎﾞ) become one character; then the places are kept in a list.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_MARKED = re.compile("[ｦ-ﾝぁ-ヿ][ﾞﾟ\u3099\u309a]")
_SMALL = dict(zip("ァィゥェォャュョヮヵヶ", "アイウエオヤユヨワカケ", strict=True))
_SAME_SOUND = {"ヴ": "ブ", "ヂ": "ジ", "ヅ": "ズ"}
_LOOK_ALIKE = dict(zip("気器氣己已髙﨑齋齊邊邉澤濱廣國", "機機機巳巳高崎斎斎辺辺沢浜広国", strict=True))
_DASHES = "‐‑‒–—―−－─━ｰ"
_SPACES = "\u3000\u00a0\u2007\u2009\u200a\u202f\u2002\u2003"


def _table() -> dict[int, str]:
    table: dict[int, str] = {}
    for code in [*range(0x41, 0x5B), *range(0xC0, 0x250), *range(0xFF01, 0xFF5F), *range(0xFF65, 0xFF9E)]:
        plain = unicodedata.normalize("NFKD", chr(code))[:1].lower()
        if len(plain) == 1:
            table[code] = plain
    for code in range(0x3041, 0x3097):
        table[code] = chr(code + 0x60)
    table |= {ord(letter): letter_too for letter, letter_too in (_SMALL | _SAME_SOUND | _LOOK_ALIKE).items()}
    for code, letter in list(table.items()):
        table[code] = _SMALL.get(letter, _SAME_SOUND.get(letter, letter))
    table |= dict.fromkeys(map(ord, _DASHES), "-") | dict.fromkeys(map(ord, _SPACES), " ")
    return table | dict.fromkeys(map(ord, "’‘ʼ＇`´"), "'") | {ord("ｰ"): "ー", ord("･"): "・", ord("ｯ"): "ッ"}


_TABLE = _table()


@dataclass(frozen=True)
class Folded:
    """`text` is what is searched, `raw` what was written at the same places; `places` is None where nothing moved."""

    text: str
    raw: str
    places: list[int] | None = None

    def place(self, position: int) -> int:
        """Where that position of the folded text stands in the original."""
        return position if self.places is None else self.places[position]


def fold(text: str) -> Folded:
    if text.isascii():
        return Folded(text.lower(), text)
    if _MARKED.search(text) is None:
        return Folded(text.translate(_TABLE), text)
    raw, places = _joined_marks(text)
    return Folded(raw.translate(_TABLE), raw, places)


def _joined_marks(text: str) -> tuple[str, list[int]]:
    pieces: list[str] = []
    places: list[int] = []
    last = 0
    for marked in _MARKED.finditer(text):
        pieces.append(text[last : marked.start()])
        places += range(last, marked.start())
        joined = unicodedata.normalize("NFKC", marked.group())
        pieces.append(joined)
        places += [marked.start()] * len(joined)
        last = marked.end()
    pieces.append(text[last:])
    places += range(last, len(text) + 1)
    return "".join(pieces), places
