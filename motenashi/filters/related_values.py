"""Fields whose value lies in other rows: how many there are, when the newest was, which texts they hold."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, false, func, or_, select, true

from motenashi.filters.comparing import SPANNING, in_span, moment_holds, number_holds, span_of
from motenashi.filters.model import Alias, Counted, LastAt, TextsIn
from motenashi.filters.rows import filled, lifted, lifted_sums
from motenashi.filters.spans import TICK, Span
from motenashi.filters.speech import Speech, Sql
from motenashi.flow_engine.criteria_subjects import as_text
from motenashi.flow_engine.criteria_values import ClockRange

_MOST_DAYS = 300_000  # so far back and ahead no calendar ends
_NEVER = Span(0, 0)


def counted_holds(source: Counted, key: Sql, operator: str, ready: Any, *, without_rows: bool, turned: bool) -> Sql:
    """`without_rows`: does it hold where there are none? Those on the other side are looked up."""
    other = source.table.alias()
    by = other.c[source.column]
    held = number_holds(operator, source.aggregate(other), ready)
    query = select(by).where(filled(by))
    if source.rows is not None:
        query = query.where(source.rows(other))
    ids = query.group_by(by).having(~held.self_group() if without_rows else held)
    return key.in_(ids) if turned is without_rows else key.not_in(ids)


def last_holds(
    source: LastAt, key: Sql, operator: str, ready: Any, *, speech: Speech, now: datetime, turned: bool
) -> Sql:
    """The newest moment lies in a span when one lies at or after its beginning, and none at or after its end."""
    if operator == "is_empty":
        return key.in_(_since(source, None)) if turned else key.not_in(_since(source, None))
    if not source.days and (operator not in SPANNING or isinstance(ready, ClockRange)):
        ids = _newest(source, lambda at: moment_holds(speech, operator, "moment", at, ready, now))
        return key.not_in(ids) if turned else key.in_(ids)
    span = span_of_age(operator, ready, now) if source.days else span_of("moment", operator, ready, now)
    if span.is_none:
        return true() if turned else false()
    early = _since(source, span.first)
    if span.last is None:
        return key.not_in(early) if turned else key.in_(early)
    late = _since(source, span.last)
    return or_(key.not_in(early), key.in_(late)) if turned else and_(key.in_(early), key.not_in(late))


def span_of_age(operator: str, ready: Any, now: datetime) -> Span:
    """When something happened whose age in whole days is this number."""
    low, high = -math.inf, math.inf
    if operator == "between":
        low, high = ready.low, ready.high
    elif operator == "eq":
        low = high = ready
    elif operator in ("gt", "ge"):
        low = ready if operator == "ge" else math.floor(ready) + 1
    else:
        high = ready if operator == "le" else math.ceil(ready) - 1
    least, most = _whole(low, math.ceil), _whole(high, math.floor)
    if least is not None and most is not None and least > most:
        return _NEVER
    first = now - timedelta(days=most + 1) + TICK if most is not None else None
    return Span(first, now - timedelta(days=least) + TICK if least is not None else None)


def _whole(days: float, rounded: Callable[[float], int]) -> int | None:
    return None if math.isinf(days) else rounded(max(-_MOST_DAYS, min(_MOST_DAYS, days)))


def texts_hold(
    source: TextsIn, key: Sql, operator: str, ready: Any, *, speech: Speech, known: tuple[str, ...] | None
) -> Sql:
    """`known`: all texts that are there, if these are few."""

    def having(texts: frozenset[str]) -> Sql:
        other = source.table.alias()
        value = other.c[source.value]
        if known is None:
            fits = speech.folded(value).in_(sorted(texts))
        else:
            fits = value.in_([text for text in known if as_text(text) in texts])
        return key.in_(select(other.c[source.column]).where(fits))

    if operator == "has":
        return having(frozenset([ready]))
    if operator == "has_any":
        return having(ready)
    if operator == "has_all":
        return and_(*(having(frozenset([text])) for text in sorted(ready)))
    return _size_holds(source, key, operator, 0 if operator == "is_empty" else ready)


def _size_holds(source: TextsIn, key: Sql, operator: str, size: int) -> Sql:
    def with_at_least(count: int) -> Select[Any]:
        other = source.table.alias()
        query = select(other.c[source.column])
        if count <= 1:
            return query
        return query.group_by(other.c[source.column]).having(func.count() >= count)

    if operator == "size_gt":
        return key.in_(with_at_least(size + 1))
    if operator == "size_lt":
        return key.not_in(with_at_least(size)) if size > 0 else false()
    none_more = key.not_in(with_at_least(size + 1))
    return none_more if size == 0 else and_(key.in_(with_at_least(size)), none_more)


def _since(source: LastAt, first: datetime | None) -> Select[Any]:
    """Whom something happened to at or after `first` (None: ever)."""
    other, _, query = _rows(source)
    query = query if first is None else query.where(in_span(other.c[source.at], Span(first)))
    return lifted(query, source.through)


def _newest(source: LastAt, holds: Callable[[Sql], Sql]) -> Select[Any]:
    other, by, query = _rows(source)
    at = other.c[source.at]

    def newest(moment: Sql) -> Sql:
        return func.max(moment, type_=at.type)

    return lifted_sums(by, newest(at), query, source.through, holds, newest)


def _rows(source: LastAt) -> tuple[Alias, Sql, Select[Any]]:
    other = source.table.alias()
    by = other.c[source.column]
    query = select(by).where(filled(by))
    return other, by, query if source.rows is None else query.where(source.rows(other))
