"""How each database says what filters need: texts in their plain form, patterns, clocks, custom fields in JSON."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    LargeBinary,
    Numeric,
    String,
    and_,
    case,
    cast,
    func,
    literal_column,
    null,
    type_coerce,
)

from motenashi.filters.patterns import for_postgresql
from motenashi.flow_engine.criteria_subjects import LONGEST_TEXT

Sql = ColumnElement[Any]
_AGES = 999_999  # days, and whole weeks
_DAY = 86_400  # seconds
_DAY_PARTS = ((1, 4), (6, 2), (9, 2))  # year, month, day in 2026-11-03: first letter, length
_THURSDAY = 3  # 1 January 1970, when 0 is Monday
_UNICODE_SPACE = "[\\s\u001c-\u001f\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+"


class Speech(Protocol):
    letters: str  # the collation that orders texts by their code points

    def days_between(self, first: Sql, last: Sql) -> Sql:
        """Whole days between two moments."""

    def folded(self, text: Sql) -> Sql: ...
    def has_in_it(self, folded: Sql, piece: str) -> Sql: ...
    def begins(self, folded: Sql, piece: str) -> Sql: ...
    def ends(self, folded: Sql, piece: str) -> Sql: ...
    def found(self, folded: Sql, pattern: str) -> Sql: ...
    def weekday(self, moment: Sql, zone: tzinfo) -> Sql:
        """0 is Monday."""

    def weekday_of_day(self, day: Sql) -> Sql: ...
    def weekday_of_text(self, day: Sql) -> Sql:
        """Of a day written as 2026-11-03; NULL for any other text."""

    def clock(self, moment: Sql, zone: tzinfo) -> Sql:
        """Whole seconds since midnight."""

    def json_kind(self, extra: Sql, key: str) -> Sql:
        """string, number, boolean, array, object, null; NULL when it is not there."""

    def json_text(self, extra: Sql, key: str) -> Sql: ...
    def json_number(self, extra: Sql, key: str) -> Sql:
        """Of a number, and of a text that is one; otherwise NULL."""

    def json_items(self, extra: Sql, key: str) -> Any:
        """A set of rows with the column `value`, one an item of the array."""


def begins(folded: Sql, piece: str) -> Sql:
    return func.substr(folded, 1, len(piece), type_=String) == piece


class Sqlite:
    """`motenashi_fold`, `motenashi_found`, `motenashi_number` and `motenashi_local` are made by `asking`."""

    letters = "BINARY"

    def days_between(self, first: Sql, last: Sql) -> Sql:
        seconds = func.unixepoch(last, type_=Integer) - func.unixepoch(first, type_=Integer)
        return (seconds + _AGES * 86_400) // 86_400 - _AGES  # rounded down also where it is negative

    def folded(self, text: Sql) -> Sql:
        return func.motenashi_fold(text, type_=String)

    def has_in_it(self, folded: Sql, piece: str) -> Sql:
        return func.instr(folded, piece, type_=Integer) > 0

    def begins(self, folded: Sql, piece: str) -> Sql:
        return begins(folded, piece)

    def ends(self, folded: Sql, piece: str) -> Sql:
        return func.substr(folded, -len(piece), type_=String) == piece

    def found(self, folded: Sql, pattern: str) -> Sql:
        return func.motenashi_found(pattern, cast(folded, LargeBinary), type_=Integer) == 1

    def weekday(self, moment: Sql, zone: tzinfo) -> Sql:
        return (self._local(moment, zone) // _DAY + _THURSDAY) % 7

    def weekday_of_day(self, day: Sql) -> Sql:
        return (cast(func.strftime("%w", day), Integer) + 6) % 7

    def weekday_of_text(self, day: Sql) -> Sql:
        return self.weekday_of_day(day)

    def clock(self, moment: Sql, zone: tzinfo) -> Sql:
        return self._local(moment, zone) % _DAY

    def _local(self, moment: Sql, zone: tzinfo) -> Sql:
        """Whole seconds on the zone's clocks, from a beginning so early that they are never negative."""
        seconds = func.substr(type_coerce(moment, String), 1, 19)
        steady = steady_offset(zone)
        if steady is not None:
            return func.unixepoch(seconds, type_=Integer) + (steady + _AGES * _DAY)
        return func.motenashi_local(seconds, str(zone), type_=Integer) + _AGES * _DAY

    def json_kind(self, extra: Sql, key: str) -> Sql:
        kind = func.json_type(extra, _path(key), type_=String)
        words = {"text": "string", "integer": "number", "real": "number", "true": "boolean", "false": "boolean"}
        return case(words, value=kind, else_=kind)

    def json_text(self, extra: Sql, key: str) -> Sql:
        kind = func.json_type(extra, _path(key), type_=String)
        return case((kind.in_(("true", "false")), kind), else_=func.json_extract(extra, _path(key), type_=String))

    def json_number(self, extra: Sql, key: str) -> Sql:
        value = func.json_extract(extra, _path(key))
        own = {"integer": value, "real": value, "text": func.motenashi_number(value)}
        return case(own, value=func.json_type(extra, _path(key), type_=String), else_=null())

    def json_items(self, extra: Sql, key: str) -> Any:
        return func.json_each(extra, _path(key)).table_valued("value")


class Postgresql:
    """The database must be one in UTF-8 whose locale knows letters (any but plain "C")."""

    letters = "C"

    def days_between(self, first: Sql, last: Sql) -> Sql:
        return cast(func.floor(func.extract("epoch", last - first) / 86_400), BigInteger)

    def folded(self, text: Sql) -> Sql:
        """`fold`; most texts are plain ASCII with single blanks, for which lower() is enough."""
        plain = text.op("~")(literal_column("'^[!-~]*( [!-~]+)*$'"))
        short = func.left(text, LONGEST_TEXT)
        lower = func.lower(func.replace(_nfkc(short), "İ", "i\u0307"))
        unfolded = func.translate(func.replace(lower, "ß", "ss"), "ς", "σ")
        blanks = func.regexp_replace(_nfkc(unfolded), _UNICODE_SPACE, " ", "g")
        return case((plain, func.lower(text)), else_=func.btrim(blanks, " ", type_=String))

    def has_in_it(self, folded: Sql, piece: str) -> Sql:
        return func.strpos(folded, piece, type_=Integer) > 0

    def begins(self, folded: Sql, piece: str) -> Sql:
        return begins(folded, piece)

    def ends(self, folded: Sql, piece: str) -> Sql:
        return func.right(folded, len(piece), type_=String) == piece

    def found(self, folded: Sql, pattern: str) -> Sql:
        return folded.op("~*")(for_postgresql(pattern))

    def weekday(self, moment: Sql, zone: tzinfo) -> Sql:
        return cast(func.extract("isodow", func.timezone(str(zone), moment)), Integer) - 1

    def weekday_of_day(self, day: Sql) -> Sql:
        return cast(func.extract("isodow", day), Integer) - 1

    def weekday_of_text(self, day: Sql) -> Sql:
        """By Sakamoto's rule (comp.lang.c, 1993); a cast would fail for 2026-02-31, and all others with it."""
        year, month, number = (cast(func.substr(day, first, length), Integer) for first, length in _DAY_PARTS)
        counted: Sql = year - case((month < 3, 1), else_=0)
        shift = cast(func.substr("032503514624", month, 1), Integer)
        sunday_first = (counted + counted // 4 - counted // 100 + counted // 400 + shift + number) % 7
        return case((day.op("~")("^[0-9]{4}-(0[1-9]|1[0-2])-[0-9]{2}$"), (sunday_first + 6) % 7), else_=null())

    def clock(self, moment: Sql, zone: tzinfo) -> Sql:
        local = func.timezone(str(zone), moment)
        minutes = cast(func.extract("hour", local), Integer) * 60 + cast(func.extract("minute", local), Integer)
        return minutes * 60 + cast(func.floor(func.extract("second", local)), Integer)

    def json_kind(self, extra: Sql, key: str) -> Sql:
        return func.json_typeof(func.json_extract_path(extra, key), type_=String)

    def json_text(self, extra: Sql, key: str) -> Sql:
        """Numbers as Python writes them: 12.0 is 12."""
        text = func.json_extract_path_text(extra, key, type_=String)
        whole = func.regexp_replace(text, r"\.0+$", "")
        return case((self.json_kind(extra, key) == "number", whole), else_=text)

    def json_number(self, extra: Sql, key: str) -> Sql:
        text = self.folded(func.json_extract_path_text(extra, key, type_=String))
        plain = func.translate(text, "−–—―‐‑", "------")
        shape = plain.op("~")(r"^([-+]?([0-9]{1,3}(,[0-9]{3})+|[0-9]+)(\.[0-9]+)?|[-+]?\.[0-9]+)$")
        fits = and_(shape, func.length(plain) <= 40)
        kind = self.json_kind(extra, key)
        as_number = cast(func.json_extract_path_text(extra, key, type_=String), Numeric)
        from_text = case((fits, cast(func.replace(plain, ",", ""), Numeric)), else_=null())
        return case((kind == "number", as_number), (kind == "string", from_text), else_=null())

    def json_items(self, extra: Sql, key: str) -> Any:
        items = func.json_array_elements_text(func.json_extract_path(extra, key))
        return items.table_valued("value")


def _nfkc(text: Sql) -> Sql:
    return func.normalize(text, literal_column("NFKC"), type_=String)


def _path(key: str) -> str:
    return f'$."{key}"'


SPEECHES: dict[str, Callable[[], Speech]] = {"sqlite": Sqlite, "postgresql": Postgresql}


@lru_cache(maxsize=64)
def steady_offset(zone: tzinfo) -> int | None:
    """Seconds from UTC where a zone's clocks are never changed (since 1970); otherwise None."""
    if zone is UTC:
        return 0
    if not isinstance(zone, ZoneInfo):
        offset = zone.utcoffset(None)
        return int(offset.total_seconds()) if offset is not None else None
    day = datetime(1970, 1, 1, tzinfo=UTC)
    seen = {(day + timedelta(days=7 * week)).astimezone(zone).utcoffset() for week in range(52 * 80)}
    found = seen.pop()
    return int(found.total_seconds()) if not seen and found is not None else None
