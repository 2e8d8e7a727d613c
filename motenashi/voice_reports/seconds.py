"""A moment in the database as whole seconds since 1970, in both dialects."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class SecondsOf(FunctionElement[int]):
    """SecondsOf(column of UtcTime); NULL stays NULL."""

    type = BigInteger()
    inherit_cache = True
    name = "seconds_of"


@compiles(SecondsOf, "sqlite")
def _sqlite(element: SecondsOf, compiler: Any, **more: Any) -> str:
    return f"CAST(strftime('%s', {compiler.process(element.clauses, **more)}) AS INTEGER)"


@compiles(SecondsOf, "postgresql")
def _postgresql(element: SecondsOf, compiler: Any, **more: Any) -> str:
    return f"CAST(floor(extract(epoch FROM {compiler.process(element.clauses, **more)})) AS BIGINT)"


def seconds_of(column: ColumnElement[Any]) -> ColumnElement[int]:
    return SecondsOf(column)


def whole_seconds(at: datetime) -> int:
    """`at` aware."""
    return int(at.timestamp())


def at_second(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)
