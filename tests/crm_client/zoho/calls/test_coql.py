"""COQL: nothing gets into a query that is not checked; limits are kept; long questions become several."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_client.errors import CrmRejected, CrmUnreachable
from crm_client.zoho.api import coql
from crm_client.zoho.api.shapes import Answer, Call
from tests.crm_client.zoho.calls.recording import NOTHING, api, ids_of, person, rows


@pytest.mark.parametrize(
    ("where", "text"),
    [
        ([], "id is not null"),
        ([("Email", "=", "a@b.example")], "Email = 'a@b.example'"),
        ([("A", "=", "1"), ("B", "!=", "2")], "((A = '1') and (B != '2'))"),
        ([("A", "is null", None), ("B", ">", 2), ("C", "<=", 3)], "(((A is null) and (B > 2)) and (C <= 3))"),
        (
            [("A", "=", 1), ("B", "=", 2), ("C", "=", 3), ("D", "=", 4)],
            "((((A = 1) and (B = 2)) and (C = 3)) and (D = 4))",
        ),
        ([("Stage", "in", ("Open", "Won"))], "Stage in ('Open', 'Won')"),
        ([("Contact_Name.Email", "is not null", None)], "Contact_Name.Email is not null"),
    ],
)
def test_conditions_are_nested_two_by_two(where: list[coql.Condition], text: str) -> None:
    assert coql.where_all(where, "ask") == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (7, "7"),
        (Decimal("1E+3"), "1000"),
        (0.5, "0.5"),
        (date(2026, 2, 3), "'2026-02-03'"),
        (datetime(2026, 2, 3, 1, 2, 3, 999, tzinfo=UTC), "'2026-02-03T01:02:03+00:00'"),
        ("森 健@x.example", "'森 健@x.example'"),
        ("森\u3000健", "'森\u3000健'"),
        ("50% off; -- drop", "'50% off; -- drop'"),
    ],
)
def test_values_are_written_as_zoho_reads_them(value: Any, text: str) -> None:
    assert coql.quoted(value, "ask", "F") == text


@pytest.mark.parametrize(
    "value",
    [
        *("O'Brien", 'say "x"', "back\\slash", "line\nbreak", "\u2028", "\x00", "\ud800", "`", "x" * 1001),
        *(None, float("nan"), Decimal("Infinity"), b"x", ["list"], datetime(2026, 2, 3)),
    ],
    ids=lambda value: ascii(value)[:20],
)
def test_what_can_not_be_quoted_safely_is_refused_and_not_repeated_in_the_error(value: Any) -> None:
    with pytest.raises(CrmRejected) as error:
        coql.where_all([("Last_Name", "=", value)], "query Contacts")

    assert error.value.field == "Last_Name"
    assert str(error.value) == "query Contacts: this value can't stand in a query"


@given(st.text())
def test_no_text_ever_leaves_its_quotes(text: str) -> None:
    try:
        written = coql.quoted(text, "ask", "F")
    except CrmRejected:
        return

    assert written == f"'{text}'"
    assert "'" not in text
    assert "\\" not in text
    assert len(written.splitlines()) == 1


@pytest.mark.parametrize(
    "where",
    [
        [("Email = '' or id", "=", "x")],
        [("a.b.c.d", "=", "x")],
        [("Email", "like", "%")],
        [("Email", "= '' or id is not null or Email =", "x")],
        [("Email", "in", [])],
        [("Email", "in", ["x"] * 51)],
        [("Email", "=", "x")] * 26,
    ],
    ids=lambda where: f"{len(where)} {where[0][0]} {where[0][1]}"[:30],
)
def test_what_is_not_on_the_list_is_refused(where: list[coql.Condition]) -> None:
    with pytest.raises(CrmRejected):
        coql.where_all(where, "ask")


def test_a_query_says_its_fields_order_and_limit() -> None:
    calls, sender = api(rows(person(1, Email="a@b.example")))

    found = calls.query("Contacts", ["Email", "id", "Account_Name.Account_Name"], [("Email", "=", "a@b.example")])

    assert ids_of(found) == ["1"]
    assert sender.calls == [
        Call(
            "POST",
            "/crm/v8/coql",
            "query Contacts",
            body={
                "select_query": "select id, Email, Account_Name.Account_Name from Contacts "
                "where Email = 'a@b.example' order by id asc limit 0, 200"
            },
            credits=1,
            heavy=True,
        )
    ]


@pytest.mark.parametrize(("most", "price"), [(1, 1), (200, 1), (201, 2), (1000, 2), (1001, 3), (2000, 3)])
def test_credits_follow_the_limit(most: int, price: int) -> None:
    calls, sender = api(NOTHING)

    calls.query("Contacts", ["Email"], [], most=most)

    assert sender.calls[0].credits == price
    assert sender.calls[0].body["select_query"].endswith(f"limit 0, {most}")


def _limits(sender: Any) -> list[str]:
    return [call.body["select_query"].partition(" limit ")[2] for call in sender.calls]


def test_more_rows_are_asked_for_from_where_the_last_ones_ended() -> None:
    given_rows = [
        rows(*(person(one) for one in range(1, 501)), more_records=True),  # fewer than asked for
        rows(*(person(one) for one in range(501, 901)), more_records=False),
    ]
    calls, sender = api(*given_rows)

    assert len(calls.query("Contacts", ["Email"], [], most=5000)) == 900
    assert _limits(sender) == ["0, 2000", "500, 2000"]


def test_where_a_version_gives_only_two_hundred_rows_that_is_what_is_asked_for() -> None:
    def answer(call: Call) -> Answer:
        offset, count = (int(part) for part in call.body["select_query"].partition(" limit ")[2].split(", "))
        if count > 200:
            raise CrmRejected("query", "too many", code="LIMIT_EXCEEDED")
        found = [person(one) for one in range(offset + 1, min(offset + count, 450) + 1)]
        return rows(*found, more_records=offset + count < 450)

    calls, sender = api(always=answer)

    assert len(calls.query("Contacts", ["Email"], [], most=600)) == 450
    assert _limits(sender) == ["0, 600", "0, 200", "200, 200", "400, 200"]


def test_many_values_become_several_questions() -> None:
    def answer(call: Call) -> Answer:
        values = call.body["select_query"].partition("in (")[2].partition(")")[0].replace("'", "").split(", ")
        return rows(*(person(int(value)) for value in values))

    calls, sender = api(always=answer)
    where = [("Stage", "=", "Open"), ("id", "in", [str(one) for one in range(1, 121)] + ["1"])]

    assert len(calls.query("Deals", ["Stage"], where, most=2000)) == 120
    assert [call.body["select_query"].count(", '") for call in sender.calls] == [49, 49, 19]
    assert all("(Stage = 'Open') and (id in (" in call.body["select_query"] for call in sender.calls)


def test_a_list_without_values_has_no_records_and_costs_nothing() -> None:
    calls, sender = api()

    assert calls.query("Deals", ["Stage"], [("id", "in", [])]) == ()
    assert not sender.calls


def test_two_long_lists_of_values_are_refused() -> None:
    calls, _ = api()
    long = [str(one) for one in range(60)]

    with pytest.raises(CrmRejected, match="only one condition"):
        calls.query("Deals", ["Stage"], [("id", "in", long), ("Owner", "in", long)])


def test_fields_beyond_fifty_are_read_by_id() -> None:
    many = [f"F{number}" for number in range(1, 61)]

    def answer(call: Call) -> Answer:
        if call.method == "POST":
            assert call.body["select_query"].partition(" from ")[0].count(",") == 49
            return rows({"id": "1", "F1": "one"})
        assert call.params["ids"] == "1"
        return rows(person(1, **{name: name for name in call.params["fields"].split(",") if name != "Modified_Time"}))

    calls, sender = api(always=answer)

    found = calls.query("Deals", many, [("id", "=", "1")])

    assert (found[0]["F1"], found[0]["F60"]) == ("one", "F60")
    assert len(sender.calls) == 2


def test_all_questions_of_a_query_share_one_deadline() -> None:
    calls, sender = api(rows(person(1), more_records=True), rows(person(2)))

    calls.query("Contacts", ["Email"], [], most=400, deadline=30.0)

    first, second = sender.deadlines
    assert 0 < second < first <= 30.0


def test_nothing_is_asked_when_the_time_is_over() -> None:
    calls, sender = api()

    with pytest.raises(CrmUnreachable, match="time"):
        calls.query("Contacts", ["Email"], [], deadline=0.0)

    assert not sender.calls
