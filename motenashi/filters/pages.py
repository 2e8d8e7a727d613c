"""The rows that a filter finds, in order, a page at a time. A page begins after the last row of the one before it, so
that records which come and go in between neither repeat nor hide others."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Connection,
    Select,
    String,
    and_,
    case,
    collate,
    func,
    literal,
    or_,
    select,
    type_coerce,
)

from motenashi.clean_text import clean_text
from motenashi.conversation.folding import fold
from motenashi.database import UtcTime
from motenashi.filters.entities.catalogue import ENTITIES
from motenashi.filters.filter import FieldPath, FilterProblem, FilterWrong
from motenashi.filters.finding import Custom, NoSuchField, find
from motenashi.filters.infos import Page
from motenashi.filters.infos import Row as FoundRow
from motenashi.filters.model import Counted, Field, InColumn, InExtra, LastAt, One, TextsIn
from motenashi.filters.rows import Row, parent_of
from motenashi.filters.speech import Speech, Sql

MOST_ROWS = 1_000
_LEAST: Mapping[str, Any] = {  # where an empty value stands in the order
    "number": -(2**62),
    "money": -(2**62),
    "date": date(1, 1, 1),
    "moment": datetime(1, 1, 1, 0, 0, 1, tzinfo=UTC),
}


def page_of(
    connection: Connection,
    speech: Speech,
    row: Row,
    holds: Sql,
    *,
    sort: str,
    descending: bool,
    after: str,
    most: int,
    columns: Sequence[str],
    custom: Custom,
    now: datetime,
) -> Page:
    """A page without its total."""
    if not sort:
        sort, descending = "created_at", True
    maker = _Values(row, speech, custom, now)
    ordered = maker.to_sort(sort)
    query = select(row.key, ordered.label("ordered")).where(holds)
    if after:
        query = query.where(_after(ordered, row.key, after, maker.kind(sort), descending))
    ends = (ordered.desc(), row.key.desc()) if descending else (ordered.asc(), row.key.asc())
    most = max(1, min(most, MOST_ROWS))
    found = connection.execute(query.order_by(*ends).limit(most + 1)).all()
    following = _token(found[most - 1]) if len(found) > most else ""
    ids = [one[0] for one in found[:most]]
    return Page(_rows(connection, row, speech, custom, now, ids, columns), -1, following)


def _rows(
    connection: Connection,
    row: Row,
    speech: Speech,
    custom: Custom,
    now: datetime,
    ids: Sequence[str],
    columns: Sequence[str],
) -> tuple[FoundRow, ...]:
    """What stands in the records, in the order of `ids`."""
    fresh = Row(row.entity)
    maker = _Values(fresh, speech, custom, now)
    names = list(dict.fromkeys(columns or own_columns(row)))
    wanted = [maker.value(name).label(f"v{number}") for number, name in enumerate(names)]
    query: Select[Any] = select(fresh.key, *wanted).where(fresh.key.in_(ids))
    found = {one[0]: one[1:] for one in connection.execute(query)} if ids else {}
    kinds = [maker.kind(name) for name in names]
    told = {
        record: {name: _plain(value, kind) for name, value, kind in zip(names, values, kinds, strict=True)}
        for record, values in found.items()
    }
    return tuple(FoundRow(record, told[record]) for record in ids if record in told)


def own_columns(row: Row) -> list[str]:
    """The fields of the record itself, and the names of the records beside it."""
    own = [field.name for field in row.entity.fields if isinstance(field.source, InColumn)]
    beside = [f"{one.name}.name" for one in row.entity.ones if one.name in ("account", "contact", "owner")]
    return [*own, *beside]


class _Values:
    """Fields as values to show and to sort by."""

    def __init__(self, row: Row, speech: Speech, custom: Custom, now: datetime) -> None:
        self._row = row
        self._speech = speech
        self._custom = custom
        self._now = now

    def kind(self, name: str) -> str:
        return self._path(name).field.kind

    def to_sort(self, name: str) -> Sql:
        path = self._path(name)
        kind = path.field.kind
        if kind == "texts" or (isinstance(path.field.source, InExtra) and kind != "text"):
            raise FilterWrong([FilterProblem(0, f"'{name}' can't be sorted by.")])
        value = self.value(name)
        if kind in ("text", "choice", "id"):
            return func.coalesce(_by_letters(self._speech.folded(value), self._speech), "")
        if kind == "boolean":
            return case((value.is_(None), -1), (value, 1), else_=0)
        return func.coalesce(value, literal(_LEAST[kind], value.type if kind in ("date", "moment") else BigInteger()))

    def value(self, name: str) -> Sql:
        path = self._path(name)
        return self._along(path, 0, self._row)

    def _along(self, path: FieldPath, at: int, row: Row) -> Sql:
        if at == len(path.ways):
            return self._of(path.field, row)
        way = path.ways[at]
        if not isinstance(way, One):
            raise FilterWrong([FilterProblem(0, f"'{path.written}' belongs to a list.")])
        there = Row(ENTITIES[way.entity])
        value = self._along(path, at + 1, there)
        return select(value).where(there.key == row[way.column]).scalar_subquery()

    def _of(self, field: Field, row: Row) -> Sql:
        source = field.source
        if isinstance(source, InColumn):
            return row[source.column]
        if isinstance(source, Counted):
            other = source.table.alias()
            query = select(source.aggregate(other)).select_from(other).where(other.c[source.column] == row.key)
            return (query.where(source.rows(other)) if source.rows else query).scalar_subquery()
        if isinstance(source, LastAt):
            return self._last(source, row)
        if isinstance(source, InExtra):
            extra, key = row["extra"], source.key
            is_number = field.kind == "number"
            return self._speech.json_number(extra, key) if is_number else self._speech.json_text(extra, key)
        if isinstance(source, TextsIn):
            raise FilterWrong([FilterProblem(0, f"'{field.name}' can't be shown in a column.")])
        made = source.make(row.table)
        return type_coerce(made, Boolean) if field.kind == "boolean" else made

    def _last(self, source: LastAt, row: Row) -> Sql:
        other = source.table.alias()
        tables, parent = parent_of(other, source.column, source.through, other)
        at = other.c[source.at]
        query = select(func.max(at, type_=at.type)).select_from(tables).where(parent == row.key)
        newest = (query.where(source.rows(other)) if source.rows else query).scalar_subquery()
        return self._speech.days_between(newest, literal(self._now, UtcTime())) if source.days else newest

    def _path(self, name: str) -> FieldPath:
        try:
            path = find(self._row.entity, name, self._custom)
        except NoSuchField as missing:
            raise FilterWrong([FilterProblem(0, missing.what, missing.hint)]) from None
        if not isinstance(path, FieldPath):
            raise FilterWrong([FilterProblem(0, f"'{name}' is a list of records and no column.")])
        return path


def _by_letters(text: Sql, speech: Speech) -> Sql:
    """In the same order on both databases."""
    return collate(type_coerce(text, String), speech.letters)


def _after(ordered: Sql, key: Sql, token: str, kind: str, descending: bool) -> Sql:
    try:
        value, record = json.loads(base64.urlsafe_b64decode(token.encode("ascii") + b"=="))
        value = _read(value, kind)
    except (ValueError, TypeError, binascii.Error):
        raise FilterWrong([FilterProblem(0, "'after' is not from a page before this one.")]) from None
    if not isinstance(record, str) or clean_text(f"{value}{record}") != f"{value}{record}":
        raise FilterWrong([FilterProblem(0, "'after' is not from a page before this one.")])
    own_type = ordered.type if kind in ("date", "moment") else BigInteger() if isinstance(value, int) else None
    here = literal(value, own_type)
    if descending:
        return or_(ordered < here, and_(ordered == here, key < record))
    return or_(ordered > here, and_(ordered == here, key > record))


def _read(value: Any, kind: str) -> Any:
    if kind == "moment":
        return datetime.fromisoformat(value)
    if kind == "date":
        return date.fromisoformat(value)
    wanted: type | tuple[type, ...] = str if kind in ("text", "choice", "id") else (int, float)
    if not isinstance(value, wanted):
        raise ValueError("of another kind")
    return value


def _token(found: Any) -> str:
    record, value = found[0], found[1]
    if isinstance(value, date):
        value = value.isoformat()
    elif not isinstance(value, str | int | float):
        value = float(value)
    return base64.urlsafe_b64encode(json.dumps([value, record]).encode()).decode("ascii").rstrip("=")


def _plain(value: Any, kind: str) -> Any:
    if kind == "boolean" and value is not None:
        return fold(value) == "true" if isinstance(value, str) else bool(value)
    if kind == "texts" and isinstance(value, str):  # a custom list, as the JSON that it is
        return ", ".join(map(str, json.loads(value))) if value.startswith("[") else value
    if kind in ("number", "money") and value is not None and not isinstance(value, int | float | str):
        return int(value) if value == int(value) else float(value)
    return value
