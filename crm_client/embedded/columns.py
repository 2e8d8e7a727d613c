"""The kinds of column the CRM's tables are made of: what a value becomes on its way into the database and out.

Here, at the border, texts lose what no database keeps in the same way: NUL (PostgreSQL refuses it) and lone
surrogates (no UTF-8 can carry them).
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from sqlalchemy import JSON, BigInteger, Integer, String, TypeDecorator

MOST_LETTERS = 255  # of a name, subject, id ...
MOST_LETTERS_OF_A_NOTE = 32_000
BIGGEST_NUMBER = 2**63 - 1

_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")

# A number the database counts up by itself; only SQLite's plain INTEGER does that there.
RowNumber = BigInteger().with_variant(Integer, "sqlite")


def kept(text: str) -> str:
    """The text as it can be stored: NUL left out, a lone surrogate becomes the replacement character."""
    if text.isascii() and "\x00" not in text:
        return text
    return _UNKEEPABLE.sub(lambda found: "" if found[0] == "\x00" else "�", text)


def kept_value(value: Any) -> Any:
    """The same for every text inside a JSON value; dates and times become their ISO texts."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return kept(value)
    if isinstance(value, dict):
        return {kept(str(key)): kept_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [kept_value(item) for item in value]
    return value


class Words(TypeDecorator[str]):
    """A text that is '' when there is none."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str:
        return kept(value) if value else ""

    def process_result_value(self, value: str | None, dialect: Any) -> str:
        return value or ""


class UniqueWords(TypeDecorator[str]):
    """A text that is '' when there is none, and NULL in the database, where any number of NULLs may stand
    under a unique constraint and no look-up for '' finds one."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        return (kept(value) or None) if value else None

    def process_result_value(self, value: str | None, dialect: Any) -> str:
        return value or ""


class Extra(TypeDecorator[dict[str, Any]]):
    """Fields that only this company's CRM has: a JSON object; NULL when there are none."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return kept_value(dict(value)) if value else None

    def process_result_value(self, value: Any, dialect: Any) -> dict[str, Any]:
        return value or {}
