"""English rules for repeats: every Monday at 9. They run before days are joined with times."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from nlp.dates.cascade import Found, Rules
from nlp.dates.context import Context
from nlp.dates.english_amounts import unit_of
from nlp.dates.english_names import WEEKDAYS
from nlp.dates.repeats import repeat_each, repeat_on, with_clock, with_part
from nlp.dates.values import Repeat

REPEATS = Rules()


@REPEATS.rule(
    "repeat", "every ( day | WEEKDAY )", "( every | all ) ( weekend | weekends )", "every weekday", "weekdays_all"
)
def _every_monday(found: Found, context: Context) -> Any:
    if found.has("weekend", "weekends"):
        return repeat_on((5, 6))
    if found.has("weekday"):
        return (
            repeat_on((found.first("weekday"),)) if found.first("weekday") is not None else repeat_on((0, 1, 2, 3, 4))
        )
    weekday = found.first(*WEEKDAYS)
    if weekday is None:
        day = found.first("day")
        weekday = day.weekday if day.day is None else None
    return repeat_on((weekday,)) if weekday is not None else None


@REPEATS.rule("repeat", "every ( weekday_any | weekdays | weekday ) ")
def _every_weekday(found: Found, _context: Context) -> Any:
    return repeat_on((0, 1, 2, 3, 4))


@REPEATS.rule("repeat", "every business unit")
def _every_working_day(found: Found, _context: Context) -> Any:
    return repeat_on((0, 1, 2, 3, 4)) if unit_of(found) == "days" else None


@REPEATS.rule(
    "repeat",
    "every ( other | second )? ( unit | quarter )",
    "every length",
    "once_a ( unit | quarter )",
    "every ( other | second ) ( WEEKDAY | day )",
    "every second WEEKDAY",
)
def _every_week(found: Found, context: Context) -> Any:
    if found.has("once_a") and found.first("once_a") != 1:
        return None
    count = 2 if found.has("other", "second") else 1
    if found.has(*WEEKDAYS, "day"):
        weekday = found.first(*WEEKDAYS) if found.has(*WEEKDAYS) else found.first("day").weekday
        return repeat_on((weekday,), interval=2) if weekday is not None else None
    length = found.first("length")
    if length is not None:
        unit, amount = length.amounts[0]
        if unit == "weekends":
            return repeat_on((5, 6), interval=int(amount))
        return repeat_each(unit, int(amount)) if amount == int(amount) and len(length.amounts) == 1 else None
    return repeat_each(unit_of(found), count)


@REPEATS.rule("repeat", "every ( part | night )")
def _every_evening(found: Found, _context: Context) -> Any:
    return with_part(repeat_each("days", 1), found.first("part", "night"))


@REPEATS.rule("repeat", "( day | WEEKDAY ) ( parts | nights )", "weekdays_of ( parts | nights | part )")
def _tuesday_afternoons(found: Found, _context: Context) -> Any:
    day = found.first("day")
    weekday = found.first(*WEEKDAYS, "weekdays_of") if day is None else day.weekday
    return with_part(repeat_on((weekday,)), found.first("parts", "nights", "part")) if weekday is not None else None


@REPEATS.rule("repeat", "weekdays_of")
def _mondays(found: Found, _context: Context) -> Any:
    return repeat_on((found.first("weekdays_of"),))


@REPEATS.rule("repeat", "weekends")
def _weekends(_found: Found, _context: Context) -> Any:
    return repeat_on((5, 6))


@REPEATS.rule("repeat", "weekdays")
def _weekdays(_found: Found, _context: Context) -> Any:
    return repeat_on((0, 1, 2, 3, 4))


@REPEATS.rule(
    "repeat",
    "( the )? ( nth | ordinal | second ) ( unit )? ( of | in )? ( the )? repeat",
    "( the )? ( nth | ordinal | second | last ) ( WEEKDAY | day ) ( of | in )? ( the )? repeat",
)
def _nth_of_every_month(found: Found, _context: Context) -> Any:
    rule = found.first("repeat")
    if not isinstance(rule, Repeat) or dict(rule.rule).get("FREQ") != "MONTHLY":
        return None
    nth = -1 if found.has("last") else int(found.first("nth", "ordinal", "second"))
    weekday = found.first(*WEEKDAYS)
    if weekday is None and found.has("day"):
        weekday = found.first("day").weekday
    told = (
        (("BYDAY", f"{nth}{['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'][weekday]}"),)
        if weekday is not None
        else (("BYMONTHDAY", str(nth)),)
    )
    return replace(rule, rule=rule.rule + told)


@REPEATS.rule(
    "repeat", "repeat ( at | from | comma )? clock", "clock repeat", "part_clock repeat", "repeat ( on )? WEEKDAY"
)
def _every_day_at_nine(found: Found, _context: Context) -> Any:
    rule = found.first("repeat")
    if found.has(*WEEKDAYS):
        if not isinstance(rule, str) and dict(rule.rule) == {"FREQ": "WEEKLY"}:
            return Repeat((*rule.rule, ("BYDAY", ["MO", "TU", "WE", "TH", "FR", "SA", "SU"][found.first(*WEEKDAYS)])))
        if rule == "FREQ=WEEKLY":
            return repeat_on((found.first(*WEEKDAYS),))
        return None
    return with_clock(as_repeat(rule), found.first("clock"))


def as_repeat(rule: Repeat | str) -> Repeat:
    if isinstance(rule, Repeat):
        return rule
    return Repeat(tuple((part.split("=")[0], part.split("=")[1]) for part in rule.split(";")))
