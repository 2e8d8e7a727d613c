"""Japanese rules for two clock times: 10時から12時, 14〜15時."""

from __future__ import annotations

import re
from typing import Any

from nlp.dates.cascade import Found, Rules
from nlp.dates.compose_clocks import clock_range, in_zone, later_by, range_in_part
from nlp.dates.context import Context
from nlp.dates.values import Clock

WINDOWS = Rules()


_MOVED = re.compile(
    r"(?:に|へ)?[^。\n]{0,24}(?:ご?変更|延期|ずら|リスケ|振り?替え|移動|移し|移させ|繰り(?:上|下)げ|"
    r"前倒し|後ろ倒し|改め|延ば|早め)"
)


def is_moved(found: Found) -> bool:
    """「月曜から金曜に変更」 tells two dates, no stretch."""
    last = found.tokens[-1]
    return last.category != "まで" and _MOVED.match(found.text, last.end) is not None


@WINDOWS.rule(
    "window",
    "clock ( から | tilde ) comma? clock ( まで )? ( 間 )?",
    "num ( tilde ) clock ( まで )?",
    "clock から length 間?",
    "clock tilde num",
)
def _from_clock_to_clock(found: Found, _context: Context) -> Any:
    if is_moved(found):
        return None
    clocks = found.every("clock")
    if found.has("length"):
        end = later_by(clocks[0], found.first("length"))
        return clock_range(clocks[0], end) if end else None
    if found.has("num"):
        hour = found.first("num")
        if not 0 <= hour <= 24 or found.ahead(1) in ("日", "月", "/"):
            return None
        bare = Clock(hour, sure=hour > 12, grain="hour")
        clocks = [bare, clocks[0]] if found.tokens[0].category == "num" else [clocks[0], bare]
    return clock_range(clocks[0], clocks[1])


@WINDOWS.rule("window", "part の? window", "window open zone close", "window zone", "zone ( の | で )? ( は )? window")
def _window_in(found: Found, _context: Context) -> Any:
    window = found.first("window")
    if found.has("zone"):
        return in_zone(window, found.first("zone"))
    return range_in_part(window, found.first("part"))
