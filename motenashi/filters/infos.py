"""What a page needs to know to offer filters: fields with their operators and choices, counts, rows, saved filters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from motenashi.filters.model import Choice, Kind, Label

FieldType = Literal[
    "text", "choice", "number", "money", "date", "moment", "boolean", "id", "texts", "rows"
]  # rows: a related list, asked with some and none


@dataclass(frozen=True)
class FieldInfo:
    """A field as a builder offers it. `name` is what a condition says (account.industry; inside a list's own `fields`:
    keyword.tone). `suggests`: `FilterDesk.values` knows the values that occur. `group` is the heading it stands under.
    `fields` are those of one row of a list, for what stands inside some and none."""

    name: str
    type: FieldType
    label: Label
    operators: tuple[str, ...]
    group: Label
    choices: tuple[Choice, ...] = ()
    closed: bool = False  # there are no other values than the choices
    suggests: bool = False
    sortable: bool = False
    custom: bool = False  # only this company's CRM has it
    older: tuple[str, ...] = ()  # other names that mean it, too
    fields: tuple[FieldInfo, ...] = ()


@dataclass(frozen=True)
class PartCount:
    """How many records one condition alone leaves. `words`: the condition in words (language -> text)."""

    number: int
    words: Label
    count: int


@dataclass(frozen=True)
class Parts:
    total: int  # records of the module
    whole: int  # with all of the filter
    conditions: tuple[PartCount, ...]


@dataclass(frozen=True)
class Row:
    """A record: `values` by field name: moments aware in UTC, dates, numbers, texts, booleans; None or '' if empty."""

    id: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Page:
    """`next` is what `after` has to be for the rows that follow; '' at the end."""

    rows: tuple[Row, ...]
    total: int
    next: str


@dataclass(frozen=True)
class SavedFilter:
    """`written` may name fields that are gone; reading it then tells (FilterWrong)."""

    id: int
    module: str
    name: str
    written: Mapping[str, Any]
    owner: str  # an e-mail address
    shared: bool
    created_at: datetime
    changed_at: datetime


__all__ = [
    "Choice",
    "FieldInfo",
    "FieldType",
    "Kind",
    "Label",
    "Page",
    "PartCount",
    "Parts",
    "Row",
    "SavedFilter",
]
