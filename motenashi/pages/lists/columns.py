"""Which fields of a record a list shows, and how: a table on a wide screen, a card on a phone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from motenashi.filters.infos import FieldInfo
from motenashi.pages.lists.vocabulary import in_language

Style = Literal["name", "account", "text", "status", "money", "number", "day", "since"]


@dataclass(frozen=True)
class Column:
    """`first`: the order that somebody wants who sorts by it first. `wide`: left out where space is short."""

    field: str
    style: Style = "text"
    first: Literal["up", "down"] = "up"
    wide: bool = False


@dataclass(frozen=True)
class Heading:
    column: Column
    label: str
    sortable: bool
    words: Mapping[str, str]  # of values that have a name of their own


COLUMNS: Mapping[str, tuple[Column, ...]] = {
    "leads": (
        Column("name", "name"),
        Column("company"),
        Column("status", "status"),
        Column("source", wide=True),
        Column("email", wide=True),
        Column("last_touch_at", "since", "down"),
        Column("owner.name"),
    ),
    "contacts": (
        Column("name", "name"),
        Column("account.name", "account"),
        Column("title", wide=True),
        Column("email", wide=True),
        Column("open_deals", "number", "down"),
        Column("last_touch_at", "since", "down"),
        Column("owner.name"),
    ),
    "accounts": (
        Column("name", "name"),
        Column("industry"),
        Column("number_of_contacts", "number", "down"),
        Column("open_deals", "number", "down"),
        Column("last_touch_at", "since", "down", wide=True),
        Column("owner.name"),
    ),
    "deals": (
        Column("name", "name"),
        Column("account.name", "account"),
        Column("stage", "status"),
        Column("amount", "money", "down"),
        Column("expected_close", "day"),
        Column("last_touch_at", "since", "down", wide=True),
        Column("owner.name"),
    ),
}
# Not shown, but needed to show the others.
BESIDE: Mapping[str, tuple[str, ...]] = {
    "leads": ("last_name", "first_name", "language"),
    "contacts": ("account_id", "last_name", "first_name", "language"),
    "accounts": (),
    "deals": ("account_id", "currency", "stage.outcome"),
}


def headings(module: str, fields: Sequence[FieldInfo]) -> list[Heading]:
    """The columns that the desk knows, in their order."""
    known = {field.name: field for field in fields}
    return [
        Heading(
            column,
            in_language(info.label) if "." not in column.field else in_language(info.group),
            info.sortable,
            {choice.value: in_language(choice.label) for choice in info.choices},
        )
        for column in COLUMNS[module]
        if (info := known.get(column.field)) is not None
    ]


def wanted(module: str, fields: Sequence[FieldInfo]) -> tuple[str, ...]:
    """What the desk is asked for."""
    known = {field.name for field in fields}
    return tuple(name for name in (*(column.field for column in COLUMNS[module]), *BESIDE[module]) if name in known)
