"""Is every field we read or write there, in the layouts, long enough, and ours to write?"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from crm_client.zoho.api.shapes import FieldMeta, LayoutMeta
from crm_client.zoho.mapping.field_map import FieldMap
from crm_client.zoho.mapping.findings import Findings, alike, either
from crm_client.zoho.mapping.modules import DEFAULT_NAMES, MANDATORY
from crm_client.zoho.settings import ZohoSettings

# Not in every organisation or edition; what follows from their absence.
_OPTIONAL: Final[Mapping[str, str]] = {
    "Currency": "Amounts are in the organisation's currency.",
    "Outgoing_Call_Status": "Whether a call was made is told by its duration.",
    "Secondary_Email": "A second address is kept here only.",
    "Converted__s": "Converted leads are known by what they were converted into.",
    "Converted_Contact": "",
    "Converted_Deal": "",
}
# Filled in every record that we make, whatever is known; other fields are filled when there is something to say.
_ALWAYS_FILLED: Final[Mapping[str, tuple[str, ...]]] = {
    "leads": ("company", "status"),
    "deals": ("expected_close",),
    "calls": ("status",),
    "tasks": ("start_at", "status"),
    "notes": ("contact_id",),
}
_MADE_BY_VISITORS: Final = ("leads", "contacts", "calls", "events", "tasks", "notes")
_OF_THE_SYSTEM: Final = frozenset(
    {"id", "Owner", "Created_Time", "Modified_Time", "Created_By", "Modified_By", "Layout"}
)
# Our field -> letters that everyday values take.
_NEEDED: Final[Mapping[str, int]] = {
    "email": 80,
    "secondary_email": 80,
    "phone": 15,
    "mobile": 15,
    "last_name": 40,
    "first_name": 30,
    "company": 60,
    "name": 60,
    "subject": 80,
    "note": 1_000,
    "text": 1_000,
    "website": 80,
    "time_zone": 32,
}
_KEY_LETTERS: Final = 64
_TYPES: Final[Mapping[str, frozenset[str]]] = {
    "number": frozenset({"integer", "bigint", "double", "decimal", "text"}),
    "flag": frozenset({"boolean"}),
    "day": frozenset({"date", "datetime"}),
    "moment": frozenset({"datetime", "date"}),
}


@dataclass(frozen=True)
class Described:
    """A module as Zoho describes it."""

    module: str
    fields: Mapping[str, FieldMeta]
    layouts: Sequence[LayoutMeta] = ()


def check_there(findings: Findings, field_map: FieldMap, settings: ZohoSettings, described: Described) -> set[str]:
    """Fields that do not exist, with the one most like it. Gives the API names that were suggested."""
    suggested: set[str] = set()
    module, fields = described.module, described.fields
    chosen = settings.fields.get(module, {})
    mapped = set(field_map.names(module).values())
    unused = [one for one in fields.values() if one.name not in mapped]
    labels = {name: name.replace("_", " ") for name in DEFAULT_NAMES[module].values()}
    for ours, name in field_map.names(module).items():
        if name in fields or name in ("id", "Created_Time"):
            continue
        if name in _OPTIONAL and ours not in chosen:
            findings.fine(module, f"{name} is not in this organisation. {_OPTIONAL[name]}".rstrip())
            continue
        found = alike(name, unused, labels.get(name, ""))
        hint = ""
        if found:
            suggested |= {one.name for one in found}
            line = f"`{ours}: {found[0].name}`"
            hint = f"Perhaps it is {either(found)}: write {line} in crm.zoho.fields.{module}."
        needed = ours in MANDATORY[module] or ours in chosen
        findings.say(
            "error" if needed else "warning",
            "field_missing",
            module,
            name,
            f"{module}: the field {name}, our {ours}, does not exist.",
            hint,
        )
    return suggested


def check_writable(findings: Findings, field_map: FieldMap, described: Described) -> None:
    """Fields that we write: read-only, of another kind, too short."""
    module, kinds = described.module, field_map.kinds(described.module)
    for ours, names in field_map.carriers(module).items():
        for meta in (described.fields[name] for name in names if name in described.fields):
            if meta.read_only:
                what = f"{module}: {meta.name}, our {ours}, is read-only for the user who connected."
                findings.warn("no_permission", module, meta.name, what)
            types = _TYPES.get(kinds.get(meta.name, ""))
            if types and meta.data_type and meta.data_type not in types:
                what = f"{module}: {meta.name} is of the type {meta.data_type}, and our {ours} is none."
                findings.error("value_rejected", module, meta.name, what, f"Map {ours} to a field of another type.")
            needed = _NEEDED.get(ours, 0)
            if meta.length and meta.length < needed:
                what = f"{module}: {meta.name} takes {meta.length} characters; our {ours} often needs {needed}."
                findings.warn("value_rejected", module, meta.name, what, "Make the field longer; longer values wait.")


def check_layouts(findings: Findings, field_map: FieldMap, described: Described) -> None:
    """Fields that we write and that a layout does not show: Zoho drops or refuses them there."""
    module = described.module
    active = [layout for layout in described.layouts if layout.active]
    if not active:
        return
    for ours, names in field_map.carriers(module).items():
        for name in (name for name in names if name in described.fields and name not in _OF_THE_SYSTEM):
            missing = [layout.name for layout in active if name not in layout.fields]
            if len(missing) == len(active):
                what = f"{module}: {name}, our {ours}, is in no layout."
                findings.error("field_not_in_layout", module, name, what)
            elif missing:
                what = f"{module}: {name}, our {ours}, is missing in the layout {_list(missing)}."
                findings.warn("field_not_in_layout", module, name, what)


def check_mandatory(
    findings: Findings, field_map: FieldMap, settings: ZohoSettings, described: Described, ours_perhaps: Collection[str]
) -> None:
    """Fields that a layout demands and that we never, or not always, fill. `ours_perhaps`: fields that may be ours
    under another name, which is told already."""
    module = described.module
    carriers = field_map.carriers(module)
    sent = {name for names in carriers.values() for name in names} | {settings.key_field, *ours_perhaps}
    sure = {*MANDATORY[module], *_ALWAYS_FILLED.get(module, ())}
    always = {name for ours in sure for name in carriers.get(ours, ())} | _OF_THE_SYSTEM
    for name, layouts in _demanded(described).items():
        where = f"in the layout {_list(layouts)}" if layouts else "in every layout"
        if name not in sent and name not in _OF_THE_SYSTEM:
            what = f"{module}: {name} is mandatory {where}, and we never fill it."
            often = module in _MADE_BY_VISITORS
            findings.say("error" if often else "warning", "mandatory_missing", module, name, what)
        elif name not in always and name not in ours_perhaps:
            what = f"{module}: {name} is mandatory {where}, and we do not always know it."
            findings.warn("mandatory_missing", module, name, what)


def check_key_field(findings: Findings, settings: ZohoSettings, described: Described) -> None:
    name, module = settings.key_field, described.module
    if not name:
        return
    meta = described.fields.get(name)
    if meta is None:
        what = f"{module}: the key field {name} does not exist."
        findings.error("field_missing", module, name, what, "Add a text field of this name and mark it unique.")
        return
    if not meta.unique:
        what = f"{module}: the key field {name} is not unique, so Zoho can't tell a repeated creation."
        findings.error("value_rejected", module, name, what, "Mark it 'Do not allow duplicate values' in Zoho.")
    if meta.length and meta.length < _KEY_LETTERS:
        what = f"{module}: the key field {name} takes {meta.length} characters; keys have {_KEY_LETTERS}."
        findings.error("value_rejected", module, name, what, "Make it longer.")


def _demanded(described: Described) -> Mapping[str, list[str]]:
    """API name -> the active layouts that demand it, [] for all of them."""
    active = [layout for layout in described.layouts if layout.active]
    everywhere = {meta.name for meta in described.fields.values() if meta.mandatory}
    found: dict[str, list[str]] = {}
    for name in sorted(everywhere.union(*(layout.required for layout in active))):
        those = [layout.name for layout in active if name in layout.required]
        found[name] = [] if name in everywhere or len(those) == len(active) else those
    return found


def _list(names: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
