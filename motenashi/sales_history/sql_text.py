"""SQL as text: a SELECT put together from its parts, and values and names as DuckDB must read them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

_PATTERN = re.compile(r"[*?\[]")


def select(
    columns: Iterable[str],
    source: str,
    *,
    where: Iterable[str] = (),
    group: str = "",
    having: str = "",
    order: str = "",
) -> str:
    """All `where` must hold; parts that are empty are left out."""
    parts = ["SELECT", ", ".join(columns)]
    conditions = [f"({condition})" for condition in where]
    named = (("FROM", source), ("WHERE", " AND ".join(conditions)), ("GROUP BY", group), ("HAVING", having))
    for word, part in (*named, ("ORDER BY", order)):
        parts += [word, part] if part else []
    return " ".join(parts)


def as_columns(columns: dict[str, str]) -> list[str]:
    """Column name -> SQL, as a SELECT lists them."""
    return [f"{sql} AS {name(column)}" for column, sql in columns.items()]


def case(whens: Iterable[tuple[str, str]], otherwise: str = "NULL") -> str:
    """The value of the first condition that holds."""
    branches = " ".join(f"WHEN {condition} THEN {value}" for condition, value in whens)
    return f"CASE {branches} ELSE {otherwise} END"


def quoted(path: Path) -> str:
    """This very file: DuckDB takes a path for a pattern, and "records [1]" would be the files of "records 1"."""
    return text(_PATTERN.sub(r"[\g<0>]", str(path.absolute())))


def text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'
