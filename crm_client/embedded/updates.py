"""Setting single fields of a record, named in our words or in Zoho's."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Connection, Date

from crm_client.embedded.changes import RecordChange, change_of_deal
from crm_client.embedded.columns import Extra
from crm_client.embedded.deals import Deals, store_deal
from crm_client.embedded.field_changes import note
from crm_client.embedded.people import People
from crm_client.embedded.record_rows import ACCOUNTS, CONTACTS, DEALS, LEADS, Kind, check, fetch, save
from crm_client.errors import CrmRejected
from crm_client.zoho_names import our_field, our_module
from motenashi.database import UtcTime

_KINDS: Mapping[str, Kind[Any]] = {"accounts": ACCOUNTS, "contacts": CONTACTS, "leads": LEADS, "deals": DEALS}
_NOT_TO_BE_SET = ("id", "created_at", "closed_at", "extra", "key")
_TRUTH = {"true": True, "false": False}


class Updates(People, Deals):
    def update_record(self, module: str, record_id: str, fields: Mapping[str, Any], *, by: str = "") -> None:
        """Set fields by our names or Zoho's. Texts are read as the field's kind of value ("250" as a number,
        "2026-05-31" as a date, {"id": …} as a record); None empties a field. All fields are set, or none.
        `by`: who of ours did it, for the history of stages and tracked fields."""
        asking = "update record"
        kind = _KINDS.get(our_module(module))
        if kind is None:
            raise CrmRejected(asking, f"module must be one of: {', '.join(_KINDS)}", "module")
        changes, extra = self._read(our_module(module), kind, fields)
        with self.writing(asking) as connection:
            old = fetch(connection, kind, record_id, to_change=True)
            if old is None:
                raise CrmRejected(asking, f"there is no {kind.word} with this id", "id")
            new = dataclasses.replace(old, **changes, extra={**old.extra, **extra})
            self._write(connection, kind, old, new, by)
        self.tell(_change(kind, new))

    def _read(self, module: str, kind: Kind[Any], fields: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        changes: dict[str, Any] = {}
        extra: dict[str, Any] = {}
        for name, value in fields.items():
            field = our_field(module, name) or (name if name in kind.names else "")
            if field and field not in _NOT_TO_BE_SET:
                changes[field] = _value(kind, field, value, name)
            elif not field and f"{module}.{name}" in self._settings.custom_fields:
                extra[name] = value
            else:
                what = "can't be set" if field else "does not exist"
                raise CrmRejected("update record", f"field {name} of {module} {what}", name)
        return changes, extra

    def _write(self, connection: Connection, kind: Kind[Any], old: Any, record: Any, by: str) -> None:
        now, tracked = self._clock(), self.tracked(record)
        if kind is DEALS:
            store_deal(connection, record, None, at=now, by=by, tracked=tracked)
            return
        check(kind, record, "update record")
        keys: dict[str, str] = {}
        if kind is CONTACTS:
            keys = self.contact_keys(record)
        elif kind is LEADS:
            keys = self.lead_keys(record)
        note(connection, tracked, old, save(connection, kind, record, now=now, by=by, **keys), at=now, by=by)


def _change(kind: Kind[Any], new: Any) -> RecordChange:
    if kind is DEALS:
        return change_of_deal(new)
    if kind is CONTACTS:
        return RecordChange("contacts", contact_id=new.id)
    return RecordChange("leads", lead_id=new.id) if kind is LEADS else RecordChange("accounts")


def _value(kind: Kind[Any], field: str, value: Any, name: str) -> Any:
    """The value as the field holds it; CrmRejected when it can't be read as one."""
    if value is None:
        return _empty(kind, field)
    try:
        return _fit(kind.table.c[field], value)
    except (TypeError, ValueError) as error:
        raise CrmRejected("update record", f"{name} does not fit: {error}", name) from error


def _empty(kind: Kind[Any], field: str) -> Any:
    default = next(entry.default for entry in dataclasses.fields(kind.record) if entry.name == field)
    return "" if default is dataclasses.MISSING else default


def _fit(column: Column[Any], value: Any) -> Any:
    wanted = column.type
    if isinstance(value, Mapping):  # Zoho writes a look-up as {"id": "...", "name": "..."}
        value = value["id"] if isinstance(value.get("id"), str) else _wrong("an object without id")
    if isinstance(wanted, Boolean):
        return value if isinstance(value, bool) else _TRUTH.get(str(value).lower(), value)
    if isinstance(wanted, BigInteger):
        return _whole_number(value)
    if isinstance(wanted, Date):
        return value.date() if isinstance(value, datetime) else _from_text(date, value)
    if isinstance(wanted, UtcTime):
        return _from_text(datetime, value)
    if isinstance(wanted, Extra) or isinstance(value, list | tuple | set | bytes):
        return _wrong("not a text")
    return value if isinstance(value, str) else str(value)


def _whole_number(value: Any) -> int:
    if isinstance(value, bool):
        return int(_wrong("not a number"))
    if isinstance(value, float) and not value.is_integer():
        return int(_wrong("not a whole number"))
    try:
        return int(value.replace(",", "") if isinstance(value, str) else value)
    except (ValueError, OverflowError):  # Python's own words would repeat the value, and errors end in logs
        return int(_wrong("not a whole number"))


def _from_text(kind: type[date], value: Any) -> Any:
    try:
        return value if isinstance(value, date) else kind.fromisoformat(str(value).strip())
    except ValueError:
        return _wrong("not an ISO date")


def _wrong(what: str) -> Any:
    raise ValueError(what)
