"""Who has this address or number: COQL first, search where it must be, and nobody is found who is merely similar."""

from __future__ import annotations

from typing import Any

import pytest

from crm_client.errors import CrmRefused, CrmRejected, CrmUnreachable
from crm_client.zoho.api.searching import criteria, escaped
from crm_client.zoho.api.shapes import Answer, Call
from tests.crm_client.zoho.calls.recording import NOTHING, api, ids_of, person, rows

FIELDS = ["Last_Name", "Email", "Secondary_Email", "Email_Opt_Out", "Phone", "Mobile"]


def _query(sender: Any, nth: int = 0) -> str:
    return str(sender.calls[nth].body["select_query"])


def test_an_address_is_looked_for_in_all_its_fields_with_one_call() -> None:
    calls, sender = api(
        rows(
            person(1, Email="Mori@Kita.example", Secondary_Email=None),
            person(2, Email="ann@kita.example", Secondary_Email=" mori@kita.example"),
            person(3, Email="mori@kita.example.org", Secondary_Email="xmori@kita.example"),
        )
    )

    found = calls.people_with("Contacts", FIELDS, email=" MORI@kita.example ", deadline=1.5)

    assert ids_of(found) == ["1", "2"]
    assert _query(sender) == (
        "select id, Email, Secondary_Email, Last_Name, Email_Opt_Out, Phone, Mobile from Contacts where "
        "((((Email = 'mori@kita.example') or (Email = 'MORI@kita.example')) or "
        "(Secondary_Email = 'mori@kita.example')) or (Secondary_Email = 'MORI@kita.example')) "
        "order by id asc limit 0, 200"
    )
    assert sender.calls[0].credits == 1
    assert 0 < sender.deadlines[0] <= 1.5


def test_nobody_is_a_call_and_not_two() -> None:
    calls, sender = api(NOTHING)

    assert calls.people_with("Leads", FIELDS, email="mori@kita.example") == ()
    assert len(sender.calls) == 1


def test_an_address_that_can_not_be_quoted_is_searched_for_and_compared() -> None:
    calls, sender = api(
        rows(person(1, Email="obrien@kita.example"), more_records=True),
        rows(person(2, Email="O'Brien@kita.example")),
    )

    found = calls.people_with("Contacts", FIELDS, email="o'brien@kita.example")

    assert ids_of(found) == ["2"]
    assert [call.path for call in sender.calls] == ["/crm/v8/Contacts/search"] * 2
    assert sender.calls[0].params == {
        "email": "o'brien@kita.example",
        "fields": "Email,Secondary_Email,Last_Name,Email_Opt_Out,Phone,Mobile",
        "per_page": "200",
        "page": "1",
    }
    assert sender.calls[1].params["page"] == "2"


def test_all_questions_about_a_person_share_one_deadline() -> None:
    calls, sender = api(CrmRejected("ask", "no", code="INVALID_QUERY"), rows(person(1), more_records=True), NOTHING)

    calls.people_with("Contacts", FIELDS, email="mori@kita.example", deadline=30.0)

    assert len(sender.deadlines) == 3
    assert 0 < sender.deadlines[2] < sender.deadlines[1] < sender.deadlines[0] <= 30.0


@pytest.mark.parametrize("code", ["INVALID_QUERY", "SYNTAX_ERROR"])
def test_what_coql_does_not_take_is_searched_for(code: str) -> None:
    calls, sender = api(CrmRejected("ask", "no", code=code), rows(person(1, Email="mori@kita.example")))

    assert ids_of(calls.people_with("Leads", FIELDS, email="mori@kita.example")) == ["1"]
    assert sender.calls[1].params["converted"] == "both"


@pytest.mark.parametrize(
    "error",
    [CrmRefused("ask", "no", code="OAUTH_SCOPE_MISMATCH"), CrmUnreachable("ask", "away")],
    ids=["scope", "away"],
)
def test_other_troubles_are_never_nobody(error: Exception) -> None:
    calls, sender = api(error)

    with pytest.raises(type(error)):
        calls.people_with("Contacts", FIELDS, email="mori@kita.example")

    assert len(sender.calls) == 1


@pytest.mark.parametrize("written", ["03-1111-2345", "+81 3 1111 2345", "０３（１１１１）２３４５", "0311112345"])
def test_a_number_is_found_in_any_form(written: str) -> None:
    calls, sender = api(rows(person(1, Phone="06-9999-2345", Mobile=written), person(2, Phone="2345")))

    assert ids_of(calls.people_with("Contacts", FIELDS, phone="(03) 1111-2345")) == ["1"]
    text = _query(sender)
    assert "Phone like '%2345%'" in text
    assert "Mobile like '%23-45%'" in text
    assert "Email" not in text.partition(" where ")[2]


def test_so_many_similar_numbers_that_the_right_one_may_be_missing_are_searched() -> None:
    calls, sender = api(
        rows(*(person(one, Phone="06-1111-2345") for one in range(1, 201)), more_records=True),
        rows(person(900, Phone="03-1111-2345")),
    )

    assert ids_of(calls.people_with("Contacts", FIELDS, phone="03-1111-2345")) == ["900"]
    assert sender.calls[1].params["phone"] == "03-1111-2345"


def test_address_or_number_is_enough() -> None:
    calls, sender = api(rows(person(1, Email="mori@kita.example"), person(2, Phone="0311112345"), person(3)))

    found = calls.people_with("Contacts", FIELDS, email="mori@kita.example", phone="03-1111-2345")

    assert ids_of(found) == ["1", "2"]
    assert len(sender.calls) == 1


@pytest.mark.parametrize(("email", "phone"), [("", ""), ("no address", ""), ("", "12"), ("x" * 400 + "@a.example", "")])
def test_what_identifies_nobody_is_not_asked_for(email: str, phone: str) -> None:
    calls, sender = api()

    assert calls.people_with("Contacts", FIELDS, email=email, phone=phone) == ()
    assert not sender.calls


def test_a_field_of_the_operators_own_is_compared_too() -> None:
    calls, sender = api(
        rows(person(1, Adresse="mori@kita.example")),
        modules={"contacts": "Kunden"},
        fields={"contacts": {"email": "Adresse"}},
    )

    assert ids_of(calls.people_with("Kunden", ["Last_Name", "Adresse"], email="mori@kita.example")) == ["1"]
    assert "where Adresse = 'mori@kita.example' order" in _query(sender)


def test_fields_beyond_one_call_are_read_for_those_who_were_found() -> None:
    many = [*FIELDS, *(f"F{one}" for one in range(60))]
    calls, sender = api(
        rows(person(1, Email="mori@kita.example"), person(2, Email="no@kita.example")), rows(person(1, F59="last"))
    )

    found = calls.people_with("Contacts", many, email="mori@kita.example")

    assert [(one["id"], one["F59"]) for one in found] == [("1", "last")]
    assert sender.calls[1].params["ids"] == "1"


def test_many_fields_for_numbers_do_not_push_out_the_usual_form() -> None:
    calls, sender = api(NOTHING)

    calls.people_with("Contacts", [f"Phone_{one}" for one in range(20)], phone="03-1111-2345")

    assert all(f"Phone_{one} like '%2345%'" in _query(sender) for one in range(20))
    assert _query(sender).count(" like ") == 25


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("plain", "plain"),
        ("a (b), c", r"a \(b\)\, c"),
        ("ends with \\", "ends with \\\\"),
        ("in\\side", "in\\side"),
        (" two\nlines ", "two lines"),
    ],
)
def test_what_would_end_a_criterion_is_escaped(value: str, text: str) -> None:
    assert escaped(value) == text


def test_criteria_are_joined_and_bounded() -> None:
    assert criteria([("A", "x")], "ask") == "(A:equals:x)"
    assert criteria([("A", "x"), ("B", "y")], "ask") == "((A:equals:x)and(B:equals:y))"
    for wrong in ([], [("A", "x")] * 11, [("A:equals:x)or(B", "y")], [("A", "x" * 3000)]):
        with pytest.raises(CrmRejected):
            criteria(wrong, "ask")


def test_what_search_finds_is_compared_before_it_is_believed() -> None:
    def answer(call: Call) -> Answer:
        assert call.params["criteria"] == r"((Subject:equals:Ann's \(big\) order)and(What_Id.id:equals:77))"
        assert call.params["fields"] == "Subject,What_Id,Due_Date"
        return rows(
            person(1, Subject="Ann's (big) order again", What_Id={"id": "77", "name": "x"}),
            person(2, Subject="ann's (big) order", What_Id={"id": "77", "name": "x"}),
            person(3, Subject="Ann's (big) order", What_Id={"id": "78", "name": "x"}),
            person(4, Subject="Ann's (big) order", What_Id={"id": "77", "name": "x"}),
        )

    calls, _ = api(always=answer)
    where = [("Subject", "Ann's (big) order"), ("What_Id.id", "77")]

    assert ids_of(calls.search("Tasks", ["Due_Date"], where)) == ["2", "4"]
    assert ids_of(calls.search("Tasks", ["Due_Date"], where, most=1)) == ["2"]
