"""Zoho's raws as our records: what each field of theirs means here."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crm_client.errors import CrmRejected
from crm_client.records import Account, Activity, Contact, Deal, Lead, Note, Owner, Product
from crm_client.zoho.api.shapes import FieldMeta, PickValue
from crm_client.zoho.mapping.field_map import FieldMap, Record, module_of
from crm_client.zoho.settings import ZohoSettings

NOW = datetime(2026, 2, 3, 3, 0, tzinfo=UTC)
STAMPS = {"id": "4001", "Created_Time": "2026-01-05T10:00:00+09:00", "Modified_Time": "2026-02-01T10:00:00+09:00"}
CREATED = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)


def field_map(**settings: Any) -> FieldMap:
    return FieldMap(ZohoSettings(**settings), ("contacts.Loyalty_Level", "deals.Interests"), clock=lambda: NOW)


def read(module: str, raw: dict[str, Any], old: Record | None = None, **settings: Any) -> Any:
    return field_map(**settings).to_record(module, STAMPS | raw, old, local=lambda module, theirs: theirs)


def test_a_contact_with_look_ups_as_the_api_gives_them() -> None:
    raw = {
        "Last_Name": "Mori",
        "First_Name": None,
        "Full_Name": "Mori",
        "Email": "mori@kita.example",
        "Account_Name": {"name": "Kita Foods", "id": "4201"},
        "Owner": {"name": "Sato A", "id": "4011", "email": "sato@shop.example"},
        "Loyalty_Level": "Gold",
        "$approval_state": "approved",
    }

    assert read("contacts", raw) == Contact(
        "4001",
        "Mori",
        email="mori@kita.example",
        account_id="4201",
        owner_id="4011",
        created_at=CREATED,
        extra={"Loyalty_Level": "Gold"},
    )


def test_a_bulk_row_is_the_same_record_as_the_answer_of_the_api() -> None:
    mapping = field_map()
    mapping.learn("deals", [FieldMeta("Interests", "Interests", "multiselectpicklist"), *_metas(mapping, "deals")])
    raw = STAMPS | {
        "Deal_Name": "Kita ovens",
        "Stage": "Qualification",
        "Account_Name": {"name": "Kita Foods", "id": "4201"},
        "Contact_Name": {"name": "Mori", "id": "4401"},
        "Amount": 540000,
        "Currency": None,
        "Closing_Date": "2026-03-31",
        "Interests": ["Ovens", "Service"],
        "Owner": {"id": "4011"},
    }
    row = {
        "Id": "4001",
        "Created_Time": STAMPS["Created_Time"],
        "Modified_Time": STAMPS["Modified_Time"],
        "Deal_Name": "Kita ovens",
        "Stage": "Qualification",
        "Account_Name": "4201",
        "Contact_Name.id": "4401",
        "Amount": "540000.0",
        "Currency": "",
        "Closing_Date": "2026-03-31",
        "Interests": "Ovens; Service",
        "Owner": "4011",
    }

    there = mapping.to_record("deals", mapping.from_csv("deals", row), None, local=_same)

    assert there == mapping.to_record("deals", raw, None, local=_same)
    assert there.extra == {"Interests": ["Ovens", "Service"]}
    assert there.contact_id == "4401"
    assert there.amount == 540000


def test_flags_of_a_bulk_row_are_texts() -> None:
    mapping = field_map()
    row = {"Id": "1", "Product_Name": "Oven", "Product_Code": "OV", "Unit_Price": "45000", "Product_Active": "false"}

    product = mapping.to_record("products", mapping.from_csv("products", row), None, local=_same)

    assert product == Product("1", "OV", "Oven", "Oven", "", 45000, active=False)


@pytest.mark.parametrize(
    ("currency", "amount", "parts"),
    [("JPY", 540000, 540000), ("USD", 12.34, 1234), ("USD", "1,234.565", 123457), ("KRW", 10, 10), ("EUR", 0.1, 10)],
)
def test_amounts_are_counted_in_the_smallest_part_of_their_currency(currency: str, amount: Any, parts: int) -> None:
    deal = read("deals", {"Deal_Name": "d", "Stage": "Qualification", "Amount": amount, "Currency": currency})

    assert (deal.amount, deal.currency) == (parts, currency)


def test_an_amount_without_a_currency_is_in_the_one_we_know_of_or_in_the_organisations() -> None:
    raw = STAMPS | {"Deal_Name": "d", "Stage": "Qualification", "Amount": 12.34}
    mapping = field_map()
    known = Deal("4001", "d", "Qualification", currency="EUR")
    assert mapping.to_record("deals", raw, None, local=_same).amount == 12  # yen

    mapping.learn_organisation({"iso_code": "USD"})

    assert mapping.to_record("deals", raw, None, local=_same).amount == 1234
    assert mapping.to_record("deals", raw, known, local=_same).currency == "EUR"


def test_what_zoho_does_not_tell_stays_as_we_know_it() -> None:
    old = Lead("77", "Aoki", "Minami Cafe", language="ja", time_zone="Asia/Tokyo", mobile="090", created_at=NOW)

    new = read("leads", {"Last_Name": "Aoki", "Company": "Minami Cafe", "Email": "aoki@minami.example"}, old)

    assert (new.id, new.language, new.time_zone, new.created_at) == ("77", "ja", "Asia/Tokyo", NOW)
    assert new.mobile == "090"  # the field was not in the answer at all: hidden from us
    assert new.email == "aoki@minami.example"


def test_null_empties_a_field() -> None:
    old = Contact("4001", "Mori", phone="03-1234-5678", extra={"Loyalty_Level": "Gold", "Shoe_Size": 42})

    new = read("contacts", {"Last_Name": "Mori", "Phone": None, "Loyalty_Level": None}, old)

    assert new.phone == ""
    assert new.extra == {"Shoe_Size": 42}


def test_fields_of_their_own_hold_what_zoho_does_not_ship() -> None:
    fields = {"contacts": {"language": "Sprache", "mobile": "", "email": "Work_Email"}}
    raw = {"Last_Name": "Mori", "Sprache": "en", "Mobile": "090", "Email": "x@y.example", "Work_Email": "m@k.example"}

    contact = read("contacts", raw, fields=fields)

    assert (contact.language, contact.mobile, contact.email) == ("en", "", "m@k.example")


def test_names_that_are_empty_in_zoho_are_made_up_for_from_the_next_best() -> None:
    assert read("contacts", {"Last_Name": None, "Email": "m@k.example"}).last_name == "m@k.example"
    assert read("accounts", {"Account_Name": ""}) == Account("4001", "4001", created_at=CREATED)
    product = read("products", {"Product_Name": "Oven", "Product_Code": None, "Unit_Price": None})
    assert product == Product("4001", "4001", "Oven", "Oven", "", 0)


def test_a_japanese_name_that_was_only_a_copy_follows_and_one_of_its_own_stays() -> None:
    copied = Product("4001", "OV", "Oven", "Oven", "", 1, image="/static/oven.svg")
    translated = Product("4001", "OV", "Oven", "オーブン", "", 1)
    raw = {"Product_Name": "Oven S", "Product_Code": "OV", "Unit_Price": 1}

    assert read("products", raw, copied).name_ja == "Oven S"
    assert read("products", raw, copied).image == "/static/oven.svg"
    assert read("products", raw, translated).name_ja == "オーブン"


def test_a_text_longer_than_we_keep_is_cut_and_not_written_back_for_that() -> None:
    old = read("contacts", {"Last_Name": "M" * 300, "Title": "t"})

    assert old.last_name == "M" * 255
    assert field_map().base_of("contacts", old)["last_name"] == "M" * 255


@pytest.mark.parametrize(
    ("module", "raw", "field"),
    [
        ("deals", {"Deal_Name": "d", "Stage": "s", "Amount": "many"}, "Amount"),
        ("deals", {"Deal_Name": "d", "Stage": "s", "Amount": 1e30}, "Amount"),
        ("deals", {"Deal_Name": "d", "Stage": "s", "Closing_Date": "31.3."}, "Closing_Date"),
        ("deals", {"Deal_Name": "d", "Stage": None}, "Stage"),
        ("accounts", {"Account_Name": "a", "Employees": "NaN"}, "Employees"),
        ("accounts", {"id": None, "Account_Name": "a"}, "id"),
        ("accounts", {"Account_Name": "a", "Created_Time": "yesterday"}, "Created_Time"),
        ("products", {"Product_Name": "p", "Product_Active": "perhaps"}, "Product_Active"),
        ("events", {"Event_Title": "e", "Start_DateTime": "0001-01-01T00:00:00+09:00"}, "Start_DateTime"),
    ],
)
def test_a_raw_that_cannot_be_read_says_which_field(module: str, raw: dict[str, Any], field: str) -> None:
    with pytest.raises(CrmRejected) as caught:
        read(module, raw)

    assert caught.value.field == field
    assert caught.value.trouble == "value_rejected"
    value = str(raw.get(field))
    assert raw.get(field) is None or value not in str(caught.value)  # errors end in logs


def test_the_time_of_a_change_is_needed() -> None:
    with pytest.raises(CrmRejected, match="Modified_Time is missing"):
        field_map().modified_at({"id": "1"})
    assert field_map().modified_at(STAMPS) == datetime(2026, 2, 1, 1, 0, tzinfo=UTC)


# Leads


def test_a_converted_lead_names_what_it_became() -> None:
    raw = {"Last_Name": "Aoki", "Company": "-", "Converted__s": True, "Converted_Contact": {"id": "4401"}}

    lead = read("leads", raw | {"Converted_Deal": {"id": "4901"}})

    assert (lead.company, lead.converted_contact_id, lead.converted_deal_id) == ("", "4401", "4901")


def test_older_versions_tell_the_conversion_in_one_piece() -> None:
    detail = {"$converted": True, "$converted_detail": {"contact": "4401", "account": "4201"}}

    assert read("leads", {"Last_Name": "A", "Company": "c"} | detail).converted_contact_id == "4401"


def test_a_lead_that_was_converted_into_what_we_may_not_see_is_no_open_lead() -> None:
    lead = read("leads", {"Last_Name": "Aoki", "Company": "c", "Converted__s": True, "Converted_Contact": None})

    assert lead.converted_contact_id == "4001"


# Deals


def test_a_deal_is_closed_when_its_stage_came_to_be_so_as_well_as_zoho_can_tell() -> None:
    raw = {"Deal_Name": "d", "Stage": "Closed Won", "Closing_Date": "2026-01-20"}
    midnight = datetime(2026, 1, 19, 15, 0, tzinfo=UTC)  # in Tokyo
    still_open = Deal("4001", "d", "Negotiation/Review", created_at=CREATED)
    closed = Deal("4001", "d", "Closed Won", created_at=CREATED, closed_at=NOW)

    assert read("deals", raw).closed_at == midnight
    assert read("deals", raw | {"Stage_Modified_Time": "2026-01-15T12:00:00+09:00"}).closed_at == datetime(
        2026, 1, 15, 3, 0, tzinfo=UTC
    )
    assert read("deals", raw, still_open).closed_at == datetime(2026, 2, 1, 1, 0, tzinfo=UTC)
    assert read("deals", raw, closed).closed_at == NOW
    assert read("deals", raw | {"Stage": "Closed Lost"}, closed).closed_at != NOW
    assert read("deals", raw | {"Stage": "Qualification"}, closed).closed_at is None
    assert read("deals", raw | {"Closing_Date": "2025-01-20"}).closed_at == CREATED  # never before it was made


def test_what_a_stage_means_is_said_by_its_forecast_type_or_by_the_operator() -> None:
    values = (
        PickValue("-None-", position=0),
        PickValue("契約", position=3, probability=100, forecast_type="Closed Won"),
        PickValue("商談", position=1, probability=20, forecast_type="Open"),
        PickValue("失注", position=4, probability=0, forecast_type="Closed Lost"),
        PickValue("休眠", position=2, probability=5, forecast_type="Open"),
        PickValue("Closed-Lost to Competition", position=5),
    )
    mapping = field_map(stages={"休眠": "lost"})
    meta = FieldMeta("Stage", "Stage", "picklist", values=values)

    stages = mapping.stages(meta)

    assert [(one.name, one.outcome.value, one.position, one.probability) for one in stages] == [
        ("商談", "open", 1, 20),
        ("休眠", "lost", 2, 5),
        ("契約", "won", 3, 100),
        ("失注", "lost", 4, 0),
        ("Closed-Lost to Competition", "lost", 5, 0),
    ]


def test_once_learned_the_stages_of_another_language_close_deals() -> None:
    mapping = field_map()
    stage = FieldMeta("Stage", "Stage", "picklist", values=(PickValue("契約", forecast_type="Closed Won"),))
    raw = STAMPS | {"Deal_Name": "d", "Stage": "契約", "Closing_Date": "2026-01-20"}
    assert mapping.to_record("deals", raw, None, local=_same).closed_at is None

    mapping.learn("deals", [stage, *_metas(mapping, "deals")])

    assert mapping.to_record("deals", raw, None, local=_same).closed_at is not None


# Calls, events, tasks

START = datetime(2026, 2, 2, 5, 0, tzinfo=UTC)
CALL = {"Subject": "Follow-up", "Call_Start_Time": "2026-02-02T14:00:00+09:00", "Call_Type": "Outbound"}


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        ({"Call_Duration": "04:10"}, ("outbound", "completed", "answered", 250)),
        ({"Call_Duration": "04:10", "Call_Duration_in_seconds": 251}, ("outbound", "completed", "answered", 251)),
        ({"Call_Duration": "01:02:03"}, ("outbound", "completed", "answered", 3723)),
        ({"Call_Duration": "00:00"}, ("outbound", "completed", "", None)),
        ({"Call_Duration": None}, ("outbound", "open", "", None)),
        ({"Outgoing_Call_Status": "Scheduled"}, ("outbound", "open", "", None)),
        ({"Outgoing_Call_Status": "Cancelled"}, ("outbound", "cancelled", "", None)),
        ({"Call_Result": "Interested", "Call_Duration": "01:00"}, ("outbound", "completed", "answered", 60)),
        ({"Call_Result": "No response/Busy", "Call_Duration": "00:20"}, ("outbound", "completed", "no_answer", 20)),
        ({"Call_Result": "不在", "Call_Duration": "00:20"}, ("outbound", "completed", "no_answer", 20)),
        ({"Call_Type": "Missed"}, ("inbound", "completed", "missed", None)),
        ({"Call_Type": "Inbound", "Call_Duration": "00:30"}, ("inbound", "completed", "answered", 30)),
    ],
)
def test_how_a_call_went(raw: dict[str, Any], told: tuple[str, str, str, int | None]) -> None:
    call = read("calls", CALL | raw)

    length = int((call.end_at - call.start_at).total_seconds()) if call.end_at else None
    assert (call.direction, call.status, call.result, length) == told
    assert (call.kind, call.start_at) == ("call", START)


def test_a_purpose_is_one_word_however_it_is_written() -> None:
    assert read("calls", CALL | {"Call_Purpose": "Follow-up"}).purpose == "follow_up"
    assert read("calls", CALL | {"Call_Purpose": "-None-"}).purpose == ""


@pytest.mark.parametrize(
    ("raw", "whom"),
    [
        ({"Who_Id": {"id": "1"}, "What_Id": {"id": "2"}, "$se_module": "Deals"}, ("1", "2", "")),
        ({"Who_Id": None, "What_Id": {"id": "2"}, "$se_module": "Leads"}, ("", "", "2")),
        ({"Who_Id": {"id": "1"}, "What_Id": {"id": "2"}, "$se_module": "Accounts"}, ("1", "", "")),
        ({"Who_Id": {"id": "1"}, "What_Id": None, "$se_module": "Leads"}, ("", "", "1")),
        ({"Who_Id": {"id": "1"}, "What_Id": None, "$se_module": "Contacts"}, ("1", "", "")),
        ({"Who_Id": {"id": "1"}, "What_Id": None}, ("1", "", "")),
        ({"What_Id": {"id": "2", "module": {"api_name": "Leads"}}}, ("", "", "2")),
    ],
)
def test_whom_an_activity_is_about(raw: dict[str, Any], whom: tuple[str, str, str]) -> None:
    task = read("tasks", {"Subject": "s", "Due_Date": "2026-02-06"} | raw)

    assert (task.contact_id, task.deal_id, task.lead_id) == whom


def test_a_lead_beside_a_deal_stays_known_though_zoho_can_name_only_one_of_them() -> None:
    old = Activity("4001", "task", "s", START, deal_id="2", lead_id="9")
    deal = {"Subject": "s", "Due_Date": "2026-02-02", "Who_Id": None, "$se_module": "Deals"}

    assert read("tasks", deal | {"What_Id": {"id": "2"}}, old).lead_id == "9"
    assert read("tasks", deal | {"What_Id": {"id": "3"}}, old).lead_id == ""


def test_modules_go_by_the_operators_names() -> None:
    settings = {"modules": {"leads": "Inquiries", "events": "Meetings"}}
    mapping = field_map(**settings)

    task = read(
        "tasks", {"Subject": "s", "Due_Date": None, "What_Id": {"id": "2"}, "$se_module": "Inquiries"}, **settings
    )

    assert task.lead_id == "2"
    assert (mapping.our_module("Inquiries"), mapping.our_module("Leads")) == ("leads", "")
    assert (field_map().our_module("Meetings"), field_map().our_module("Events")) == ("events", "events")


def test_a_task_is_due_on_a_day_of_the_offices_clock() -> None:
    raw = STAMPS | {"Subject": "s", "Due_Date": "2026-02-06", "Status": "Waiting for input"}
    in_new_york = FieldMap(ZohoSettings(), zone=ZoneInfo("America/New_York"))
    nine_in_the_morning = Activity("4001", "task", "s", datetime(2026, 2, 6, 0, 0, tzinfo=UTC))  # 9:00 in Tokyo

    assert read("tasks", raw).start_at == datetime(2026, 2, 5, 15, 0, tzinfo=UTC)
    assert in_new_york.to_record("tasks", raw, None, local=_same).start_at == datetime(2026, 2, 6, 5, 0, tzinfo=UTC)
    assert read("tasks", raw, nine_in_the_morning).start_at == nine_in_the_morning.start_at
    moved = read("tasks", raw | {"Due_Date": "2026-02-07"}, nine_in_the_morning)
    assert moved.start_at == datetime(2026, 2, 6, 15, 0, tzinfo=UTC)
    assert read("tasks", raw | {"Due_Date": None}).start_at == CREATED


@pytest.mark.parametrize(
    ("said", "old", "status"),
    [
        ("Not Started", None, "open"),
        ("In Progress", None, "open"),
        ("Deferred", None, "open"),
        ("Deferred", "cancelled", "cancelled"),
        ("Completed", "open", "completed"),
        ("Cancelled", None, "cancelled"),
        ("Something of theirs", None, "open"),
        ("In Progress", "completed", "open"),
    ],
)
def test_what_the_status_of_a_task_means(said: str, old: str | None, status: str) -> None:
    before = Activity("4001", "task", "s", START, status=old) if old else None

    assert read("tasks", {"Subject": "s", "Due_Date": None, "Status": said}, before).status == status


def test_a_meeting_that_is_over_when_we_first_hear_of_it_has_taken_place() -> None:
    raw = {
        "Event_Title": "Demo",
        "Start_DateTime": "2026-02-02T10:00:00+09:00",
        "End_DateTime": "2026-02-02T11:00:00+09:00",
    }
    later = raw | {"Start_DateTime": "2026-02-09T10:00:00+09:00", "End_DateTime": "2026-02-09T11:00:00+09:00"}
    known = Activity("4001", "event", "Demo", START, status="cancelled", result="no_show")

    assert read("events", raw).status == "completed"
    assert read("events", later).status == "open"
    assert (read("events", raw, known).status, read("events", raw, known).result) == ("cancelled", "no_show")


def test_a_meeting_of_a_whole_day_and_one_without_an_end() -> None:
    start = "2026-02-02T00:00:00+09:00"
    whole = read("events", {"Event_Title": "e", "Start_DateTime": start, "End_DateTime": start, "All_day": True})
    endless = read("events", {"Event_Title": "e", "Start_DateTime": start, "End_DateTime": None})

    assert whole.end_at - whole.start_at == timedelta(days=1)
    assert endless.end_at - endless.start_at == timedelta(hours=1)


# Notes, owners


def test_a_note_has_one_parent() -> None:
    raw = {"Note_Title": "Chat 4471", "Note_Content": "Asked for the price.", "Owner": {"id": "4011"}}
    of_lead = {"Parent_Id": {"id": "4501", "name": "Aoki", "module": {"api_name": "Leads", "id": "1"}}}
    of_account = {"Parent_Id": {"id": "4201", "module": {"api_name": "Accounts"}}}

    note = read("notes", raw | of_lead)

    assert note == Note("4001", "Chat 4471", "Asked for the price.", CREATED, lead_id="4501", owner_id="4011")
    about_account = read("notes", raw | of_account)
    assert (about_account.contact_id, about_account.lead_id, about_account.deal_id) == ("", "", "")
    assert module_of(note) == "notes"


def test_a_user_is_an_owner() -> None:
    raw = {
        "id": "4011",
        "full_name": "Sato A",
        "email": "sato@shop.example",
        "status": "active",
        "time_zone": "Asia/Seoul",
    }

    assert field_map().owner(raw) == Owner("4011", "Sato A", "sato@shop.example", "Asia/Seoul")
    assert field_map().owner(raw | {"status": "disabled", "time_zone": "Mars/Olympus"}) == Owner(
        "4011", "Sato A", "sato@shop.example", "Asia/Tokyo", active=False
    )
    assert field_map().owner({"id": "1", "first_name": "A", "last_name": "B"}).name == "A B"


def test_a_day_is_a_date_with_or_without_time() -> None:
    raw = {"Deal_Name": "d", "Stage": "Qualification"}

    assert read("deals", raw | {"Closing_Date": "2026-03-31"}).expected_close == date(2026, 3, 31)
    assert read("deals", raw | {"Closing_Date": "2026-03-30T20:00:00+00:00"}).expected_close == date(2026, 3, 31)


def _same(module: str, theirs: str) -> str:
    return theirs


def _metas(mapping: FieldMap, module: str) -> list[FieldMeta]:
    return [
        FieldMeta(name, name, "text") for name in mapping.fields_to_read(module) if name not in ("Stage", "Interests")
    ]
