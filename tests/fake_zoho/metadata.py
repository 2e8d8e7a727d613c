"""What an administrator has set up: modules, fields, layouts, related lists, pipelines, users, the organisation."""

from __future__ import annotations

from typing import Any

from tests.fake_zoho.call import ApiCall
from tests.fake_zoho.catalogue import KEPT_BY_ZOHO, LINKING, Catalogue, Field, Module
from tests.fake_zoho.troubles import ZohoTrouble
from tests.fake_zoho.wire import Reply
from tests.fake_zoho.writing import module_id

PIPELINE = "4876876000000005001"
RELATED = {  # module -> related lists: name, module
    "Contacts": ("Deals", "Notes", "Tasks", "Calls", "Events", "Emails", "Products"),
    "Leads": ("Notes", "Tasks", "Calls", "Events", "Emails"),
    "Accounts": ("Deals", "Contacts", "Notes", "Tasks", "Calls", "Events", "Emails"),
    "Deals": ("Products", "Notes", "Tasks", "Calls", "Events", "Emails", "Stage_History", "Contact_Roles", "Quotes"),
    "Products": ("Deals", "Notes"),
}
_OF_LIST = {"Stage_History": "DealHistory", "Contact_Roles": "Contacts"}


def modules(call: ApiCall) -> Reply:
    return Reply(200, {"modules": [_module(one) for one in call.fake.catalogue if one.key != LINKING]})


def module(call: ApiCall, name: str) -> Reply:
    return Reply(200, {"modules": [_module(call.module(name, index=2))]})


def fields(call: ApiCall) -> Reply:
    found = _named(call)
    shown = [_field(call.fake.catalogue, found, place, one) for place, one in enumerate(found.fields.values())]
    return Reply(200, {"fields": shown})


def layouts(call: ApiCall) -> Reply:
    found = _named(call)
    shown = [
        {"api_name": one.name, "id": _id(found, place), "required": one.mandatory, "data_type": one.data_type}
        for place, one in enumerate(found.fields.values())
        if one.in_layout
    ]
    section = {"display_label": "Information", "api_name": "Information", "sequence_number": 1, "fields": shown}
    layout = {"id": layout_id(found), "name": "Standard", "api_name": "Standard", "status": "active", "visible": True}
    return Reply(200, {"layouts": [layout | {"display_label": "Standard", "sections": [section]}]})


def related_lists(call: ApiCall) -> Reply:
    found = _named(call)
    names = RELATED.get(found.key, ())
    if not names:
        return Reply(204)
    return Reply(200, {"related_lists": [_related(call, found, place, one) for place, one in enumerate(names)]})


def pipeline(call: ApiCall) -> Reply:
    if "layout_id" not in call.query:
        raise ZohoTrouble(400, "REQUIRED_PARAM_MISSING", details={"param_name": "layout_id"})
    deals = call.fake.catalogue.modules.get("Deals")
    if deals is None or call.query["layout_id"] != layout_id(deals):
        return Reply(204)
    maps = [
        {
            "id": str(int(PIPELINE) + 100 + place),
            "display_value": name,
            "actual_value": name,
            "sequence_number": place,
            "forecast_type": forecast,
            "forecast_category": _category(forecast),
            "colour_code": "#5a7ffc",
        }
        for place, (name, _, forecast) in enumerate(call.fake.catalogue.stages, start=1)
    ]
    one = {"id": PIPELINE, "display_value": "Standard", "actual_value": "Standard (Standard)", "default": True}
    return Reply(200, {"pipeline": [one | {"maps": maps}]})


def users(call: ApiCall) -> Reply:
    kind = call.query.get("type", "AllUsers")
    found = [one for one in call.fake.store.users if kind != "ActiveUsers" or one["status"] == "active"]
    if kind == "CurrentUser":
        found = call.fake.store.users[:1]
    info = {"per_page": 200, "count": len(found), "page": 1, "more_records": False}
    return Reply(200, {"users": found, "info": info}) if call.query.get("page", "1") == "1" else Reply(204)


def organisation(call: ApiCall) -> Reply:
    org = {
        "id": "4876876000000000001",
        "company_name": "Fake Company",
        "currency": "Japanese Yen - JPY",
        "iso_code": "JPY",
        "currency_symbol": "¥",
        "time_zone": "Asia/Tokyo",
        "country_code": "JP",
        "zgid": "60000000001",
        "domain_name": "org60000000001",
        "type": "production",
        "license_details": {"paid": True, "paid_type": "enterprise", "users_license_purchased": 10},
    }
    return Reply(200, {"org": [org]})


def layout_id(found: Module) -> str:
    return str(int(module_id(found)) + 7_000)


def _named(call: ApiCall) -> Module:
    if "module" not in call.query:
        raise ZohoTrouble(400, "REQUIRED_PARAM_MISSING", details={"param_name": "module"})
    found = call.fake.catalogue.find(call.query["module"])
    if found is None:
        raise ZohoTrouble(400, "INVALID_MODULE", details={"param_name": "module"})
    return found


def _module(one: Module) -> dict[str, Any]:
    history = one.key in KEPT_BY_ZOHO
    return {
        "id": module_id(one),
        "api_name": one.name,
        "module_name": one.name,
        "singular_label": one.label.removesuffix("s"),
        "plural_label": one.label,
        "generated_type": "default",
        "api_supported": True,
        "viewable": True,
        "creatable": not history,
        "editable": not history,
        "deletable": not history,
        "visibility": 1,
        "status": "visible",
    }


def _field(catalogue: Catalogue, found: Module, place: int, one: Field) -> dict[str, Any]:
    target = catalogue.modules.get(one.target)
    lookup = {"module": {"api_name": target.name, "id": module_id(target)}, "api_name": None} if target else {}
    return {
        "id": _id(found, place),
        "api_name": one.name,
        "field_label": one.label,
        "display_label": one.label,
        "data_type": one.data_type,
        "json_type": {"lookup": "jsonobject", "ownerlookup": "jsonobject"}.get(one.data_type, "string"),
        "length": one.length,
        "read_only": one.read_only,
        "field_read_only": one.read_only,
        "system_mandatory": one.mandatory,
        "custom_field": one.custom,
        "visible": True,
        "unique": {"case_sensitive": False} if one.unique else {},
        "lookup": lookup,
        "pick_list_values": [_pick(catalogue, one, number, value) for number, value in enumerate(one.values, start=1)],
    }


def _pick(catalogue: Catalogue, one: Field, number: int, value: str) -> dict[str, Any]:
    shown = {"display_value": value, "actual_value": value, "reference_value": value, "sequence_number": number}
    shown |= {"id": str(int(PIPELINE) + 1_000 + number), "type": "used"}
    stage = next((one for one in catalogue.stages if one[0] == value), None) if one.key == "Stage" else None
    if stage is None:
        return shown
    told = {"probability": stage[1], "forecast_type": stage[2], "forecast_category": _category(stage[2])}
    return shown | told | {"deal_category": stage[2]}


def _category(forecast: str) -> dict[str, str]:
    number, name = {"Open": ("1", "Pipeline"), "Closed Won": ("2", "Closed")}.get(forecast, ("3", "Omitted"))
    return {"name": name, "id": number}


def _related(call: ApiCall, found: Module, place: int, name: str) -> dict[str, Any]:
    target = call.fake.catalogue.modules.get(_OF_LIST.get(name, name))
    linked = {found.key, name} == {"Deals", "Products"}
    return {
        "id": str(int(module_id(found)) + 8_000 + place),
        "api_name": name,
        "display_label": name.replace("_", " "),
        "name": name,
        "type": "multiselectlookup" if linked else "default",
        "module": {"api_name": target.name, "id": module_id(target)} if target else {"api_name": name, "id": "0"},
        "connectedmodule": target.name if linked and target else None,
        "linkingmodule": LINKING if linked and call.fake.switches.linking_module else None,
        "href": f"{found.name}/{{ENTITYID}}/{name}",
        "sequence_number": str(place + 1),
    }


def _id(found: Module, place: int) -> str:
    return str(int(module_id(found)) * 1 + 100_000 + place)
