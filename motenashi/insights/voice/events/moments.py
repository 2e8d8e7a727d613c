"""Moments in SQL, on SQLite and PostgreSQL: some time earlier or later, and the seconds between two."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, cast, func, literal

from motenashi.database import UtcTime

# As SQLAlchemy writes moments on SQLite, so that they compare as texts.
_SQLITE = "%Y-%m-%d %H:%M:%f000"


def shifted(moment: ColumnElement[Any], by: timedelta, dialect: str) -> ColumnElement[Any]:
    """The moment that lies so much later (earlier, where `by` is negative)."""
    if dialect == "postgresql":
        return moment + literal(by)
    seconds = f"{by.total_seconds():+.3f} seconds"
    return func.strftime(_SQLITE, moment, seconds, type_=UtcTime())


def seconds_from(earlier: ColumnElement[Any], later: ColumnElement[Any], dialect: str) -> ColumnElement[int]:
    """Whole seconds from one to the other."""
    if dialect == "postgresql":
        return cast(func.floor(func.extract("epoch", later) - func.extract("epoch", earlier)), BigInteger)
    return func.unixepoch(later, type_=BigInteger()) - func.unixepoch(earlier, type_=BigInteger())
