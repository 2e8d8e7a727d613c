"""Writes: what is sent, what it costs, whether it may be repeated, and what became of each record."""

from __future__ import annotations

from typing import Any

import pytest

from crm_client.errors import CrmOutcomeUnknown, CrmRejected, CrmUnreachable
from crm_client.zoho.api.shapes import Answer, Call, Entry
from tests.crm_client.zoho.calls.recording import NOTHING, api, at

WRITES = {
    "insert": lambda calls, entries: calls.insert("Leads", entries),
    "update": lambda calls, entries: calls.update("Leads", entries),
    "upsert": lambda calls, entries: calls.upsert("Leads", entries, duplicate_check=["Email"]),
    "link": lambda calls, entries: calls.link("Deals", "9", "Products", entries),
}


def done(number: int, **more: Any) -> dict[str, Any]:
    details = {"id": str(number), "Modified_Time": "2026-02-03T10:00:00+09:00"}
    return {"code": "SUCCESS", "status": "success", "message": "record added", "details": details, **more}


def failed(code: str, message: str = "no", **details: Any) -> dict[str, Any]:
    return {"code": code, "status": "error", "message": message, "details": details}


def answered(*entries: dict[str, Any], status: int = 200) -> Answer:
    return Answer(status, {"data": list(entries)}, {})


def test_an_insert_is_sent_as_it_is_and_never_repeated() -> None:
    calls, sender = api(answered(done(5), status=201))

    made = calls.insert("Leads", [{"Last_Name": "Aoki", "Company": "Minami"}])

    assert made == (
        Entry(ok=True, id="5", modified_at=at("2026-02-03T01:00:00+00:00"), code="SUCCESS", message="record added"),
    )
    assert sender.calls == [
        Call(
            "POST",
            "/crm/v8/Leads",
            "insert Leads",
            body={"data": [{"Last_Name": "Aoki", "Company": "Minami"}]},  # no `trigger`: all automation runs
            credits=1,
            repeatable=False,
            entries="data",
        )
    ]


def test_an_update_an_upsert_and_a_link_may_be_repeated() -> None:
    calls, sender = api(answered(done(5)), answered(done(6, action="insert"), status=201), answered(done(7)))

    calls.update("Leads", [{"id": "5", "Email": "a@b.example"}])
    upserted = calls.upsert("Leads", [{"Email": "a@b.example"}], duplicate_check=["Email", "Our_Key"])
    calls.link("Deals", "9", "Products", [{"id": "7"}])

    assert [(call.method, call.path, call.repeatable) for call in sender.calls] == [
        ("PUT", "/crm/v8/Leads", True),
        ("POST", "/crm/v8/Leads/upsert", True),
        ("PUT", "/crm/v8/Deals/9/Products", True),
    ]
    assert sender.calls[1].body == {"data": [{"Email": "a@b.example"}], "duplicate_check_fields": ["Email", "Our_Key"]}
    assert upserted[0].action == "insert"


def test_deleting_and_unlinking_name_their_ids() -> None:
    calls, sender = api(answered(done(5), failed("INVALID_DATA", id="6")), answered(done(7)))

    gone = calls.delete("Tasks", ["5", "6"])
    calls.unlink("Deals", "9", "Products", ["7"])

    assert [(entry.ok, entry.code) for entry in gone] == [(True, "SUCCESS"), (False, "INVALID_DATA")]
    assert [(call.method, call.path, dict(call.params), call.repeatable) for call in sender.calls] == [
        ("DELETE", "/crm/v8/Tasks", {"ids": "5,6"}, True),
        ("DELETE", "/crm/v8/Deals/9/Products", {"ids": "7"}, True),
    ]


@pytest.mark.parametrize(
    ("count", "price", "heavy"), [(1, 1, False), (10, 1, False), (11, 2, True), (100, 10, True)], ids=str
)
def test_ten_records_are_a_credit_and_more_are_heavy(count: int, price: int, heavy: bool) -> None:
    calls, sender = api(answered(*(done(one) for one in range(count))))

    calls.update("Leads", [{"id": str(one + 1)} for one in range(count)])

    assert (sender.calls[0].credits, sender.calls[0].heavy) == (price, heavy)


@pytest.mark.parametrize("name", WRITES)
def test_more_than_a_hundred_are_refused_here_and_none_are_not_asked(name: str) -> None:
    calls, sender = api()

    with pytest.raises(CrmRejected, match="100"):
        WRITES[name](calls, [{"id": str(one + 1)} for one in range(101)])
    with pytest.raises(CrmRejected, match="100"):
        calls.delete("Leads", [str(one + 1) for one in range(101)])

    assert WRITES[name](calls, []) == ()
    assert calls.delete("Leads", []) == ()
    assert not sender.calls


@pytest.mark.parametrize("status", [200, 201, 202, 207, 400])
def test_each_record_is_judged_by_its_own_word_whatever_the_status(status: int) -> None:
    calls, _ = api(
        answered(
            done(5),
            failed("MANDATORY_NOT_FOUND", api_name="Last_Name", json_path="$.data[1].Last_Name"),
            failed("INVALID_DATA", json_path="$.data[2].Participants[0].email", expected_data_type="email"),
            failed("INVALID_DATA", api_name="Stage", supported_values=["A", "B"]),
            failed("INVALID_DATA", api_name="Company", maximum_length=200),
            done(6),
            status=status,
        )
    )

    entries = calls.insert("Leads", [{} for _ in range(6)])

    assert [(one.ok, one.id, one.code, one.field, one.expected) for one in entries] == [
        (True, "5", "SUCCESS", "", ""),
        (False, "", "MANDATORY_NOT_FOUND", "Last_Name", ""),
        (False, "", "INVALID_DATA", "email", "email"),
        (False, "", "INVALID_DATA", "Stage", "one of its values"),
        (False, "", "INVALID_DATA", "Company", "at most 200 letters"),
        (True, "6", "SUCCESS", "", ""),
    ]


@pytest.mark.parametrize(
    "details",
    [
        {"api_name": "Email", "duplicate_record": {"id": "401", "Owner": {"id": "11"}}},
        {"api_name": "Email", "id": "401"},
    ],
    ids=["version 8", "before"],
)
def test_a_duplicate_says_which_record_it_is(details: dict[str, Any]) -> None:
    calls, _ = api(answered(failed("DUPLICATE_DATA", "duplicate data", **details), status=400))

    (entry,) = calls.insert("Contacts", [{"Email": "a@b.example"}])

    assert (entry.ok, entry.id, entry.field, entry.duplicate_of) == (False, "", "Email", "401")


def test_of_several_errors_the_one_to_act_on_is_told_and_all_are_named() -> None:
    errors = [
        failed("INVALID_DATA", api_name="Phone", expected_data_type="phone"),
        failed("DUPLICATE_DATA", api_name="Email", duplicate_record={"id": "401"}),
    ]
    calls, _ = api(answered(failed("MULTIPLE_OR_MULTI_ERRORS", errors=errors), failed("MULTIPLE_OR_MULTI_ERRORS")))

    both, unnamed = calls.update("Contacts", [{"id": "1"}, {"id": "2"}])

    assert (both.code, both.field, both.duplicate_of) == ("DUPLICATE_DATA", "Email", "401")
    assert both.message == "INVALID_DATA Phone; DUPLICATE_DATA Email"
    assert (unnamed.ok, unnamed.code) == (False, "MULTIPLE_OR_MULTI_ERRORS")


def test_a_success_in_the_code_that_the_status_denies_is_none() -> None:
    calls, _ = api(answered({"code": "SUCCESS", "status": "error", "details": {"id": "1"}}))

    assert not calls.update("Contacts", [{"id": "1"}])[0].ok


@pytest.mark.parametrize("entry", [{}, {"code": None, "details": None}, {"code": "X", "details": [1]}], ids=repr)
def test_an_entry_of_any_form_is_a_failure_and_no_crash(entry: dict[str, Any]) -> None:
    calls, _ = api(answered(entry))

    (read,) = calls.update("Contacts", [{"id": "1"}])

    assert (read.ok, read.code) == (False, entry.get("code") or "UNKNOWN")


@pytest.mark.parametrize(
    "answer", [answered(done(1)), answered(done(1), done(2), done(3)), NOTHING], ids=["1", "3", "0"]
)
@pytest.mark.parametrize(
    ("name", "error"), [("insert", CrmOutcomeUnknown), ("update", CrmUnreachable), ("upsert", CrmUnreachable)]
)
def test_when_the_numbers_differ_nobody_knows_which_is_whose(answer: Answer, name: str, error: type[Exception]) -> None:
    calls, _ = api(answer)

    with pytest.raises(CrmUnreachable) as raised:
        WRITES[name](calls, [{"id": "1"}, {"id": "2"}])

    assert type(raised.value) is error


def test_one_error_for_all_of_them_is_that_error() -> None:
    calls, _ = api(answered(failed("MANDATORY_NOT_FOUND", api_name="data"), status=400))

    with pytest.raises(CrmRejected) as error:
        calls.insert("Leads", [{}, {}])

    assert (error.value.code, error.value.field) == ("MANDATORY_NOT_FOUND", "data")


def test_an_insert_whose_id_is_not_told_may_have_been_done() -> None:
    nameless = {"code": "SUCCESS", "status": "success", "id": "5", "details": {}}
    calls, _ = api(answered(nameless), answered(nameless))

    with pytest.raises(CrmOutcomeUnknown):
        calls.insert("Leads", [{"Last_Name": "Aoki"}])
    assert calls.update("Leads", [{"id": "5"}])[0].ok


@pytest.mark.parametrize("wrong", ["", "abc", "5/../6", "5,6", "٥"])
def test_what_is_no_id_of_zohos_goes_into_no_write(wrong: str) -> None:
    calls, sender = api()

    for write in (
        lambda: calls.update("Leads", [{"id": wrong}]),
        lambda: calls.delete("Leads", [wrong]),
        lambda: calls.link("Deals", wrong, "Products", [{"id": "1"}]),
        lambda: calls.unlink("Deals", "1", "Products", [wrong]),
        lambda: calls.associate_email("Contacts", wrong, {}),
    ):
        with pytest.raises(CrmRejected):
            write()
    assert not sender.calls


def test_an_upsert_needs_a_unique_field() -> None:
    calls, sender = api()

    with pytest.raises(CrmRejected):
        calls.upsert("Leads", [{"Last_Name": "Aoki"}], duplicate_check=[])

    assert not sender.calls


def test_a_mail_is_put_beside_a_record_once() -> None:
    mail = {"subject": "Quote", "original_message_id": "<abc@kita.example>"}
    success = {"code": "SUCCESS", "status": "success", "details": {"message_id": "m.7"}}
    calls, sender = api(
        Answer(200, {"Emails": [success]}, {}),
        Answer(400, {"Emails": [failed("INVALID_DATA", api_name="from")]}, {}),
        Answer(200, {"Emails": []}, {}),
    )

    assert calls.associate_email("Contacts", "401", mail) == Entry(ok=True, id="m.7", code="SUCCESS")
    assert calls.associate_email("Contacts", "401", mail).field == "from"
    with pytest.raises(CrmOutcomeUnknown):
        calls.associate_email("Contacts", "401", mail)

    assert sender.calls[0] == Call(
        "POST",
        "/crm/v8/Contacts/401/actions/associate_email",
        "put an e-mail beside a record of Contacts",
        body={"Emails": [mail]},
        repeatable=False,
        entries="Emails",
    )


def test_how_we_stand_with_zoho_is_the_senders_word() -> None:
    calls, _ = api()

    assert calls.credits().left == 99
    assert calls.can_work() is False
