"""A record and its row: which table keeps which kind of record, and how one is checked, written and read back.

Statements are built once for each kind and dialect. A table's first columns are the record's fields in their order,
so a row read back is the record.
"""

from __future__ import annotations

import dataclasses
import json
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, cached_property
from typing import Any, Generic, TypeVar

from sqlalchemy import Boolean, Column, Connection, Date, Integer, Select, String, Table, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from crm_client.embedded import tables
from crm_client.embedded.columns import BIGGEST_NUMBER, Extra, UniqueWords, Words, kept_value
from crm_client.embedded.ledger import ledger_of, note_change
from crm_client.errors import CrmRejected
from crm_client.records import Account, Activity, Contact, Deal, Email, Lead, Note, Owner, Product, Touchpoint
from motenashi.database import UtcTime

R = TypeVar("R", Account, Activity, Contact, Deal, Email, Lead, Note, Owner, Product, Touchpoint)


@dataclass(frozen=True, eq=False)
class Kind(Generic[R]):
    """One kind of record and its table. `word` names it in messages; `required` fields must hold something."""

    word: str
    record: type[R]
    table: Table
    required: tuple[str, ...] = ()
    allowed: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)  # field -> its only values

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(field.name for field in dataclasses.fields(self.record))

    @cached_property
    def columns(self) -> tuple[Column[Any], ...]:
        return tuple(self.table.c[name] for name in self.names)

    @cached_property
    def by_id(self) -> Select[Any]:
        return select(*self.columns).where(self.table.c.id == bindparam("id"))

    def read(self, row: Sequence[Any] | None) -> R | None:
        return None if row is None else self.record(*row)

    def values(self, record: R) -> dict[str, Any]:
        return {name: getattr(record, name) for name in self.names}


ACCOUNTS = Kind("account", Account, tables.crm_accounts, required=("name",))
CONTACTS = Kind("contact", Contact, tables.crm_contacts, required=("last_name",))
LEADS = Kind("lead", Lead, tables.crm_leads, required=("last_name",))
DEALS = Kind("deal", Deal, tables.crm_deals, required=("name", "stage"))
PRODUCTS = Kind("product", Product, tables.crm_products, required=("code", "name_en", "name_ja"))
OWNERS = Kind("owner", Owner, tables.crm_owners, required=("name",))
ACTIVITIES = Kind(
    "activity",
    Activity,
    tables.crm_activities,
    required=("kind", "start_at", "status"),
    allowed={
        "kind": ("call", "event", "task"),
        "direction": ("", "outbound", "inbound"),
        "status": ("open", "completed", "cancelled"),
    },
)
EMAILS = Kind("e-mail", Email, tables.crm_emails, required=("sent_at",), allowed={"direction": ("out", "in")})
NOTES = Kind("note", Note, tables.crm_notes, required=("at",))
TOUCHPOINTS = Kind("touchpoint", Touchpoint, tables.crm_touchpoints, required=("channel", "at"))


def new_id() -> str:
    """Unique without asking anybody; later ids are greater, so new rows lie together in every index."""
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(8)}"


def check(kind: Kind[R], record: R, asking: str) -> None:
    """CrmRejected, with the field, for the first value that this kind of record can't hold."""
    for column in kind.columns:
        what = fault(column, getattr(record, column.name))
        if what:
            raise CrmRejected(asking, f"{column.name} {what}", column.name)
    for name in kind.required:
        if not getattr(record, name):
            raise CrmRejected(asking, f"{name} is missing", name)
    for name, allowed in kind.allowed.items():
        if getattr(record, name) not in allowed:
            raise CrmRejected(asking, f"{name} must be one of: {', '.join(word for word in allowed if word)}", name)


def fault(column: Column[Any], value: Any) -> str:
    """What is wrong with a value for this column; '' when nothing is."""
    kind = column.type
    if isinstance(kind, Words | UniqueWords):
        return _fault_of_text(value, kind.impl)
    if value is None:
        return "is missing" if not column.nullable and column.name != "created_at" else ""
    if isinstance(kind, UtcTime):
        return "" if isinstance(value, datetime) and value.tzinfo else "must be a moment with its time zone"
    if isinstance(kind, Date):
        return "" if type(value) is date else "must be a date"
    if isinstance(kind, Boolean):
        return "" if isinstance(value, bool) else "must be true or false"
    if isinstance(kind, Integer):
        fits = type(value) is int and abs(value) <= BIGGEST_NUMBER
        return "" if fits else "must be a whole number of at most 18 digits"
    return _fault_of_extra(value) if isinstance(kind, Extra) else ""


def _fault_of_extra(value: Any) -> str:
    if not isinstance(value, Mapping):
        return "must be a mapping"
    try:
        json.dumps(kept_value(dict(value)), allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        return f"can't be kept as JSON: {error}"
    return ""


def _fault_of_text(value: Any, kind: Any) -> str:
    if not isinstance(value, str):
        return "must be a text"
    longest = kind.length if isinstance(kind, String) else None
    return f"is longer than {longest} characters" if longest and len(value) > longest else ""


def fetch(connection: Connection, kind: Kind[R], record_id: str, *, to_change: bool = False) -> R | None:
    """By id. `to_change` keeps others from changing it until this transaction ends."""
    if not record_id:
        return None
    query = _by_id_to_change(kind) if to_change else kind.by_id
    return kind.read(connection.execute(query, {"id": record_id}).first())


def save(connection: Connection, kind: Kind[R], record: R, *, now: datetime, by: str = "", **more: Any) -> R:
    """Insert, or replace the record with this id, and tell the ledger. `more` are values of columns that are no
    fields. Without `created_at` a new record gets `now` and an old one keeps its own."""
    old = fetch(connection, kind, record.id, to_change=True) if ledger_of(connection) is not None else None
    saved = put(connection, kind, record, now=now, **more)
    note_change(connection, old, saved, by=by)
    return saved


def put(connection: Connection, kind: Kind[R], record: R, *, now: datetime, **more: Any) -> R:
    """The row alone; the caller tells the ledger."""
    values = kind.values(record) | more
    values["id"] = values["id"] or new_id()
    kept = "created_at" in values and values["created_at"] is None
    if kept:
        values["created_at"] = now
    statement = upsert(kind, connection.dialect.name, tuple(values), kept)
    return kind.record(*connection.execute(statement, values).one())


def save_once(connection: Connection, kind: Kind[R], record: R, *, key: str, now: datetime, **more: Any) -> R:
    """Like save; but if `key` was seen before, in whatever process, the record it made comes back unchanged.

    A record that is saved again by its id, and with no new key, is a change and not a repetition.
    """
    key = key or ("" if record.id else getattr(record, "key", ""))
    if not key:
        return save(connection, kind, record, now=now, **more)
    if len(key) > 255:
        raise CrmRejected(f"save {kind.word}", "key is longer than 255 characters", "key")
    found = by_key(connection, kind, key)
    if found is not None:
        return found
    values = kind.values(record) | more | {"key": key}
    values["id"] = values["id"] or new_id()
    if "created_at" in values:
        values["created_at"] = values["created_at"] or now
    row = connection.execute(insert_if_new(kind, connection.dialect.name, tuple(values)), values).first()
    made = kind.read(row)
    if made is not None:
        note_change(connection, None, made)
        return made
    # No row: a process that had the same key was faster (PostgreSQL has waited for it), or the id is there already.
    return by_key(connection, kind, key) or save(connection, kind, record, now=now, **more)


def by_key(connection: Connection, kind: Kind[R], key: str) -> R | None:
    return kind.read(connection.execute(_by_key(kind), {"key": key}).first())


@cache
def upsert(kind: Kind[Any], dialect: str, names: tuple[str, ...], keep_created_at: bool) -> Any:
    fresh = _insert(dialect, kind.table)
    never = {"id", "key"} | ({"created_at"} if keep_created_at else set())
    changed = {name: fresh.excluded[name] for name in names if name not in never}
    return fresh.on_conflict_do_update(index_elements=["id"], set_=changed).returning(*kind.columns)


@cache
def insert_if_new(kind: Kind[Any], dialect: str, names: tuple[str, ...]) -> Any:
    return _insert(dialect, kind.table).on_conflict_do_nothing().returning(*kind.columns)


def _insert(dialect: str, table: Table) -> Any:
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


@cache
def _by_id_to_change(kind: Kind[Any]) -> Select[Any]:
    return kind.by_id.with_for_update()


@cache
def _by_key(kind: Kind[Any]) -> Select[Any]:
    return select(*kind.columns).where(kind.table.c.key == bindparam("key"))
