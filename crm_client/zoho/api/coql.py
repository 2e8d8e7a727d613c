"""COQL, Zoho's query language, written from a whitelist. It knows no parameters, so nothing gets into a query that is
not a checked name, a number, a time, or a text that needs no escaping.

Limits: https://www.zoho.com/crm/developer/docs/api/v8/COQL-Limitations.html
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from crm_client.errors import CrmRejected
from crm_client.zoho.api import asker

Condition = tuple[str, str, Any]

MOST_ROWS: Final = 2_000  # of one call
MOST_ROWS_IN_ALL: Final = 100_000
MOST_CONDITIONS: Final = 25
MOST_VALUES: Final = 50  # of one `in`
LONGEST_TEXT: Final = 1_000
ALL: Final = "id is not null"  # a query must have a condition

_FIELD: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,99}(?:\.[A-Za-z][A-Za-z0-9_]{0,99}){0,2}", re.ASCII)
_COMPARING: Final = frozenset({"=", "!=", ">", ">=", "<", "<="})
_MARKS: Final = frozenset("'\"\\`")
_NO_LETTERS: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})  # control marks, line ends, halves of letters
_ALONE: Final = frozenset({"is null", "is not null"})


def select(module: str, fields: Sequence[str], where: str, *, offset: int, count: int, asking: str) -> str:
    """In the order of ids, so that pages neither overlap nor leave gaps. `where` comes from this file."""
    asker.checked_module(module, asking)
    names = ", ".join(("id", *(checked_field(name, asking) for name in fields if name != "id")))
    return f"select {names} from {module} where {where} order by id asc limit {offset}, {count}"  # noqa: S608


def where_all(conditions: Sequence[Condition], asking: str) -> str:
    """Joined by `and`; no condition: everything."""
    return joined([written(one, asking) for one in conditions], "and", asking) if conditions else ALL


def joined(conditions: Sequence[str], word: str, asking: str) -> str:
    """Two by two in brackets, as Zoho wants it: ((a and b) and c)."""
    if not 0 < len(conditions) <= MOST_CONDITIONS:
        raise CrmRejected(asking, f"a query has 1 to {MOST_CONDITIONS} conditions")
    text = conditions[0]
    for nth, condition in enumerate(conditions[1:]):
        left = text if nth else f"({text})"
        text = f"({left} {word} ({condition}))"
    return text


def written(condition: Condition, asking: str) -> str:
    field, operator, value = condition
    name = checked_field(field, asking)
    if operator in _ALONE:
        return f"{name} {operator}"
    if operator in _COMPARING:
        return f"{name} {operator} {quoted(value, asking, name)}"
    if operator == "in":
        values = tuple(value)
        if not 0 < len(values) <= MOST_VALUES:
            raise CrmRejected(asking, f"`in` takes 1 to {MOST_VALUES} values", name)
        return f"{name} in ({', '.join(quoted(one, asking, name) for one in values)})"
    raise CrmRejected(asking, f"{operator!r} is no operator of ours", name)


def contains(field: str, digits: str, asking: str) -> str:
    """`like` with digits and the marks people put between them, nothing else: a % or _ of the value's own would be a
    wildcard."""
    if not re.fullmatch(r"[0-9 .-]+", digits, re.ASCII):
        raise CrmRejected(asking, "only digits can be looked for like this", field)
    return f"{checked_field(field, asking)} like '%{digits}%'"


def checked_field(name: str, asking: str) -> str:
    if not _FIELD.fullmatch(name):
        raise CrmRejected(asking, f"{name!r} is no API name of a field", name, trouble="field_missing")
    return name


def quoted(value: object, asking: str, field: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal | float):
        number = Decimal(str(value))
        if number.is_finite():
            return f"{number:f}"
    if isinstance(value, datetime):
        if value.tzinfo is not None:
            return f"'{asker.moment_text(value)}'"
    elif isinstance(value, date):
        return f"'{value.isoformat()}'"
    if isinstance(value, str) and is_safe(value):
        return f"'{value}'"
    raise CrmRejected(asking, "this value can't stand in a query", field)


def is_safe(text: str) -> bool:
    """Whether a text can stand between quotes as it is. How Zoho reads a backslash is not documented, so texts that
    would need one are not sent at all."""
    return len(text) <= LONGEST_TEXT and not any(
        letter in _MARKS or unicodedata.category(letter) in _NO_LETTERS for letter in text
    )


def in_parts(conditions: Sequence[Condition], asking: str) -> Iterator[Sequence[Condition]]:
    """The same as several queries where an `in` has too many values; none where it has no value."""
    long = [nth for nth, (_, operator, _) in enumerate(conditions) if operator == "in"]
    sizes = {nth: len(tuple(dict.fromkeys(conditions[nth][2]))) for nth in long}
    if not all(sizes.values()):
        return
    over = [nth for nth, size in sizes.items() if size > MOST_VALUES]
    if len(over) > 1:
        raise CrmRejected(asking, f"only one condition may have more than {MOST_VALUES} values")
    if not over:
        yield conditions
        return
    field, operator, values = conditions[over[0]]
    for lot in asker.in_lots(dict.fromkeys(values), MOST_VALUES):
        yield [*conditions[: over[0]], (field, operator, lot), *conditions[over[0] + 1 :]]


def credits_of(count: int) -> int:
    if count <= 200:
        return 1
    return 2 if count <= 1_000 else 3
