"""English text to tokens: words of english_words.py, and numbers told apart by their looks (dates, clocks, plain).

Everything that is surely no date ends here: prices, percentages, versions, telephone and order numbers become gaps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from nlp.dates.calendar_days import day_of
from nlp.dates.cascade import GAP, MOST_TOKENS, Grammar, Token
from nlp.dates.english_words import ABBREVIATED, PHRASES, WORDS
from nlp.dates.values import Clock, Day, When

_ADDRESS = r"(?P<address>(?:https?://|www\.)[^\s<>\"]{1,2000}|[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64})|"
_PIECES = r"""
    (?P<am_pm>(?<=[\d\s])[ap](?:\s?\.\s?m\b(?:\s?\.)?|\sm\b(?!\.)|m\b\.?(?=\s[^\n]|$|[,;)?!])))
  | (?P<word>[^\W\d_]+(?:['’][^\W\d_]+)*)
  | (?P<iso>\d{4}-\d\d-\d\dt\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:z\b|[+-]\d\d:?\d\d)?)
  | (?P<ymd>(?:18|19|20|21)\d\d(?P<ymd_mark>[-/.])\d{1,2}(?P=ymd_mark)\d{1,2}(?!\d|[-/.]\d))
  | (?P<dmy>\d{1,2}(?P<dmy_mark>[-/.])\d{1,2}(?P=dmy_mark)(?:\d{4}|\d\d)(?!\d|[/.]\d|-\d{3}))
  | (?P<ym>(?:19|20)\d\d[-/](?:0?[1-9]|1[0-2])(?!\d|[-/.]\d))
  | (?P<my>(?:0?[1-9]|1[0-2])[-/](?:19|20)\d\d(?!\d|[-/.]\d))
  | (?P<clock>\d{1,2}:\d\d(?::\d\d)?(?!\d|:\d))
  | (?P<hclock>\d{1,2}h\d\d(?![\d\w]))
  | (?P<slashed>\d{1,2}/\d{1,2}(?!\d|/\d))
  | (?P<compact>(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?![\d\w]))
  | (?P<junk>\d+(?:[-./]\d+){2,})
  | (?P<dotted>\d{1,2}\.\d{1,2}\.?(?!\d))
  | (?P<nth>\d{1,2}\s?(?:st|nd|rd|th)\b)
  | (?P<decade>(?:19|20)\d0\s?'?s\b)
  | (?P<decimal>\d{1,3}(?:,\d\d\d)+(?![\d])(?:\.\d+)?|\d+(?:\.\d+)+)
  | (?P<integer>\d+)
  | (?P<mark>[-–—~,:.;!?()/'"+@\n$&%£€¥#*|])
"""
_SCAN = re.compile(_PIECES, re.VERBOSE)
_SCAN_WITH_ADDRESSES = re.compile(_ADDRESS + _PIECES, re.VERBOSE)
_MARKS = {
    "-": "dash", "–": "dash", "—": "dash", "~": "dash", ",": "comma", "(": "open", ")": "close", "/": "slash",
    "+": "plus", "@": "at", "&": "and", "'": "prime", '"': "double_prime",
}  # fmt: skip
_PRICED_BEFORE, _PRICED_AFTER = frozenset("$£€¥#₹"), frozenset("%°$£€¥‰")
# What may be glued to a number: 3pm, 15min, 2h, 15sep.
_GLUED = frozenset(
    ("unit", "am_pm", "p", "h", "d", "m", "s", "month", "may", "mar", "march", "ish", "second", "q", "to")
)
_GLUED_BEFORE = frozenset(("month", "may", "mar", "march", "q", "cy", "weekday", "h", "d", "unit", "m", "ish", "dash"))
# Words and marks that are no date by themselves, however many there are.
_LITTLE_WORDS = """
a the of and or on in at to by for from past not no as but also either than that this next last all every before after
between within since until around during more other once up out few some half late early later instead time comma dash
slash open close plus prime double_prime colon h d m s p q w wc zone place names_number couple begin mid end business
earlier fiscal ish h closest commencing hence ago date onwards any_time same_time
"""
_LITTLE = frozenset(_LITTLE_WORDS.split())
# "... to 20. May I come?"
_A_VERB = re.compile(r"\s+(?:i|we|you|it|they|he|she|be|not|have|on)\b")
_UNTOLD = (GAP, None)
_MOST_WORDS = 2 * MOST_TOKENS  # about half are left out again, see _with_anchors
_DIGITS, _NO_WORD_BEHIND = frozenset("0123456789"), frozenset("$#@_")


class Tokens:
    """Collects the tokens of one text; a gap is kept once."""

    def __init__(self, grammar: Grammar, text: str) -> None:
        self.row: list[Token] = []
        self._grammar, self._text = grammar, text

    def add(self, category: str, start: int, end: int, value: Any = None) -> None:
        self.row.append(self._grammar.token(category, start, end, value))

    def gap(self, start: int, end: int) -> None:
        if self.row and self.row[-1].category == GAP:
            self.row[-1].end = end
        else:
            self.row.append(Token(GAP, GAP, start, end))

    def last(self) -> Token | None:
        return self.row[-1] if self.row else None


def english_tokens(text: str, grammar: Grammar, *, day_first: bool) -> list[Token]:
    """`text` must be in lower case with narrow digits; offsets are its own."""
    tokens = Tokens(grammar, text)
    scan = _SCAN_WITH_ADDRESSES if "@" in text or "://" in text or "www." in text else _SCAN
    passed, row, plain = 0, tokens.row, _plain_words(grammar)
    for match in scan.finditer(text):
        start, end = match.span()
        if start < passed:
            continue
        if len(row) >= _MOST_WORDS:
            break
        kind = match.lastgroup
        if kind == "word":
            word = match[0]
            told = plain.get(word)
            if (
                told is not None
                and text[end : end + 1] not in _DIGITS
                and text[start - 1 : start] not in _NO_WORD_BEHIND
            ):
                row.append(Token(told[0], told[1], start, end, told[2]))
                continue
            if told is None and word not in WORDS and word not in PHRASES and "'" not in word:
                if row and row[-1].letter == GAP:
                    row[-1].end = end
                else:
                    row.append(Token(GAP, GAP, start, end))
                continue
            passed = _word(tokens, text, word, start, end)
        elif kind == "address":
            tokens.gap(start, end)
        elif kind == "mark":
            _mark(tokens, text, match.group(), start, end)
        elif kind == "am_pm":
            _meridian(tokens, text, start, end)
        else:
            passed = _number(tokens, text, match, day_first)
    return list(_with_anchors(row))


@cache
def _plain_words(grammar: Grammar) -> dict[str, tuple[str, str, Any]]:
    """The words that need no second look: part of no phrase, with no stop of their own. Category, letter, value."""
    return {
        word: (category, grammar.letter(category), value)
        for word, (category, value) in WORDS.items()
        if word not in PHRASES and word not in ABBREVIATED
    }


def _with_anchors(row: list[Token]) -> Iterator[Token]:
    """Leave out what stands between two gaps and holds nothing but little words."""
    run: list[Token] = []
    for token in row:
        if token.letter != GAP:
            run.append(token)
            continue
        if run and any(one.category not in _LITTLE for one in run):
            yield from run
            yield token
        run = []
    if any(one.category not in _LITTLE for one in run):
        yield from run


def _word(tokens: Tokens, text: str, word: str, start: int, end: int) -> int:
    if start and text[start - 1] in "$#@_":
        tokens.gap(start, end)
        return end
    phrases = PHRASES.get(word)
    if phrases is not None:
        last = tokens.last()
        counted = last is not None and last.category in ("small", "word_number", "cardinal", "number", "couple", "few")
        for phrase, (category, value) in phrases:
            if counted and phrase.startswith("day "):
                continue
            if text.startswith(phrase, start) and not text[start + len(phrase) : start + len(phrase) + 1].isalnum():
                end = start + len(phrase)
                tokens.gap(start, end) if category == GAP else tokens.add(category, start, end, value)
                return end
    category, value = WORDS.get(word, _UNTOLD)
    if category is GAP and ("'" in word or "’" in word):
        base = re.split("['’]", word)[0]
        category, value = WORDS.get(base, _UNTOLD)
        end = start + len(base)
    if category is GAP or (text[end : end + 1].isdigit() and category not in _GLUED_BEFORE):
        tokens.gap(start, end)
        return end
    if word in ABBREVIATED and text[end : end + 1] == ".":
        end += 1
    tokens.add(category, start, end, value)
    return end


def _meridian(tokens: Tokens, text: str, start: int, end: int) -> None:
    """a.m. and p.m.; "am" is a verb too, the grammar sees to that. The stop that ends a sentence is left outside."""
    stop = text[start:end].count(".") == 1 and text[end - 1] == "."
    tokens.add("am_pm", start, end - stop, "am" if text[start] == "a" else "pm")
    if stop:
        tokens.gap(end - 1, end)


def _mark(tokens: Tokens, text: str, mark: str, start: int, end: int) -> None:
    category = _MARKS.get(mark)
    if mark == "\n":
        if text[end : end + 1] in ("\n", "\r", "-", "*", "") or not text[max(0, start - 1) : start].strip(":.;,"):
            tokens.gap(start, end)
    elif mark == ":" and text[start - 1 : start].isalnum() and text[end : end + 1].isdigit():
        tokens.add("colon", start, end)
    elif (mark == "." and _before_a_month(tokens, text, start, end)) or (
        mark in "'\"" and not (start and text[start - 1].isdigit())
    ):
        return
    elif category is None:
        tokens.gap(start, end)
    else:
        tokens.add(category, start, end)


def _before_a_month(tokens: Tokens, text: str, start: int, end: int) -> bool:
    """28. November: the stop belongs to the number."""
    last = tokens.last()
    if last is None or last.category != "small" or last.end != start:
        return False
    word = re.compile(r"\s?([^\W\d_]+)").match(text, end)
    if word is None or WORDS.get(word.group(1), _UNTOLD)[0] not in ("month", "may", "march", "mar"):
        return False
    return not _A_VERB.match(text, word.end())


def _number(tokens: Tokens, text: str, match: re.Match[str], day_first: bool) -> int:
    kind, (start, end) = match.lastgroup or "", match.span()
    said = match.group()
    if _is_spoiled(tokens, text, start, end, kind):
        return _pass_over(tokens, text, start, end)
    made = READERS[kind](said, match, day_first) if kind in READERS else None
    if made is None:
        return _pass_over(tokens, text, start, end)
    if kind == "dotted" and said.endswith(".") and made[0] == "decimal":
        end -= 1
    tokens.add(made[0], start, end, made[1])
    return end


def _pass_over(tokens: Tokens, text: str, start: int, end: int) -> int:
    while end < len(text) and (text[end].isalnum() or (text[end] in "-/.:" and text[end + 1 : end + 2].isdigit())):
        end += 1
    tokens.gap(start, end)
    return end


def _is_spoiled(tokens: Tokens, text: str, start: int, end: int, kind: str) -> bool:
    last = tokens.last()
    before = text[start - 1] if start else " "
    if kind in ("ymd", "compact", "iso") and before in "-/._ ":
        return last is not None and last.category == "names_number"
    if before in _PRICED_BEFORE or (before == " " and start > 1 and text[start - 2] in _PRICED_BEFORE):
        return True
    after = text[end : end + 1]
    if after in _PRICED_AFTER and after:
        return True
    if after.isalpha() and kind in ("integer", "decimal", "slashed", "dotted", "clock"):
        following = re.compile(r"[^\W\d_]+").match(text, end)
        word = following.group() if following else ""
        if WORDS.get(word, _UNTOLD)[0] not in _GLUED and word not in ("am", "pm", "ish", "a"):
            return True
    if last is None:
        return False
    if last.category == "names_number":
        return True
    if last.end == start and last.category not in _GLUED_BEFORE and not before.isspace():
        return before.isalpha() or before in "_.'" or (last.category == GAP and before not in "([\"':*")
    if last.category == "dash" and last.end == start and len(tokens.row) > 1:
        return tokens.row[-2].category == GAP and tokens.row[-2].end == last.start and text[last.start - 1].isalnum()
    if last.category == "plus" and last.end == start:
        return not text[end : end + 12].strip(" ").startswith(("min", "h", "day", "d", "w", "month", "sec"))
    return False


def _integer(said: str, _match: re.Match[str], _day_first: bool) -> tuple[str, Any] | None:
    if len(said) > 9:
        return None
    number = int(said)
    if len(said) <= 2 and number <= 31:
        return ("small", number)
    if len(said) == 4 and 1800 <= number <= 2100:
        return ("year", number)
    if 3 <= len(said) <= 4 and number % 100 < 60 and number < 2400:
        return ("hhmm", number if len(said) == 4 and said[0] != "0" else (number, said[0] == "0"))
    return ("number", number)


def _slashed(said: str, _match: re.Match[str], day_first: bool) -> tuple[str, Any] | None:
    one, two = (int(piece) for piece in re.split(r"[/.]", said)[:2])
    day = numeric_day(one, two, None, day_first=day_first or two > 12)
    return ("slashed", (day, one, two))


def _dotted(said: str, _match: re.Match[str], _day_first: bool) -> tuple[str, Any] | None:
    one, two = (int(piece) for piece in said.split(".")[:2])
    return ("dotted", (numeric_day(one, two, None, day_first=True), one, two, said))


def _ymd(said: str, _match: re.Match[str], _day_first: bool) -> tuple[str, Any] | None:
    year, month, day = (int(piece) for piece in re.split(r"[-/.]", said))
    return ("day", Day(year, month, day)) if day_of(year, month, day) else None


def _dmy(said: str, match: re.Match[str], day_first: bool) -> tuple[str, Any] | None:
    pieces = re.split(r"[-/.]", said)
    dots = match.group("dmy_mark") == "."
    short = len(pieces[2]) == 2
    if short and (dots or match.group("dmy_mark") == "-") and not len(pieces[0]) == len(pieces[1]) == 2:
        return None
    one, two, year = int(pieces[0]), int(pieces[1]), full_year(int(pieces[2])) if short else int(pieces[2])
    day = numeric_day(one, two, year, day_first=day_first or (dots and two <= 12))
    return None if day is None else ("day", day)


def _month_and_year(said: str, _match: re.Match[str], _day_first: bool) -> tuple[str, Any] | None:
    one, two = (int(piece) for piece in re.split(r"[-/]", said))
    return ("month_date", Day(one, two) if one > 12 else Day(two, one))


def _clock(said: str, _match: re.Match[str], _day_first: bool) -> tuple[str, Any] | None:
    pieces = [int(piece) for piece in re.split("[:h]", said) if piece]
    hour, minute, second = [*pieces, 0, 0][:3]
    if hour > 24 or minute > 59 or second > 59:
        return None
    sure = hour > 12 or hour == 0 or said[0] == "0" or "h" in said
    return ("clock", Clock(hour, minute, second, sure=sure, grain="second" if len(pieces) > 2 else "minute"))


def _iso(said: str, _match: re.Match[str], _day_first: bool) -> tuple[str, Any] | None:
    year, month, day = int(said[:4]), int(said[5:7]), int(said[8:10])
    if not day_of(year, month, day):
        return None
    rest = re.fullmatch(r"(\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?(.*)", said[11:])
    made = _clock(":".join(filter(None, rest.groups()[:3])), _match, False) if rest else None
    if rest is None or made is None:
        return None
    zone = rest.group(4)
    if zone not in ("", "z") and ":" not in zone:
        zone = zone[:3] + ":" + zone[3:]
    clock = replace(made[1], sure=True, zone="+00:00" if zone == "z" else zone)
    return ("moment", When(day=Day(year, month, day), clock=clock))


def _compact(said: str, _match: re.Match[str], _day_first: bool) -> tuple[str, Any] | None:
    year, month, day = int(said[:4]), int(said[4:6]), int(said[6:])
    return ("day", Day(year, month, day)) if day_of(year, month, day) else None


def _nth(said: str, _match: re.Match[str], _day_first: bool) -> tuple[str, Any] | None:
    number = int(re.sub(r"\D", "", said))
    return ("nth", number) if 1 <= number <= 31 else None


def _decade(said: str, _match: re.Match[str], _day_first: bool) -> tuple[str, Any] | None:
    return ("decade_name", int(said[:4]))


def _decimal(said: str, _match: re.Match[str], _day_first: bool) -> tuple[str, Any] | None:
    try:
        return ("decimal", float(said.replace(",", ".") if said.count(",") + said.count(".") == 1 else "x"))
    except ValueError:
        return None


READERS = {
    "integer": _integer, "slashed": _slashed, "dotted": _dotted, "ymd": _ymd, "dmy": _dmy, "ym": _month_and_year,
    "my": _month_and_year, "clock": _clock, "hclock": _clock, "iso": _iso, "compact": _compact, "nth": _nth,
    "decade": _decade, "decimal": _decimal, "ymd_mark": _ymd, "dmy_mark": _dmy,
}  # fmt: skip


def full_year(short: int) -> int:
    """A year told by its last two digits: 96 is 1996, 30 is 2030."""
    return short + (2000 if short < 50 else 1900)


def numeric_day(one: int, two: int, year: int | None, *, day_first: bool) -> Day | None:
    """A date of two numbers in either order, the other order kept as the reading that was not taken."""
    orders = [(two, one), (one, two)] if day_first else [(one, two), (two, one)]
    leap = year or 2000
    fits = [Day(year, month, day) for month, day in orders if day_of(leap, month, day)]
    if not fits:
        return None
    return replace(fits[0], swapped=fits[1]) if len(fits) > 1 and one != two else fits[0]
