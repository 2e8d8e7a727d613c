"""English rules that join: a day with a time, two ends of a stretch, open ends, repeats."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from nlp.dates.calendar_days import add_months
from nlp.dates.cascade import Found, Rules, Token
from nlp.dates.compose import (
    clock_range,
    days_between,
    from_now,
    in_part,
    is_short,
    later_by,
    merged,
    period_of,
    range_in_part,
)
from nlp.dates.context import Context
from nlp.dates.english_amounts import number_of, unit_of
from nlp.dates.english_clocks import followed_well, four_digits, hour_clock
from nlp.dates.english_days import MONTHS, WEEKDAYS
from nlp.dates.english_words import AFTERNOON, EVENING, MORNING, NIGHT
from nlp.dates.repeats import repeat_each, repeat_on, with_clock, with_part
from nlp.dates.values import Bound, Clock, Day, Exact, Part, Period, Repeat, When

WEEKDAY_NAMES = Rules()
REPEATS = Rules()
RANGES = Rules()
JOINS = Rules()
STRETCHES = Rules()
BOUNDS = Rules()

_NAMED_BEFORE = re.compile(
    r"\b(?:on|this|next|last|or|and|by|until|till|from|to|every|for|before|after|since|thurs|fri|mon|"
    r"tue|sat|sun)[.,/-]?\s?$|[-–/,(]\s?$"
)


@WEEKDAY_NAMES.rule("day", "WEEKDAY dot?")
def _weekday(found: Found, context: Context) -> Any:
    """Sat and sun are words too: they count with a capital, or behind a word of time."""
    token = found.tokens[0]
    if token.category == "weekday":
        said = found.text[token.start : token.end]
        if said in ("mon", "wed", "fri") and not (
            context.original[token.start].isupper() or _NAMED_BEFORE.search(found.behind(8)) or found.alone()
        ):
            return None
        return Day(weekday=token.value)
    before = found.behind(8)
    inside = re.search(r"[a-z,]\s$", before) is not None and context.original[token.start].isupper()
    if token.category == "sun" and re.search(r"\b(?:the|hot|of)\s$", before):
        return None
    return Day(weekday=token.value) if found.alone() or _NAMED_BEFORE.search(before) or inside else None


# Repeats: before days are joined, so that "every Monday at 9" is not Monday at 9.


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


# Two clock times


def _as_clock(token: Token) -> Clock | None:
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
    if found.has("to", "until") and not found.has("length") and _is_moved(found):
        return None
    clocks = found.every("clock")
    if found.has("length"):
        end = later_by(clocks[0], found.first("length"))
        return clock_range(replace(clocks[0]), end) if end else None
    if found.has("and") and not found.has("between"):
        return None
    return clock_range(clocks[0], clocks[1])


_HOURS = "( small | word_number | two_words | hhmm | year | dotted | clock )"


@RANGES.rule(
    "window",
    f"( from | between | at | around ) {_HOURS} ( TO | and ) {_HOURS} ( ish )?",
    f"clock ( TO ) {_HOURS}",
    f"{_HOURS} ( TO ) clock",
    "( hhmm | year ) dash ( hhmm | year )",
    "small TO small",
)
def _from_two_to_four(found: Found, context: Context) -> Any:
    if found.has("to", "until") and not found.has("length") and _is_moved(found):
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
    one, two = _as_clock(ends[0]), _as_clock(ends[1])
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
        r"(?:day|tomorrow|tonight|\d|mon|tues?|wed|thurs?|fri|sat|sun|noon|morning|evening|h|y|night|\dst|"
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
    "window open zone close",
)
def _window_in_zone(found: Found, _context: Context) -> Any:
    window, zone = found.first("window"), found.first("zone", "place")
    return replace(window, clock=replace(window.clock, zone=zone), until_clock=replace(window.until_clock, zone=zone))


@RANGES.rule(
    "window", "window ( in_part | part )", "( in_part | part ) ( from | comma )? window", "part between window"
)
def _window_in_part(found: Found, _context: Context) -> Any:
    return range_in_part(found.first("window"), found.first("in_part", "part"))


@RANGES.rule("window", "later_than clock ( but | and )? before clock", "after clock ( but | and )? before clock")
def _later_than_but_before(found: Found, _context: Context) -> Any:
    one, two = found.every("clock")
    return clock_range(one, two)


# A day with a time


@JOINS.rule(
    "moment",
    "( window ) this_part",
    "( this_part | tonight ) ( from )? window",
    "window tonight",
    "window last night",
    "next part ( from )? window",
)
def _window_this_morning(found: Found, context: Context) -> Any:
    part = found.first("this_part", "part") or EVENING
    day = context.day(-1 if found.has("last") else 1 if found.has("next") else 0)
    return replace(range_in_part(found.first("window"), part), day=day)


@JOINS.rule(
    "moment",
    "( clock | small | word_number ) this_part",
    "this_part ( at | from | comma )? ( clock | small )",
    "this_part",
    "( clock | small ) tonight",
    "tonight ( at )? ( clock | small )",
    "tonight",
    "last night ( at )? clock",
    "last night",
)
def _tonight(found: Found, context: Context) -> Any:
    day = context.day(-1 if found.has("last") else 0)
    part: Part = found.first("this_part") or NIGHT
    token = next((one for one in found.tokens if one.category in ("clock", "small", "word_number")), None)
    if token is None:
        return When(day=day, part=part)
    clock = _as_clock(token)
    if clock is None or (token.category == "small" and token is found.tokens[-1] and not found.has("at")):
        return None
    return When(day=day, clock=in_part(clock, part) if part is not NIGHT or not clock.sure else clock)


@JOINS.rule(
    "moment",
    "day ( comma | dash )? ( at | on | around | from | open )? SOME_PART? comma? ( at | around | from )? window close?",
    "( window ) ( comma )? ( on | of )? ( the )? day ( in_part | part | night )?",
    "day ( part | night ) between window",
)
def _day_and_window(found: Found, context: Context) -> Any:
    day, window = found.first("day"), found.first("window")
    part = found.first("in_part", "part", "night")
    return replace(range_in_part(window, part) if part else window, day=day)


@JOINS.rule(
    "moment",
    "day ( comma | dash )? ( at | on | around | for | colon | open )? SOME_PART? comma? ( at | around )? clock close?",
    "clock ( comma )? ( on | of | for )? ( the )? day ( part | in_part | night )?",
    "clock ( on | comma )? ( the )? ( in_part | part )? ( of )? ( the )? day",
)
def _day_and_clock(found: Found, _context: Context) -> Any:
    clock, part, day = found.first("clock"), found.first("in_part", "part", "night"), found.first("day")
    if (
        found.tokens[0].category == "clock"
        and found.has("comma")
        and day.weekday is None
        and day.year is None
        and not day.month
    ):
        return None
    return When(day=day, clock=in_part(clock, part) if part else clock)


@JOINS.rule(
    "moment", "( small | word_number ) day ( part | in_part | night )?", "day hhmm", "day ( comma )? ( in_part ) small"
)
def _nine_tomorrow(found: Found, _context: Context) -> Any:
    part, token = (
        found.first("part", "in_part", "night"),
        next(one for one in found.tokens if one.category in ("small", "word_number", "hhmm")),
    )
    day = found.first("day")
    if token.category == "hhmm":
        return (
            When(day=day, clock=four_digits(token.value))
            if found.text[token.end : token.end + 2].strip() in ("", ".", ",") and token.end - token.start == 4
            else None
        )
    clock = _as_clock(token)
    if clock is None or (part is None and not (day.settled and found.alone())) or clock.hour > 12:
        return None
    return When(day=day, clock=in_part(clock, part) if part else clock)


@JOINS.rule(
    "moment",
    "day ( comma | dash )? ( in_part | part | parts | lunch | night )",
    "day ( at )? late",
    "( in_part | part | night ) ( of | on | comma )? ( the )? day",
    "day ( in | during )? the? part",
    "day ( open ) part close",
)
def _tuesday_afternoon(found: Found, _context: Context) -> Any:
    day: Day = found.first("day")
    if day.grain != "day":
        return None
    part = found.first("in_part", "part", "parts", "lunch", "night") or NIGHT
    if found.has("late") and not found.alone():
        return None
    return When(day=day, part=part)


@JOINS.rule("moment", "( early | late | later ) ( in )? ( the )? ( unit )? ( in )? day", "day ( early | late )")
def _later_today(found: Found, _context: Context) -> Any:
    if found.has("unit") and unit_of(found) != "days":
        return None
    if found.tokens[-1].category in ("early", "late"):
        return None
    late = found.has("late", "later")
    return When(day=found.first("day"), part=Part("afternoon", 12, 24) if late else Part("morning", 0, 12))


@JOINS.rule(
    "eod",
    "( the )? eod_word ( on | of | comma )? day",
    "day ( at | by | comma )? ( the )? eod_word",
    "( the )? eod_word",
    "( the )? end of day",
    "eod_today",
)
def _end_of_day(found: Found, context: Context) -> Any:
    day = found.first("day") or context.day(0)
    if (
        not found.has("day")
        and found.has("eod_word")
        and found.text[found.tokens[0].start : found.tokens[0].start + 10] == "end of the"
        and not re.search(r"\b(?:by|at|before|until)\s(?:the\s)?$", found.behind(12))
    ):
        return None
    return When(day=day, clock=Clock(23, 59, 59, sure=True, grain="second"))


@JOINS.rule("counted", "counted zone")
def _counted_in_zone(found: Found, _context: Context) -> Any:
    counted = found.first("counted")
    return replace(counted, zone=found.first("zone")) if isinstance(counted, Exact) else None


@JOINS.rule("moment", "day am_pm")
def _wednesday_pm(found: Found, _context: Context) -> Any:
    return When(day=found.first("day"), part=MORNING if found.first("am_pm") == "am" else AFTERNOON)


@JOINS.rule("moment", "moment ( comma | open )? day close?", "day dotted")
def _moment_and_date(found: Found, _context: Context) -> Any:
    """Friday noon 19/05: the date comes behind the time."""
    if found.has("dotted"):
        clock = _as_clock(found.tokens[1])
        return When(day=found.first("day"), clock=clock) if clock else None
    moment, day = found.first("moment"), found.first("day")
    if not isinstance(moment.day, Day) or moment.until_day or day.settled or day.day is None:
        return None
    both = merged(moment.day, day)
    return both and replace(moment, day=both)


# Two days


_MOVED = re.compile(
    r"\b(?:extend\w*|mov(?:e|ed|ing)|shift(?:ed|ing)?|re-?schedul\w+|re-?arrang\w+|re-?book\w*|postpon\w+|"
    r"push(?:ed|ing)?|chang\w+|switch\w*|"
    r"swap\w*|bring|brought|delay\w*|put(?:ting)? (?:it |this )?(?:back|off))\b[^.?!\n]{0,70}$"
)


def _is_moved(found: Found) -> bool:
    """ "Move it from Monday to Friday" tells two dates, no stretch."""
    start = found.tokens[0].start
    return _MOVED.search(found.text[max(0, start - 90) : start]) is not None


def _number_day(token: Token) -> Day:
    return Day(day=int(number_of(token)))


@STRETCHES.rule(
    "stretch",
    "( from | between )? ( this | next )? day ( TO | and | comma_to ) ( the )? ( this | next )? ( on )? day",
    "( from | between )? ( the )? ( small | nth | ordinal | second | cardinal ) ( TO | and ) ( the )? day",
    "( from | between )? day ( TO | and ) ( the )? ( nth | small | ordinal ) comma? ( year )?",
    "( from | between )? ( the )? nth ( TO | and ) ( the )? nth",
    "( from | between )? ( small | nth ) ( TO ) ( small | nth ) ( in | of )? month_date",
)
def _day_to_day(found: Found, context: Context) -> Any:
    if _is_moved(found):
        return None
    if found.has("and") and not found.has("between"):
        return None
    ends = [
        _number_day(token) if token.category not in ("day", "month_date") else token.value
        for token in found.tokens
        if token.category in ("day", "small", "nth", "ordinal", "second", "cardinal")
    ]
    if len(ends) != 2 or any(not 1 <= (end.day or 1) <= 31 for end in ends):
        return None
    if found.has("year"):
        ends = [replace(end, year=found.first("year")) if end.year is None else end for end in ends]
    if found.has("month_date"):
        month = found.first("month_date")
        ends = [replace(end, month=month.month, year=month.year) for end in ends]
    last = found.tokens[-1]
    if last.category == "small" and not (
        found.touching() or found.has("from", "between") or followed_well(found) is not False
    ):
        return None
    if (
        ends[0].swapped
        and ends[1].swapped is None
        and ends[1].month
        and ends[0].month != ends[1].month
        and ends[0].swapped.month == ends[1].month
    ):
        ends[0] = ends[0].swapped
    return days_between(ends[0], ends[1], context) or ("impossible", None)


@STRETCHES.rule(
    "stretch",
    "( from | between | in )? this? A_MONTH ( TO | and ) ( this | next )? A_MONTH ( of | in )? ( year | year_date )?",
    "( from | between | in )? ( year_date ) ( TO | and ) ( year_date )",
    "( from | between )? ( MONTH | month_date ) ( TO | and ) day",
    "( from | between )? day ( TO | and ) ( MONTH | month_date )",
)
def _month_to_month(found: Found, context: Context) -> Any:
    if _is_moved(found):
        return None
    if found.has("and") and not found.has("between"):
        return None
    ends = [
        Day(month=token.value) if token.category in MONTHS else token.value
        for token in found.tokens
        if token.category in (*MONTHS, "month_date", "day", "year_date")
    ]
    if len(ends) == 3:
        year = ends.pop().year
        ends = [replace(end, year=year) if end.year is None else end for end in ends]
    elif found.has("year"):
        ends = [replace(end, year=found.first("year")) if end.year is None else end for end in ends]
    return days_between(ends[0], ends[1], context)


@STRETCHES.rule(
    "stretch",
    "( from | between ) ( A_PERIOD | end_of | day ) ( TO | and ) ( the )? ( A_PERIOD | end_of | day | now )",
    "( period ) ( TO ) ( period | day )",
    "( from | between ) now ( TO | and ) ( the )? ( day | period | end_of | month_date )",
    "( from )? ( month_date | day | year_date | period ) to_date",
)
def _period_to_period(found: Found, context: Context) -> Any:
    if _is_moved(found):
        return None
    if found.has("and") and not found.has("between"):
        return None
    kinds = ("period", "end_of", *MONTHS, "month_date", "year_date", "day", "now", "to_date")
    one, two = (token for token in found.tokens if token.category in kinds)
    start, end = _edge(one, context, first=True), _edge(two, context, first=False)
    if start is None or end is None:
        return None
    if end < start and one.category in (*MONTHS, "month_date", "day"):
        start = add_months(start, -12)
    if end < start:
        return None
    return When(day=Period(start, start), until_day=Period(end, end))


def _edge(token: Token, context: Context, *, first: bool) -> Any:
    """Where a stretch from (to) this begins (ends)."""
    if token.category in ("now", "to_date"):
        return context.today
    if token.category == "end_of":
        part, whole = token.value
        return (
            part.start
            if part.start == whole.start
            else (part.end if part.end == whole.end else (part.start if first else part.end))
        )
    value = Day(month=token.value) if token.category in MONTHS else token.value
    whole = period_of(value, context)
    if whole is None:
        return None
    return whole.start if first or token.category in ("day", "month_date") or isinstance(value, Day) else whole.end


@STRETCHES.rule(
    "stretch",
    "( from )? moment TO ( moment | day | clock )",
    "( from )? clock TO moment",
    "( from )? day TO moment",
    "between moment and ( moment | clock )",
)
def _moment_to_moment(found: Found, context: Context) -> Any:
    if _is_moved(found):
        return None
    one, two = (token.value for token in found.tokens if token.category in ("moment", "day", "clock"))
    if isinstance(one, Clock):
        one = When(day=context.day(0), clock=one)
    if isinstance(one, Day):
        one = When(day=one)
    if isinstance(two, Clock):
        if one.clock is None or one.until_clock:
            return None
        window = clock_range(one.clock, two)
        return window and replace(window, day=one.day)
    two = two if isinstance(two, When) else When(day=two)
    if (
        one.exact
        or two.exact
        or one.until_clock
        or two.until_clock
        or not isinstance(one.day, Day)
        or not isinstance(two.day, Day)
    ):
        return None
    return When(
        day=one.day,
        clock=one.clock,
        part=one.part,
        until_day=two.day,
        until_clock=two.clock or (Clock(int(two.part.ends), sure=True) if two.part else None),
    )


@STRETCHES.rule(
    "stretch",
    "( from )? ( day | moment ) for ( length | a_length )",
    "( for )? ( length | a_length ) ( comma )? ( from | commencing | starting ) ( the )? ( day | moment )",
    "from day length",
)
def _for_ten_days(found: Found, context: Context) -> Any:
    start, length = found.first("day", "moment"), found.first("length", "a_length")
    when = start if isinstance(start, When) else When(day=start)
    if when.until_clock or when.until_day or when.exact or when.bound:
        return None
    if is_short(length) and when.clock is None:
        return None
    return replace(when, lasts=length)


# Open ends

_THINGS = "( day | moment | A_PERIOD | clock | stretch | counted | in_part | lunch | end_of | eod | now )"


@BOUNDS.rule("bound", "day ( comma | only )? ( after | before | until | by ) ( small | word_number )")
def _day_after_three(found: Found, _context: Context) -> Any:
    clock = _as_clock(found.tokens[-1])
    word = found.tokens[-2].category
    if clock is None or not followed_well(found):
        return None
    return When(
        day=found.first("day"),
        clock=clock,
        bound="before" if word == "before" else "after" if word == "after" else "until",
    )


@BOUNDS.rule(
    "bound",
    "day comma? before ( clock )",
    "day comma? ( after | by | until | no_later_than | since ) clock",
    "moment_day after clock",
    "( before | after | until | by ) clock ( on )? ( the )? day",
)
def _day_before_five(found: Found, _context: Context) -> Any:
    word = next(
        one.category for one in found.tokens if one.category in ("before", "after", "by", "until", "no_later_than")
    )
    bounds: dict[str, Bound] = {"before": "before", "after": "after", "since": "since"}
    return When(day=found.first("day"), clock=found.first("clock"), bound=bounds.get(word, "until"))


@BOUNDS.rule(
    "bound",
    f"BOUND_WORD ( around )? ( the )? {_THINGS}",
    f"{_THINGS} at_the_latest",
)
def _by_friday(found: Found, context: Context) -> Any:
    token = found.tokens[-1] if not found.has("at_the_latest") else found.tokens[0]
    word = found.tokens[0].category if not found.has("at_the_latest") else "by"
    bounds: dict[str, Bound] = {
        "before": "before",
        "earlier_than": "before",
        "by": "until",
        "until": "until",
        "no_later_than": "until",
        "since": "since",
        "after": "after",
        "later_than": "after",
        "as_early_as": "since",
    }
    bound = bounds[word]
    return bounded(token, bound, context)


@BOUNDS.rule("bound", "from ( the )? ( day | moment | month_date | period )", "after ( length | a_length )")
def _starting(found: Found, context: Context) -> Any:
    """ "starting Monday" goes on; "from Monday" says too little."""
    length = found.first("length", "a_length")
    if length is not None:
        counted = from_now(length, 1, context)
        return When(exact=counted, bound="since") if isinstance(counted, Exact) else When(day=counted, bound="since")
    first = found.tokens[0]
    return bounded(found.tokens[-1], "since", context) if found.text[first.start : first.end] == "starting" else None


@BOUNDS.rule(
    "bound",
    "( from )? ( day | moment | period | month_date | year_date | clock ) ( or | and ) ( later | after )",
    "from ( day | moment | clock | month_date ) ( on | onwards )",
)
def _or_later(found: Found, context: Context) -> Any:
    if found.tokens[-1].category == "after" and not re.match(r"\s*(?:$|[.,;!?])", found.ahead(3)):
        return None
    return bounded(next(one for one in found.tokens if one.category not in ("from",)), "since", context)


def bounded(token: Token, bound: Bound, context: Context) -> Any:
    value = token.value
    if token.category == "now":
        return When(exact=Exact(context.reference), bound=bound)
    if token.category == "end_of":
        part, whole = value
        if bound in ("until", "before"):
            return When(day=Period(part.start, whole.end if part.end == whole.end else part.end), bound="until")
        return When(day=part, bound=bound)
    if token.category in ("in_part", "lunch"):
        return When(part=value, bound=bound)
    if isinstance(value, Exact):
        return When(exact=value, bound=bound)
    if isinstance(value, Clock):
        return When(clock=value, bound=bound)
    if isinstance(value, When):
        if value.bound or value.until_exact:
            return None
        if token.category == "eod" or bound in ("before", "until", "after", "since"):
            return replace(value, bound=bound)
    return When(day=value, bound=bound)
