"""Fields that only this company's CRM has: which there are, by what stands in the records, and questions about them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, String, and_, case, cast, false, func, not_, or_, select, type_coerce

from crm_client.embedded import tables as crm
from motenashi.filters.comparing import in_span, number_holds, span_of, text_holds
from motenashi.filters.model import Field, InExtra, Kind, words
from motenashi.filters.spans import Span
from motenashi.filters.speech import Speech, Sql

_TABLES = {"leads": crm.crm_leads, "contacts": crm.crm_contacts, "accounts": crm.crm_accounts, "deals": crm.crm_deals}
_NAME = re.compile(r"[^\W\d][\w-]*")
MOST_FIELDS = 300
_SCALARS = ("string", "number", "boolean")
_DAY_GLOB = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"


@dataclass(frozen=True)
class Held:
    """A question and its opposite, as SQL that is never NULL where it decides."""

    asked: Sql
    turned: Sql


def custom_fields(connection: Connection, module: str, dialect: str) -> Mapping[str, Field]:
    """By name; empty for what is no module. A field's kind is that of most of its values."""
    if module not in _TABLES:
        return {}
    seen: dict[str, dict[str, int]] = {}
    for key, kind, number in connection.execute(_kinds(module, dialect)):
        if _NAME.fullmatch(key) and kind != "null":
            seen.setdefault(key, {})[kind] = number
    names = sorted(seen)[:MOST_FIELDS]
    return {name: _field(name, seen[name]) for name in names}


def _kinds(module: str, dialect: str) -> Any:
    """(name, kind of value, how many) of all that stands in `extra`."""
    extra = _TABLES[module].c.extra
    if dialect == "sqlite":
        each = func.json_each(extra).table_valued("key", "type", "value")
        kind: Sql = type_coerce(each.c.type, String)
        text: Sql = type_coerce(each.c.value, String)
        is_day: Sql = text.op("GLOB")(_DAY_GLOB)
        kind = case((and_(kind == "text", is_day), "date"), else_=kind)
    else:
        each = func.json_each(extra).table_valued("key", "value")
        kind = func.json_typeof(each.c.value, type_=String)
        text = cast(each.c.value, String)
        is_day = text.op("~")('^"[0-9]{4}-[0-9]{2}-[0-9]{2}"$')
        kind = case((and_(kind == "string", is_day), "date"), else_=kind)
    query = select(each.c.key, kind, func.count()).select_from(_TABLES[module].join(each, extra.is_not(None)))
    return query.where(extra.is_not(None)).group_by(each.c.key, kind)


_KINDS: Mapping[str, Kind] = {
    "text": "text", "string": "text", "date": "date", "integer": "number", "real": "number", "number": "number",
    "true": "boolean", "false": "boolean", "boolean": "boolean", "array": "texts",
}  # fmt: skip


def _field(name: str, seen: Mapping[str, int]) -> Field:
    counts: dict[Kind, int] = {}
    for given, number in seen.items():
        ours = _KINDS.get(given, "text")
        counts[ours] = counts.get(ours, 0) + number
    kind: Kind = max(sorted(counts), key=lambda one: counts[one])
    if kind == "date" and counts.get("text"):  # days among other texts are texts
        kind = "text"
    label = name.replace("_", " ")
    return Field(name, kind, words(label, label), InExtra(name))


@dataclass(frozen=True)
class CustomQuestion:
    """One plain operator on one custom field; `for_nothing`: does it hold for an empty value?"""

    key: str
    kind: Kind
    operator: str
    ready: Any
    for_nothing: bool


def custom_holds(speech: Speech, extra: Sql, asked: CustomQuestion, now: datetime) -> Held:
    """A value of another kind than the operator's fails both the question and its opposite."""
    given = func.coalesce(speech.json_kind(extra, asked.key), "null")
    text = speech.json_text(extra, asked.key)
    blank = or_(given == "null", and_(given == "string", speech.folded(text) == ""))
    empty = or_(blank, and_(given.in_(("array", "object")), func.replace(text, " ", "").in_(("[]", "{}"))))
    if asked.operator == "is_empty":
        return Held(empty, not_(empty))
    if asked.kind == "texts":
        return _list_holds(speech, extra, asked, given, empty)
    holds, fits = _scalar(speech, extra, asked, now, given, text)
    fails = and_(fits, not_(func.coalesce(holds, false())))
    if asked.for_nothing:
        return Held(or_(and_(holds, fits), empty), and_(fails, not_(empty)))
    return Held(and_(holds, fits), or_(fails, empty))


def _scalar(speech: Speech, extra: Sql, asked: CustomQuestion, now: datetime, given: Sql, text: Sql) -> tuple[Sql, Sql]:
    """(it holds, it is of a kind that can be compared); the first is false or NULL where there is no value."""
    if asked.kind == "number":
        number = speech.json_number(extra, asked.key)
        return number_holds(asked.operator, number, asked.ready), number.is_not(None)
    if asked.kind == "boolean":
        folded = speech.folded(text)
        return folded == ("true" if asked.operator == "is_true" else "false"), folded.in_(("true", "false"))
    if asked.kind == "date":
        return _day_holds(speech, asked, text, now), given == "string"
    return text_holds(speech, asked.operator, speech.folded(text), asked.ready), given.in_(_SCALARS)


def _day_holds(speech: Speech, asked: CustomQuestion, text: Sql, now: datetime) -> Sql:
    """Days in ISO form compare as texts do."""
    if asked.operator == "weekday_in":
        return speech.weekday_of_text(text).in_(sorted(asked.ready.days))
    span = span_of("date", asked.operator, asked.ready, now)
    return in_span(text, Span(span.first and span.first.isoformat(), span.last and span.last.isoformat()))


def _list_holds(speech: Speech, extra: Sql, asked: CustomQuestion, given: Sql, empty: Sql) -> Held:
    def among(texts: frozenset[str]) -> Sql:
        items = speech.json_items(extra, asked.key)
        return select(items.c.value).where(speech.folded(items.c.value).in_(sorted(texts))).exists()

    is_list = and_(given == "array", not_(empty))
    operator, ready = asked.operator, asked.ready
    if operator.startswith("size_"):
        items = speech.json_items(extra, asked.key)
        size = case((is_list, select(func.count()).select_from(items).scalar_subquery()), (empty, 0))
        held: Sql = func.coalesce(number_holds(operator.removeprefix("size_"), size, ready), false())
        return Held(held, and_(or_(is_list, empty), not_(held)))
    if operator == "has_all":
        held = and_(*(among(frozenset([one])) for one in sorted(ready)))
    else:
        held = among(ready if operator == "has_any" else frozenset([ready]))
    return Held(and_(is_list, held), or_(empty, and_(is_list, not_(held))))
