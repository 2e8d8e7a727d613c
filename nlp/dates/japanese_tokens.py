"""Japanese text to tokens: the longest word of japanese_words.py at each place, and numbers in digits and kanji.

Particles and counters count only beside a date: alone they are part of the gap.
"""

from __future__ import annotations

import re
from typing import Any

from nlp.dates.calendar_days import day_of
from nlp.dates.cascade import GAP, MOST_TOKENS, Grammar, Token
from nlp.dates.english_tokens import READERS
from nlp.dates.japanese_words import WEEKDAY_LETTERS, WORDS
from nlp.dates.values import Day, Length

_KANJI_DIGITS = {letter: value for value, letter in enumerate("〇一二三四五六七八九")} | {"零": 0}
_KANJI_UNITS = {"十": 10, "百": 100, "千": 1000}
_KANJI = "〇零一二三四五六七八九十百千"
_NUMBER = re.compile(
    r"""
    (?P<ymd>(?:18|19|20|21)\d\d(?P<ymd_mark>[-/.])\d{1,2}(?P=ymd_mark)\d{1,2}(?!\d|[-/.]\d))
  | (?P<ym>(?:19|20)\d\d[-/.](?:0?[1-9]|1[0-2])(?!\d|[-/.]\d))
  | (?P<dmy>\d{1,2}(?P<dmy_mark>[/])\d{1,2}(?P=dmy_mark)(?:\d{4}|\d\d)(?!\d|[/.]\d))
  | (?P<clock>\d{1,2}\s?:\s?\d\d(?::\d\d)?(?!\d|:\d))
  | (?P<slashed>\d{1,2}/\d{1,2}(?!\d|/\d))
  | (?P<junk>\d+(?:[-./]\d+){2,}|\d{10,})
  | (?P<decimal>\d{1,3}(?:,\d\d\d)+(?!\d)|\d+\.\d+)
  | (?P<integer>\d+)
    """,
    re.VERBOSE,
)
# These mean something only behind a token that belongs to a date.
_FOLLOWERS = frozenset(
    [
        "年",
        "月",
        "日",
        "時",
        "分",
        "秒",
        "週",
        "四半期",
        "営業日",
        "年度",
        "日後",
        "日前",
        "元年",
        "unit",
        "から",
        "tilde",
        "まで",
        "以降",
        "以前",
        "or",
        "and",
        "の",
        "は",
        "comma",
        "頃",
        "間",
        "中",
        "後",
        "前",
        "以内",
        "で",
        "以上",
        "半",
        "exactly",
        "day_of",
        "終わり",
        "part_of",
        "時間帯",
        "am_pm",
        "close",
        "終わり",
        "明け",
        "過ぎ",
        "あとで",
        "早く",
    ]
)
_PRICES_AFTER = "円¥$%％万億元ドル個台名人枚件本冊社通回点階号室番話位歳才坪平米g"
_PRICES_BEFORE = frozenset("¥$#€£№")


def _pattern() -> re.Pattern[str]:
    """All words as one pattern whose every branch begins with a letter: the search skips over the rest quickly."""
    by_first: dict[str, list[str]] = {}
    for word in sorted(WORDS, key=len, reverse=True):
        by_first.setdefault(word[0], []).append(word)
    branches = []
    for letter in _KANJI:
        by_first.setdefault(letter, []).append(letter)
    for first, words in by_first.items():
        rests = "|".join(re.escape(word[1:]) for word in words)
        branches.append(f"{re.escape(first)}(?:{rests})")
    branches += [f"{digit}" for digit in "0123456789"]
    return re.compile("|".join(branches))


_WORD = _pattern()
_ERA_DATE = re.compile(r"[rhs](\d{1,2})[./](\d{1,2})[./](\d{1,2})(?!\d)")
_KANJI_RUN = re.compile(f"[{_KANJI}]+")
_WEEKDAY_LIST = re.compile(rf"[{WEEKDAY_LETTERS}](?=[・、/,か][{WEEKDAY_LETTERS}](?:[・、/,か][{WEEKDAY_LETTERS}])*曜)")


def japanese_tokens(text: str, grammar: Grammar) -> list[Token]:
    """`text` must be in lower case with narrow digits; offsets are its own."""
    row: list[Token] = []
    place, last_end = 0, 0
    search = _WORD.search
    while len(row) < MOST_TOKENS and (match := search(text, place)) is not None:
        start, end = match.span()
        letter = text[start]
        if letter in "年月週" and row and row[-1].category == "num" and row[-1].end == start:
            # 6月末: the month belongs to its number, 末 to the month. Longer counters (か月) begin otherwise.
            end = start + 1 if WORDS[match.group()][0] == "named_part" else end
        if (
            letter == "日"
            and row
            and row[-1].category == "num"
            and row[-1].end == start
            and match[0] in ("日付", "日時")
        ):
            end = start + 1  # 30日付
        if letter.isdigit() and letter.isascii():
            category, value, end = _number(text, start)
        else:
            category, value, end = _word(text, text[start:end], start, end)
        place = end
        if start > last_end and text[last_end:start].strip():
            _gap(row, last_end, start)
        last_end = end
        if category == GAP or (category in _FOLLOWERS and (not row or row[-1].letter == GAP)):
            _gap(row, start, end)
        else:
            row.append(grammar.token(category, start, end, value))
    return row


def _gap(row: list[Token], start: int, end: int) -> None:
    if row and row[-1].letter == GAP:
        row[-1].end = end
    else:
        row.append(Token(GAP, GAP, start, end))


def _word(text: str, word: str, start: int, end: int) -> tuple[str, Any, int]:
    if word[0] in _KANJI and (word not in WORDS or WORDS[word][0] != GAP):
        run = _KANJI_RUN.match(text, start)
        if run is not None and len(run.group()) >= len(word):
            return _kanji(text, run.group(), start, run.end())
    if word in WEEKDAY_LETTERS and _WEEKDAY_LIST.match(text, start):
        return "weekday", WEEKDAY_LETTERS.index(word), end
    category, value = WORDS.get(word, (GAP, None))
    if word.isascii() and word[0].isalpha():
        glued = text[start - 1 : start].isascii() and text[start - 1 : start].isalpha()
        if glued or (text[end : end + 1].isascii() and text[end : end + 1].isalpha()):
            return GAP, None, end
    if category == "era_letter" and (told := _ERA_DATE.match(text, start)):
        year, month, day = (int(number) for number in told.groups())
        known = day_of(value + year, month, day)
        return ("day", Day(value + year, month, day), told.end()) if known else (GAP, None, told.end())
    if word == "午後一" and text[end : end + 1] == "時":  # one o'clock, not early in the afternoon
        return "part", WORDS["午後"][1], end - 1
    if category in ("length", "all_day"):
        return category, Length(value), end
    return category, value, end


def _kanji(text: str, run: str, start: int, end: int) -> tuple[str, Any, int]:
    value = kanji_number(run)
    if text[end : end + 1] in _PRICES_AFTER and text[end : end + 1]:
        return GAP, None, end
    return ("num", value, end) if value is not None else (GAP, None, end)


def kanji_number(run: str) -> int | None:
    """二十五 is 25, 二〇二六 is 2026."""
    if len(run) > 8:
        return None
    if not any(letter in _KANJI_UNITS for letter in run):
        value = 0
        for letter in run:
            value = value * 10 + _KANJI_DIGITS[letter]
        return value if len(run) in (1, 2, 4) else None
    total, digit = 0, 0
    for letter in run:
        if letter in _KANJI_UNITS:
            total += (digit or 1) * _KANJI_UNITS[letter]
            digit = 0
        else:
            digit = _KANJI_DIGITS[letter]
    return total + digit


def _is_glued(before: str) -> bool:
    """Does a number belong to a name (r350, ab-12, v2.)? Behind am and pm it does not."""
    if before in ("am-", "pm-", "m.-", "mt+", "tc+"):
        return False
    last = before[-1:]
    if last in ("-", "_", ".", "/"):
        return before[-2:-1].isascii() and before[-2:-1].isalpha()
    return last.isalpha() or last == "+"


def _number(text: str, start: int) -> tuple[str, Any, int]:
    match = _NUMBER.match(text, start)
    if match is None:
        return GAP, None, start + 1
    kind, end, said = match.lastgroup or "", match.end(), match.group()
    before, after = text[start - 1 : start], text[end : end + 1]
    glued = before.isascii() and _is_glued(text[max(0, start - 3) : start])
    era = before in ("r", "h", "s", "q") and not text[max(0, start - 2) : start - 1].isalnum()
    if (
        before in _PRICES_BEFORE
        or (glued and not era and kind not in ("ymd", "clock"))
        or (after and after in _PRICES_AFTER)
    ):
        return GAP, None, end
    if after.isascii() and after.isalpha() and not re.match(r"\s*[ap]\.?m", text[end : end + 5]):
        return GAP, None, end
    if kind == "integer":
        return ("num", int(said), end) if len(said) <= 9 else (GAP, None, end)
    if kind == "decimal":
        return ("decimal", float(said.replace(",", "")), end)
    if kind == "ym" and "." in said:
        said = said.replace(".", "-")
    if kind == "clock":
        said = re.sub(r"\s", "", said)
    reader = READERS.get(kind)
    made = reader(said, match, False) if reader else None
    return (GAP, None, end) if made is None else (made[0], made[1], end)
