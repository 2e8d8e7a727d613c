"""Japanese: the grammar put together, and what is done when its rules have run."""

from __future__ import annotations

from dataclasses import replace

from nlp.dates.calendar_days import add_days, day_of, monday_of
from nlp.dates.cascade import Grammar, Token
from nlp.dates.context import Context
from nlp.dates.japanese_bounds import BOUNDS
from nlp.dates.japanese_clocks import CLOCKS
from nlp.dates.japanese_counted import COUNTED
from nlp.dates.japanese_dates import DAYS
from nlp.dates.japanese_lengths import LENGTHS
from nlp.dates.japanese_moments import JOINS
from nlp.dates.japanese_periods import PERIODS
from nlp.dates.japanese_repeats import REPEATS, as_repeat
from nlp.dates.japanese_stretches import STRETCHES
from nlp.dates.japanese_tokens import japanese_tokens
from nlp.dates.japanese_windows import WINDOWS
from nlp.dates.pinning import date_of
from nlp.dates.telling import Told, told_in_order
from nlp.dates.values import Day, Exact, Part, Value, When

GRAMMAR = Grammar({}, CLOCKS, LENGTHS, DAYS, WINDOWS, REPEATS, PERIODS, COUNTED, JOINS, STRETCHES, BOUNDS)
_TOLD = frozenset(
    ["day", "clock", "window", "moment", "period", "stretch", "bound", "counted", "month_date", "year_date", "length"]
)


def read_japanese(text: str, context: Context) -> list[Told]:
    """The dates of a narrowed text, in order."""
    tokens = GRAMMAR.run(japanese_tokens(text, GRAMMAR), text, context)
    _share(tokens, context)
    return told_in_order(
        tokens,
        lambda token: _value_of(token, text, context),
        choosing=("or",),
        adding=("and", "comma"),
        passing=("の", "tilde"),
    )


def _value_of(token: Token, text: str, context: Context) -> Value | None:
    kind, value = token.category, token.value
    if kind in _TOLD or kind == "all_day":
        return value  # type: ignore[no-any-return]
    if kind == "part_period":
        return value[0]  # type: ignore[no-any-return]
    if kind == "part":
        return _part(token, text)
    if kind == "repeat":
        return as_repeat(value)
    if kind in ("now", "now_alone"):
        return Exact(context.reference) if kind == "now" or len(text.strip()) <= 2 else None
    if kind == "recently":
        return context.day(0) if len(text.strip()) <= 3 else None
    if kind == "asap":
        return When(exact=Exact(context.reference), bound="since")
    return None


def _part(token: Token, text: str) -> Part | None:
    """「夜」, 「朝」 alone are told when they stand free; in a word (夜景) they are not."""
    said = text[token.start : token.end]
    if len(said) > 1:
        return token.value  # type: ignore[no-any-return]
    after, before = text[token.end : token.end + 1], text[token.start - 1 : token.start]
    return (
        token.value
        if after in ("", "に", "は", "、", "。", "の", "か", "ま") and (not before or not "一" <= before <= "龥")
        else None
    )


# What one date leaves out, its neighbour says: 「15日か16日」, 「来週の火曜か水曜の午後」.


def _share(tokens: list[Token], context: Context) -> None:
    for place in range(len(tokens) - 2, 0, -1):
        if tokens[place].category in ("or", "and", "comma"):
            _share_backwards(tokens, place)
    for place in range(1, len(tokens) - 1):
        if tokens[place].category in ("or", "and", "comma"):
            _share_forwards(tokens[place - 1], tokens[place + 1], context)
            if tokens[place].category == "or":
                _share_day(tokens, place)


def _share_backwards(tokens: list[Token], place: int) -> None:
    left, right = tokens[place - 1], tokens[place + 1]
    right_day = right.value if right.category == "day" else getattr(right.value, "day", None)
    if (
        left.category == "num"
        and isinstance(right_day, Day)
        and right_day.day
        and not right_day.settled
        and 1 <= left.value <= 31
    ):
        tokens[place - 1] = GRAMMAR.token("day", left.start, left.end, Day(right_day.year, right_day.month, left.value))
    elif (
        left.category == "day"
        and right.category == "moment"
        and isinstance(right.value, When)
        and tokens[place].category == "or"
    ):
        when = right.value
        if isinstance(when.day, Day) and when.exact is None and not when.until_day and not when.bound:
            tokens[place - 1] = GRAMMAR.token("moment", left.start, left.end, replace(when, day=left.value))


def _share_day(tokens: list[Token], place: int) -> None:
    """20日の14時か15時: both are on the 20th."""
    left, right = tokens[place - 1], tokens[place + 1]
    if left.category != "moment" or right.category not in ("clock", "window") or left.value.clock is None:
        return
    if isinstance(left.value.day, Day) and not left.value.bound:
        value = right.value if right.category == "window" else When(clock=right.value)
        tokens[place + 1] = GRAMMAR.token("moment", right.start, right.end, replace(value, day=left.value.day))


def _share_forwards(left: Token, right: Token, context: Context) -> None:
    one = left.value if left.category == "day" else getattr(left.value, "day", None)
    two = right.value if right.category == "day" else getattr(right.value, "day", None)
    if not isinstance(one, Day) or not isinstance(two, Day) or two.settled or two.month is not None:
        return
    new: Day | None = None
    if two.day is not None and one.month is not None and one.day is not None:
        month = one.month if two.day >= one.day else one.month % 12 + 1
        new = replace(two, month=month, year=one.year)
    elif two.weekday is not None and two.day is None and one.settled:
        start = day_of(one.year or 1, one.month or 1, one.day or 1)
        found = add_days(monday_of(start), two.weekday) if start else None
        new = Day(found.year, found.month, found.day, settled=True) if found and found >= context.today else None
    elif two.weekday is not None and one.weekday is not None:
        start = date_of(one, context)
        found = date_of(two, context)
        new = None if start is None or found is None else two
    if new is not None:
        right.value = new if right.category == "day" else replace(right.value, day=new)
