"""Metadata in the forms that Zoho's documents show, and in those of older versions."""

from __future__ import annotations

import pytest

from crm_client.errors import CrmRejected, CrmUnreachable
from crm_client.zoho.api.shapes import Answer, FieldMeta, LayoutMeta, ModuleMeta, PickValue, RelatedListMeta
from tests.crm_client.zoho.calls.recording import NOTHING, api, rows


def test_modules_say_whether_they_can_be_used() -> None:
    shown = {"api_name": "Contacts", "plural_label": "Clients", "api_supported": True, "visible": True}
    hidden = {"api_name": "Quotes", "plural_label": "Quotes", "visible": False, "editable": False, "creatable": False}
    calls, sender = api(rows(shown, hidden, {"api_name": None}, name="modules"))

    assert calls.modules() == (
        ModuleMeta("Contacts", "Clients"),
        ModuleMeta("Quotes", "Quotes", api_supported=False, editable=False, creatable=False),
    )
    assert (sender.calls[0].path, dict(sender.calls[0].params)) == ("/crm/v8/settings/modules", {})


def test_fields_come_with_everything_the_mapping_needs() -> None:
    stage = {
        "api_name": "Stage",
        "field_label": "Stage",
        "data_type": "picklist",
        "length": 120,
        "system_mandatory": True,
        "unique": {},
        "pick_list_values": [
            {"display_value": "受注", "actual_value": "Closed Won", "sequence_number": 7, "probability": 100}
            | {"forecast_type": "Closed Won", "forecast_category": {"name": "Closed", "id": "2"}},
            {"display_value": "Old"},
        ],
    }
    key = {"api_name": "Our_Key", "field_label": "Key", "data_type": "text", "length": "255"}
    key |= {"unique": {"casesensitive": ""}, "read_only": True}
    account = {"api_name": "Account_Name", "field_label": "Account", "data_type": "lookup"}
    account |= {"lookup": {"api_name": "Contacts", "module": {"api_name": "Accounts", "id": "1"}}}
    calls, sender = api(rows(stage, key, account, name="fields"))

    assert calls.fields("Deals") == (
        FieldMeta(
            "Stage",
            "Stage",
            "picklist",
            length=120,
            mandatory=True,
            values=(PickValue("Closed Won", "受注", 7, 100, "Closed Won"), PickValue("Old", "Old", 1)),
        ),
        FieldMeta("Our_Key", "Key", "text", length=255, unique=True, read_only=True),
        FieldMeta("Account_Name", "Account", "lookup", lookup_module="Accounts"),
    )
    assert dict(sender.calls[0].params) == {"module": "Deals"}


def test_layouts_say_what_they_show_and_what_they_require() -> None:
    sections = [
        {"fields": [{"api_name": "Deal_Name", "required": True}, {"api_name": "Stage", "required": False}]},
        {"fields": [{"api_name": "Amount"}, {}]},
        {"fields": None},
    ]
    standard = {"id": "1", "name": "Standard", "status": "active", "visible": True, "sections": sections}
    calls, _ = api(rows(standard, {"id": "2", "name": "Old", "status": "inactive"}, name="layouts"))

    assert calls.layouts("Deals") == (
        LayoutMeta("1", "Standard", True, frozenset({"Deal_Name", "Stage", "Amount"}), frozenset({"Deal_Name"})),
        LayoutMeta("2", "Old", False, frozenset()),
    )


def test_related_lists_name_their_module_in_either_form() -> None:
    calls, _ = api(
        rows(
            {"api_name": "Products", "module": {"api_name": "Products"}, "linkingmodule": "Deals_X_Products"},
            {"api_name": "Roles", "module": "Contacts", "linkingmodule": {"api_name": "Deals_X_Contacts"}},
            {"api_name": "Emails", "module": None, "connectedmodule": None},
            name="related_lists",
        )
    )

    assert calls.related_lists("Deals") == (
        RelatedListMeta("Products", "Products", "Deals_X_Products"),
        RelatedListMeta("Roles", "Contacts", "Deals_X_Contacts"),
        RelatedListMeta("Emails", ""),
    )


def test_users_are_read_to_the_end_and_the_organisation_once() -> None:
    calls, sender = api(
        rows({"id": "1", "full_name": "Sato"}, name="users", more_records=True),
        rows({"id": "2", "full_name": "Ito"}, name="users"),
        rows({"company_name": "Shop"}, name="org"),
        NOTHING,
    )

    assert [user["full_name"] for user in calls.users()] == ["Sato", "Ito"]
    assert [call.params["page"] for call in sender.calls] == ["1", "2"]
    assert calls.organisation() == {"company_name": "Shop"}
    with pytest.raises(CrmUnreachable):
        calls.organisation()


def test_users_that_go_round_in_circles_are_each_there_once() -> None:
    calls, sender = api(always=lambda call: rows({"id": "1"}, name="users", more_records=True))

    assert calls.users() == ({"id": "1"},)
    assert [(call.params["type"], call.params["page"]) for call in sender.calls] == [
        ("AllUsers", "1"),
        ("AllUsers", "2"),
    ]


def test_records_are_counted_by_query_where_counting_wants_a_filter() -> None:
    calls, sender = api(
        Answer(200, {"count": 134}, {}),
        CrmRejected("count", "no", code="REQUIRED_PARAM_MISSING"),
        rows({"n": 12}),
        CrmRejected("count", "no", code="REQUIRED_PARAM_MISSING"),
        NOTHING,
        Answer(200, {"count": None}, {}),
        CrmRejected("count", "no", code="INVALID_MODULE"),
    )

    assert [calls.count("Deals"), calls.count("Deals"), calls.count("Deals")] == [134, 12, 0]
    assert sender.calls[0].path == "/crm/v8/Deals/actions/count"
    assert sender.calls[2].body == {"select_query": "select count(id) as n from Deals where id is not null"}
    with pytest.raises(CrmUnreachable):
        calls.count("Deals")
    with pytest.raises(CrmRejected):
        calls.count("Deals")
