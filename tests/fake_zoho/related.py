"""Records that hang on a record: lists, links, notes, and its e-mails."""

from __future__ import annotations

import json
from typing import Any

from tests.fake_zoho.call import ApiCall
from tests.fake_zoho.catalogue import ACTIVITIES, Module
from tests.fake_zoho.clock import read
from tests.fake_zoho.coql import scope_name
from tests.fake_zoho.metadata import RELATED
from tests.fake_zoho.reading import changed_since, number, rows_reply, wanted_fields
from tests.fake_zoho.store import API_USER, Change, Raw, column
from tests.fake_zoho.tokens import covers
from tests.fake_zoho.troubles import ZohoTrouble
from tests.fake_zoho.wire import Reply
from tests.fake_zoho.writing import insert_entries

_EMAILS_A_PAGE = 10
_LOOKUPS = {  # whose list, list -> field of the list's module that points back
    ("Contacts", "Deals"): "Contact_Name",
    ("Accounts", "Deals"): "Account_Name",
    ("Accounts", "Contacts"): "Account_Name",
    ("Deals", "Stage_History"): "Potential_Name",
    ("Deals", "Quotes"): "Deal_Name",
}
_MODULE_OF = {"Stage_History": "DealHistory"}


def related(call: ApiCall, name: str, record_id: str, related_list: str) -> Reply:
    module = _parent(call, name, record_id)
    target = _target(call, module, related_list)
    if not covers(call.scopes, f"ZohoCRM.modules.{scope_name(target)}.READ"):
        raise ZohoTrouble(call.fake.switches.scope_status, "OAUTH_SCOPE_MISMATCH")
    if related_list == "Emails":
        return _emails(call, module, record_id)
    fields = wanted_fields(call)
    if related_list == "Contact_Roles":
        return _roles(call, record_id, fields)
    where, values = _belongs(call, module, record_id, related_list, target)
    since, more = changed_since(call, "modified")
    return rows_reply(call, target, fields, f"{where} and {since}", [*values, *more])


def add_related(call: ApiCall, name: str, record_id: str, related_list: str) -> Reply:
    """Notes are made below their record."""
    module = _parent(call, name, record_id)
    if related_list != "Notes":
        raise ZohoTrouble(400, "INVALID_REQUEST_METHOD")
    parent = {"id": record_id, "module": {"api_name": module.name}}
    entries = [entry | {"Parent_Id": parent} for entry in call.entries()]
    return insert_entries(call, call.fake.catalogue.of("Notes"), entries)


def link(call: ApiCall, name: str, record_id: str, related_list: str, other_id: str = "") -> Reply:
    module = _parent(call, name, record_id)
    entries = call.entries() if not other_id else [{"id": other_id}]
    target = _linked(call, module, related_list)
    answers: list[dict[str, Any]] = []
    with call.fake.store.lock:
        for entry in entries:
            other = str(entry.get("id", ""))
            if call.fake.store.get(target.key, other) is None:
                answers.append(
                    ZohoTrouble(400, "INVALID_DATA", "the id given seems to be invalid", {"id": other}).entry
                )
                continue
            _tie(call, module, record_id, other, related_list, entry)
            answers.append(_success("relation added", other))
    return _told(call, module, record_id, answers, related_list)


def unlink(call: ApiCall, name: str, record_id: str, related_list: str, other_id: str = "") -> Reply:
    module = _parent(call, name, record_id)
    _linked(call, module, related_list)
    ids = [other_id] if other_id else [one for one in call.query.get("ids", "").split(",") if one]
    if not ids:
        raise ZohoTrouble(400, "REQUIRED_PARAM_MISSING", details={"param_name": "ids"})
    answers = []
    with call.fake.store.lock:
        for one in ids:
            table, deal, other = _link_row(module, record_id, one, related_list)
            mine = f"where deal = ? and {'contact' if table == 'roles' else 'product'} = ?"
            if call.fake.store.sql(f"select 1 from {table} {mine}", (deal, other)):
                call.fake.store.sql(f"delete from {table} {mine}", (deal, other))
                answers.append(_success("relation removed", one))
            else:
                answers.append(ZohoTrouble(400, "INVALID_DATA", "relation not removed", {"id": one}).entry)
    return _told(call, module, record_id, answers, related_list)


def associate_email(call: ApiCall, name: str, record_id: str) -> Reply:
    """Attach mail that was exchanged elsewhere. The same mail twice is two e-mails: it is not repeatable."""
    module = _parent(call, name, record_id)
    answers = []
    for place, entry in enumerate(call.entries("Emails", most=10)):
        try:
            answers.append(_associated(call, module, record_id, place, entry))
        except ZohoTrouble as trouble:
            answers.append(trouble.entry)
    good = sum(one["status"] == "success" for one in answers)
    status = 200 if good == len(answers) else call.fake.switches.mixed_status if good else 400
    return Reply(status, {"Emails": answers})


def contact_roles(call: ApiCall) -> Reply:
    names = ("Decision Maker", "Influencer", "Product Management", "Purchasing")
    roles = [
        {"id": str(4_876_876_000_000_006_800 + n), "name": one, "sequence_number": n} for n, one in enumerate(names)
    ]
    return Reply(200, {"contact_roles": roles})


def _parent(call: ApiCall, name: str, record_id: str) -> Module:
    module = call.module(name)
    if call.fake.store.get(module.key, record_id) is None:
        raise ZohoTrouble(400, "INVALID_DATA", "the related id given seems to be invalid", {"resource_path_index": 1})
    return module


def _target(call: ApiCall, module: Module, related_list: str) -> Module:
    known = call.fake.related_names.get((module.key, related_list), related_list)
    if known not in RELATED.get(module.key, ()) or (module.key, related_list) in call.fake.hidden_lists:
        message = "the relation name given seems to be invalid"
        raise ZohoTrouble(400, "INVALID_DATA", message, {"resource_path_index": 2})
    keys = call.fake.catalogue.modules
    return keys.get(_MODULE_OF.get(known, known), keys["Contacts"])


def _belongs(call: ApiCall, module: Module, record_id: str, related_list: str, target: Module) -> tuple[str, list[Any]]:
    if (module.key, target.key) == ("Deals", "Products"):
        return "id in (select product from links where deal = ?)", [int(record_id)]
    if (module.key, target.key) == ("Products", "Deals"):
        return "id in (select deal from links where product = ?)", [int(record_id)]
    if (module.key, target.key) == ("Contacts", "Products"):
        deals = call.fake.catalogue.modules["Deals"]
        mine = f'select id from "Deals" where {column(deals.field_of("Contact_Name"), "lookup")} = ?'
        return f"id in (select product from links where deal in ({mine}))", [record_id]
    if target.key in ACTIVITIES:
        ways = [column(target.field_of(one), "lookup") for one in ("Who_Id", "What_Id") if target.field_of(one)]
        return f"({' or '.join(f'{way} = ?' for way in ways)})", [record_id] * len(ways)
    field = "Parent_Id" if target.key == "Notes" else _LOOKUPS[module.key, related_list]
    return f"{column(target.field_of(field), 'lookup')} = ?", [record_id]


def _linked(call: ApiCall, module: Module, related_list: str) -> Module:
    if (module.key, related_list) not in (("Deals", "Products"), ("Products", "Deals"), ("Deals", "Contact_Roles")):
        raise ZohoTrouble(400, "INVALID_REQUEST_METHOD")
    return _target(call, module, related_list)


def _link_row(module: Module, record_id: str, other: str, related_list: str) -> tuple[str, int, int]:
    if related_list == "Contact_Roles":
        return "roles", int(record_id), int(other)
    return ("links", int(record_id), int(other)) if module.key == "Deals" else ("links", int(other), int(record_id))


def _tie(call: ApiCall, module: Module, record_id: str, other: str, related_list: str, entry: dict[str, Any]) -> None:
    table, deal, second = _link_row(module, record_id, other, related_list)
    if table == "roles":
        role = str((entry.get("Contact_Role") or {}).get("id", ""))
        call.fake.store.sql("insert or replace into roles values (?, ?, ?)", (deal, second, role))
    else:
        call.fake.store.link(str(deal), str(second))


def _told(call: ApiCall, module: Module, record_id: str, answers: list[dict[str, Any]], related_list: str) -> Reply:
    good = sum(one["status"] == "success" for one in answers)
    if good and module.key == "Deals" and call.fake.switches.linking_touches_deal:
        with call.fake.store.lock:
            call.fake.store.alter(module, record_id, {}, by=API_USER)
        call.fake.store.tell(Change(module, "update", (record_id,), {record_id: (related_list,)}, by_api=True))
    status = 200 if good == len(answers) else call.fake.switches.mixed_status if good else 400
    return Reply(status, {"data": answers})


def _success(message: str, record_id: str) -> dict[str, Any]:
    return {"code": "SUCCESS", "details": {"id": record_id}, "message": message, "status": "success"}


def _roles(call: ApiCall, deal: str, fields: list[str]) -> Reply:
    contacts, data = call.fake.catalogue.modules["Contacts"], []
    for contact, role in call.fake.store.sql("select contact, role from roles where deal = ?", (int(deal),)):
        record = call.fake.store.get("Contacts", str(contact))
        if record is not None:
            shown = {name: record.get(name) for name in fields if name in contacts.fields}
            data.append(shown | {"id": record["id"], "Contact_Role": {"name": role, "id": role}})
    if not data:
        return Reply(204)
    return Reply(200, {"data": data, "info": {"per_page": 200, "count": len(data), "page": 1, "more_records": False}})


def _emails(call: ApiCall, module: Module, record_id: str) -> Reply:
    first = number(call, "index", 0, 0, 1_000_000)
    rows = call.fake.store.sql(
        "select data from emails where module = ? and record = ? order by at desc, rowid desc limit ? offset ?",
        (module.key, int(record_id), _EMAILS_A_PAGE + 1, first),
    )
    if not rows:
        return Reply(204)
    shown: list[Raw] = [json.loads(data) for (data,) in rows[:_EMAILS_A_PAGE]]
    for one in shown:
        one.pop("content", None)
    more = len(rows) > _EMAILS_A_PAGE
    info: dict[str, Any] = {"count": len(shown), "per_page": _EMAILS_A_PAGE, "more_records": more}
    info |= {"next_index": str(first + _EMAILS_A_PAGE) if more else None, "prev_index": None}
    return Reply(200, {"Emails": shown, "info": info})


def _associated(call: ApiCall, module: Module, record_id: str, place: int, entry: dict[str, Any]) -> dict[str, Any]:
    for name in ("from", "to", "subject", "date_time", "original_message_id"):
        if not entry.get(name):
            details = {"api_name": name, "json_path": f"$.Emails[{place}].{name}"}
            raise ZohoTrouble(400, "MANDATORY_NOT_FOUND", details=details)
    try:
        at = read(entry["date_time"])
    except (TypeError, ValueError):
        details = {"api_name": "date_time", "json_path": f"$.Emails[{place}].date_time"}
        raise ZohoTrouble(400, "INVALID_DATA", details=details) from None
    message_id = call.fake.store.add_email(module.key, record_id, entry, at)
    return {
        "code": "SUCCESS",
        "details": {"message_id": message_id},
        "message": "email associated",
        "status": "success",
    }
