"""The doctor on a Zoho that an administrator has changed in every way that matters to us."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from crm_client.zoho.api.scopes import SCOPES
from crm_client.zoho.api.shapes import LayoutMeta
from crm_client.zoho.api.zoho_api import ZohoApi
from crm_client.zoho.mapping.doctor import Finding, check_at_start, examine
from crm_client.zoho.mapping.field_map import MIRRORED, FieldMap
from crm_client.zoho.settings import ZohoSettings, ZohoSync
from tests.fake_zoho.catalogue import Catalogue, Field, add_field
from tests.fake_zoho.fixtures import FakeZoho

KEY = "Motenashi_Key"
WRITTEN = ("Leads", "Contacts", "Accounts", "Deals", "Products", "Calls", "Events", "Tasks", "Notes")


def field_of(catalogue: Catalogue, module: str, name: str) -> Field:
    return catalogue.modules[module].fields[name]


def renamed(catalogue: Catalogue, module: str, name: str, new: str, label: str = "") -> None:
    field = catalogue.modules[module].fields.pop(name)
    field.name, field.label = new, label or field.label
    catalogue.modules[module].fields[new] = field


def removed(catalogue: Catalogue, module: str, name: str) -> None:
    del catalogue.modules[module].fields[name]


def changed(catalogue: Catalogue, module: str, name: str, **values: Any) -> None:
    for key, value in values.items():
        setattr(field_of(catalogue, module, name), key, value)


@pytest.fixture
def healthy(fake_zoho: FakeZoho) -> FakeZoho:
    """Nothing to complain of."""
    for module in WRITTEN:
        add_field(fake_zoho.catalogue.modules[module], KEY, unique=True)
    field_of(fake_zoho.catalogue, "Calls", "Call_Result").values.append("Answered")
    return fake_zoho


def examined(calls: ZohoApi, **settings: Any) -> list[Finding]:
    chosen = ZohoSettings(**({"key_field": KEY} | settings))
    return examine(calls, FieldMap(chosen), chosen)


def wrong(found: list[Finding]) -> list[tuple[str, str, str, str]]:
    return [(one.severity, one.trouble, one.module, one.field) for one in found if one.severity != "fine"]


def test_a_healthy_zoho_has_only_fine_lines_and_they_say_what_was_looked_at(
    healthy: FakeZoho, zoho_calls: ZohoApi
) -> None:
    found = examined(zoho_calls)

    assert wrong(found) == []
    assert {one.module for one in found} == {"", *MIRRORED}
    told = "\n".join(one.what for one in found)
    for area in (
        "Contacts: 1",
        "9 stages: Qualification (open)",
        "currency JPY",
        "2 active users",
        "Bulk read is allowed",
    ):
        assert area in told
    assert {one.method for one in healthy.calls_log if one.path.startswith("/crm/v8")} == {"GET", "POST"}
    assert {one.path for one in healthy.calls_log if one.method == "POST" and "/crm/" in one.path} == {"/crm/v8/coql"}


@pytest.mark.parametrize(
    ("change", "finding", "hint"),
    [
        (
            lambda catalogue: renamed(catalogue, "Contacts", "Phone", "Phone_Number", "Phone number"),
            ("warning", "field_missing", "contacts", "Phone"),
            "or Phone_Number ('Phone number')",
        ),
        (
            lambda catalogue: renamed(catalogue, "Leads", "Last_Name", "Sei", "Last name"),
            ("error", "field_missing", "leads", "Last_Name"),
            "write `last_name: Sei`",
        ),
        (
            lambda catalogue: changed(catalogue, "Leads", "Description", in_layout=False),
            ("error", "field_not_in_layout", "leads", "Description"),
            "Add it to the layout",
        ),
        (
            lambda catalogue: changed(catalogue, "Contacts", "Mobile", read_only=True),
            ("warning", "no_permission", "contacts", "Mobile"),
            "Give the profile the permission",
        ),
        (
            lambda catalogue: changed(catalogue, "Leads", "Email", length=30),
            ("warning", "value_rejected", "leads", "Email"),
            "Make the field longer",
        ),
        (
            lambda catalogue: changed(catalogue, "Products", "Product_Active", data_type="text"),
            ("error", "value_rejected", "products", "Product_Active"),
            "Map active to a field of another type",
        ),
        (
            lambda catalogue: add_field(catalogue.modules["Leads"], "Budget_Class", mandatory=True),
            ("error", "mandatory_missing", "leads", "Budget_Class"),
            "Make it optional, or give it a default value",
        ),
        (
            lambda catalogue: changed(catalogue, "Leads", "Phone", mandatory=True),
            ("warning", "mandatory_missing", "leads", "Phone"),
            "Make it optional",
        ),
        (
            lambda catalogue: field_of(catalogue, "Leads", "Lead_Status").values.remove("Not Contacted"),
            ("warning", "unknown_value", "leads", "Lead_Status"),
            "'Contacted' is most like it",
        ),
        (
            lambda catalogue: field_of(catalogue, "Tasks", "Status").values.remove("Completed"),
            ("warning", "unknown_value", "tasks", "Status"),
            "Add it",
        ),
        (
            lambda catalogue: field_of(catalogue, "Calls", "Call_Result").values.remove("Answered"),
            ("warning", "unknown_value", "calls", "Call_Result"),
            "Add 'Answered' to the list",
        ),
        (
            lambda catalogue: catalogue.stages.remove(("Needs Analysis", 20, "Open")),
            ("warning", "unknown_value", "deals", "Stage"),
            "Write `Needs Analysis: open` (or won, lost) in crm.zoho.stages",
        ),
        (
            lambda catalogue: field_of(catalogue, "Deals", "Stage").values.remove("Closed Won"),
            ("warning", "unknown_value", "deals", "Stage"),
            "Write `<stage>: won` in crm.zoho.stages",
        ),
        (
            lambda catalogue: field_of(catalogue, "Deals", "Stage").values.clear(),
            ("error", "unknown_value", "deals", "Stage"),
            "Give the user's profile the field",
        ),
        (
            lambda catalogue: changed(catalogue, "Contacts", KEY, unique=False),
            ("error", "value_rejected", "contacts", KEY),
            "Do not allow duplicate values",
        ),
        (
            lambda catalogue: removed(catalogue, "Contacts", KEY),
            ("error", "field_missing", "contacts", KEY),
            "Add a text field of this name",
        ),
        (
            lambda catalogue: catalogue.modules.pop("Notes"),
            ("error", "module_missing", "notes", ""),
            "Name it in crm.zoho.modules",
        ),
        (
            lambda catalogue: setattr(catalogue.modules["Leads"], "name", "Lead_Inquiries"),
            ("error", "module_missing", "leads", ""),
            "write `leads: Lead_Inquiries` in crm.zoho.modules",
        ),
    ],
)  # fmt: skip
def test_each_thing_that_is_wrong_is_told_with_what_to_do(
    healthy: FakeZoho,
    zoho_calls: ZohoApi,
    change: Callable[[Catalogue], object],
    finding: tuple[str, str, str, str],
    hint: str,
) -> None:
    change(healthy.catalogue)

    found = examined(zoho_calls)

    assert wrong(found) == [finding], [one.what for one in found if one.severity != "fine"]
    assert hint in found[0].what_to_do


def test_the_operators_names_are_looked_for_and_not_the_shipped_ones(healthy: FakeZoho, zoho_calls: ZohoApi) -> None:
    renamed(healthy.catalogue, "Contacts", "Phone", "Phone_Number")
    healthy.catalogue.modules["Leads"].name = "Inquiries"
    chosen = {
        "modules": {"leads": "Inquiries"},
        "fields": {"contacts": {"phone": "Phone_Number", "language": "Sprache"}},
    }

    assert wrong(examined(zoho_calls, **chosen)) == [("error", "field_missing", "contacts", "Sprache")]


def test_what_not_every_organisation_has_is_no_fault(healthy: FakeZoho, zoho_calls: ZohoApi) -> None:
    for module, name in (("Deals", "Currency"), ("Calls", "Outgoing_Call_Status"), ("Leads", "Converted__s")):
        removed(healthy.catalogue, module, name)

    found = examined(zoho_calls)

    assert wrong(found) == []
    assert any("Currency is not in this organisation" in one.what for one in found)


def test_a_missing_scope_hides_one_area_and_not_the_rest(healthy: FakeZoho, zoho_calls: ZohoApi) -> None:
    lacking = ("ZohoCRM.settings.layouts.READ", "ZohoCRM.users.READ", "ZohoCRM.bulk.READ", "ZohoCRM.coql.READ")
    healthy.tokens.set_scopes(",".join(scope for scope in SCOPES if scope not in lacking))
    changed(healthy.catalogue, "Contacts", "Mobile", read_only=True)

    found = examined(zoho_calls)

    told = wrong(found)
    assert ("error", "missing_scope", "", "") in told  # users
    assert {module for severity, trouble, module, _ in told if trouble == "missing_scope"} == {"", *MIRRORED}  # layouts
    assert ("warning", "no_permission", "contacts", "Mobile") in told
    texts = [one.what for one in found if one.trouble == "missing_scope"]
    for area in ("The list of users", "COQL", "Bulk read", "The layouts of Deals"):
        assert any(text.startswith(f"{area} can't be looked at") for text in texts), area
    assert all("zoho connect" in one.what_to_do for one in found if one.trouble == "missing_scope")
    assert any("stages" in one.what for one in found if one.severity == "fine")


def test_a_module_whose_records_may_not_be_read_is_told(healthy: FakeZoho, zoho_calls: ZohoApi) -> None:
    """Its fields are another scope's matter: they can be looked at, and still nothing comes."""
    healthy.tokens.set_scopes(",".join(scope for scope in SCOPES if ".modules.deals." not in scope))

    found = examined(zoho_calls)

    assert wrong(found) == [("error", "missing_scope", "deals", "")]
    assert "ZohoCRM.modules.deals.ALL" in found[0].what
    assert "zoho connect" in found[0].what_to_do


def revoked(zoho: FakeZoho) -> None:
    zoho.tokens.revoke()


def all_web_pages(zoho: FakeZoho) -> None:
    zoho.faults.next("/crm/", status=200, html=True, times=1_000)


def away(zoho: FakeZoho) -> None:
    zoho.faults.outage = True


@pytest.mark.parametrize(
    ("happens", "trouble"), [(revoked, "revoked_token"), (all_web_pages, "not_json"), (away, "outage")]
)
def test_a_trouble_of_the_whole_connection_is_told_once(
    healthy: FakeZoho, zoho_calls: ZohoApi, happens: Callable[[FakeZoho], None], trouble: str
) -> None:
    happens(healthy)

    assert wrong(examined(zoho_calls)) == [("error", trouble, "", "")]


def test_what_zoho_says_ends_with_one_full_stop(healthy: FakeZoho, zoho_calls: ZohoApi) -> None:
    revoked(healthy)
    examined(zoho_calls)  # the second time it is said in our own words, which are whole sentences

    assert [one.what for one in examined(zoho_calls) if ".." in one.what] == []


def test_the_worst_comes_first(healthy: FakeZoho, zoho_calls: ZohoApi) -> None:
    changed(healthy.catalogue, "Accounts", "Website", read_only=True)
    healthy.catalogue.modules.pop("Notes")

    severities = [one.severity for one in examined(zoho_calls)]

    assert severities == sorted(severities, key=("error", "warning", "fine").index)
    assert set(severities) == {"error", "warning", "fine"}


def test_a_zoho_that_does_not_answer_is_told_and_breaks_nothing(healthy: FakeZoho, zoho_calls: ZohoApi) -> None:
    healthy.faults.next("/settings/fields", status=500, times=1_000)

    found = examined(zoho_calls)

    assert {one.trouble for one in found if one.severity == "error"} <= {"outage", "not_json"}
    assert [one for one in found if one.severity == "error"]


def test_notifications_are_asked_for_only_where_they_are_wanted(healthy: FakeZoho, zoho_calls: ZohoApi) -> None:
    healthy.tokens.set_scopes(",".join(scope for scope in SCOPES if "notifications" not in scope))

    without = examined(zoho_calls)
    wanted = examined(zoho_calls, sync=ZohoSync(notify_url="https://chat.shop.example/channels/crm/zoho"))

    assert wrong(without) == []
    assert wrong(wanted) == [("warning", "missing_scope", "", "")]


def test_a_stage_that_the_settings_name_and_zoho_does_not_have(healthy: FakeZoho, zoho_calls: ZohoApi) -> None:
    found = examined(zoho_calls, stages={"Closed Wonn": "won"})

    assert wrong(found) == [("warning", "unknown_value", "deals", "Stage")]
    assert "Perhaps it is 'Closed Won' now" in found[0].what_to_do


def test_a_field_that_only_some_layouts_show_or_demand(healthy: FakeZoho, zoho_calls: ZohoApi) -> None:
    shown = frozenset(healthy.catalogue.modules["Leads"].fields)
    layouts = (
        LayoutMeta("1", "Standard", True, shown),
        LayoutMeta("2", "Partners", True, shown - {"Phone"}, required=frozenset({"Rating"})),
        LayoutMeta("3", "Old", False, frozenset(), required=frozenset({"Fax"})),
    )
    calls = _WithLayouts(zoho_calls, layouts)

    found = [one for one in examined(calls) if one.module == "leads" and one.severity != "fine"]  # type: ignore[arg-type]

    assert [(one.severity, one.field) for one in found] == [("error", "Rating"), ("warning", "Phone")]
    assert all("'Partners'" in one.what and "'Standard'" not in one.what for one in found)


def test_at_start_only_fields_are_asked_for_and_the_map_learns_them(healthy: FakeZoho, zoho_calls: ZohoApi) -> None:
    renamed(healthy.catalogue, "Contacts", "Phone", "Phone_Number")
    chosen = ZohoSettings(key_field=KEY)
    mapping = FieldMap(chosen)

    found = check_at_start(zoho_calls, mapping, chosen)

    assert wrong(found) == [("warning", "field_missing", "contacts", "Phone")]
    asked = [one.path for one in healthy.calls_log if one.path.startswith("/crm/")]
    assert asked == ["/crm/v8/settings/fields"] * len(MIRRORED)
    assert "phone" not in mapping.writable("contacts")
    assert "Phone" not in mapping.fields_to_read("contacts")
    assert "Stage_Modified_Time" in mapping.fields_to_read("deals")


def test_at_start_a_zoho_that_is_away_leaves_the_map_as_it_was(healthy: FakeZoho, zoho_calls: ZohoApi) -> None:
    healthy.tokens.set_scopes("ZohoCRM.modules.ALL")
    mapping = FieldMap(ZohoSettings())

    found = check_at_start(zoho_calls, mapping, ZohoSettings())

    assert {one.trouble for one in found} == {"missing_scope"}
    assert "phone" in mapping.writable("contacts")


class _WithLayouts:
    """The fake knows one layout a module; these are of leads."""

    def __init__(self, calls: ZohoApi, layouts: tuple[LayoutMeta, ...]) -> None:
        self._calls, self._layouts = calls, layouts

    def layouts(self, module: str) -> tuple[LayoutMeta, ...]:
        return self._layouts if module == "Leads" else tuple(self._calls.layouts(module))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._calls, name)
