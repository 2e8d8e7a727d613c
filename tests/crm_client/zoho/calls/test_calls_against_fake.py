"""All calls over real HTTP against the fake Zoho, which is as strict as the real one where that is known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crm_client.errors import CrmOutcomeUnknown, CrmRefused, CrmRejected
from crm_client.zoho.api.calls import ZohoCalls
from crm_client.zoho.api.shapes import Channel
from crm_client.zoho.api.zoho_api import ZohoApi
from tests.crm_client.zoho.calls.recording import at, ids_of
from tests.fake_zoho.fake import FakeZoho

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
PEOPLE = ["Last_Name", "Email", "Secondary_Email", "Email_Opt_Out", "Phone", "Mobile"]


def person(name: str, **more: Any) -> dict[str, Any]:
    return {"Last_Name": name, **more}


def test_the_calls_are_what_everybody_is_written_against(zoho_calls: ZohoApi) -> None:
    names = [name for name in vars(ZohoCalls) if not name.startswith("_")]

    assert len(names) > 25
    assert [name for name in names if not callable(getattr(zoho_calls, name, None))] == []


def test_everything_that_changed_comes_once_oldest_first(fake_zoho: FakeZoho, zoho_calls: ZohoApi) -> None:
    times = [f"2026-02-01T10:{minute:02}:00+09:00" for minute in range(60)]
    for minute in reversed(range(60)):
        fake_zoho.store.put_many(
            "Contacts", (person(f"P{minute}.{one}", Modified_Time=times[minute]) for one in range(45))
        )

    pages = list(zoho_calls.pages("Contacts", ["Last_Name"]))
    later = list(zoho_calls.pages("Contacts", ["Last_Name"], since=at(times[57])))

    changed = [raw["Modified_Time"] for page in pages for raw in page.records]
    assert (len(changed), changed) == (2700, sorted(changed))
    assert len({raw["id"] for page in pages for raw in page.records}) == 2700  # more than 2,000: tokens lead on
    assert sum(len(page.records) for page in later) == 2 * 45
    assert list(zoho_calls.pages("Contacts", ["Last_Name"], since=datetime.now(UTC) + timedelta(days=1))) == []


def test_an_expired_page_token_loses_and_doubles_nothing(fake_zoho: FakeZoho, zoho_calls: ZohoApi) -> None:
    fake_zoho.switches.page_token_seconds = 60
    same = "2026-02-01T10:00:00+09:00"
    fake_zoho.store.put_many("Contacts", (person(f"P{one}", Modified_Time=same) for one in range(450)))
    fake_zoho.store.put_many(
        "Contacts", (person(f"Q{one}", Modified_Time="2026-02-01T10:00:01+09:00") for one in range(450))
    )

    found: list[str] = []
    for number, page in enumerate(zoho_calls.pages("Contacts", ["Last_Name"])):
        found += ids_of(page.records)
        if number in (0, 2):
            fake_zoho.advance(61)

    assert (len(found), len(set(found))) == (900, 900)


def test_converted_leads_are_listed_and_read(fake_zoho: FakeZoho, zoho_calls: ZohoApi) -> None:
    lead = fake_zoho.store.put("Leads", person("Aoki", Company="Minami", Converted__s=True))

    assert ids_of(zoho_calls.page("Leads", ["Last_Name"]).records) == [lead]
    assert ids_of(zoho_calls.records("Leads", [lead], ["Last_Name"])) == [lead]


def test_records_by_id_leave_out_those_that_are_not_there(fake_zoho: FakeZoho, zoho_calls: ZohoApi) -> None:
    ids = [fake_zoho.store.put("Contacts", person(f"P{one}")) for one in range(120)]

    found = zoho_calls.records("Contacts", [*reversed(ids), "1", "ours"], ["Last_Name", "Email"])

    assert ids_of(found) == list(reversed(ids))
    assert set(found[0]) == {"id", "Modified_Time", "Last_Name", "Email"}
    assert zoho_calls.records("Contacts", ["1"], ["Last_Name"]) == ()


def test_deletions_are_told(fake_zoho: FakeZoho, zoho_calls: ZohoApi) -> None:
    ids = [fake_zoho.store.put("Contacts", person(f"P{one}")) for one in range(250)]
    for one in ids:
        fake_zoho.store.delete("Contacts", one)

    assert {one.id for one in zoho_calls.deleted("Contacts", LONG_AGO)} == set(ids)
    assert list(zoho_calls.deleted("Contacts", datetime.now(UTC) + timedelta(days=1))) == []


@pytest.mark.parametrize("stored", ["mori@kita.example", "Mori@Kita.Example", "o'brien@kita.example"])
def test_people_are_found_by_address_in_any_case(fake_zoho: FakeZoho, zoho_calls: ZohoApi, stored: str) -> None:
    for module, company in (("Contacts", {}), ("Leads", {"Company": "Minami"})):
        fake_zoho.store.put(module, person("Near", Email=f"x{stored}", **company))
        fake_zoho.store.put(module, person("Far", Email=f"{stored}.org", **company))
        right = fake_zoho.store.put(module, person("Mori", Secondary_Email=stored, **company))

        assert ids_of(zoho_calls.people_with(module, PEOPLE, email=stored.upper())) == [right]
        assert zoho_calls.people_with(module, PEOPLE, email="nobody@kita.example") == ()


def test_people_are_found_by_number_in_any_form(fake_zoho: FakeZoho, zoho_calls: ZohoApi) -> None:
    fake_zoho.store.put("Contacts", person("Near", Phone="06-1111-2222"))
    right = [
        fake_zoho.store.put("Contacts", person("Mori", **{field: number}))
        for field, number in (("Phone", "+81 3-1111-2222"), ("Mobile", "0311112222"), ("Phone", "(03) 11 11 22 22"))
    ]

    assert sorted(ids_of(zoho_calls.people_with("Contacts", PEOPLE, phone="03-1111-2222"))) == right
    assert len(fake_zoho.calls("POST", "/coql")) == 1
    assert not fake_zoho.calls("GET", "/search")


def test_somebody_who_was_just_made_is_found_although_search_lags(fake_zoho: FakeZoho, zoho_calls: ZohoApi) -> None:
    fake_zoho.switches.search_lag = 60.0
    made = zoho_calls.insert("Contacts", [person("Mori", Email="mori@kita.example")])[0].id

    assert ids_of(zoho_calls.people_with("Contacts", PEOPLE, email="mori@kita.example")) == [made]


def test_queries_of_every_kind_are_understood(fake_zoho: FakeZoho, zoho_calls: ZohoApi) -> None:
    account = fake_zoho.store.put("Accounts", {"Account_Name": "Kita Foods"})
    stages = ("Qualification", "Closed Won", "Closed Lost")
    deals = [
        fake_zoho.store.put(
            "Deals",
            {"Deal_Name": f"D{one}", "Stage": stages[one % 3], "Amount": one * 100, "Closing_Date": "2026-03-01"}
            | {"Account_Name": {"id": account, "name": "Kita Foods"}},
        )
        for one in range(6)
    ]

    def ask(*where: tuple[str, str, Any], **how: Any) -> list[str]:
        return ids_of(zoho_calls.query("Deals", ["Deal_Name", "Account_Name.Account_Name"], where, **how))

    assert ask() == deals
    assert ask(("Stage", "=", "Closed Won")) == [deals[1], deals[4]]
    assert ask(("Stage", "!=", "Closed Won"), ("Amount", ">=", 300), ("Amount", "<", 500)) == [deals[3]]
    assert ask(("Account_Name", "=", account), ("Stage", "in", stages[:2]), ("Amount", ">", 100)) == deals[3:5]
    assert ask(("Contact_Name", "is null", None), ("id", "in", [*deals[:2], *map(str, range(90))])) == deals[:2]
    assert ask(("Created_Time", ">", datetime.now(UTC) - timedelta(days=1)), most=4) == deals[:4]
    with pytest.raises(CrmRejected) as error:
        ask(("Stagge", "=", "x"))
    assert (error.value.trouble, error.value.field) == ("field_missing", "Stagge")


def test_long_results_come_whole(fake_zoho: FakeZoho, zoho_calls: ZohoApi) -> None:
    fake_zoho.store.put_many("Contacts", (person(f"P{one}") for one in range(2300)))

    assert len({raw["id"] for raw in zoho_calls.query("Contacts", ["Last_Name"], [], most=5000)}) == 2300
    assert [one.credits for one in fake_zoho.calls("POST", "/coql")] == [3, 3]


def test_search_finds_what_a_query_can_not_say(fake_zoho: FakeZoho, zoho_calls: ZohoApi) -> None:
    for subject in ("Ann's (big), order again", "Anns big order"):
        fake_zoho.store.put("Tasks", {"Subject": subject})
    right = fake_zoho.store.put("Tasks", {"Subject": "Ann's (big), order"})

    assert ids_of(zoho_calls.search("Tasks", ["Status"], [("Subject", "Ann's (big), order")])) == [right]
    assert zoho_calls.search("Tasks", ["Status"], [("Subject", "Ann's")]) == ()


def test_a_batch_of_writes_says_what_became_of_each(fake_zoho: FakeZoho, zoho_calls: ZohoApi) -> None:
    for status in (207, 202, 200):
        fake_zoho.switches.mixed_status = status
        made = zoho_calls.insert(
            "Leads",
            [person("Aoki", Company="Minami"), {"Company": "Kita"}, person("Ito", Company="x", Lead_Status="Asleep")],
        )

        assert [(one.ok, one.code, one.field) for one in made] == [
            (True, "SUCCESS", ""),
            (False, "MANDATORY_NOT_FOUND", "Last_Name"),
            (False, "INVALID_DATA", "Lead_Status"),
        ]
        assert made[2].expected == "one of its values"
        stored = fake_zoho.store.get("Leads", made[0].id) or {}
        assert made[0].modified_at == at(stored["Modified_Time"])
    assert {trigger for _, trigger in fake_zoho.triggers} == {None}


def test_update_upsert_and_delete_follow_one_record(fake_zoho: FakeZoho, zoho_calls: ZohoApi) -> None:
    new = zoho_calls.upsert("Contacts", [person("Mori", Email="mori@kita.example")], duplicate_check=["Email"])[0]
    again = zoho_calls.upsert("Contacts", [person("Mōri", Email="MORI@kita.example")], duplicate_check=["Email"])[0]
    changed = zoho_calls.update("Contacts", [{"id": new.id, "Phone": "0311112222"}, {"id": "1", "Phone": "1"}])
    gone = zoho_calls.delete("Contacts", [new.id, "1"])
    twice = zoho_calls.delete("Contacts", [new.id])

    assert (new.action, again.action, again.id == new.id) == ("insert", "update", True)
    assert [(one.ok, one.field) for one in changed] == [(True, ""), (False, "id")]
    assert [one.ok for one in gone] == [True, False]
    assert [one.ok for one in twice] == [False]
    assert fake_zoho.store.count("Contacts") == 0


def test_a_unique_value_that_is_taken_names_its_record(fake_zoho: FakeZoho, zoho_calls: ZohoApi) -> None:
    fake_zoho.catalogue.of("Contacts").fields["Email"].unique = True
    first = zoho_calls.insert("Contacts", [person("Mori", Email="mori@kita.example")])[0]

    second = zoho_calls.insert("Contacts", [person("Mori", Email="mori@kita.example")])[0]

    assert (second.ok, second.code, second.field, second.duplicate_of) == (False, "DUPLICATE_DATA", "Email", first.id)


def test_an_insert_without_an_answer_is_not_done_twice(fake_zoho: FakeZoho, zoho_calls: ZohoApi) -> None:
    zoho_calls.count("Leads")
    fake_zoho.faults.next("/Leads$", method="POST", cut="after")

    with pytest.raises(CrmOutcomeUnknown):
        zoho_calls.insert("Leads", [person("Aoki", Company="Minami")])

    assert fake_zoho.store.count("Leads") == 1


def test_an_update_without_an_answer_is_repeated(fake_zoho: FakeZoho, zoho_calls: ZohoApi) -> None:
    made = zoho_calls.insert("Contacts", [person("Mori")])[0].id
    fake_zoho.faults.next("/Contacts$", method="PUT", cut="after")

    assert zoho_calls.update("Contacts", [{"id": made, "Phone": "0311112222"}])[0].ok
    assert len(fake_zoho.calls("PUT", "/Contacts")) == 2


@pytest.fixture
def deals_with_products(fake_zoho: FakeZoho) -> tuple[list[str], list[str]]:
    products = [fake_zoho.store.put("Products", {"Product_Name": f"Oven {one}"}) for one in range(3)]
    deals = [fake_zoho.store.put("Deals", {"Deal_Name": f"D{one}", "Stage": "Qualification"}) for one in range(7)]
    for nth, deal in enumerate(deals):
        for product in products[: nth % 4]:
            fake_zoho.store.link(deal, product)
    return deals, products


def test_products_of_many_deals_take_few_calls(
    fake_zoho: FakeZoho, zoho_calls: ZohoApi, deals_with_products: tuple[list[str], list[str]]
) -> None:
    deals, products = deals_with_products

    found = zoho_calls.related_of_many("Deals", [*deals, "1"], "Products", ["Product_Name"])

    assert {one: sorted(ids_of(found[one])) for one in deals} == {
        deal: products[: nth % 4] for nth, deal in enumerate(deals)
    }
    assert found["1"] == ()  # there is no such deal
    assert len(fake_zoho.calls("POST", "__composite_requests")) == 2
    with pytest.raises(CrmRejected):
        zoho_calls.related_of_many("Deals", deals[:2], "Prodcts", ["Product_Name"])


def test_without_the_scope_of_composite_lists_come_one_by_one(
    fake_zoho: FakeZoho, zoho_calls: ZohoApi, deals_with_products: tuple[list[str], list[str]]
) -> None:
    deals, products = deals_with_products
    fake_zoho.faults.next("__composite_requests", status=401, code="OAUTH_SCOPE_MISMATCH")

    found = zoho_calls.related_of_many("Deals", deals, "Products", ["Product_Name"])

    assert sorted(ids_of(found[deals[3]])) == products
    assert len(fake_zoho.calls("POST", "__composite_requests")) == 1


def test_products_are_linked_and_unlinked(
    fake_zoho: FakeZoho, zoho_calls: ZohoApi, deals_with_products: tuple[list[str], list[str]]
) -> None:
    deals, products = deals_with_products

    linked = zoho_calls.link("Deals", deals[0], "Products", [{"id": products[0]}, {"id": "1"}])
    assert [one.ok for one in linked] == [True, False]
    assert fake_zoho.store.products_of(deals[0]) == [products[0]]
    assert zoho_calls.unlink("Deals", deals[0], "Products", [products[0]])[0].ok
    assert fake_zoho.store.products_of(deals[0]) == []


def test_a_mail_is_put_beside_its_contact(fake_zoho: FakeZoho, zoho_calls: ZohoApi) -> None:
    contact = fake_zoho.store.put("Contacts", person("Mori"))
    mail = {
        "from": {"email": "mori@kita.example"},
        "to": [{"email": "info@shop.example"}],
        "subject": "Quote",
        "content": "Hello",
        "original_message_id": "<abc@kita.example>",
        "sent": False,
        "date_time": "2026-02-03T09:40:00+09:00",
    }

    entry = zoho_calls.associate_email("Contacts", contact, mail)

    assert entry.ok
    assert [one["message_id"] for one in fake_zoho.store.emails_of("Contacts", contact)] == [entry.id]
    assert zoho_calls.associate_email("Contacts", contact, mail | {"subject": ""}).field == "subject"


def test_a_bulk_read_gives_every_record(fake_zoho: FakeZoho, zoho_calls: ZohoApi, tmp_path: Path) -> None:
    names = {f'森, {one} "big"\nline' for one in range(500)}
    fake_zoho.store.put_many("Contacts", (person(name) for name in sorted(names)))

    job = zoho_calls.start_bulk_read("Contacts", ["Last_Name", "Modified_Time"])
    for _ in range(10):
        if job.state == "COMPLETED":
            break
        job = zoho_calls.bulk_job(job.id)
    rows = list(zoho_calls.bulk_rows(job.id))

    assert (job.state, job.count, job.more) == ("COMPLETED", 500, False)
    assert {row["Last_Name"] for row in rows} == names
    assert all(row["id"] for row in rows)
    with pytest.raises(CrmRejected):
        zoho_calls.bulk_job("1")


def test_the_set_up_is_read(fake_zoho: FakeZoho, zoho_calls: ZohoApi) -> None:
    modules = {module.name for module in zoho_calls.modules() if module.api_supported}
    stage = next(field for field in zoho_calls.fields("Deals") if field.name == "Stage")
    account = next(field for field in zoho_calls.fields("Deals") if field.name == "Account_Name")

    assert {"Contacts", "Leads", "Deals", "Products", "Notes"} <= modules
    assert stage.mandatory
    assert {value.actual: (value.forecast_type, value.probability) for value in stage.values}["Closed Won"] == (
        "Closed Won",
        100,
    )
    assert account.lookup_module == "Accounts"
    assert any("Deal_Name" in layout.required for layout in zoho_calls.layouts("Deals") if layout.active)
    lists = {one.name: one for one in zoho_calls.related_lists("Deals")}
    assert (lists["Products"].module, lists["Products"].linking_module) == ("Products", "Deals_X_Products")
    assert [user["full_name"] for user in zoho_calls.users()] == ["API User", "Sales User"]
    assert zoho_calls.organisation()["id"]
    with pytest.raises(CrmRejected) as error:
        zoho_calls.fields("Kontakte")
    assert error.value.trouble == "module_missing"


def test_records_are_counted(fake_zoho: FakeZoho, zoho_calls: ZohoApi) -> None:
    fake_zoho.store.put_many("Contacts", (person(f"P{one}") for one in range(321)))
    assert zoho_calls.count("Contacts") == 321

    fake_zoho.faults.next("/actions/count", status=400, code="REQUIRED_PARAM_MISSING")
    assert zoho_calls.count("Contacts") == 321


def test_a_channel_is_opened_replaced_and_closed(fake_zoho: FakeZoho, zoho_calls: ZohoApi) -> None:
    now = fake_zoho.clock.now()

    def watch(events: tuple[str, ...], until: datetime) -> Channel:
        url = "http://127.0.0.1:9/channels/crm/zoho/x"
        return zoho_calls.watch("20260203001", events, token="secret", url=url, until=until)

    opened = watch(("Contacts.all", "Deals.all"), now + timedelta(hours=23))
    too_long = watch(("Leads.all",), now + timedelta(days=9))

    assert abs(opened.expires_at - now - timedelta(hours=23)) < timedelta(minutes=1)
    assert abs(too_long.expires_at - now - timedelta(hours=1)) < timedelta(minutes=1)  # Zoho's answer counts
    assert [(one.id, one.events) for one in zoho_calls.channels()] == [("20260203001", ("Leads.all",))]
    zoho_calls.stop_watching(["20260203001", "77"])
    zoho_calls.stop_watching(["20260203001"])
    assert zoho_calls.channels() == ()


def test_operators_names_are_used_for_what_they_are(fake_zoho: FakeZoho, open_calls: Callable[..., ZohoApi]) -> None:
    zoho_calls = open_calls(modules={"leads": "Prospects"})

    with pytest.raises(CrmRejected) as error:
        zoho_calls.page("Prospects", ["Last_Name"])

    assert (error.value.code, error.value.trouble) == ("INVALID_MODULE", "module_missing")
    assert dict(fake_zoho.calls("GET", "/Prospects")[0].params)["converted"] == "both"


def test_a_missing_scope_is_said_and_not_taken_for_nobody(fake_zoho: FakeZoho, zoho_calls: ZohoApi) -> None:
    fake_zoho.faults.next("/coql", status=401, code="OAUTH_SCOPE_MISMATCH")

    with pytest.raises(CrmRefused) as error:
        zoho_calls.people_with("Contacts", PEOPLE, email="mori@kita.example")

    assert error.value.trouble == "missing_scope"
