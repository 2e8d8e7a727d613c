"""Inserts, updates, upserts and deletes: entry by entry, answered in their order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zlib import crc32

from tests.fake_zoho.call import ApiCall
from tests.fake_zoho.catalogue import CHECKED_FOR_DUPLICATES, KEPT_BY_ZOHO, Module
from tests.fake_zoho.store import API_USER, Change, Raw, column
from tests.fake_zoho.troubles import ZohoTrouble
from tests.fake_zoho.values import checked
from tests.fake_zoho.wire import Reply

_WITHOUT_A_FIELD = ("id", "$se_module", "$parent", "trigger")
Entry = dict[str, Any]


def insert(call: ApiCall, name: str) -> Reply:
    return insert_entries(call, call.module(name), call.entries())


def insert_entries(call: ApiCall, module: Module, entries: list[Entry]) -> Reply:
    return _written(call, module, entries, "insert", lambda place, entry: _inserted(call, module, place, entry), 201)


def update(call: ApiCall, name: str, record_id: str = "") -> Reply:
    module = call.module(name)

    def one(place: int, entry: Entry) -> tuple[Entry, Change]:
        return _updated(call, module, place, entry, record_id or str(entry.get("id", "")))

    return _written(call, module, call.entries(), "update", one, 200)


def upsert(call: ApiCall, name: str) -> Reply:
    module = call.module(name)
    given = call.json().get("duplicate_check_fields") or []
    for one in given:
        known = module.fields.get(one)
        if known is None or not (known.unique or CHECKED_FOR_DUPLICATES.get(module.key) == known.key):
            raise ZohoTrouble(400, "INVALID_DATA", details={"api_name": "duplicate_check_fields", "value": one})
    system = module.field_of(CHECKED_FOR_DUPLICATES.get(module.key, ""))
    unique = [one.name for one in module.fields.values() if one.unique]
    names = given or [one for one in (system, *unique) if one]

    def one_entry(place: int, entry: Entry) -> tuple[Entry, Change]:
        found, by = _twin(call, module, entry, names)
        if not found:
            answer, change = _inserted(call, module, place, entry)
            return answer | {"action": "insert", "duplicate_field": None}, change
        answer, change = _updated(call, module, place, entry, found)
        return answer | {"action": "update", "duplicate_field": by}, change

    return _written(call, module, call.entries(), "upsert", one_entry, 200)


def delete(call: ApiCall, name: str, record_id: str = "") -> Reply:
    module = call.module(name)
    ids = [record_id] if record_id else [one for one in call.query.get("ids", "").split(",") if one]
    if not ids:
        raise ZohoTrouble(400, "REQUIRED_PARAM_MISSING", details={"param_name": "ids"})
    if len(ids) > 100:
        raise ZohoTrouble(400, "LIMIT_EXCEEDED", details={"limit": 100, "param_name": "ids"})
    if module.key in KEPT_BY_ZOHO:
        raise ZohoTrouble(403, "NO_PERMISSION", details={"resource_path_index": 0})
    answers, gone = [], []
    with call.fake.store.lock:
        for one in ids:
            try:
                call.fake.store.remove(module, one, by=API_USER)
                gone.append(one)
                answers.append(
                    {"code": "SUCCESS", "details": {"id": one}, "message": "record deleted", "status": "success"}
                )
            except (KeyError, ValueError):
                details = {"id": one}
                answers.append(ZohoTrouble(400, "INVALID_DATA", "record not deleted", details).entry)
    if gone:
        call.fake.store.tell(Change(module, "delete", tuple(gone), by_api=True))
    return Reply(200 if gone else 400, {"data": answers})


def _written(
    call: ApiCall,
    module: Module,
    entries: list[Entry],
    what: str,
    do: Callable[[int, Entry], tuple[Entry, Change]],
    good: int,
) -> Reply:
    if module.key in KEPT_BY_ZOHO:
        raise ZohoTrouble(403, "NO_PERMISSION", details={"resource_path_index": 0})
    call.fake.note_trigger(call.request.path, call.json().get("trigger"))
    answers, changes = [], []
    with call.fake.store.lock:
        for place, entry in enumerate(entries):
            try:
                answer, change = do(place, entry)
                answers.append(answer)
                changes.append(change)
            except ZohoTrouble as trouble:
                answers.append(trouble.entry)
    for operation in ("insert", "update"):
        some = [one for one in changes if one.operation == operation]
        if some:
            ids = tuple(dict.fromkeys(record_id for one in some for record_id in one.ids))
            touched = {record_id: names for one in some for record_id, names in one.fields.items()}
            call.fake.store.tell(Change(module, operation, ids, touched, by_api=True))
    status = good if len(changes) == len(entries) else call.fake.switches.mixed_status if changes else 400
    if what == "upsert" and status == 200 and all(one.get("action") == "insert" for one in answers):
        status = 201
    return Reply(status, {"data": answers})


def _inserted(call: ApiCall, module: Module, place: int, entry: Entry) -> tuple[Entry, Change]:
    fields = _fields(call, module, place, entry)
    missing = [one for one in module.fields.values() if one.mandatory and fields.get(one.name) in (None, "")]
    if missing:
        raise _needed(missing[0].name, place)
    _refuse_twins(call, module, place, fields, "")
    record_id = call.fake.store.save(module, fields, by=API_USER)
    record = call.fake.store.get(module.key, record_id) or {}
    return _done(record, "record added"), Change(module, "insert", (record_id,), {record_id: tuple(fields)})


def _updated(call: ApiCall, module: Module, place: int, entry: Entry, record_id: str) -> tuple[Entry, Change]:
    if not record_id:
        raise _needed("id", place)
    if call.fake.store.get(module.key, record_id) is None:
        details = {"api_name": "id", "json_path": f"$.data[{place}].id"}
        raise ZohoTrouble(400, "INVALID_DATA", "the id given seems to be invalid", details)
    fields = _fields(call, module, place, entry)
    emptied = [name for name, value in fields.items() if _is_needed(module, name) and value in (None, "")]
    if emptied:
        raise _needed(emptied[0], place)
    _refuse_twins(call, module, place, fields, record_id)
    record = call.fake.store.alter(module, record_id, fields, by=API_USER)
    return _done(record, "record updated"), Change(module, "update", (record_id,), {record_id: tuple(fields)})


def _is_needed(module: Module, name: str) -> bool:
    return name in module.fields and module.fields[name].mandatory


def _fields(call: ApiCall, module: Module, place: int, entry: Entry) -> Raw:
    """What is stored of an entry. Unknown fields are dropped without a word, as are those that no layout shows."""
    kept: Raw = {}
    for name, value in entry.items():
        known, path = module.fields.get(name), f"$.data[{place}].{name}"
        if known is not None and known.in_layout and not known.read_only:
            kept[name] = checked(call, module, known, value, path, entry)
        elif known is None and name not in _WITHOUT_A_FIELD:
            call.fake.dropped.append((module.name, name))
            if call.fake.switches.strict:
                raise ZohoTrouble(400, "INVALID_DATA", "no such field", {"api_name": name, "json_path": path})
    if "$se_module" in entry:
        kept["$se_module"] = entry["$se_module"]
    return kept


def _refuse_twins(call: ApiCall, module: Module, place: int, fields: Raw, itself: str) -> None:
    for one in module.fields.values():
        if one.unique and fields.get(one.name):
            twin = _holder(call, module, one.name, fields[one.name], itself)
            if twin:
                raise _duplicate(call, module, one.name, place, twin)


def _twin(call: ApiCall, module: Module, entry: Entry, names: list[str]) -> tuple[str, str]:
    for name in names:
        if entry.get(name) and (found := _holder(call, module, name, entry[name], "")):
            return found, name
    return "", ""


def _holder(call: ApiCall, module: Module, name: str, value: Any, itself: str) -> str:
    way = f"{column(name, module.fields[name].data_type)} collate nocase"
    rows = call.fake.store.sql(
        f'select id from "{module.key}" where {way} = ? and id != ? order by id limit 1', (value, int(itself or 0))
    )
    return str(rows[0][0]) if rows else ""


def _duplicate(call: ApiCall, module: Module, name: str, place: int, twin: str) -> ZohoTrouble:
    other = call.fake.store.get(module.key, twin) or {}
    about = {"id": twin, "Owner": other.get("Owner"), "module": {"api_name": module.name, "id": module_id(module)}}
    details = {"api_name": name, "json_path": f"$.data[{place}].{name}", "duplicate_record": about}
    return ZohoTrouble(400, "DUPLICATE_DATA", details=details | {"more_records": False})


def _needed(name: str, place: int) -> ZohoTrouble:
    details = {"api_name": name, "json_path": f"$.data[{place}].{name}"}
    return ZohoTrouble(400, "MANDATORY_NOT_FOUND", details=details)


def _done(record: Raw, message: str) -> Entry:
    told = ("id", "Created_Time", "Modified_Time", "Created_By", "Modified_By")
    details = {name: record.get(name) for name in told} | {"$approval_state": "approved"}
    return {"code": "SUCCESS", "details": details, "message": message, "status": "success"}


def module_id(module: Module) -> str:
    return str(4_876_876_000_000_000_000 + crc32(module.key.encode()))
