"""English rules for two clock times: from 10 to 12, between 2 and 4 pm."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from nlp.dates.cascade import Found, Rules, Token
from nlp.dates.compose_clocks import clock_range, in_zone, later_by, range_in_part
from nlp.dates.context import Context
from nlp.dates.english_amounts import number_of
from nlp.dates.english_clocks import followed_well, four_digits, hour_clock
from nlp.dates.values import Clock

RANGES = Rules()


def clock_of(token: Token) -> Clock | None:
    if token.category == "clock":
        return token.value  # type: ignore[no-any-return]
    if token.category in ("small", "word_number"):
        return hour_clock(number_of(token))
    if token.category == "two_words":
        return token.value  # type: ignore[no-any-return]
    if token.category in ("hhmm", "year"):
        return four_digits(token.value)
    if token.category == "dotted":
        _, hour, minute, said = token.value
        return hour_clock(hour, minute, sure=said[0] == "0") if len(said.rstrip(".").split(".")[1]) == 2 else None
    return None


_MOVED = re.compile(
    r"\b(?:extend\w*|mov(?:e|ed|ing)|shift(?:ed|ing)?|slid(?:e|ing)|bump(?:ed|ing)?|re-?schedul\w+|re-?arrang\w+|re-?book\w*|postpon\w+|"
    r"push(?:ed|ing)?|chang\w+|switch\w*|"
    r"swap\w*|bring|brought|delay\w*|put(?:ting)? (?:it |this )?(?:back|off))\b[^.?!\n]{0,70}$"
)


def is_moved(found: Found) -> bool:
    """ "Move it from Monday to Friday" tells two dates, no stretch."""
    start = found.tokens[0].start
    return _MOVED.search(found.text[max(0, start - 90) : start]) is not None


@RANGES.rule("two_words", "word_number ( tens | cardinal )")
def _three_thirty(found: Found, _context: Context) -> Any:
    minute = int(number_of(found.tokens[1]))
    return hour_clock(number_of(found.tokens[0]), minute) if minute < 60 and number_of(found.tokens[0]) <= 12 else None


@RANGES.rule(
    "window",
    "( from | between )? ( at )? clock ( TO | and ) clock ( ish )?",
    "from clock for length",
    "clock for length",
    "for length ( from ) clock",
    "length from clock",
)
def _from_clock_to_clock(found: Found, _context: Context) -> Any:
    if found.has("to", "until") and not found.has("length") and is_moved(found):
        return None
    clocks = found.every("clock")
    if found.has("length"):
        end = later_by(clocks[0], found.first("length"))
        return clock_range(replace(clocks[0]), end) if end else None
    if found.has("and") and not found.has("between"):
        return None
    return clock_range(clocks[0], clocks[1])


HOURS = "( small | word_number | two_words | hhmm | year | dotted | clock )"


@RANGES.rule(
    "window",
    f"( from | between | at | around ) {HOURS} ( TO | and ) {HOURS} ( ish )?",
    f"clock ( TO ) {HOURS}",
    f"{HOURS} ( TO ) clock",
    "( hhmm | year ) dash ( hhmm | year )",
    "small TO small",
)
def _from_two_to_four(found: Found, context: Context) -> Any:
    if found.has("to", "until") and not found.has("length") and is_moved(found):
        return None
    ends = [
        token
        for token in found.tokens
        if token.category in ("small", "word_number", "two_words", "hhmm", "year", "dotted", "clock")
    ]
    if len(ends) != 2 or all(token.category == "year" for token in ends):
        return None
    if found.has("and") and not found.has("between"):
        return None
    if (
        found.alone()
        and all(token.category == "small" for token in ends)
        and (found.touching() or ends[0].value <= 12 < ends[1].value)
    ):
        return None
    if not any(token.category in ("clock", "hhmm") for token in ends) and not _hours_are_meant(found, ends):
        return None
    one, two = clock_of(ends[0]), clock_of(ends[1])
    if one is None or two is None:
        return None
    if one.zone and not two.zone:
        two = replace(two, zone=one.zone)
    if any(token.category == "hhmm" for token in ends) and not _hhmm_fits(ends, found):
        return None
    return clock_range(one, two)


def _hhmm_fits(ends: list[Token], found: Found) -> bool:
    said = [found.text[token.start : token.end] for token in ends]
    return all(len(one) == 4 or token.category in ("clock", "small") for one, token in zip(said, ends, strict=True))


def _hours_are_meant(found: Found, ends: list[Token]) -> bool:
    """ "from 2 to 4", "10-4": hours, if a day stands beside them and nothing is counted."""
    before = found.behind(14)
    after = found.ahead(14)
    beside = re.search(
        r"(?:day|any ?time|tomorrow|tonight|\d|mon|tues?|wed|thurs?|fri|sat|sun|noon|morning|evening|h|y|night|\dst|"
        r"\dnd|\drd),?\s+(?:from\s+)?$",
        before,
    )
    follows = re.match(
        r"\s*(?:in the|on|this|tomorrow|today|yesterday|last night|next|mon|tue|wed|thu|fri|sat|sun|cet|est|"
        r"pst|gmt|jst|bst|utc|cst)",
        after,
    )
    if not all(number_of(token) <= 24 for token in ends if token.category in ("small", "word_number")):
        return False
    if re.match(r"\s*(?:(?:of\s)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|next|th\b)", after):
        return False
    if not followed_well(found) and not follows:
        return False
    return bool(beside or follows or found.alone() or found.has("two_words"))


@RANGES.rule(
    "window",
    "window ( zone )",
    "window open ( the )? place time close",
    "window ( the )? place time",
    "window ( in )? place",
    "window open zone close",
)
def _window_in_zone(found: Found, _context: Context) -> Any:
    window, zone = found.first("window"), found.first("zone", "place")
    return in_zone(window, zone)


@RANGES.rule(
    "window", "window ( in_part | part )", "( in_part | part ) ( from | comma )? window", "part between window"
)
def _window_in_part(found: Found, _context: Context) -> Any:
    return range_in_part(found.first("window"), found.first("in_part", "part"))


@RANGES.rule("window", "later_than clock ( but | and )? before clock", "after clock ( but | and )? before clock")
def _later_than_but_before(found: Found, _context: Context) -> Any:
    one, two = found.every("clock")
    return clock_range(one, two)
