"""Our words and Zoho's names for the same fields."""

from __future__ import annotations

from dataclasses import fields

import pytest

from crm_client import records
from crm_client.zoho_names import API_NAMES, MODULES, api_name, our_field, our_module

RECORDS = {
    "accounts": records.Account,
    "contacts": records.Contact,
    "leads": records.Lead,
    "deals": records.Deal,
    "products": records.Product,
    "calls": records.Activity,
    "events": records.Activity,
    "tasks": records.Activity,
    "owners": records.Owner,
}


@pytest.mark.parametrize("module", MODULES)
def test_every_name_of_ours_is_a_field_and_every_name_of_theirs_stands_once(module: str) -> None:
    ours = {field.name for field in fields(RECORDS[module])}
    theirs = list(API_NAMES[module].values())

    assert set(API_NAMES[module]) <= ours
    assert len(set(theirs)) == len(theirs)


@pytest.mark.parametrize("module", MODULES)
def test_there_and_back_is_the_same_name(module: str) -> None:
    for field in API_NAMES[module]:
        assert our_field(module, api_name(module, field)) == field
        assert our_field(module, field) == field
    assert our_module(MODULES[module]) == our_module(module) == module


def test_unknown_names_have_no_counterpart() -> None:
    assert our_module("Sheep") == ""
    assert our_field("contacts", "last_NAME") == ""
    assert api_name("contacts", "language") == ""
