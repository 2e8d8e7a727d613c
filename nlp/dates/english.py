"""English: the grammar put together, and what is done when its rules have run."""

from __future__ import annotations

from dataclasses import replace

from nlp.dates.calendar_days import add_days, day_of, monday_of
from nlp.dates.cascade import GAP, Grammar, Token
from nlp.dates.context import Context
from nlp.dates.english_amounts import AMOUNTS, LENGTHS, SHORTHANDS
from nlp.dates.english_bounds import BOUNDS
from nlp.dates.english_clocks import CLOCKS, FOLLOWS_WELL, PARTS, ZONES
from nlp.dates.english_counted import COUNTED
from nlp.dates.english_dates import DATES
from nlp.dates.english_holidays import HOLIDAYS
from nlp.dates.english_moments import JOINS
from nlp.dates.english_nths import DAY_NUMBERS, NTHS
from nlp.dates.english_periods import PERIODS
from nlp.dates.english_repeats import REPEATS, as_repeat
from nlp.dates.english_stretches import STRETCHES
from nlp.dates.english_tokens import english_tokens
from nlp.dates.english_weekdays import NEAR_DAYS, WEEKDAY_NAMES
from nlp.dates.english_windows import RANGES
from nlp.dates.telling import Told, told_in_order
from nlp.dates.values import Clock, Day, Exact, Length, Part, Value, When

GRAMMAR = Grammar(
    SHORTHANDS, AMOUNTS, CLOCKS, ZONES, LENGTHS, PARTS, DATES, NTHS, NEAR_DAYS, DAY_NUMBERS, HOLIDAYS, COUNTED, RANGES,
    PERIODS, WEEKDAY_NAMES, REPEATS, JOINS, STRETCHES, BOUNDS,
)  # fmt: skip
_LENGTH_IS_MEANT = ("for", "of", "takes", "about", "lasts", "another", "last", "over")


def read_english(text: str, context: Context) -> list[Told]:
    """The dates of a text in lower case, in order."""
    tokens = GRAMMAR.run(english_tokens(text, GRAMMAR, day_first=context.day_first), text, context)
    tokens = _shared(tokens, text, context)
    return told_in_order(
        tokens,
        lambda token: _value_of(token, text, context),
        choosing=("or", "slash"),
        adding=("comma", "and"),
        passing=("on", "at", "the", "either", "also"),
    )


def _value_of(token: Token, text: str, context: Context) -> Value | None:
    kind, value = token.category, token.value
    if kind in (
        "day",
        "clock",
        "window",
        "moment",
        "period",
        "stretch",
        "bound",
        "counted",
        "month_date",
        "year_date",
        "eod",
        "this_part",
        "length",
        "following",
    ):
        return When(day=context.day(0), part=value) if kind == "this_part" else value
    if kind in ("in_part", "part"):
        return value  # type: ignore[no-any-return]
    if kind == "lunch":
        return _meal(token, text)
    if kind == "end_of":
        return value[0]  # type: ignore[no-any-return]
    if kind == "all_day":
        return Length(value)
    if kind == "repeat":
        return as_repeat(value)
    if kind == "tonight":
        return When(day=context.day(0), part=Part("night", 20, 24))
    if kind == "now":
        following = text[token.end : token.end + 2].lstrip(" ")[:1]
        return Exact(context.reference) if not following.isalnum() or token.end - token.start > 3 else None
    if kind == "asap":
        return When(exact=Exact(context.reference), bound="since")
    if kind in ("to_date", "year_to_date"):
        year = When(day=Day(context.today.year, 1, 1), until_day=context.day(0), until_excluded=True)
        return year if kind == "year_to_date" else When(exact=Exact(context.reference), bound="until")
    if kind == "a_length":
        return value if _length_is_meant(token, text) else None
    return None


def _meal(token: Token, text: str) -> Part | None:
    before = text[max(0, token.start - 7) : token.start]
    return token.value if before.endswith(("at ", "over ", "during ")) else None


def _length_is_meant(token: Token, text: str) -> bool:
    """ "an hour" lasts; "a day" may be any day unless something says that it lasts."""
    if token.value.amounts[0][0] in ("hours", "minutes"):
        return True
    before = text[max(0, token.start - 12) : token.start].split()
    return bool(before) and before[-1] in _LENGTH_IS_MEANT


# What one date leaves out, its neighbour says: "14 or 15 July", "Tuesday or Wednesday afternoon".


def _shared(tokens: list[Token], text: str, context: Context) -> list[Token]:
    for place in range(len(tokens) - 1, 0, -1):
        if tokens[place].category in ("or", "and", "comma", "slash"):
            _share_backwards(tokens, place, text)
            _same_week_backwards(tokens, place, text, context)
    for place in range(1, len(tokens) - 1):
        if tokens[place].category in ("or", "and", "comma", "slash"):
            _share_forwards(tokens, place, text, context)
    return tokens


def _share_backwards(tokens: list[Token], place: int, text: str) -> None:
    """The earlier takes month, part of day or clock of the later."""
    left, right = tokens[place - 1], _after(tokens, place)
    if right is None:
        return
    day = right.value if right.category == "day" else getattr(right.value, "day", None)
    if left.category in ("nth", "small", "ordinal") and isinstance(day, Day) and day.day and not day.settled:
        number = left.value
        if 1 <= number <= 31:
            tokens[place - 1] = GRAMMAR.token("day", left.start, left.end, Day(day.year, day.month, number))
            left = tokens[place - 1]
    if left.category == "small" and right.category == "clock" and tokens[place].category == "or":
        tokens[place - 1] = (
            GRAMMAR.token(
                "clock",
                left.start,
                left.end,
                replace(right.value, hour=left.value % 12 + (12 if right.value.hour > 12 else 0), minute=0),
            )
            if left.value <= 12
            else left
        )
    elif left.category == "small" and right.category == "moment" and tokens[place].category == "or":
        when = right.value
        if when.clock is not None and when.until_clock is None and not when.bound and left.value <= 12:
            half = 12 if when.clock.hour > 12 and left.value < 12 else 0
            told = replace(when, clock=replace(when.clock, hour=left.value + half, minute=0))
            tokens[place - 1] = GRAMMAR.token("moment", left.start, left.end, told)
    elif (
        left.category == "day"
        and right.category == "moment"
        and isinstance(right.value, When)
        and _is_choice(tokens, place)
    ):
        when = right.value
        if isinstance(when.day, Day) and not when.until_day and when.exact is None and not when.bound:
            tokens[place - 1] = GRAMMAR.token("moment", left.start, left.end, replace(when, day=left.value))


def _same_week_backwards(tokens: list[Token], place: int, text: str, context: Context) -> None:
    """ "Monday or Tuesday next week": both are in that week."""
    left, right = tokens[place - 1], _after(tokens, place)
    if right is None or left.category not in ("day", "moment") or right.category not in ("day", "moment"):
        return
    day = right.value if right.category == "day" else right.value.day
    if isinstance(day, Day) and day.settled and " week" in text[right.start : right.end]:
        _same_week(tokens, place - 1, day, context)


def _is_choice(tokens: list[Token], place: int) -> bool:
    """An "or" in this list of days."""
    if tokens[place].category == "or":
        return True
    following = tokens[place + 1 : place + 6]
    return any(token.category == "or" for token in following) and all(token.category != GAP for token in following[:2])


def _share_forwards(tokens: list[Token], place: int, text: str, context: Context) -> None:
    """The later takes month and week of the earlier: "3 or 4" of June, "next Monday or Tuesday"."""
    left, right_place = tokens[place - 1], place + 1
    while right_place < len(tokens) and tokens[right_place].category in ("or", "and", "on", "the", "also"):
        right_place += 1
    if right_place >= len(tokens):
        return
    right = tokens[right_place]
    day = left.value if left.category == "day" else getattr(left.value, "day", None)
    if not isinstance(day, Day) and left.category != "clock":
        return
    if (
        isinstance(day, Day)
        and right.category in ("nth", "small")
        and day.day
        and not day.settled
        and (tokens[place].category != "comma" or _is_list(tokens, place, text))
        and (tokens[place].category == "comma" or _ends_well(right, text))
    ):
        if 1 <= right.value <= 31:
            tokens[right_place] = GRAMMAR.token("day", right.start, right.end, Day(day.year, day.month, right.value))
    elif (
        right.category in ("day", "moment")
        and isinstance(day, Day)
        and day.settled
        and text[left.start : left.start + 5] in ("next ", "this ")
    ):
        _same_week(tokens, right_place, day, context)
    elif right.category == "small" and _is_hour(right, tokens, place, text) and left.category in ("moment", "clock"):
        hour = left.value.clock if left.category == "moment" else left.value
        if hour is not None and (left.category == "clock" or not (left.value.bound or left.value.until_clock)):
            clock = Clock(right.value, sure=right.value > 12, grain="hour", zone=hour.zone)
            made = ("clock", clock) if left.category == "clock" else ("moment", When(day=day, clock=clock))
            tokens[right_place] = GRAMMAR.token(made[0], right.start, right.end, made[1])
    elif left.category == "moment" and right.category in ("clock", "window") and _is_choice(tokens, place):
        value = right.value if right.category == "window" else When(clock=right.value)
        if left.value.clock is not None and not left.value.bound:
            tokens[right_place] = GRAMMAR.token("moment", right.start, right.end, replace(value, day=day))


def _is_hour(token: Token, tokens: list[Token], place: int, text: str) -> bool:
    """ "At 9, 10 or 11": a number that fits a clock, in a choice."""
    return 1 <= token.value <= 20 and _is_choice(tokens, place) and _ends_well(token, text)


def _is_list(tokens: list[Token], place: int, text: str) -> bool:
    """ "Aug 11, 12 and 14": numbers with commas between them, and at last one behind "and" or "or"."""
    while place + 1 < len(tokens):
        mark, number = tokens[place], tokens[place + 1]
        if number.category not in ("nth", "small"):
            return number.category in ("or", "and") and place + 2 < len(tokens) and _is_list(tokens, place + 1, text)
        if mark.category in ("or", "and"):
            return _ends_well(number, text)
        if mark.category != "comma":
            return False
        place += 2
    return False


def _ends_well(token: Token, text: str) -> bool:
    return token.category == "nth" or FOLLOWS_WELL.match(text, token.end) is not None


def _same_week(tokens: list[Token], place: int, day: Day, context: Context) -> None:
    token = tokens[place]
    other = token.value if token.category == "day" else token.value.day
    if not isinstance(other, Day) or other.weekday is None or other.day is not None or other.past:
        return
    start = day_of(day.year or 1, day.month or 1, day.day or 1)
    if start is None:
        return
    found = add_days(monday_of(start), other.weekday)
    value = Day(found.year, found.month, found.day, settled=True)
    if found >= context.today:
        token.value = value if token.category == "day" else replace(token.value, day=value)


def _after(tokens: list[Token], place: int) -> Token | None:
    for token in tokens[place + 1 : place + 4]:
        if token.category not in ("the", "on", "at", "or", "and", "either"):
            return token
    return None
