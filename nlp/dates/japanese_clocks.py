"""Japanese rules for clock times and zones: 午後3時半, 日本時間15時."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

from nlp.dates.cascade import Found, Rules
from nlp.dates.compose_clocks import in_part, with_half
from nlp.dates.context import Context
from nlp.dates.time_zones import written_offset
from nlp.dates.values import Clock

CLOCKS = Rules()


@CLOCKS.rule("clock", "num 時 num 分 num 秒", "num 時 num 分", "num 時 半 num 秒", "num 時 num 秒", "num 時 半?")
def _hours_and_minutes(found: Found, _context: Context) -> Any:
    numbers = [int(number) for number in found.every("num")]
    hour, minute, second = numbers[0], 30 if found.has("半") else 0, 0
    if found.has("分"):
        minute = numbers[1]
    if found.has("秒"):
        second = numbers[-1]
    if hour > 30 or minute > 59 or second > 59 or found.ahead(1) in ("点", "短", "差"):
        return None
    grain: Literal["second", "minute", "hour"] = "second" if found.has("秒") else "minute" if minute else "hour"
    said = found.text[found.tokens[0].start : found.tokens[0].end]
    return Clock(hour, minute, second, sure=hour > 12 or hour == 0 or said[0] == "0", grain=grain)


@CLOCKS.rule("clock", "clock exactly", "clock am_pm", "am_pm ( clock | num )")
def _am_pm(found: Found, _context: Context) -> Any:
    clock = found.first("clock")
    if clock is None and found.has("num"):
        clock = Clock(found.first("num"), grain="hour") if found.first("num") <= 12 else None
    if found.has("exactly") or clock is None:
        return clock
    return with_half(clock, found.first("am_pm"))


@CLOCKS.rule("clock", "part の? part clock", "part の? comma? clock")
def _eight_in_the_morning(found: Found, _context: Context) -> Any:
    part = found.every("part")[-1]
    clock: Clock = found.first("clock")
    if found.has("comma"):
        return None
    if part.name == "noon" and clock.hour in (11, 12, 13):
        return replace(clock, sure=True)
    if part.name == "morning" and clock.hour == 12:
        return replace(clock, hour=12, sure=True)
    return in_part(clock, part)


@CLOCKS.rule("clock", "clock clock")
def _noon_twelve(found: Found, _context: Context) -> Any:
    one, two = found.every("clock")
    return two if one.hour == two.hour else None


@CLOCKS.rule("clock", "place ( で )? は clock")
def _place_is_at(found: Found, _context: Context) -> Any:
    """「シンガポールは13時」"""
    return replace(found.first("clock"), zone=found.first("place"))


@CLOCKS.rule("zone", "zone ( tilde | plus ) num", "place ( unit | 時間帯 )", "place 時間帯 unit")
def _zone(found: Found, _context: Context) -> Any:
    if found.has("place"):
        return found.first("place")
    said = found.text[found.tokens[0].start : found.tokens[-1].end]
    return written_offset(said) or None


@CLOCKS.rule("clock", "clock open zone close", "clock zone", "zone ( の | で )? ( は )? clock")
def _in_zone(found: Found, _context: Context) -> Any:
    return replace(found.first("clock"), zone=found.first("zone")) if found.has("open") == found.has("close") else None
