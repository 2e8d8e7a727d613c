"""Lists, writes, searches and queries of the fake are as strict as Zoho's."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fake_zoho.client import Client
from tests.fake_zoho.fake import FakeZoho

DEAL = {"Deal_Name": "Ovens", "Stage": "Qualification", "Closing_Date": "2026-12-01"}


def ids(response: Any) -> list[str]:
    return [one["id"] for one in response.json()["data"]]


def test_only_what_is_asked_for_comes(fake_zoho: FakeZoho, client: Client) -> None:
    assert client.get("/Contacts", fields="Email").status_code == 204
    made = fake_zoho.store.put("Contacts", {"Last_Name": "Mori", "Email": "mori@kita.example"})
    assert client.get("/Contacts", fields="Email,Nothing").json()["data"] == [
        {"Email": "mori@kita.example", "id": made}
    ]
    assert client.code(client.get("/Contacts")) == (400, "REQUIRED_PARAM_MISSING")
    many = ",".join(f"F{n}" for n in range(51))
    assert client.code(client.get("/Contacts", fields=many)) == (400, "LIMIT_EXCEEDED")
    assert client.code(client.get("/Contact", fields="id")) == (400, "INVALID_MODULE")


def test_page_tokens_reach_all_and_are_bound(fake_zoho: FakeZoho, client: Client) -> None:
    made = [fake_zoho.store.put("Accounts", {"Account_Name": f"A{n}"}) for n in range(5)]
    asked = {"fields": "Account_Name", "per_page": 2, "sort_by": "Modified_Time", "sort_order": "asc"}
    first = client.get("/Accounts", **asked)
    token = first.json()["info"]["next_page_token"]
    fake_zoho.store.change("Accounts", made[0], {"Account_Name": "changed in between"})
    second = client.get("/Accounts", **asked, page_token=token)
    third = client.get("/Accounts", **asked, page_token=second.json()["info"]["next_page_token"])
    assert set(ids(first) + ids(second) + ids(third)) == set(made)
    assert third.json()["info"]["more_records"] is False
    other = asked | {"fields": "id"}
    assert client.code(client.get("/Accounts", **other, page_token=token)) == (400, "TOKEN_BOUND_DATA_MISMATCH")
    assert client.code(client.get("/Accounts", **asked, page=2, page_token=token))[1] == "AMBIGUITY_DURING_PROCESSING"
    assert client.code(client.get("/Accounts", fields="id", page=11))[1] == "DISCRETE_PAGINATION_LIMIT_EXCEEDED"
    fake_zoho.switches.access_seconds = 200_000
    client.connect()
    fake_zoho.advance(86_401)
    assert client.code(client.get("/Accounts", **asked, page_token=token)) == (400, "EXPIRED_VALUE")


def test_only_what_changed_after_that_second(fake_zoho: FakeZoho, client: Client) -> None:
    made = fake_zoho.store.put("Leads", {"Last_Name": "Aoki", "Modified_Time": "2026-02-03T10:00:00+09:00"})
    before, same = "2026-02-03T09:59:59+09:00", "2026-02-03T01:00:00+00:00"
    assert ids(client.call("GET", "/Leads", since=before, fields="id")) == [made]
    assert client.call("GET", "/Leads", since=same, fields="id").status_code == 304
    fake_zoho.store.delete("Leads", made)
    assert ids(client.call("GET", "/Leads/deleted", since=before)) == [made]
    assert client.get(f"/Leads/{made}").status_code == 204


def test_writes_are_answered_entry_by_entry(fake_zoho: FakeZoho, client: Client) -> None:
    response = client.call("POST", "/Deals", {"data": [{"Deal_Name": "x"}, DEAL, DEAL | {"Stage": "Sold"}]})
    codes = [(one["code"], one["details"].get("api_name")) for one in response.json()["data"]]
    assert response.status_code == 207
    assert codes == [("MANDATORY_NOT_FOUND", "Stage"), ("SUCCESS", None), ("INVALID_DATA", "Stage")]
    assert fake_zoho.store.count("Deals") == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("Email", "no address"),
        ("Last_Name", "x" * 81),
        ("Phone", "call me"),
        ("Lead_Status", "Unheard of"),
        ("No_of_Employees", "12"),
        ("Email_Opt_Out", "yes"),
        ("Owner", {"id": "1"}),
        ("Last_Name", 5),
    ],
)
def test_values_of_the_wrong_kind_are_refused(client: Client, field: str, value: Any) -> None:
    (entry,) = client.write("POST", "/Leads", {"Last_Name": "A", "Company": "B"} | {field: value})
    assert (entry["code"], entry["details"]["api_name"]) == ("INVALID_DATA", field)


def test_times_need_an_offset_and_look_ups_a_record(fake_zoho: FakeZoho, client: Client) -> None:
    call = {"Subject": "s", "Call_Type": "Outbound", "Call_Start_Time": "2026-02-03T10:00:00+00:00"}
    deal = fake_zoho.store.put("Deals", DEAL)
    entries = client.write(
        "POST",
        "/Calls",
        call | {"Call_Start_Time": "2026-02-03T10:00:00"},
        call | {"Who_Id": {"id": "4876876000000999999"}},
        call | {"What_Id": {"id": deal}},
        call | {"What_Id": {"id": deal}, "$se_module": "Deals"},
    )
    assert [one["code"] for one in entries] == ["INVALID_DATA", "INVALID_DATA", "DEPENDENT_FIELD_MISSING", "SUCCESS"]
    assert fake_zoho.store.all("Calls")[0]["Call_Start_Time"] == "2026-02-03T19:00:00+09:00"


def test_unique_fields_name_the_other_record(fake_zoho: FakeZoho, client: Client) -> None:
    fake_zoho.admin.add_key_field("Our_Key")
    first, second = client.write(
        "POST", "/Accounts", {"Account_Name": "A", "Our_Key": "k1"}, {"Account_Name": "B", "Our_Key": "k1"}
    )
    assert second["code"] == "DUPLICATE_DATA"
    assert second["details"]["duplicate_record"]["id"] == first["details"]["id"]
    (again,) = client.write(
        "POST", "/Accounts/upsert", {"Account_Name": "C", "Our_Key": "k1"}, duplicate_check_fields=["Our_Key"]
    )
    assert (again["action"], again["duplicate_field"], again["details"]["id"]) == (
        "update", "Our_Key", first["details"]["id"],
    )  # fmt: skip
    assert [one["Account_Name"] for one in fake_zoho.store.all("Accounts")] == ["C"]


def test_unknown_fields_and_those_in_no_layout_are_dropped(fake_zoho: FakeZoho, client: Client) -> None:
    fake_zoho.admin.take_out_of_layout("Accounts", "Website")
    fields = {"Account_Name": "A", "Acount_Type": "typo", "Website": "https://a.example"}
    (entry,) = client.write("POST", "/Accounts", fields)
    assert entry["code"] == "SUCCESS"
    assert not {"Acount_Type", "Website"} & set(fake_zoho.store.all("Accounts")[0])
    assert fake_zoho.dropped == [("Accounts", "Acount_Type")]


def test_a_search_lags_and_finds_parts(fake_zoho: FakeZoho, client: Client) -> None:
    fake_zoho.switches.search_lag = 60
    fake_zoho.store.put("Contacts", {"Last_Name": "Mori", "Email": "sales_team@kita.example"})
    assert client.get("/Contacts/search", email="sales-team@").status_code == 204
    assert client.coql("select id from Contacts where Email = 'SALES_TEAM@kita.example'").status_code == 200
    fake_zoho.advance(61)
    assert client.get("/Contacts/search", email="sales-team@").status_code == 200
    assert client.get("/Contacts/search", word="sales team").status_code == 200
    assert client.code(client.get("/Contacts/search", page=11, email="a"))[1] == "LIMIT_REACHED"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("select id from Contacts", "SYNTAX_ERROR"),
        ("select Nope from Contacts where id is not null", "INVALID_QUERY"),
        ("select id from Nope where id is not null", "INVALID_MODULE"),
        ("select id from Deals where Amount = 'much'", "INVALID_QUERY"),
        ("select id from Deals where Description = 'x'", "INVALID_QUERY"),
        ("select id from Deals where Amount > 1 and Amount < 9 and Stage = 'x'", "SYNTAX_ERROR"),
        ("select id from Contacts where Last_Name = 'O'Hara'", "SYNTAX_ERROR"),
        ("select id from Contacts where id is not null limit 0, 2001", "LIMIT_EXCEEDED"),
        (f"select id from Contacts where id in ({', '.join(['1'] * 51)})", "LIMIT_EXCEEDED"),
    ],
)
def test_a_wrong_query_says_what_is_wrong(client: Client, query: str, code: str) -> None:
    assert client.code(client.coql(query)) == (400, code)


def test_queries_answer_over_look_ups(fake_zoho: FakeZoho, client: Client) -> None:
    person = fake_zoho.store.put("Contacts", {"Last_Name": "O'Hara", "Email": "o@kita.example"})
    for number in range(3):
        fake_zoho.store.put("Deals", DEAL | {"Amount": number * 10, "Contact_Name": {"id": person}})
    found = client.coql(
        "select Amount, Contact_Name, Contact_Name.Email from Deals where ((Contact_Name = '" + person + "') and "
        "((Amount >= 10) and (Contact_Name.Last_Name = 'O\\'Hara'))) order by Amount desc limit 1, 1"
    )
    (row,) = found.json()["data"]
    assert (row["Amount"], row["Contact_Name"]["id"], row["Contact_Name.Email"]) == (10, person, "o@kita.example")
    assert found.json()["info"]["more_records"] is False
    counted = client.coql("select Stage, count(id) as n from Deals where id is not null group by Stage")
    assert counted.json()["data"] == [{"Stage": "Qualification", "n": 3}]


def test_stage_changes_are_kept(fake_zoho: FakeZoho, client: Client) -> None:
    deal = fake_zoho.store.put("Deals", DEAL)
    client.write("PUT", "/Deals", {"id": deal, "Stage": "Closed Won"})
    query = f"select Stage, Moved_To__s from DealHistory where Potential_Name = '{deal}' order by id asc"
    told = [(one["Stage"], one["Moved_To__s"]) for one in client.coql(query).json()["data"]]
    assert told == [("Qualification", "Closed Won"), ("Closed Won", None)]
    history = client.get(f"/Deals/{deal}/Stage_History", fields="Stage", sort_order="asc").json()["data"]
    assert [one["Stage"] for one in history] == ["Qualification", "Closed Won"]


def test_converted_leads_are_listed_only_when_asked_for(fake_zoho: FakeZoho, client: Client) -> None:
    lead = fake_zoho.store.put("Leads", {"Last_Name": "Aoki", "Company": "Minami"})
    path = f"/Leads/{lead}/actions/convert"
    (done,) = client.write("POST", path, {"Deals": DEAL})
    assert fake_zoho.store.get("Deals", done["details"]["Deals"]["id"]) is not None
    assert client.write("POST", path, {})[0]["code"] == "ID_ALREADY_CONVERTED"
    assert client.get("/Leads", fields="id").status_code == 204
    assert ids(client.get("/Leads", fields="id", converted="both")) == [lead]
