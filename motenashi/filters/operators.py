"""Which operators fit which kind of field, and what each comes down to: a plain question, asked or turned round."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from motenashi.filters.model import Kind

_EMPTY = ("is_empty", "is_not_empty")
_TEXT = ("is", "is_not", "in", "not_in", "contains", "not_contains", "starts_with", "ends_with", "matches", *_EMPTY)
_CHOICE = ("is", "is_not", "in", "not_in", "contains", "not_contains", "starts_with", "ends_with", "matches", *_EMPTY)
_NUMBER = ("eq", "ne", "gt", "ge", "lt", "le", "between", *_EMPTY)
_DATE = ("on", "before", "after", "between", "in_last_days", "in_next_days", "weekday_in", *_EMPTY)
_TEXTS = ("has", "has_not", "has_any", "has_all", *_EMPTY, "size_eq", "size_gt", "size_lt")
OPERATORS_OF: Mapping[Kind, tuple[str, ...]] = {
    "text": _TEXT,
    "choice": _CHOICE,
    "id": _TEXT,
    "number": _NUMBER,
    "money": _NUMBER,
    "date": _DATE,
    "moment": (*_DATE[:-2], "time_between", *_EMPTY),
    "boolean": ("is_true", "is_false", *_EMPTY),
    "texts": _TEXTS,
}
# Of a list of related records, beside some and none.
OPERATORS_OF_ROWS = ("some", "none", *_EMPTY, "size_eq", "size_gt", "size_lt")

# A short form (a bare value) means what fits the field: {"amount": 3} and {"amount": "3"} both mean eq.
_SHORT: Mapping[Kind, Mapping[str, str]] = {
    "number": {"is": "eq"},
    "money": {"is": "eq"},
    "text": {"eq": "is"},
    "choice": {"eq": "is"},
    "id": {"eq": "is"},
    "date": {"is": "on"},
    "moment": {"is": "on"},
    "boolean": {},
    "texts": {"is": "has", "eq": "has", "in": "has_any"},
}

# The opposite of another question.
_TURNED: Mapping[str, str] = {
    "is_not": "is",
    "not_in": "in",
    "not_contains": "contains",
    "is_not_empty": "is_empty",
    "ne": "eq",
    "has_not": "has",
}

KIND_WORDS: Mapping[Kind | Literal["rows"], str] = {
    "text": "a text",
    "choice": "a choice",
    "id": "an id",
    "number": "a number",
    "money": "an amount",
    "date": "a date",
    "moment": "a moment",
    "boolean": "true or false",
    "texts": "a list of texts",
    "rows": "a list of records",
}


def meant(kind: Kind, operator: str) -> str:
    """The operator that a short form stands for on a field of this kind."""
    return _SHORT[kind].get(operator, operator)


def plain(operator: str) -> tuple[str, bool]:
    """The question, and whether its opposite is meant: ('is', True) for is_not."""
    return (_TURNED[operator], True) if operator in _TURNED else (operator, False)
