"""English rules for clock times and parts of the day."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from nlp.dates.cascade import Found, Rules
from nlp.dates.compose_clocks import in_part, narrowed, with_half
from nlp.dates.context import Context
from nlp.dates.english_amounts import number_of
from nlp.dates.time_zones import written_offset
from nlp.dates.values import Clock, Part

CLOCKS = Rules()
ZONES = Rules()
PARTS = Rules()

# What may follow a bare hour ("at 3"): the end, a mark, or one of these; else the number counts something.
FOLLOWS_WELL = re.compile(
    r"\s*(?:$|[.,;:!?)\]\-–—/\n~(]|(?:on|in|at|tomorrow|today|tonight|this|next|and|or|but|if|for|with|"
    r"to|till|until|sharp|"
    r"would|will|is|was|works?|suits?|between|after|before|until|around|during|morning|afternoon|"
    r"evening|onwards?|can|could|should|are|has|have|looks?|sounds?|that|all|sounds|fits?|preferably|maybe|perhaps|"
    r"either|"
    r"only|latest|though|any|anytime|local|again|does|do|which|where|as|then|instead|please|pm|am|your|"
    r"my|our|when|so|because|from|o|does|if|the|"
    r"(?:mon|tues?|wednes|thurs?|fri|satur|sun)(?:day)?|by|via|cet|gmt|utc|est|pst|jst|bst|et|pt|ct|"
    r"thanks|thank|not|rather|too|also|we|i|they|he|she|it|you|local|uk|london|tokyo|night|eastern|pacific|central|local|or|and)\b)"
)


def followed_well(found: Found) -> bool:
    return FOLLOWS_WELL.match(found.text, found.tokens[-1].end) is not None


def hour_clock(hour: float, minute: int = 0, *, sure: bool = False) -> Clock | None:
    if not (0 <= hour <= 24 and 0 <= minute < 60):
        return None
    return Clock(int(hour), minute, sure=sure or hour > 12 or hour == 0, grain="minute" if minute else "hour")


def four_digits(value: Any) -> Clock | None:
    """0730, 1030, 2330; three digits as in 150ish."""
    number, leading = value if isinstance(value, tuple) else (value, False)
    hour, minute = divmod(number, 100)
    if hour > 23 or minute > 59:
        return None
    return Clock(hour, minute, sure=leading or hour > 12 or hour == 0)


def _hour_of(found: Found) -> Clock | None:
    for token in reversed(found.tokens):
        if token.category == "clock":
            return token.value  # type: ignore[no-any-return]
        if token.category in ("small", "word_number"):
            return hour_clock(number_of(token))
    return None


@CLOCKS.rule(
    "clock",
    "( small | word_number | hhmm | year | dotted | clock ) ( am_pm | p )",
    "( small | word_number ) ( cardinal | tens | small | word_number ) am_pm",
)
def _three_pm(found: Found, _context: Context) -> Any:
    mark = found.tokens[-1]
    said = found.text[mark.start : mark.end]
    if mark.category == "p" and not (found.touching() or found.ahead(1) in ("", ".")):
        return None
    if (
        said == "am"
        and not found.touching()
        and re.match(r"\s+(?:not|i|the|a|very|so)\b", found.text[mark.end : mark.end + 8])
    ):
        return None
    first = found.tokens[0]
    clock: Clock | None
    if first.category == "clock":
        clock = first.value
    elif first.category in ("hhmm", "year"):
        clock = four_digits(first.value)
    elif first.category == "dotted":
        clock = hour_clock(first.value[1], first.value[2])
    else:
        minute = number_of(found.tokens[1]) if len(found.tokens) > 2 else 0
        clock = hour_clock(number_of(first), int(minute)) if len(found.tokens) < 3 or minute >= 10 else None
    return clock and with_half(replace(clock, sure=False), "am" if said.startswith("a") else "pm")


@CLOCKS.rule(
    "clock",
    "( for )? a? ( half | quarter ) ( past | after | to ) ( clock | small | word_number )",
    "( small | word_number | cardinal | tens ) unit? ( past | after | to ) ( clock | word_number | small )",
)
def _half_past_ten(found: Found, _context: Context) -> Any:
    if found.has("dash") or (found.has("to") and found.text[found.tokens[-2].start : found.tokens[-2].end] != "to"):
        return None
    clock = _hour_of(found)
    if clock is None or clock.minute:
        return None
    if found.has("half", "quarter"):
        minutes = 30 if found.has("half") else 15
    else:
        if found.has("unit") and found.first("unit") != "minutes":
            return None
        if not found.has("unit") and found.has("after") and not found.has("clock"):
            return None
        in_words = not found.has("small", "clock") and not found.behind(8).endswith(("from ", "between "))
        if not found.has("unit") and found.has("to") and not in_words:
            return None
        minutes = int(number_of(found.tokens[0]))
        if minutes not in range(1, 60) or (not found.has("unit") and minutes % 5):
            return None
    if found.has("to"):
        hour = clock.hour - 1 if clock.hour > 1 else (12 if not clock.sure else 0)
        return replace(clock, hour=hour, minute=60 - minutes, grain="minute")
    return replace(clock, minute=minutes, grain="minute")


@CLOCKS.rule("clock", "cardinal unit past word_number", "tens dash? word_number unit past word_number")
def _thirty_six_minutes_past_eight(found: Found, _context: Context) -> Any:
    clock = _hour_of(found)
    return clock and replace(clock, minute=int(number_of(found.tokens[0])), grain="minute")


@CLOCKS.rule("clock", "( small | word_number | clock ) oclock")
def _three_oclock(found: Found, _context: Context) -> Any:
    return _hour_of(found)


@CLOCKS.rule("clock", "( small | dotted ) h")
def _fifteen_h(found: Found, _context: Context) -> Any:
    first = found.tokens[0]
    if first.category == "dotted":
        return hour_clock(first.value[1], first.value[2], sure=True)
    before = found.text[max(0, first.start - 8) : first.start]
    if not found.touching():
        return None
    at_time = (
        re.search(r"(?:\bat|@|\baround|\babout|\bfrom|\bto|[-–]|,|\d|until)\s*$", before)
        or found.alone()
        or found.ahead(1) == " "
    )
    if first.value <= 12 and not re.search(r"(?:\bat|@|\baround|\babout|h\d?\d?\s?[-–])\s*$", before):
        return None
    return hour_clock(first.value, sure=True) if at_time and not re.search(r"\b(?:for|in)\s*$", before) else None


@CLOCKS.rule(
    "clock",
    "( at | around ) around? ( small | word_number | hhmm | year | dotted | clock ) ( small | cardinal | tens )? ish?",
    "( small | hhmm | clock ) dash? ish",
)
def _at_three(found: Found, _context: Context) -> Any:
    token = next(one for one in found.tokens if one.category not in ("at", "around", "ish"))
    minute = found.tokens[-1] if found.tokens[-1].category in ("small", "cardinal", "tens") else None
    if token.category == "clock":
        return token.value
    if minute is token:
        minute = None
    if not followed_well(found) or (
        found.has("around") and not found.has("at", "ish") and not _is_a_time(found, token)
    ):
        return None
    if token.category in ("hhmm", "year"):
        return four_digits(token.value) if found.tokens[-1] is token or found.has("ish") else None
    if token.category == "dotted":
        said = token.value[3].rstrip(".")
        return hour_clock(token.value[1], token.value[2], sure=said[0] == "0") if len(said.split(".")[1]) == 2 else None
    made = hour_clock(number_of(token), int(number_of(minute)) if minute else 0)
    return made if minute is None or number_of(minute) >= 10 else None


def _is_a_time(found: Found, token: Any) -> bool:
    """ "around 3" is a time when nothing is counted and the number fits a clock."""
    if token.category == "hhmm":
        return True
    before = found.behind(12)
    known = re.search(
        r"(?:day|tonight|morning|afternoon|evening|\d|er|ary|ch|il|may|\)|meet|call|come|say)[,.]?\s+$", before
    )
    follows = re.match(r"\s+(?:would|works|suits|is (?:fine|good|ok|best)|on\b|tomorrow|today)", found.ahead(12))
    fits = token.category in ("small", "word_number") and number_of(token) <= 24
    return fits and bool(known or follows or found.alone())


# Zones


@ZONES.rule("zone", "zone ( plus | dash ) ( small | hhmm | clock )")
def _gmt_plus_nine(found: Found, _context: Context) -> Any:
    said = found.text[found.tokens[0].start : found.tokens[-1].end]
    if found.first("zone") != "+00:00":
        return None
    return written_offset(said.replace("–", "-").replace(" ", "")) or None


@ZONES.rule(
    "clock",
    "clock open zone close",
    "clock zone",
    "clock open ( the )? place ( place )? time close",
    "clock ( the )? place ( place )? time",
    "clock zone time",
    "clock ( in | at )? ( the )? place",
)
def _in_zone(found: Found, _context: Context) -> Any:
    if found.has("open") != found.has("close"):
        return None
    zone = found.first("zone", "place")
    return _zoned(found.first("clock"), zone)


@ZONES.rule("clock", "clock ( plus | dash ) ( hhmm | clock )")
def _plus_0900(found: Found, _context: Context) -> Any:
    mark, offset = found.tokens[1], found.tokens[2]
    if mark.end != offset.start or mark.start == found.tokens[0].end:
        return None
    zone = written_offset(found.text[mark.start : offset.end].replace("–", "-"))
    plus = mark.category == "plus"
    return (
        _zoned(found.first("clock"), zone)
        if zone
        and (plus or offset.category == "hhmm")
        and found.first("clock").minute is not None
        and (plus or found.first("clock").grain == "second")
        else None
    )


def _zoned(clock: Clock, zone: str) -> Clock:
    return replace(clock, zone=zone)


# Parts of the day


@PARTS.rule(
    "part",
    "( early | late | later | mid ) ( in )? ( the )? dash? PART",
    "( early | late | later ) ( this ) part",
    "first_thing ( in the part )?",
)
def _late_afternoon(found: Found, context: Context) -> Any:
    part = found.first("part", "night", "lunch") or Part("morning", 8, 12)
    how = "late" if found.has("late", "later") else "early"
    if found.has("first_thing"):
        return Part("morning", 8, 10)
    narrow = part if found.has("mid") else narrowed(part, how)
    return ("this_part", narrow) if found.has("this") else narrow


@PARTS.rule("this_part", "this part", "( early | late )? this part")
def _this_morning(found: Found, _context: Context) -> Any:
    return found.first("part")


@PARTS.rule("in_part", "( in | during | on | at ) ( the )? ( part | lunch | night )", "the ( part | night )")
def _in_the_morning(found: Found, _context: Context) -> Any:
    return found.first("part", "lunch", "night")


@PARTS.rule(
    "clock",
    "clock ( in_part | part )",
    "( small | word_number ) in_part",
    "( in_part | part ) ( at | around | from | comma )? clock",
    "( in_part ) at? word_number",
)
def _eight_in_the_evening(found: Found, _context: Context) -> Any:
    part = found.first("in_part", "part")
    if found.behind(24).endswith(("every ", "each ")):
        return None
    clock = found.first("clock")
    if clock is None:
        clock = _hour_of(found)
        if (
            found.tokens[-1].category == "in_part"
            and found.text[found.tokens[-1].start : found.tokens[-1].start + 3] == "the"
        ):
            return None
    return clock and in_part(clock, part)
