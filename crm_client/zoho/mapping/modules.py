"""Which parts each module is made of, under the names the operator gave them.

A field that Zoho ships stands under its own name unless `crm.zoho.fields` renames it; one that Zoho does not ship (a
person's language, a meeting's status) is mapped only when the operator names a field of theirs; an empty name leaves
a field out, and it is then kept here alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from crm_client.zoho.mapping.activities import CallPart, DuePart, EventStatus, EventTimes, PurposePart, TaskStatus
from crm_client.zoho.mapping.money_parts import AmountPart
from crm_client.zoho.mapping.parties import ParentPart, PartiesPart
from crm_client.zoho.mapping.parts import Names, NeverEmptyPart, OwnerPart, Part
from crm_client.zoho.mapping.people_parts import CompanyPart, ConversionPart
from crm_client.zoho.mapping.stages import ClosedPart, PlannedPart
from crm_client.zoho_names import API_NAMES, MODULES

MIRRORED: Final = ("accounts", "contacts", "leads", "products", "deals", "calls", "events", "tasks", "notes")

_MORE_MODULES: Final[Mapping[str, str]] = {"notes": "Notes"}
_MORE_NAMES: Final[Mapping[str, Mapping[str, str]]] = {
    "leads": {"converted": "Converted__s"},
    "calls": {"status": "Outgoing_Call_Status", "end_at": "Call_Duration"},
    "notes": {"title": "Note_Title", "text": "Note_Content", "owner_id": "Owner", "parent": "Parent_Id"},
}
MOST_FIELDS_OF_A_CALL: Final = 50
OTHER_NAMES_OF_MODULES: Final = {"Meetings": "events"}  # some answers of version 8 say so

DEFAULT_MODULES: Final[Mapping[str, str]] = {name: {**MODULES, **_MORE_MODULES}[name] for name in MIRRORED}
DEFAULT_NAMES: Final[Mapping[str, Mapping[str, str]]] = {
    module: {**API_NAMES.get(module, {}), **_MORE_NAMES.get(module, {})} for module in MIRRORED
}

# Kinds of our fields that are no texts.
_KINDS: Final[Mapping[str, str]] = {
    "employees": "number",
    "repeat": "flag",
    "active": "flag",
    "expected_close": "day",
    "closed_at": "moment",
    "end_at": "moment",
}
_POINTS_TO: Final[Mapping[str, str]] = {"account_id": "accounts", "contact_id": "contacts"}

_PLAIN_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "accounts": ("name", "industry", "employees", "website"),
    "contacts": (
        *("last_name", "first_name", "email", "secondary_email", "phone", "mobile", "account_id", "title"),
        *("language", "time_zone"),
    ),
    "leads": (
        *("last_name", "first_name", "email", "phone", "mobile", "industry", "status", "source"),
        *("language", "time_zone", "note"),
    ),
    "products": (*("code", "name_en", "name_ja", "category", "summary_en", "summary_ja", "image", "url", "active"),),
    "deals": ("name", "stage", "account_id", "contact_id", "type", "lead_source", "repeat", "expected_close"),
    "calls": ("subject", "note"),
    "events": ("subject", "purpose", "result", "note"),
    "tasks": ("subject", "purpose", "direction", "result", "end_at", "note"),
    "notes": ("title", "text"),
}

_NEVER_EMPTY: Final[Mapping[tuple[str, str], type[Part]]] = {
    ("calls", "subject"): NeverEmptyPart,
    ("events", "subject"): NeverEmptyPart,
    ("tasks", "subject"): NeverEmptyPart,
    ("notes", "text"): NeverEmptyPart,
    ("deals", "expected_close"): PlannedPart,
}

# What an operator may name in crm.zoho.fields, beside the plain fields.
_COMPOSED_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "leads": ("company", "converted", "converted_contact_id", "converted_deal_id"),
    "products": ("unit_price", "currency"),
    "deals": ("amount", "currency", "closed_at"),
    "calls": ("start_at", "end_at", "direction", "result", "status", "purpose", "contact_id", "deal_id"),
    "events": ("start_at", "end_at", "status", "contact_id", "deal_id"),
    "tasks": ("start_at", "status", "contact_id", "deal_id"),
    "notes": ("parent",),
}

# Zoho saves no record of the module without these, and neither do we.
MANDATORY: Final[Mapping[str, tuple[str, ...]]] = {
    "accounts": ("name",),
    "contacts": ("last_name",),
    "leads": ("last_name",),
    "products": ("name_en",),
    "deals": ("name", "stage"),
    "calls": ("subject", "start_at", "direction"),
    "events": ("subject", "start_at", "end_at"),
    "tasks": ("subject",),
    "notes": ("text", "parent"),
}


def mappable(module: str) -> tuple[str, ...]:
    """Our fields that `crm.zoho.fields` may name."""
    return (*_PLAIN_FIELDS[module], *_COMPOSED_FIELDS.get(module, ()), "owner_id")


def names_of(module: str, chosen: Names) -> Names:
    """Our field -> API name, '' for those that are not mapped."""
    given = dict.fromkeys(mappable(module), "") | dict(DEFAULT_NAMES[module]) | dict(chosen)
    return {field: name or "" for field, name in given.items()}


def parts_of(
    module: str, names: Names, our_module: Callable[[str], str], api_module: Callable[[str], str]
) -> tuple[Part, ...]:
    """In the order in which they read: what a later part needs from an earlier one is in the raw, never in the part."""
    plain = [_plain(module, field, names[field]) for field in _PLAIN_FIELDS[module] if names[field]]
    owner = [OwnerPart("owner_id", names["owner_id"], "look-up", "owners")] if names["owner_id"] else []
    return (*plain, *_composed(module, names, our_module, api_module), *owner)


def _plain(module: str, field: str, name: str) -> Part:
    points_to = _POINTS_TO.get(field, "")
    kind = _NEVER_EMPTY.get((module, field), Part)
    return kind(field, name, "look-up" if points_to else _KINDS.get(field, "text"), points_to, module=module)


def _composed(
    module: str, names: Names, our_module: Callable[[str], str], api_module: Callable[[str], str]
) -> tuple[Part, ...]:
    if module == "leads":
        converted = ConversionPart(
            "", names["converted"], contact_name=names["converted_contact_id"], deal_name=names["converted_deal_id"]
        )
        return (CompanyPart("company", names["company"]), converted) if names["company"] else (converted,)
    if module == "products":
        return (AmountPart("unit_price", names["unit_price"], currency_name=names["currency"], least=0),)
    if module == "deals":
        closed = (
            Part("closed_at", names["closed_at"], "moment")
            if names["closed_at"]
            else ClosedPart("closed_at", stage_name=names["stage"], planned_name=names["expected_close"], name="")
        )
        return (AmountPart("amount", names["amount"], currency_name=names["currency"]), closed)
    if module == "notes":
        return (ParentPart("parent", names["parent"], our_module=our_module, api_module=api_module),)
    if module in ("calls", "events", "tasks"):
        parties = PartiesPart(
            "deal_id",
            names["deal_id"],
            who_name=names["contact_id"],
            our_module=our_module,
            api_module=api_module,
        )
        return (*_ACTIVITIES[module](names), parties)
    return ()


def _call(names: Names) -> tuple[Part, ...]:
    call = CallPart(
        "direction",
        names["direction"],
        result_name=names["result"],
        status_name=names["status"],
        length_name=names["end_at"],
        start_name=names["start_at"],
    )
    return (call, PurposePart("purpose", names["purpose"])) if names["purpose"] else (call,)


def _event(names: Names) -> tuple[Part, ...]:
    times = EventTimes("start_at", names["start_at"], end_name=names["end_at"])
    status = Part("status", names["status"]) if names["status"] else EventStatus("status", "", end_name=names["end_at"])
    return (times, status)


def _task(names: Names) -> tuple[Part, ...]:
    due = DuePart("start_at", names["start_at"])
    return (due, TaskStatus("status", names["status"])) if names["status"] else (due,)


_ACTIVITIES: Final[Mapping[str, Callable[[Names], tuple[Part, ...]]]] = {
    "calls": _call,
    "events": _event,
    "tasks": _task,
}
