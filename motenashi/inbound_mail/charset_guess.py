"""Which charset are these bytes in? Asked only when there is no label, or a wrong one, and the bytes are not UTF-8.

Each candidate decodes the beginning; its characters are weighed by how usual they are in texts of its languages. Sure
for a sentence or more, a good bet for a word. Japanese is looked at most closely.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from motenashi.inbound_mail.japanese_bytes import decode_euc_jp

_SAMPLE = 500  # bytes from the first one that is not ASCII
_CANDIDATES = ("cp932", "euc_jp", "gb18030", "big5hkscs", "cp949", "cp1251", "koi8_r", "cp1252")
_LONG_RUN = 14  # bytes above 127 without a space or sign between them, on average
_HIGH = re.compile(rb"[\x80-\xff]+")
_EAST_ASIAN = frozenset(_CANDIDATES[:5])
_SURE = 0.6  # what another script must reach to overrule a western label
_TYPOGRAPHY = frozenset("‘’“”„–—…€£•·«»©®™°§¡¿´¨ºª")
_COMMON_HANGUL = frozenset("이다는의에을를가은하고한지로기니도사서어나리안요습대시자해")
_COMMON_CYRILLIC = frozenset("оеаинтсрвлкмдпу")


def guess_charset(data: bytes, *, western: bool = False) -> str:
    """The likeliest codec; "cp1252" when nothing speaks for another. `western`: the label says latin-1."""
    found = _HIGH.search(data)
    first = found.start() if found else 0
    sample = data[max(0, first - 40) : first + _SAMPLE]
    scores = {codec: _score(sample, codec) for codec in _CANDIDATES}
    best = max(_CANDIDATES, key=lambda codec: scores[codec])
    least = _SURE if western else 0.0
    return best if scores[best] > max(least, scores["cp1252"]) else "cp1252"


def _score(sample: bytes, codec: str) -> float:
    """The mean weight of the bytes that are not ASCII."""
    runs = _HIGH.findall(sample)
    high = sum(map(len, runs)) or 1
    if codec in _EAST_ASIAN:
        text = decode_euc_jp(sample) if codec == "euc_jp" else sample.decode(codec, "replace")
        return sum(_weight(sign, codec) for sign in text if sign > "\x7f") * 2 / high
    if high > len(runs) * _LONG_RUN:
        return -1.0  # no words of letters
    weigh = _western_weight if codec == "cp1252" else _cyrillic_weight
    text = sample.decode(codec, "replace")
    return sum(weigh(text, place) for place, sign in enumerate(text) if sign > "\x7f") / high


@lru_cache(maxsize=30_000)
def _weight(sign: str, codec: str) -> float:
    japanese = codec in ("cp932", "euc_jp")
    if "ぁ" <= sign <= "ん" or "ァ" <= sign <= "ヶ":
        return 1.4 if japanese else -0.7
    if sign in "、。「」ー・（）！？：〜～　【】，":
        return 0.8
    if "ｦ" <= sign <= "ﾟ":  # single bytes: each weighs half
        return 0.1 if codec == "cp932" else -1
    if "가" <= sign <= "힣":
        usual = 1.6 if sign in _COMMON_HANGUL else 0.9 if sign in _usual("cp949") else -0.8
        return usual if codec == "cp949" else -1
    if "一" <= sign <= "鿿":
        return 1.0 if sign in _usual(codec) else -0.4
    if "０" <= sign <= "ｚ" or sign in "①②③④⑤⑥⑦⑧⑨㈱℡★☆●○■□◆◇▼→←↑↓※━─…":
        return 0.6
    return -2.0 if sign == "\ufffd" or "\ue000" <= sign <= "\uf8ff" else -0.8


@cache
def _usual(codec: str) -> frozenset[str]:
    """The characters of everyday texts: the first level of each standard; for Korean the syllables of KS X 1001."""
    rows = {"cp932": (0xB0, 0xCF), "euc_jp": (0xB0, 0xCF), "gb18030": (0xB0, 0xD7), "cp949": (0xB0, 0xC8)}
    if codec == "big5hkscs":
        pairs = (bytes((row, cell)) for row in range(0xA4, 0xC7) for cell in (*range(0x40, 0x7F), *range(0xA1, 0xFF)))
        return frozenset("".join(pair.decode("big5", "ignore") for pair in pairs))
    first, last = rows[codec]
    base = {"cp932": "euc_jp", "gb18030": "gb2312"}.get(codec, codec)
    pairs = (bytes((row, cell)) for row in range(first, last + 1) for cell in range(0xA1, 0xFF))
    return frozenset("".join(pair.decode(base, "ignore") for pair in pairs))


def _western_weight(text: str, place: int) -> float:
    sign = text[place]
    beside = text[max(0, place - 1) : place] + text[place + 1 : place + 2]
    crowded = any(other > "\x7f" and other not in _TYPOGRAPHY for other in beside)
    if sign.isalpha() and sign not in "ªº":
        return -0.3 if crowded else 0.9
    if sign in _TYPOGRAPHY:
        return 0.1 if crowded else 0.7
    return 0.5 if sign == "\xa0" and not crowded else -0.8


def _cyrillic_weight(text: str, place: int) -> float:
    sign = text[place]
    if not ("А" <= sign <= "я" or sign in "ёЁ"):
        return 0.3 if sign in _TYPOGRAPHY or sign in "№\xa0" else -1.5
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    if not (before > "\x7f" or after > "\x7f"):
        return 0.2 if sign.lower() in "виясоку" and not (before.isalpha() or after.isalpha()) else -1.5
    if sign.isupper():
        return 0.4 if not before.isalpha() or before.isupper() else -1.0
    return 1.1 if sign in _COMMON_CYRILLIC else 0.6
