"""One row in a statement: its table under a name of its own, and the parts that were joined to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Column, ColumnElement, FromClause, Select, String, TypeDecorator, or_, select

from motenashi.filters.entities.catalogue import ENTITIES
from motenashi.filters.model import Alias, Entity, Part, Through
from motenashi.filters.speech import Sql

Total = Callable[[Sql], Sql]


class Row:
    """`may_be_missing`: joined by LEFT JOIN, so that all of it can be NULL."""

    def __init__(self, entity: Entity, *, may_be_missing: bool = False) -> None:
        self.entity = entity
        self.table: Alias = entity.table.alias()
        self.may_be_missing = may_be_missing
        self._parts: dict[str, tuple[Part, Row]] = {}

    def __getitem__(self, column: str) -> ColumnElement[Any]:
        found: ColumnElement[Any] = self.table.c[column]
        return found

    @property
    def key(self) -> ColumnElement[Any]:
        return self[self.entity.key]

    @property
    def has_parts(self) -> bool:
        return bool(self._parts)

    def part(self, way: Part) -> Row:
        """The same part is the same row wherever it is named."""
        if way.name not in self._parts:
            self._parts[way.name] = (way, Row(ENTITIES[way.entity], may_be_missing=True))
        return self._parts[way.name][1]

    def joined(self, start: FromClause | None = None) -> FromClause:
        """The table with all parts that were named."""
        tables: FromClause = self.table if start is None else start
        for way, row in self._parts.values():
            tables = row.joined(tables.outerjoin(row.table, way.on(self.table, row.table)))
        return tables

    def maybe_null(self, column: str) -> bool:
        return self.may_be_missing or bool(self.entity.table.c[column].nullable)


def parent_of(child: Alias, column: str, through: Through | None, tables: FromClause) -> tuple[FromClause, Sql]:
    """What to select from, and the column that names the record a child belongs to."""
    if through is None:
        return tables, child.c[column]
    between = through.table.alias()
    return tables.join(between, between.c.id == child.c[column]), between.c[through.column]


def lifted(ids: Select[Any], through: Through | None) -> Select[Any]:
    """From the ids that rows name to those of the records these belong to."""
    if through is None:
        return ids
    between = through.table.alias()
    parent = between.c[through.column]
    return select(parent).where(filled(parent), between.c.id.in_(ids))


def lifted_sums(
    by: Sql, amount: Sql, query: Select[Any], through: Through | None, holds: Callable[[Sql], Sql], total: Total
) -> Select[Any]:
    """The ids for whose rows (those of `query`, which name them in `by`) it holds of an amount. Each record between is
    summed up first, so that it is looked up once and not for each of its rows. `total` joins amounts: sum or max."""
    if through is None:
        return query.with_only_columns(by).group_by(by).having(holds(amount))
    sums = query.with_only_columns(by.label("record"), amount.label("amount")).group_by(by).subquery()
    between = through.table.alias()
    parent = between.c[through.column]
    joined = select(parent).select_from(sums.join(between, between.c.id == sums.c.record)).where(filled(parent))
    return joined.group_by(parent).having(holds(total(sums.c.amount)))


def filled(column: Sql, *, by_index: bool = True) -> Sql:
    """Does it name a record at all? `by_index` says it so that an index is entered behind the many that name nobody."""
    if not is_text(column):
        return column.is_not(None)
    return column > "" if by_index else column != ""


def or_null(holds: Sql, value: Sql, maybe_null: bool = True) -> Sql:
    return or_(holds, value.is_(None)) if maybe_null else holds


def is_text(column: Sql) -> bool:
    kind = column.type
    return isinstance(kind.impl if isinstance(kind, TypeDecorator) else kind, String)


def identity(entity: Entity) -> Column[Any]:
    """The column that tells the rows of one record's list from each other."""
    return next(iter(entity.table.primary_key.columns))
