"""Does this organisation's Zoho fit what we read and write there? Asked by `zoho doctor`, in short at every start.

Everything that is looked at becomes a line: what is wrong and what to do, or that it is fine. Nothing is changed in
Zoho. A missing scope or permission hides one area and not the rest.
"""

from __future__ import annotations

from collections.abc import Sequence

from crm_client.zoho.api.calls import ZohoCalls
from crm_client.zoho.api.scopes import SCOPES
from crm_client.zoho.api.shapes import FieldMeta, ModuleMeta
from crm_client.zoho.mapping import doctor_fields
from crm_client.zoho.mapping.doctor_features import check_features
from crm_client.zoho.mapping.doctor_fields import Described
from crm_client.zoho.mapping.doctor_lists import check_picks, check_stages
from crm_client.zoho.mapping.field_map import MIRRORED, FieldMap
from crm_client.zoho.mapping.findings import VERY_ALIKE, Finding, Findings, alike, either, ordered
from crm_client.zoho.settings import ZohoSettings

__all__ = ["Finding", "check_at_start", "examine"]

_NO_KEY = (
    "Add a text field of the same name, marked unique, to leads, contacts, deals, calls, events, tasks and notes where "
    "Zoho lets you, and name it in crm.zoho.key_field."
)

# Whoever meets one of these at the first call meets it at every other.
_OF_THE_CONNECTION = frozenset(
    {
        "not_connected",
        "wrong_client",
        "revoked_token",
        "wrong_data_centre",
        "too_many_tokens",
        "empty_success",
        "not_json",
        "outage",
    }
)


def examine(calls: ZohoCalls, field_map: FieldMap, settings: ZohoSettings) -> list[Finding]:
    """All that can be found out, errors first. About four credits a module. No error of Zoho's gets out of here."""
    findings = Findings()
    there: Sequence[ModuleMeta] | None = None
    with findings.looking_at("The list of modules"):
        there = calls.modules()
    if any(one.trouble in _OF_THE_CONNECTION for one in findings.all):
        return findings.all
    for module in MIRRORED:
        if there is None or _is_there(findings, field_map, module, there):
            _examine_module(findings, calls, field_map, settings, module)
    if not settings.key_field:
        what = "There is no key field: a creation whose outcome is unknown is recognised by its content."
        findings.warn("feature_missing", "", "", what, _NO_KEY)
    check_features(findings, calls, field_map, settings)
    return ordered(findings.all)


def check_at_start(calls: ZohoCalls, field_map: FieldMap, settings: ZohoSettings) -> list[Finding]:
    """Only what keeps us from reading or writing fields, at one credit a module; the caller asks once a day. The map
    learns the fields on the way, so that it leaves out those that do not exist."""
    findings = Findings()
    for module in MIRRORED:
        with findings.looking_at(f"The fields of {module}", module):
            fields = calls.fields(field_map.api_module(module))
            described = Described(module, {one.name: one for one in fields})
            if fields:
                field_map.learn(module, fields)
            doctor_fields.check_there(findings, field_map, settings, described)
            doctor_fields.check_key_field(findings, settings, described)
    return [one for one in ordered(findings.all) if one.severity != "fine"]


def _is_there(findings: Findings, field_map: FieldMap, module: str, there: Sequence[ModuleMeta]) -> bool:
    name = field_map.api_module(module)
    found = next((one for one in there if one.name == name), None)
    if found is None:
        like = alike(name, [FieldMeta(one.name, one.label, "") for one in there], least=VERY_ALIKE)
        hint = ""
        if like:
            hint = f"Perhaps it is {either(like)}: write `{module}: {like[0].name}` in crm.zoho.modules."
        findings.error("module_missing", module, "", f"The module {name} does not exist.", hint)
        return False
    if not found.api_supported:
        findings.error("module_missing", module, "", f"The module {name} is hidden from the user who connected.")
        return False
    if not (found.creatable and found.editable):
        verb = "create" if not found.creatable else "edit"
        findings.warn("no_permission", module, "", f"The user who connected may not {verb} records of {name}.")
    return True


def _examine_module(
    findings: Findings, calls: ZohoCalls, field_map: FieldMap, settings: ZohoSettings, module: str
) -> None:
    name, before = field_map.api_module(module), len(findings.all)
    with findings.looking_at(f"The module {name}", module):
        fields = {one.name: one for one in calls.fields(name)}
        with findings.looking_at(f"Records of {name} (scope {_scope(module)})", module):
            calls.page(name, ("id",), per_page=1)  # fields are another scope's matter
        described = Described(module, fields)
        with findings.looking_at(f"The layouts of {name}", module, severity="warning"):
            described = Described(module, fields, calls.layouts(name))
        ours_perhaps = doctor_fields.check_there(findings, field_map, settings, described)
        doctor_fields.check_writable(findings, field_map, described)
        doctor_fields.check_layouts(findings, field_map, described)
        doctor_fields.check_mandatory(findings, field_map, settings, described, ours_perhaps)
        doctor_fields.check_key_field(findings, settings, described)
        check_picks(findings, field_map, described)
        if module == "deals":
            check_stages(findings, field_map, settings, described)
        if not any(one.severity != "fine" for one in findings.all[before:]):
            count = sum(mapped in fields for mapped in field_map.names(module).values())
            layouts = len([layout for layout in described.layouts if layout.active])
            findings.fine(module, f"{name}: {count} fields are as they should be (layouts: {layouts}).")


def _scope(module: str) -> str:
    """The one that lets us read the module's records."""
    return next(scope for scope in SCOPES if f".modules.{module}." in scope)
