"""The proof: the whole store is searched for what named the person, every column that can hold a text.

Looked for are the ids of their records and their addresses (inside longer texts, too), and their phone numbers as keys.
Packed mails and learned tables (`LargeBinary`) can't be searched; what holds them is deleted by its own rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, Column, Connection, String, Text, TypeDecorator, cast, func, or_, select
from sqlalchemy.types import TypeEngine

from motenashi.erasing.naming import names
from motenashi.erasing.rules import TABLES
from motenashi.erasing.whose import Whose

# An id stands in a column of its own; inside of JSON it is a quoted text.
_ID_COLUMNS = ("contact_id", "lead_id", "record_id", "person_id", "converted_contact_id")


@dataclass(frozen=True)
class Found:
    """Rows in which the person is still named."""

    table: str
    column: str
    rows: int


@dataclass(frozen=True)
class Search:
    """`columns`: how many were searched."""

    columns: int
    found: tuple[Found, ...]


def search(connection: Connection, who: Whose) -> Search:
    """One pass over each table that has a text column; takes seconds where there are millions of rows."""
    searched, found = 0, []
    for name, table in sorted(TABLES.items()):
        wanted = [(column, test) for column in table.c if (test := _test(column, who)) is not None]
        searched += len(wanted)
        if not wanted:
            continue
        counts = select(*(func.count().filter(test) for _column, test in wanted)).select_from(table)
        for (column, _test_made), rows in zip(wanted, connection.execute(counts).one(), strict=True):
            if rows:
                found.append(Found(name, column.name, int(rows)))
    return Search(searched, tuple(found))


def _test(column: Column[Any], who: Whose) -> Any:
    """Does this column name them? None for a column that can't."""
    if column.name.endswith("_key") and who.phones | who.addresses:
        return column.in_(sorted(who.phones | who.addresses)) if _is_text(column.type) else None
    if column.name in _ID_COLUMNS and _is_text(column.type):
        return column.in_(sorted(who.ids))
    if not (_is_text(column.type) or _is_json(column.type)):
        return None
    text = func.lower(cast(column, Text))
    ways = list(_inside(text, who, quoted=_is_json(column.type)))
    return or_(*ways) if ways else None


def _inside(text: Any, who: Whose, *, quoted: bool) -> Iterator[Any]:
    for address in sorted(who.addresses):
        yield names(text, address)
    if quoted:
        for one in sorted(who.ids):
            yield text.contains(f'"{one.lower()}"', autoescape=True)


def _is_text(kind: TypeEngine[Any]) -> bool:
    return isinstance(_plain(kind), String)


def _is_json(kind: TypeEngine[Any]) -> bool:
    return isinstance(_plain(kind), JSON)


def _plain(kind: Any) -> Any:
    return kind.impl_instance if isinstance(kind, TypeDecorator) else kind
