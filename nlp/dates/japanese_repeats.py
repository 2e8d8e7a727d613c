"""Japanese rules for repeats: 毎週月曜9時, 毎月第2木曜."""

from __future__ import annotations

from typing import Any

from nlp.dates.cascade import Found, Rules
from nlp.dates.context import Context
from nlp.dates.repeats import repeat_on, with_clock, with_part
from nlp.dates.values import Repeat

REPEATS = Rules()


def as_repeat(rule: Repeat | str) -> Repeat:
    if isinstance(rule, Repeat):
        return rule
    return Repeat(tuple((part.split("=")[0], part.split("=")[1]) for part in rule.split(";")))


@REPEATS.rule("repeat", "weekdays_all", "weekend_days")
def _weekdays(found: Found, _context: Context) -> Any:
    return repeat_on((5, 6) if found.has("weekend_days") else (0, 1, 2, 3, 4))


@REPEATS.rule(
    "repeat", "repeat の? weekday_or_day", "repeat の? ( weekday | day )", "repeat の? 第 num の? ( weekday | day )"
)
def _every_monday(found: Found, _context: Context) -> Any:
    rule = as_repeat(found.first("repeat"))
    parts = dict(rule.rule)
    weekday = found.first("weekday") if found.has("weekday") else found.first("day").weekday
    if found.has("第"):
        nth = found.first("num")
        return (
            Repeat((*rule.rule, ("BYDAY", f"{nth}{['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'][weekday]}")))
            if weekday is not None and parts.get("FREQ") == "MONTHLY" and nth <= 5
            else None
        )
    if (
        parts.get("FREQ") == "MONTHLY"
        and found.has("day")
        and found.first("day").day
        and found.first("day").month is None
    ):
        return Repeat((*rule.rule, ("BYMONTHDAY", str(found.first("day").day))))
    if weekday is None or parts.get("FREQ") != "WEEKLY" or "BYDAY" in parts:
        return None
    return repeat_on((weekday,), interval=int(parts.get("INTERVAL", "1")))


@REPEATS.rule("repeat", "repeat の? window")
def _every_day_from(found: Found, _context: Context) -> Any:
    return with_clock(as_repeat(found.first("repeat")), found.first("window").clock)


@REPEATS.rule("repeat", "repeat の? clock", "repeat の? part")
def _every_day_at(found: Found, _context: Context) -> Any:
    rule = as_repeat(found.first("repeat"))
    return with_clock(rule, found.first("clock")) if found.has("clock") else with_part(rule, found.first("part"))
