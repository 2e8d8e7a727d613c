"""English rules for open ends: by Friday, after 4 pm, from Monday onwards."""

from __future__ import annotations

import re
from typing import Any

from nlp.dates.cascade import Found, Rules, Token
from nlp.dates.compose import from_now
from nlp.dates.compose_clocks import bounded
from nlp.dates.context import Context
from nlp.dates.english_amounts import unit_of
from nlp.dates.english_clocks import followed_well
from nlp.dates.english_windows import HOURS, clock_of
from nlp.dates.values import Bound, Day, Exact, Following, Period, When

BOUNDS = Rules()
_ENDS_THERE = re.compile(
    r"\s*(?:$|[.,;:!?)]|(?:at|or|and|would|works?|is|suits?|instead|then|also|we|i|perhaps|maybe|if)\b)"
)

_THINGS = "( day | moment | A_PERIOD | clock | stretch | counted | in_part | lunch | end_of | eod | now )"


@BOUNDS.rule("bound", "day ( comma | only )? ( after | before | until | by ) ( small | word_number )")
def _day_after_three(found: Found, _context: Context) -> Any:
    clock = clock_of(found.tokens[-1])
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
    f"day ( comma | dash )? any_time? from {HOURS} onwards?",
    f"day ( comma | dash )? any_time ( after | before | from | until ) {HOURS} onwards?",
    "( day ( comma | dash )? )? clock onwards",
    "from clock onwards",
)
def _from_five_onwards(found: Found, _context: Context) -> Any:
    clock = clock_of(found.tokens[-2 if found.has("onwards") else -1])
    if clock is None or not (found.has("onwards") or followed_well(found)):
        return None
    word = next((one.category for one in found.tokens if one.category in ("after", "before", "until")), "since")
    bounds: dict[str, Bound] = {"after": "after", "before": "before", "until": "until"}
    return When(day=found.first("day"), clock=clock, bound=bounds.get(word, "since"))


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
    return _bounded(token, bound, context)


@BOUNDS.rule("following", "( the )? ( unit | day ) after", "the ( following | next ) unit")
def _the_day_after(found: Found, _context: Context) -> Any:
    """ "The day after", "the Monday after": of the date that stands before it in the text."""
    if not _ENDS_THERE.match(found.ahead(14)):
        return None
    if found.has("day"):
        day = found.first("day")
        return Following(weekday=day.weekday) if isinstance(day, Day) and day == Day(weekday=day.weekday) else None
    unit = unit_of(found) if found.has("the") else ""
    return Following("days") if unit == "days" else Following("weeks") if unit == "weeks" else None


@BOUNDS.rule("following", "day comma? ( at )? ( the )? same_time", "( at )? ( the )? same_time ( on )? day")
def _same_time(found: Found, _context: Context) -> Any:
    if found.ahead(4).startswith(" as "):
        return None
    return Following(day=found.first("day"), same_time=True)


@BOUNDS.rule("bound", "from ( the )? ( day | moment | month_date | period )", "after ( length | a_length )")
def _starting(found: Found, context: Context) -> Any:
    """ "starting Monday" goes on; "from Monday" says too little."""
    length = found.first("length", "a_length")
    if length is not None:
        counted = from_now(length, 1, context)
        return When(exact=counted, bound="since") if isinstance(counted, Exact) else When(day=counted, bound="since")
    first = found.tokens[0]
    return _bounded(found.tokens[-1], "since", context) if found.text[first.start : first.end] == "starting" else None


@BOUNDS.rule(
    "bound",
    "( from )? ( day | moment | period | month_date | year_date | clock ) ( or | and ) ( later | after )",
    "from ( day | moment | clock | month_date ) ( on | onwards )",
)
def _or_later(found: Found, context: Context) -> Any:
    if found.tokens[-1].category == "after" and not re.match(r"\s*(?:$|[.,;!?])", found.ahead(3)):
        return None
    return _bounded(next(one for one in found.tokens if one.category not in ("from",)), "since", context)


def _bounded(token: Token, bound: Bound, context: Context) -> Any:
    if token.category == "now":
        return When(exact=Exact(context.reference), bound=bound)
    if token.category == "end_of":
        part, whole = token.value
        if bound in ("until", "before"):
            return When(day=Period(part.start, whole.end if part.end == whole.end else part.end), bound="until")
        return When(day=part, bound=bound)
    return bounded(token.value, bound)
