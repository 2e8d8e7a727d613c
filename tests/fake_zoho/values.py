"""Is this a value that Zoho takes for this field?"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from tests.fake_zoho.call import ApiCall
from tests.fake_zoho.catalogue import Field, Module
from tests.fake_zoho.clock import read
from tests.fake_zoho.troubles import ZohoTrouble

_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+")
_PHONE = re.compile(r"[+()\d.,/ ;:#*extEXT-]*\d[+()\d.,/ ;:#*extEXT-]*")


def checked(call: ApiCall, module: Module, field: Field, value: Any, path: str, entry: dict[str, Any]) -> Any:
    """The value as it is stored; ZohoTrouble (INVALID_DATA) otherwise. None clears."""
    if value is None:
        return None
    kind = field.data_type
    if kind in ("text", "textarea", "email", "phone", "website"):
        return _text(field, value, path)
    if kind == "picklist":
        if value not in field.values:
            raise _wrong(field, path, "picklist", supported_values=field.values)
        return value
    if kind in ("integer", "bigint"):
        return _number(field, value, path, int)
    if kind in ("double", "currency"):
        return _number(field, value, path, float)
    if kind == "boolean":
        return value if isinstance(value, bool) else _no(field, path)
    if kind in ("date", "datetime"):
        return _time(field, value, path)
    if kind == "ownerlookup":
        return _owner(call, field, value, path)
    if kind == "lookup":
        return _lookup(call, field, value, path, entry)
    return value if isinstance(value, list) else _no(field, path)


def _text(field: Field, value: Any, path: str) -> str:
    if not isinstance(value, str):
        raise _wrong(field, path, "string")
    if field.length is not None and len(value) > field.length:
        raise _wrong(field, path, "string", maximum_length=field.length)
    if field.data_type == "email" and value and not _EMAIL.fullmatch(value):
        raise _wrong(field, path, "email")
    if field.data_type == "phone" and value and not _PHONE.fullmatch(value):
        raise _wrong(field, path, "phone")
    return value


def _number(field: Field, value: Any, path: str, kind: type) -> Any:
    if isinstance(value, bool) or not isinstance(value, int if kind is int else (int, float)):
        raise _wrong(field, path, "integer" if kind is int else "double")
    return value


def _time(field: Field, value: Any, path: str) -> str:
    try:
        if field.data_type == "datetime":
            read(value)
        elif len(value) != 10 or not date.fromisoformat(value):
            raise ValueError(value)
    except (TypeError, ValueError):
        raise _wrong(field, path, field.data_type) from None
    return str(value)


def _owner(call: ApiCall, field: Field, value: Any, path: str) -> dict[str, Any]:
    if isinstance(value, dict) and any(one["id"] == value.get("id") for one in call.fake.store.users):
        return value
    raise _wrong(field, path, "jsonobject")


def _lookup(call: ApiCall, field: Field, value: Any, path: str, entry: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(value, dict) or not isinstance(value.get("id"), str):
        raise _wrong(field, path, "jsonobject")
    target = field.target
    if field.key == "What_Id" and call.fake.switches.se_module_needed:
        named = call.fake.catalogue.find(str(entry.get("$se_module", "")))
        if named is None:
            raise ZohoTrouble(400, "DEPENDENT_FIELD_MISSING", details={"api_name": "$se_module", "json_path": path})
        target = named.key
    elif field.key == "Parent_Id":
        module = value.get("module")
        named = call.fake.catalogue.find(str(module.get("api_name") if isinstance(module, dict) else module))
        if named is None:
            raise ZohoTrouble(400, "MANDATORY_NOT_FOUND", details={"api_name": "module", "json_path": f"{path}.module"})
        target = named.key
    if call.fake.store.pointed_at(target, value["id"]) is None:
        raise ZohoTrouble(
            400, "INVALID_DATA", "the id given seems to be invalid", {"api_name": field.name, "json_path": f"{path}.id"}
        )
    return {name: value[name] for name in ("id", "module") if name in value}


def _wrong(field: Field, path: str, expected: str, **more: Any) -> ZohoTrouble:
    details = {"api_name": field.name, "json_path": path, "expected_data_type": expected} | more
    return ZohoTrouble(400, "INVALID_DATA", details=details)


def _no(field: Field, path: str) -> Any:
    raise _wrong(field, path, field.data_type)
