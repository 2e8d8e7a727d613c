"""Short ways to write fields down."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Table, func, select

from crm_client.embedded import tables as crm
from crm_client.records import Outcome
from crm_client.zoho_names import API_NAMES
from motenashi.filters.model import (
    Alias,
    Choice,
    Counted,
    Field,
    InColumn,
    Kind,
    Label,
    LastAt,
    Many,
    One,
    Through,
    words,
)

DAYS = words("days", "日")


def column(name: str, kind: Kind, en: str, ja: str, *choices: Choice, **more: Any) -> Field:
    """A field that is a column of that name; with choices, these are all there can be."""
    stored = InColumn(more.pop("column", name), folded=more.pop("folded", bool(choices)))
    return Field(name, kind, words(en, ja), stored, choices, closed=bool(choices), **more)


def choice(value: str, en: str, ja: str) -> Choice:
    return Choice(value, words(en, ja))


def one(name: str, en: str, ja: str, entity: str, by: str = "", *older: str) -> One:
    return One(name, words(en, ja), entity, by or f"{name}_id", older)


def many(name: str, en: str, ja: str, by: str, entity: str = "", through: Through | None = None) -> Many:
    return Many(name, words(en, ja), entity or name, by, through)


def with_crm_names(module: str, fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """The same fields, which a CRM's API names mean, too; not those of ids, whose name there is the record itself."""
    names: Mapping[str, str] = API_NAMES[module]
    return tuple(
        Field(**{**vars(field), "older": (*field.older, names[field.name])})
        if field.name in names and names[field.name] != field.name and not field.name.endswith("_id")
        else field
        for field in fields
    )


def counted(name: str, en: str, ja: str, table: Table, by: str, rows: Callable[[Alias], Any] | None = None) -> Field:
    """How many rows of a table name this record."""
    return Field(name, "number", words(en, ja), Counted(table, by, lambda _: func.count(), 0, rows))


def summed(name: str, label: Label, table: Table, by: str, of: str, rows: Callable[[Alias], Any] | None) -> Field:
    return Field(name, "money", label, Counted(table, by, lambda a: func.coalesce(func.sum(a.c[of]), 0), 0, rows))


def last(
    name: str,
    en: str,
    ja: str,
    table: Table,
    by: str,
    at: str = "at",
    rows: Callable[[Alias], Any] | None = None,
    through: Through | None = None,
    days: tuple[str, str, str] | None = None,
) -> tuple[Field, ...]:
    """The moment something happened last, and (with name and words in `days`) how many whole days ago that was."""
    moment = Field(name, "moment", words(en, ja), LastAt(table, by, at, False, rows, through))
    if days is None:
        return (moment,)
    since = LastAt(table, by, at, True, rows, through)
    return (moment, Field(days[0], "number", words(days[1], days[2]), since, unit=DAYS))


def with_outcome(outcome: Outcome) -> Callable[[Alias], ColumnElement[bool]]:
    """Deals whose stage means this."""
    stages = crm.crm_stages
    return lambda deals: deals.c.stage.in_(select(stages.c.name).where(stages.c.outcome == outcome.value))


def deal_sums(by: str) -> tuple[Field, ...]:
    """What a person or company has in deals, which name it in the column `by`."""
    deals = crm.crm_deals
    won = with_outcome(Outcome.WON)
    return (
        counted("number_of_deals", "Number of deals", "商談数", deals, by),
        counted("open_deals", "Open deals", "進行中の商談数", deals, by, with_outcome(Outcome.OPEN)),
        counted("won_deals", "Won deals", "成約した商談数", deals, by, won),
        counted("lost_deals", "Lost deals", "失注した商談数", deals, by, with_outcome(Outcome.LOST)),
        summed("won_amount", words("Total amount won", "成約金額の合計"), deals, by, "amount", won),
        *last("last_deal_at", "Newest deal made", "最新の商談の作成日時", deals, by, "created_at"),
    )


def touch_sums(by: str, through: Through | None = None) -> tuple[Field, ...]:
    """When somebody was in touch last."""
    touches: Table = crm.crm_touchpoints
    since = ("days_since_last_touch", "Days since the last touch", "最後の接点からの日数")
    signal = ("days_since_last_signal", "Days since the last sign of theirs", "相手の最後の反応からの日数")
    return (
        *last("last_touch_at", "Last touch", "最後の接点", touches, by, through=through, days=since),
        *last("last_signal_at", "Last sign of theirs", "相手の最後の反応", touches, by, "at", _theirs, through, signal),
    )


def _theirs(touch: Alias) -> ColumnElement[bool]:
    return touch.c.signal.is_(True)
