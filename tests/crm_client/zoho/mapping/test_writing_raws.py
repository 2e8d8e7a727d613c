"""Our records as what Zoho takes: what is written, and what is better left alone."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crm_client.errors import CrmRejected
from crm_client.records import Activity, Contact, Deal, Lead, Note
from crm_client.zoho.api.shapes import FieldMeta, PickValue
from crm_client.zoho.mapping.field_map import FieldMap, Record, module_of
from crm_client.zoho.settings import ZohoSettings

START = datetime(2026, 2, 2, 5, 0, tzinfo=UTC)
CALL = Activity("1", "call", "Follow-up", START, direction="outbound")
TASK = Activity("1", "task", "Send quote", START)


def field_map(**settings: Any) -> FieldMap:
    return FieldMap(ZohoSettings(**settings), ("contacts.Loyalty_Level",), clock=lambda: START)


def written(record: Record, mapping: FieldMap | None = None, **fields: Any) -> dict[str, Any]:
    """What an update that sets these fields sends."""
    mapping = mapping or field_map()
    changed = dataclasses.replace(record, **fields)
    return mapping.to_raw(module_of(record), fields, changed, zoho=_there)


def made(record: Record, mapping: FieldMap | None = None) -> dict[str, Any]:
    return (mapping or field_map()).new_raw(module_of(record), record, zoho=_there)


def test_only_what_changed_goes_out_and_null_empties() -> None:
    contact = Contact("1", "Mori", phone="03-1234-5678", account_id="7")

    assert written(contact, first_name="Ken", phone="", account_id="") == {
        "First_Name": "Ken",
        "Phone": None,
        "Account_Name": None,
    }
    assert written(contact, account_id="8") == {"Account_Name": {"id": "z8"}}


def test_fields_that_zoho_does_not_hold_do_not_go_out() -> None:
    fields = {"language": "ja", "created_at": START, "id": "2", "Shoe_Size": 42, "converted_deal_id": "3"}

    assert field_map().to_raw("contacts", fields, Contact("1", "Mori"), zoho=_there) == {}
    assert "language" not in field_map().writable("contacts")
    assert field_map().writable("leads").isdisjoint({"converted_deal_id", "converted_contact_id"})


def test_a_field_of_their_own_goes_out_as_its_kind() -> None:
    mapping = field_map()
    contact = Contact("1", "Mori", extra={"Loyalty_Level": "Gold"})
    fields = {"Loyalty_Level": "Gold"}
    assert mapping.to_raw("contacts", fields, contact, zoho=_there) == {"Loyalty_Level": "Gold"}

    mapping.learn("contacts", [FieldMeta("Loyalty_Level", "", "multiselectpicklist")])
    assert mapping.to_raw("contacts", fields, contact, zoho=_there) == {"Loyalty_Level": ["Gold"]}

    mapping.learn("contacts", [FieldMeta("Loyalty_Level", "", "lookup")])
    assert mapping.to_raw("contacts", fields, contact, zoho=_there) == {"Loyalty_Level": {"id": "Gold"}}
    assert mapping.to_raw("contacts", {"Loyalty_Level": None}, contact, zoho=_there) == {"Loyalty_Level": None}


def test_a_record_that_zoho_does_not_have_yet_can_be_named_before_it_is_asked_for() -> None:
    contact, call = Contact("1", "Mori", account_id="new7"), dataclasses.replace(CALL, contact_id="c", lead_id="l")

    with pytest.raises(CrmRejected) as caught:
        field_map().to_raw("contacts", {"account_id": "new7"}, contact, zoho=lambda module, ours: "")

    assert caught.value.field == "account_id"
    assert field_map().refers_to("contacts", ("account_id", "owner_id"), contact) == (("accounts", "new7"),)
    assert field_map().refers_to("contacts", ("phone",), contact) == ()
    assert field_map().refers_to("calls", ("contact_id",), call) == (("contacts", "c"), ("leads", "l"))
    assert field_map().refers_to("notes", ("text",), Note("1", "t", "x", START, deal_id="d")) == ()


def test_an_owner_who_is_no_user_of_zohos_is_left_to_zoho() -> None:
    contact = Contact("1", "Mori", owner_id="5")

    assert field_map().to_raw("contacts", {"owner_id": "5"}, contact, zoho=lambda module, ours: "") == {}
    assert written(contact, owner_id="6") == {"Owner": {"id": "z6"}}
    assert written(contact, owner_id="") == {}


def test_amounts_go_out_in_units_of_their_currency() -> None:
    deal = Deal("1", "d", "Qualification", amount=1234)

    assert written(deal, amount=540000) == {"Amount": 540000}
    assert written(dataclasses.replace(deal, currency="USD"), amount=99) == {"Amount": 0.99}
    assert written(deal, currency="USD") == {"Amount": 12.34, "Currency": "USD"}
    assert written(deal, amount=None) == {"Amount": None}
    with pytest.raises(CrmRejected, match="too large"):
        written(dataclasses.replace(deal, currency="USD"), amount=2**60)


def test_a_deal_always_has_a_day_on_which_it_shall_be_closed() -> None:
    made_at = datetime(2026, 1, 1, 20, 0, tzinfo=UTC)  # the second of January in Tokyo
    deal = Deal("1", "d", "Qualification", created_at=made_at)

    assert made(deal)["Closing_Date"] == "2026-02-01"
    assert made(dataclasses.replace(deal, closed_at=START))["Closing_Date"] == "2026-02-02"
    optional = field_map()
    optional.learn("deals", [FieldMeta(name, "", "text") for name in ("Deal_Name", "Stage", "Closing_Date")])
    assert made(deal, optional) == {"Deal_Name": "d", "Stage": "Qualification"}


def test_a_lead_without_a_company_is_a_private_person() -> None:
    assert made(Lead("1", "Aoki", "")) == {"Last_Name": "Aoki", "Company": "-", "Lead_Status": "Not Contacted"}


def test_nothing_empty_goes_out_with_a_new_record() -> None:
    assert made(Contact("1", "Mori")) == {"Last_Name": "Mori"}


# Texts


def _metas(length: int) -> list[FieldMeta]:
    names = ("Subject", "Last_Name", "Description", "Loyalty_Level")
    return [FieldMeta(name, "", "text", length=length) for name in names]


def test_a_subject_that_is_too_long_is_cut_with_a_mark() -> None:
    mapping = field_map()
    mapping.learn("calls", _metas(10))
    long = dataclasses.replace(CALL, subject="Follow-up of the demo")

    sent = mapping.to_raw("calls", {"subject": long.subject}, long, zoho=_there)
    assert sent == {"Subject": "Follow-up…"}
    # and when it comes back like that, ours stays whole
    raw = {"id": "1", "Call_Start_Time": START.isoformat(), **sent}
    assert mapping.to_record("calls", raw, long, local=_same).subject == "Follow-up of the demo"
    assert mapping.base_of("calls", long)["subject"] == "Follow-up…"


@pytest.mark.parametrize(
    ("record", "field"),
    [
        (Contact("1", "Mori-Yamada"), "last_name"),
        (Contact("1", "Mori", extra={"Loyalty_Level": "Gold and more"}), "Loyalty_Level"),
        (Lead("1", "Aoki", "c", note="Wants an oven"), "note"),
    ],
)
def test_any_other_text_that_is_too_long_is_refused_whole(record: Record, field: str) -> None:
    mapping = field_map()
    module = module_of(record)
    mapping.learn(module, _metas(10))

    with pytest.raises(CrmRejected, match=f"{field} .* is longer than 10 characters") as caught:
        mapping.to_raw(module, {field: getattr(record, field, "Gold and more")}, record, zoho=_there)

    assert (caught.value.field, caught.value.trouble) == (field, "value_rejected")
    assert "Mori-Yamada" not in str(caught.value)


def test_the_title_of_a_note_fits_without_asking_zoho() -> None:
    note = Note("1", "t" * 200, "x", START, contact_id="c")

    assert len(made(note)["Note_Title"]) == 120


def test_what_has_no_text_goes_by_what_it_is() -> None:
    assert made(Note("1", "Chat 4471", "", START, lead_id="l")) == {
        "Note_Title": "Chat 4471",
        "Note_Content": "Chat 4471",
        "Parent_Id": {"id": "zl", "module": {"api_name": "Leads"}},
    }
    assert made(dataclasses.replace(TASK, subject=""))["Subject"] == "Task"


# Calls


@pytest.mark.parametrize(
    ("before", "fields", "sent"),
    [
        (CALL, {"result": "no_answer"}, {"Call_Result": "No response/Busy"}),
        (CALL, {"result": "answered"}, {"Call_Result": "Answered"}),
        (CALL, {"result": ""}, {"Call_Result": None}),
        (CALL, {"status": "cancelled"}, {"Outgoing_Call_Status": "Cancelled", "Call_Duration": None}),
        (
            CALL,
            {"status": "completed", "end_at": START + timedelta(seconds=250)},
            {"Outgoing_Call_Status": "Completed", "Call_Duration": "04:10"},
        ),
        (
            dataclasses.replace(CALL, status="completed", end_at=START + timedelta(seconds=60)),
            {"start_at": START + timedelta(seconds=30)},
            {"Call_Start_Time": "2026-02-02T05:00:30+00:00", "Call_Duration": "00:30"},
        ),
        (
            dataclasses.replace(CALL, direction="inbound", status="completed"),
            {"result": "missed"},
            {"Call_Type": "Missed"},
        ),
        (
            dataclasses.replace(CALL, direction="inbound", status="completed", result="missed"),
            {"result": "answered"},
            {"Call_Type": "Inbound", "Call_Result": "Answered"},
        ),
        (CALL, {"subject": "Again"}, {"Subject": "Again"}),
    ],
)
def test_of_a_call_what_changed_is_composed(before: Activity, fields: dict[str, Any], sent: dict[str, Any]) -> None:
    assert written(before, **fields) == sent


def test_a_new_call_says_what_zoho_demands() -> None:
    planned = made(dataclasses.replace(CALL, direction=""))
    held = made(dataclasses.replace(CALL, status="completed", result="answered"))

    assert planned == {
        "Subject": "Follow-up",
        "Call_Type": "Outbound",
        "Call_Start_Time": "2026-02-02T05:00:00+00:00",
        "Outgoing_Call_Status": "Scheduled",
    }
    assert held["Call_Duration"] == "00:00"


def test_a_result_that_their_list_has_no_word_for_stays_here() -> None:
    mapping = field_map()
    values = (PickValue("Interested"), PickValue("no answer"))
    names = ("Call_Result", "Call_Type", "Call_Start_Time", "Subject")
    mapping.learn("calls", [FieldMeta(name, "", "picklist", values=values) for name in names])
    answered = dataclasses.replace(CALL, result="answered", status="completed")

    assert written(CALL, mapping, result="answered") == {}
    assert written(CALL, mapping, result="no_answer") == {"Call_Result": "no answer"}
    raw = {"id": "1", "Call_Type": "Outbound", "Call_Start_Time": START.isoformat(), "Call_Result": None}
    assert mapping.to_record("calls", raw, answered, local=_same).result == "answered"


def test_their_own_word_for_a_result_is_not_written_over_while_it_means_the_same() -> None:
    mapping = field_map()
    raw = {"id": "1", "Subject": "s", "Call_Type": "Outbound", "Call_Start_Time": START.isoformat()}
    call = mapping.to_record("calls", raw | {"Call_Result": "Interested", "Call_Duration": "01:00"}, None, local=_same)

    base = mapping.base_of("calls", call)
    noted = mapping.base_of("calls", dataclasses.replace(call, note="They want a demo"))

    assert {name for name in noted if noted[name] != base[name]} == {"note"}


# Tasks and events


@pytest.mark.parametrize(
    ("status", "picks", "word"),
    [
        ("open", (), "Not Started"),
        ("completed", (), "Completed"),
        ("cancelled", (), "Deferred"),
        ("cancelled", ("Not Started", "キャンセル", "Deferred"), "キャンセル"),
        ("completed", ("未着手", "完了"), "完了"),
        ("open", ("未着手", "完了"), "未着手"),
    ],
)
def test_the_status_of_a_task_is_a_word_of_their_list(status: str, picks: tuple[str, ...], word: str) -> None:
    mapping = field_map()
    if picks:
        values = tuple(PickValue(one) for one in picks)
        mapping.learn("tasks", [FieldMeta("Status", "", "picklist", values=values)])

    assert written(TASK, mapping, status=status) == {"Status": word}


def test_a_task_that_is_in_progress_stays_so_while_it_is_open_for_us() -> None:
    mapping = field_map()
    raw = {"id": "1", "Subject": "s", "Due_Date": "2026-02-06", "Status": "In Progress"}
    task = mapping.to_record("tasks", raw, None, local=_same)
    later = dataclasses.replace(task, start_at=task.start_at + timedelta(hours=9), note="Called")

    base, shall = mapping.base_of("tasks", task), mapping.base_of("tasks", later)
    changes = {name: value for name, value in shall.items() if base[name] != value}

    assert mapping.to_raw("tasks", changes, later, zoho=_there) == {"Description": "Called"}


def test_the_due_date_is_the_day_on_the_offices_clock() -> None:
    late = datetime(2026, 2, 5, 16, 0, tzinfo=UTC)  # past midnight in Tokyo

    assert written(TASK, start_at=late) == {"Due_Date": "2026-02-06"}
    assert field_map().to_raw("tasks", {"start_at": "2026-02-06"}, TASK, zoho=_there) == {"Due_Date": "2026-02-06"}


def test_an_event_without_an_end_takes_the_usual_hour() -> None:
    event = Activity("1", "event", "Demo", START)

    assert made(event)["End_DateTime"] == "2026-02-02T06:00:00+00:00"
    assert field_map().base_of("events", event)["end_at"] == "2026-02-02T06:00:00+00:00"
    raw = {
        "id": "1",
        "Event_Title": "Demo",
        "Start_DateTime": START.isoformat(),
        "End_DateTime": made(event)["End_DateTime"],
    }
    assert field_map().to_record("events", raw, event, local=_same).end_at is None


def test_the_status_of_a_meeting_goes_to_a_field_of_theirs_when_one_is_named() -> None:
    event = Activity("1", "event", "Demo", START)
    mapping = field_map(fields={"events": {"status": "Meeting_Status"}})

    assert written(event, status="cancelled") == {}
    assert written(event, mapping, status="cancelled") == {"Meeting_Status": "cancelled"}


# Whom it is about


def test_what_an_activity_is_about_comes_with_its_module() -> None:
    assert written(CALL, deal_id="d") == {"What_Id": {"id": "zd"}, "$se_module": "Deals"}
    assert written(CALL, lead_id="l") == {"What_Id": {"id": "zl"}, "$se_module": "Leads"}
    assert written(dataclasses.replace(CALL, lead_id="l"), deal_id="d") == {
        "What_Id": {"id": "zd"},
        "$se_module": "Deals",
    }
    assert written(CALL, contact_id="c") == {"Who_Id": {"id": "zc"}}
    assert written(dataclasses.replace(CALL, deal_id="d"), deal_id="") == {"What_Id": None}
    renamed = field_map(modules={"leads": "Inquiries"})
    assert written(CALL, renamed, lead_id="l")["$se_module"] == "Inquiries"


# What Zoho's description changes


def test_fields_that_do_not_exist_or_may_not_be_written_are_left_out_once_that_is_known() -> None:
    mapping = field_map(key_field="Our_Key")
    assert "Our_Key" in mapping.fields_to_read("contacts")
    mapping.learn("contacts", [FieldMeta("Last_Name", "", "text"), FieldMeta("Phone", "", "phone", read_only=True)])
    contact = Contact("1", "Mori", email="m@k.example", phone="03")

    assert mapping.fields_to_read("contacts") == ("id", "Created_Time", "Modified_Time", "Last_Name", "Phone")
    assert mapping.writable("contacts") == {"last_name"}
    assert mapping.base_of("contacts", contact) == {"last_name": "Mori"}
    assert made(contact, mapping) == {"Last_Name": "Mori"}
    assert "Email" in mapping.fields_to_read("leads")  # of which nothing was told


def test_names_tell_what_is_mapped_to_what() -> None:
    mapping = field_map(fields={"contacts": {"language": "Sprache", "mobile": ""}})

    names = mapping.names("contacts")

    assert (names["language"], names["last_name"], names["Loyalty_Level"]) == ("Sprache", "Last_Name", "Loyalty_Level")
    assert "mobile" not in names
    assert mapping.carriers("calls")["result"] == ("Call_Result", "Call_Type")
    assert mapping.stage_field() == "Stage"


def _there(module: str, ours: str) -> str:
    return f"z{ours}"


def _same(module: str, theirs: str) -> str:
    return theirs
