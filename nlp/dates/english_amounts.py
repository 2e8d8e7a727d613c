"""English rules for numbers in words, and for how long something takes."""

from __future__ import annotations

from typing import Any

from nlp.dates.cascade import Found, Rules, Token
from nlp.dates.context import Context
from nlp.dates.values import Length

AMOUNTS = Rules()
LENGTHS = Rules()

SHORTHANDS = {
    "MONTH": "( month | may | march | mar )",
    "WEEKDAY": "( weekday | sat | sun )",
    "NTH": "( nth | ordinal | second )",
    "NUMBER": "( small | word_number | cardinal | tens | number | hhmm )",
    "UNIT": "( unit | quarter | second | h | d | m | s | weekend | weekends | night | nights )",
    "TO": "( to | until | dash )",
    "PART": "( part | night | lunch )",
    "SOME_PART": "( in_part | part | night )",
    "A_MONTH": "( MONTH | month_date )",
    "A_PERIOD": "( period | month_date | year_date | MONTH )",
    "A_NUMBER": "( small | word_number | cardinal | tens )",
    "BOUND_WORD": "( before | by | until | no_later_than | since | after | later_than | earlier_than | as_early_as )",
}
_UNIT_OF = {
    "quarter": "quarters",
    "second": "seconds",
    "weekend": "weekends",
    "weekends": "weekends",
    "night": "nights",
    "nights": "nights",
}


def number_of(token: Token) -> float:
    value = token.value
    if token.category == "dotted":
        return float(value[3].rstrip("."))
    return float(value[0] if isinstance(value, tuple) else value)


def numbers(found: Found) -> list[float]:
    wanted = ("small", "word_number", "cardinal", "tens", "number", "hhmm", "decimal", "year", "dotted")
    return [number_of(token) for token in found.tokens if token.category in wanted]


def unit_of(found: Found) -> str:
    """The unit of a length, in the words of values.Length ("days"); the last one told."""
    for token in reversed(found.tokens):
        if token.category in ("unit", "h", "d", "m", "s"):
            return str(token.value)
        if token.category in _UNIT_OF:
            return _UNIT_OF[token.category]
    return ""


@AMOUNTS.rule("cardinal", "tens dash? word_number")
def _twenty_one(found: Found, _context: Context) -> Any:
    return sum(token.value for token in found.tokens if token.value)


@AMOUNTS.rule("ordinal", "tens dash? ( ordinal | second )")
def _twenty_first(found: Found, _context: Context) -> Any:
    tens, ones = found.first("tens"), found.first("ordinal", "second")
    return tens + ones if ones < 10 else None


@AMOUNTS.rule("year", "word_number thousand ( and )? ( cardinal | tens | word_number )?")
def _two_thousand_and_five(found: Found, _context: Context) -> Any:
    values = found.every("word_number", "cardinal", "tens")
    total = values[0] * 1000 + sum(values[1:])
    return total if 1900 <= total <= 2100 else None


@AMOUNTS.rule("year", "word_number hundred? ( and )? cardinal", "word_number hundred ( and )? ( tens | word_number )")
def _nineteen_ninety_three(found: Found, _context: Context) -> Any:
    values = found.every("word_number", "cardinal", "tens")
    total = values[0] * 100 + sum(values[1:])
    return total if values[0] in (18, 19, 20) and 1800 <= total <= 2100 else None


# Lengths


@LENGTHS.rule("length", "slashed UNIT")
def _half_an_hour_in_digits(found: Found, _context: Context) -> Any:
    _, one, two = found.first("slashed")
    return Length(((unit_of(found), one / two),)) if 0 < one < two <= 12 else None


@LENGTHS.rule(
    "length",
    "NUMBER and a? half ( of )? a? unit",
    "NUMBER unit and a? half",
    "a unit and a? half",
    "NUMBER and a? ( NUMBER )? quarter ( of )? unit",
    "NUMBER and NUMBER quarter ( of )? unit",
)
def _one_and_a_half(found: Found, _context: Context) -> Any:
    told = numbers(found) or [1]
    share = 0.5 if found.has("half") else 0.25 * (told[1] if len(told) > 1 else 1)
    return Length(((unit_of(found), told[0] + share),)) if share < 1 else None


@LENGTHS.rule("length", "a? quarter ( of )? a? unit", "half ( of )? a? unit", "( NUMBER | a ) quarter ( of )? a? unit")
def _quarter_of_an_hour(found: Found, _context: Context) -> Any:
    share = 0.5 if found.has("half") else 0.25
    told = numbers(found)
    if unit_of(found) not in ("hours", "days", "years", "months", "minutes"):
        return None
    return Length(((unit_of(found), share * (told[0] if told else 1)),))


@LENGTHS.rule("length", "tens and word_number unit")
def _twenty_and_four_hours(found: Found, _context: Context) -> Any:
    return Length(((unit_of(found), sum(numbers(found))),))


@LENGTHS.rule(
    "length",
    "( NUMBER | decimal | dotted | year ) dash? more? business? UNIT",
    "a? couple ( of )? more? business? UNIT",
    "a? few more? business? UNIT",
)
def _three_days(found: Found, _context: Context) -> Any:
    unit = unit_of(found)
    last = found.tokens[-1]
    if last.category in ("m", "s", "d", "h", "second") and not _is_unit(found, last):
        return None
    told = numbers(found)
    if found.has("year") and unit not in ("days", "hours", "minutes", "seconds"):
        return None
    if unit == "days" and found.tokens[0].category == "word_number" and told[0] == 1 and not _lasts(found):
        return None
    amount = told[0] if told else (2.0 if found.has("couple") else 3.0)
    business = found.has("business") and unit == "days"
    if found.has("business") and not business:
        return None
    return Length(((unit, amount),), business=business)


def _lasts(found: Found) -> bool:
    """ "One day" is a length behind these words only."""
    before = found.behind(24).split()
    return found.alone() or (
        bool(before) and before[-1] in ("in", "within", "for", "than", "after", "about", "by", "of")
    )


def _is_unit(found: Found, last: Token) -> bool:
    """2h, 5m, "one sec": a single letter counts when it is glued to its number or nothing follows."""
    said = found.text[last.start : last.end]
    if last.category == "second":
        return said == "sec" or (numbers(found)[:1] == [1.0] and found.tokens[0].category in ("small", "word_number"))
    return found.touching() or (found.ahead(1) in ("", " ", ".", ",") and found.tokens[0].category == "small")


@LENGTHS.rule("length", "small prime", "small double_prime")
def _primes(found: Found, _context: Context) -> Any:
    return Length((("minutes" if found.has("prime") else "seconds", float(found.first("small"))),))


@LENGTHS.rule("a_length", "a business? ( unit | second | quarter | night | weekend )")
def _an_hour(found: Found, _context: Context) -> Any:
    return Length(((unit_of(found), 1.0),), business=found.has("business"))


@LENGTHS.rule(
    "length", "( length | a_length ) and? ( comma )? and? ( length | a_length )", "( length | a_length ) and? NUMBER"
)
def _hours_and_minutes(found: Found, _context: Context) -> Any:
    lengths = found.every("length", "a_length")
    if found.has("and") and found.behind(24).endswith(("last ", "past ", "next ")):
        return None
    order = ["years", "months", "weeks", "days", "hours", "minutes", "seconds"]
    last_unit = lengths[0].amounts[-1][0]
    if last_unit not in order:
        return None
    if len(lengths) == 1:
        follows = {"hours": "minutes", "minutes": "seconds"}.get(last_unit)
        told = numbers(found)
        if follows is None or not 1 <= told[0] < 60 or found.has("a_length"):
            return None
        return Length((*lengths[0].amounts, (follows, told[0])))
    if lengths[1].amounts[0][0] not in order or order.index(lengths[1].amounts[0][0]) <= order.index(last_unit):
        return None
    return Length(lengths[0].amounts + lengths[1].amounts, lengths[0].business or lengths[1].business)
