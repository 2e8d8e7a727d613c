"""A list as a CSV file: UTF-8 with its mark, so that spreadsheets read Japanese; no cell that they would run."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, tzinfo
from typing import Any

from crm_client.money import parts_of
from motenashi.filters.filter import Filter
from motenashi.filters.infos import FieldInfo, Page, Row
from motenashi.pages.lists.columns import wanted
from motenashi.pages.lists.list_view import ListsDesk
from motenashi.pages.lists.vocabulary import in_language
from motenashi.pages.page_language import translate as _

MOST_ROWS = 50_000
AT_ONCE = 1_000
BYTE_ORDER_MARK = "\ufeff"
# What spreadsheets take for a formula (OWASP, "CSV injection").
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def exported(desk: ListsDesk, chosen: Filter, sort: str, *, descending: bool, zone: tzinfo) -> Iterator[str]:
    """The file, piece by piece; the first piece is there before anything is sent, so that a filter that takes too
    long can still be answered as such."""
    fields = [field for field in desk.fields(chosen.module) if field.type != "rows"]
    columns = _columns(chosen.module, fields)
    known = {field.name: field for field in fields}

    def page(after: str, most: int) -> Page:
        return desk.page(
            chosen, sort=sort, descending=descending, after=after, most=most, columns=columns, total=not after
        )

    first = page("", AT_ONCE)
    return _written(first, page, [known[name] for name in columns], zone)


def _columns(module: str, fields: Sequence[FieldInfo]) -> list[str]:
    """What the list shows, then the record's other own fields."""
    own = [field.name for field in fields if "." not in field.name and field.type != "texts"]
    shown = wanted(module, fields)
    return list(dict.fromkeys(("id", *shown, *own)))


def _written(first: Page, page: Callable[[str, int], Page], columns: list[FieldInfo], zone: tzinfo) -> Iterator[str]:
    yield BYTE_ORDER_MARK + _line(_heading(field) for field in columns)
    found, written = first, 0
    while True:
        for row in found.rows:
            yield _line(_cell(row, field, zone) for field in columns)
        written += len(found.rows)
        if not found.next:
            return
        if written >= MOST_ROWS:
            yield _line([_("Only the first %(most)s of %(all)s are in this file.", most=written, all=first.total)])
            return
        found = page(found.next, min(AT_ONCE, MOST_ROWS - written))


def _heading(field: FieldInfo) -> str:
    name = in_language(field.label)
    return f"{in_language(field.group)}: {name}" if "." in field.name else name


def _cell(row: Row, field: FieldInfo, zone: tzinfo) -> str:
    value = row.values.get(field.name)
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return value.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        return _number(value, field, row.values)
    text = next((in_language(choice.label) for choice in field.choices if choice.value == value), str(value))
    return harmless(text)


def _number(value: float, field: FieldInfo, values: Mapping[str, Any]) -> str:
    if field.type == "money":
        parts = parts_of(str(values.get("currency") or "JPY"))
        return str(value) if parts == 1 else f"{value / parts:.2f}"
    return str(value)


def harmless(text: str) -> str:
    """A text that a spreadsheet shows and does not run."""
    return f"'{text}" if text.startswith(_BEGINS_A_FORMULA) else text


def _line(cells: Iterator[str] | Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)  # with CRLF, as RFC 4180 has it
    return out.getvalue()
