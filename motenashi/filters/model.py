"""The words a filter's fields are described with: a record's kind, its fields, and the ways to other records.

An Entity is one table as filters see it. A field has a source: where its value lies. Ways lead from one row to
others: One to a single record (a contact's account), Many to a list that `some` and `none` ask about (a contact's
responses), Part to the rows that belong to one row of such a list and are asked together with it (the keywords of a
response): `some` then looks for one row together with one of its parts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Column, ColumnElement, FromClause, Table, and_

Kind = Literal["text", "choice", "number", "money", "date", "moment", "boolean", "id", "texts"]
Label = Mapping[str, str]  # language (en, ja) -> words
Alias = FromClause  # a table under the name it has in one statement


@dataclass(frozen=True)
class Choice:
    value: str
    label: Label


@dataclass(frozen=True)
class Through:
    """Rows name a record of `table` in their column, whose own `column` names ours."""

    table: Table
    column: str


@dataclass(frozen=True)
class InColumn:
    """A column of the entity's own table. `folded`: all that is stored there is as `fold` leaves it; or it names
    the column that holds the same text folded (NULL where it does not yet). `meaning` turns what is stored into what is
    meant (older words for a channel)."""

    column: str
    folded: bool | str = False
    meaning: Callable[[str], str] | None = None


@dataclass(frozen=True)
class Made:
    """Computed from the row itself; NULL when it is empty."""

    make: Callable[[Alias], ColumnElement[Any]]


@dataclass(frozen=True)
class Counted:
    """An aggregate over the rows of another table that name this one in `column`; `without_rows` where there are none.

    `rows` says which of them count.
    """

    table: Table
    column: str
    aggregate: Callable[[Alias], ColumnElement[Any]]
    without_rows: Any = None
    rows: Callable[[Alias], ColumnElement[bool]] | None = None


@dataclass(frozen=True)
class LastAt:
    """The newest moment in `at` among such rows; empty without any. `days` asks for whole days since then."""

    table: Table
    column: str
    at: str
    days: bool = False
    rows: Callable[[Alias], ColumnElement[bool]] | None = None
    through: Through | None = None


@dataclass(frozen=True)
class TextsIn:
    """The texts in `value` of the rows of another table that name this one in `column`."""

    table: Table
    column: str
    value: str


@dataclass(frozen=True)
class InExtra:
    """A field that only this company's CRM has: a key of the JSON object in `extra`."""

    key: str


Source = InColumn | Made | Counted | LastAt | TextsIn | InExtra


@dataclass(frozen=True)
class Field:
    """`choices` that are `closed` are all there can be; otherwise those that occur are looked up. `older` are other
    names that mean it, too (a CRM's own names)."""

    name: str
    kind: Kind
    label: Label
    source: Source
    choices: tuple[Choice, ...] = ()
    closed: bool = False
    older: tuple[str, ...] = ()
    unit: Label | None = None


@dataclass(frozen=True)
class One:
    """A single other record, of the entity of that name in the catalogue, whose id stands in `column`."""

    name: str
    label: Label
    entity: str
    column: str
    older: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """Rows belonging to one row of a list: those whose column `theirs` says what `ours` says, if `rows` lets them pass.
    An `open` one need not be named."""

    name: str
    label: Label
    entity: str
    ours: str
    theirs: str
    rows: Callable[[Alias], ColumnElement[bool]] | None = None
    open: bool = False

    def on(self, own: Alias, other: Alias) -> ColumnElement[bool]:
        same = own.c[self.ours] == other.c[self.theirs]
        return same if self.rows is None else and_(same, self.rows(other))


@dataclass(frozen=True)
class Many:
    """A list: the rows of `entity` that name this record's id in `column`, or `through` another record; of these, those
    that `rows` lets pass. `entity` is a name in the catalogue."""

    name: str
    label: Label
    entity: str
    column: str
    through: Through | None = None
    rows: Callable[[Alias], ColumnElement[bool]] | None = None


@dataclass(frozen=True)
class Entity:
    """`key` is the column that others name it by; `main` the field that its bare name stands for."""

    name: str
    label: Label
    table: Table
    key: str
    main: str
    fields: tuple[Field, ...]
    ones: tuple[One, ...] = ()
    parts: tuple[Part, ...] = ()
    lists: tuple[Many, ...] = ()

    @property
    def key_column(self) -> Column[Any]:
        return self.table.c[self.key]


def words(en: str, ja: str) -> Label:
    return {"en": en, "ja": ja}
