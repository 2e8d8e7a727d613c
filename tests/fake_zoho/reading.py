"""Lists of records, records by id, deleted ones, and counts."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

from tests.fake_zoho.call import ApiCall
from tests.fake_zoho.catalogue import Module
from tests.fake_zoho.clock import read, written
from tests.fake_zoho.store import Raw
from tests.fake_zoho.troubles import ZohoTrouble
from tests.fake_zoho.wire import Reply

DISCRETE, ALL = 2_000, 100_000
_SEAL = b"only so that nobody makes page tokens of their own"
_SORTS = {"id": "id", "Created_Time": "created", "Modified_Time": "modified"}
_BOUND = ("fields", "per_page", "sort_by", "sort_order", "converted", "ids", "type", "cvid")


def list_records(call: ApiCall, name: str) -> Reply:
    module = call.module(name)
    fields = wanted_fields(call)
    if "ids" in call.query:
        return _by_ids(call, module, fields)
    where, values = changed_since(call, "modified")
    if module.key == "Leads" and call.query.get("converted", "false") != "both":
        where += f" and converted = {int(call.query.get('converted') == 'true')}"
    return rows_reply(call, module, fields, where, values)


def rows_reply(call: ApiCall, module: Module, fields: list[str], where: str, values: list[Any]) -> Reply:
    """A page of a module's records, as lists and related lists have it."""
    per_page = number(call, "per_page", 200, 1, 200)
    sort = call.query.get("sort_by", "id")
    if sort not in _SORTS:
        raise ZohoTrouble(400, "INVALID_DATA", details={"param_name": "sort_by", "supported_values": list(_SORTS)})
    order = call.query.get("sort_order", "desc")
    if order not in ("asc", "desc"):
        raise ZohoTrouble(
            400, "INVALID_DATA", details={"param_name": "sort_order", "supported_values": ["asc", "desc"]}
        )
    served, after, offset = _place(call, per_page)
    column = _SORTS[sort]
    if after:
        sign = ">" if order == "asc" else "<"
        where += f" and ({column}, id) {sign} (?, ?)"
        values = [*values, *after]
    table = f'"{module.key}" where {where} order by {column} {order}, id {order}'
    rows = call.fake.store.sql(
        f"select id, {column}, data from {table} limit ? offset ?", [*values, per_page + 1, offset]
    )
    more, rows = len(rows) > per_page, rows[:per_page]
    if not rows:
        return Reply(304 if "if-modified-since" in call.request.headers and not served else 204)
    served += len(rows)
    info = {"per_page": per_page, "count": len(rows), "page": -(-served // per_page), "sort_by": sort}
    info |= {"sort_order": order, "more_records": more, "previous_page_token": None}
    info |= _next_token(call, served, rows[-1][1], rows[-1][0]) if more else _NO_TOKEN
    return Reply(200, {"data": [shown(module, json.loads(data), fields) for _, _, data in rows], "info": info})


_NO_TOKEN = {"next_page_token": None, "page_token_expiry": None}


def one_record(call: ApiCall, name: str, record_id: str) -> Reply:
    module = call.module(name)
    record = call.fake.store.get(module.key, record_id)
    if record is None:
        status = call.fake.switches.absent_id
        if status == 204:
            return Reply(204)
        raise ZohoTrouble(status, "INVALID_DATA", "the id given seems to be invalid", {"resource_path_index": 1})
    fields = wanted_fields(call, needed=False) or list(module.fields)
    return Reply(200, {"data": [shown(module, record, fields)]})


def deleted(call: ApiCall, name: str) -> Reply:
    module = call.module(name)
    kind = call.query.get("type", "all")
    if kind not in ("all", "recycle", "permanent"):
        raise ZohoTrouble(400, "INVALID_DATA", details={"param_name": "type"})
    where, values = changed_since(call, "at")
    per_page, page = number(call, "per_page", 200, 1, 200), number(call, "page", 1, 1, 1_000_000)
    if kind == "permanent":
        where += " and 0"
    rows = call.fake.store.sql(
        f"select id, name, at, who from deleted where module = ? and {where} "
        "order by at desc, rowid desc limit ? offset ?",
        [module.key, *values, per_page + 1, (page - 1) * per_page],
    )
    if not rows:
        return Reply(304 if "if-modified-since" in call.request.headers else 204)
    data = [
        {
            "id": str(record_id),
            "display_name": title,
            "type": "recycle",
            "deleted_time": written(at),
            "deleted_by": call.fake.store.person(who),
            "created_by": call.fake.store.person(who),
        }
        for record_id, title, at, who in rows[:per_page]
    ]
    info = {"per_page": per_page, "count": len(data), "page": page, "more_records": len(rows) > per_page}
    return Reply(200, {"data": data, "info": info})


def wanted_fields(call: ApiCall, *, needed: bool = True) -> list[str]:
    text = call.query.get("fields", "")
    if not text:
        if needed:
            raise ZohoTrouble(400, "REQUIRED_PARAM_MISSING", details={"param_name": "fields"})
        return []
    fields = [one.strip() for one in text.split(",") if one.strip()]
    if len(fields) > 50:
        raise ZohoTrouble(400, "LIMIT_EXCEEDED", details={"limit": 50, "param_name": "fields"})
    return fields


def shown(module: Module, record: Raw, fields: list[str]) -> Raw:
    """Only what was asked for, and the id. Fields that do not exist are left out without a word."""
    answer = {name: record.get(name) for name in fields if name in module.fields or name.startswith("$")}
    if "What_Id" in answer and record.get("$se_module"):
        answer["$se_module"] = record["$se_module"]
    return answer | {"id": record["id"]}


def number(call: ApiCall, name: str, default: int, least: int, most: int) -> int:
    text = call.query.get(name, str(default))
    if not text.isdigit() or not least <= int(text) <= most:
        supported = f"{least}-{most}"
        raise ZohoTrouble(400, "INVALID_DATA", details={"param_name": name, "supported_values": supported})
    return int(text)


def _by_ids(call: ApiCall, module: Module, fields: list[str]) -> Reply:
    ids = [one for one in call.query["ids"].split(",") if one]
    if len(ids) > 100:
        raise ZohoTrouble(400, "LIMIT_EXCEEDED", details={"limit": 100, "param_name": "ids"})
    found = [record for one in ids if (record := call.fake.store.get(module.key, one)) is not None]
    if not found:
        return Reply(204)
    info = {"per_page": 200, "count": len(found), "page": 1, "more_records": False} | _NO_TOKEN
    return Reply(200, {"data": [shown(module, record, fields) for record in found], "info": info})


def changed_since(call: ApiCall, column: str) -> tuple[str, list[Any]]:
    text = call.request.headers.get("if-modified-since")
    if text is None:
        return "1", []
    try:
        return f"{column} > ?", [read(text)]
    except ValueError:
        raise ZohoTrouble(400, "INVALID_DATA", details={"header_name": "If-Modified-Since"}) from None


def _place(call: ApiCall, per_page: int) -> tuple[int, list[Any], int]:
    """How many were served before this page, the last of them, and rows to pass over."""
    token = call.query.get("page_token")
    if token is None:
        page = number(call, "page", 1, 1, 1_000_000)
        if page * per_page > DISCRETE:
            raise ZohoTrouble(400, "DISCRETE_PAGINATION_LIMIT_EXCEEDED", details={"limit": DISCRETE})
        return (page - 1) * per_page, [], (page - 1) * per_page
    if "page" in call.query:
        raise ZohoTrouble(400, "AMBIGUITY_DURING_PROCESSING", details={"ambiguity_due_to": ["page", "page_token"]})
    place = _opened(token)
    if place["ends"] <= call.fake.clock.seconds():
        raise ZohoTrouble(400, "EXPIRED_VALUE", details={"param_name": "page_token"})
    if place["bound"] != _bound(call):
        raise ZohoTrouble(400, "TOKEN_BOUND_DATA_MISMATCH", details={"param_name": "page_token"})
    if place["served"] + per_page > ALL:
        raise ZohoTrouble(400, "PAGINATION_LIMIT_EXCEEDED", details={"limit": ALL})
    return place["served"], place["after"], 0


def _next_token(call: ApiCall, served: int, last: Any, record_id: int) -> dict[str, str]:
    ends = call.fake.clock.seconds() + call.fake.switches.page_token_seconds
    place = {"served": served, "after": [last, record_id], "ends": ends, "bound": _bound(call)}
    sealed = json.dumps(place).encode()
    seal = hmac.new(_SEAL, sealed, hashlib.sha256).digest()[:12]
    token = base64.urlsafe_b64encode(seal + sealed).decode().rstrip("=")
    return {"next_page_token": token, "page_token_expiry": written(ends)}


def _opened(token: str) -> dict[str, Any]:
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        raw = b""
    if not hmac.compare_digest(raw[:12], hmac.new(_SEAL, raw[12:], hashlib.sha256).digest()[:12]):
        raise ZohoTrouble(400, "INVALID_DATA", details={"param_name": "page_token"})
    return dict(json.loads(raw[12:]))


def _bound(call: ApiCall) -> str:
    """Everything that must stay the same while a list is paged: its address, parameters and user."""
    kept = {name: call.query.get(name) for name in _BOUND}
    kept |= {"since": call.request.headers.get("if-modified-since"), "path": call.request.path, "user": call.token}
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()[:16]
