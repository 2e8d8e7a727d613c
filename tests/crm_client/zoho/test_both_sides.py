"""The comparison of both sides finds what is not alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.embedded.tables import metadata as crm_tables
from crm_client.records import Account, Contact, Deal, DealProduct, Product
from crm_client.zoho.mapping.field_map import FieldMap
from crm_client.zoho.outbox import links
from crm_client.zoho.outbox.links import Link
from crm_client.zoho.settings import ZohoSettings
from crm_client.zoho.tables import metadata as zoho_tables
from motenashi.database import Database
from tests.crm_client.zoho.both_sides import Comparison, compare

ZOHO_ID, OTHER_ID, DEAL_ID, PRODUCT_ID = (f"487687600000010000{number}" for number in range(1, 5))


@pytest.fixture
def crm(sqlite_database: Database) -> EmbeddedCrm:
    """An account made here that Zoho has, and one that came from Zoho with a deal."""
    for tables in (crm_tables, zoho_tables):
        tables.create_all(sqlite_database.engine)
    crm = EmbeddedCrm(sqlite_database)
    crm.save_account(Account("made-here", "Kita Foods", "Retail"))
    with sqlite_database.write() as connection:
        links.store(connection, "accounts", Link(ZOHO_ID, "made-here", None, {}))
    crm.save_product(Product(PRODUCT_ID, "OV-S", "Oven S", "Oven S", "Hardware", 45_000))
    deal = Deal(DEAL_ID, "Kita ovens", "Qualification", account_id="made-here")
    crm.save_deal(deal, [DealProduct(DEAL_ID, PRODUCT_ID)], at=datetime(2026, 11, 1, tzinfo=UTC))
    return crm


def theirs() -> dict[str, list[dict[str, Any]]]:
    """The same in Zoho."""
    changed = {"Modified_Time": "2026-11-01T09:00:00+09:00", "Created_Time": "2026-11-01T09:00:00+09:00"}
    account = {"id": ZOHO_ID, "Account_Name": "Kita Foods", "Industry": "Retail", **changed}
    product = {"id": PRODUCT_ID, "Product_Name": "Oven S", "Product_Code": "OV-S", "Product_Category": "Hardware"}
    product |= {"Unit_Price": 45_000, "Product_Active": True, **changed}
    deal = {"id": DEAL_ID, "Deal_Name": "Kita ovens", "Stage": "Qualification", "Currency": "JPY", **changed}
    return {"Accounts": [account], "Products": [product], "Deals": [deal | {"Account_Name": {"id": ZOHO_ID}}]}


def compared(
    database: Database, there: Mapping[str, Sequence[Mapping[str, Any]]], products: Sequence[str] = (PRODUCT_ID,)
) -> Comparison:
    return compare(database, FieldMap(ZohoSettings()), lambda name: there.get(name, ()), lambda deal: products)


def test_sides_that_are_alike(crm: EmbeddedCrm, sqlite_database: Database) -> None:
    found = compared(sqlite_database, theirs())

    assert found.different == []
    assert dict(found.compared) == {"accounts": 1, "products": 1, "deals": 1}
    assert found.fields > 10


@pytest.mark.parametrize("industry", ["Banking", None])
def test_a_field_that_is_another_or_empty(crm: EmbeddedCrm, sqlite_database: Database, industry: str | None) -> None:
    there = theirs()
    del there["Accounts"][0]["Industry"]
    there["Accounts"][0] |= {"Industry": industry} if industry else {}
    found = compared(sqlite_database, there)

    (only,) = found.unequal
    assert (only.module, only.local_id, only.field, only.here) == ("accounts", "made-here", "industry", "Retail")
    assert only.there == (industry or "")


def test_a_look_up_that_names_somebody_else(crm: EmbeddedCrm, sqlite_database: Database) -> None:
    there = theirs()
    there["Deals"][0]["Account_Name"] = {"id": OTHER_ID}

    assert [one.field for one in compared(sqlite_database, there).unequal] == ["account_id"]


def test_both_name_a_record_that_neither_has(crm: EmbeddedCrm, sqlite_database: Database) -> None:
    crm.update_record("deals", DEAL_ID, {"account_id": "deleted-here"})
    there = theirs()
    there["Deals"][0]["Account_Name"] = {"id": OTHER_ID}
    assert compared(sqlite_database, there).different == []

    there["Accounts"].append(there["Accounts"][0] | {"id": OTHER_ID})
    assert [one.field for one in compared(sqlite_database, there).unequal] == ["account_id"]


def test_records_on_one_side_only(crm: EmbeddedCrm, sqlite_database: Database) -> None:
    crm.save_contact(Contact("", "Mori"))
    there = theirs()
    there["Accounts"].append(there["Accounts"][0] | {"id": OTHER_ID})
    found = compared(sqlite_database, there)

    assert [one.module for one in found.only_here] == ["contacts"]
    assert [one.zoho_id for one in found.only_there] == [OTHER_ID]
    assert found.unequal == []


def test_products_of_a_deal(crm: EmbeddedCrm, sqlite_database: Database) -> None:
    found = compared(sqlite_database, theirs(), products=())

    assert [(one.field, one.here, one.there) for one in found.unequal] == [("products", [PRODUCT_ID], [])]
