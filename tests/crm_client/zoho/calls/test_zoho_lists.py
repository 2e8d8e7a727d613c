"""Lists by Modified_Time, records by id, and deletions: what is asked, and what happens when a list breaks off."""

from __future__ import annotations

import pytest

from crm_client.errors import CrmRejected, CrmUnreachable
from crm_client.zoho.api.shapes import Answer, Call
from tests.crm_client.zoho.calls.recording import NOTHING, api, at, ids_of, person, rows


def test_a_list_is_asked_for_oldest_change_first_with_its_fields() -> None:
    calls, sender = api(rows(person(1), next_page_token="t2", more_records=True))

    page = calls.page("Contacts", ["Email", "id", "Modified_Time"], since=at("2026-02-01T00:00:00.9+09:00"))

    assert (ids_of(page.records), page.next_token, page.more) == (["1"], "t2", False)
    assert sender.calls == [
        Call(
            "GET",
            "/crm/v8/Contacts",
            "list Contacts",
            params={
                "fields": "Modified_Time,Email",
                "per_page": "200",
                "sort_by": "Modified_Time",
                "sort_order": "asc",
            },
            headers={"If-Modified-Since": "2026-01-31T15:00:00+00:00"},
            heavy=True,
        )
    ]


@pytest.mark.parametrize("status", [204, 304])
def test_nothing_new_is_an_empty_page(status: int) -> None:
    calls, _ = api(Answer(status, {}, {}))

    assert calls.page("Contacts", ["Email"]).records == ()


@pytest.mark.parametrize("body", [{}, {"info": {}}, {"data": "x"}, {"data": None}])
def test_a_success_without_a_list_is_never_taken_for_an_empty_one(body: dict[str, object]) -> None:
    calls, _ = api(Answer(200, body, {}))

    with pytest.raises(CrmUnreachable) as error:
        calls.page("Contacts", ["Email"])

    assert error.value.trouble == "empty_success"


def test_leads_come_with_those_that_were_converted_whatever_the_module_is_called() -> None:
    calls, sender = api(NOTHING, NOTHING, NOTHING, modules={"leads": "Prospects"})

    calls.page("Prospects", ["Email"])
    calls.records("Prospects", ["1"], ["Email"])
    calls.page("Contacts", ["Email"])

    assert [call.params.get("converted") for call in sender.calls] == ["both", "both", None]


def test_fields_beyond_fifty_are_read_by_id_and_merged() -> None:
    many = [f"F{number}" for number in range(1, 120)]

    def answer(call: Call) -> Answer:
        names = call.params["fields"].split(",")
        assert len(names) <= 50
        asked = call.params["ids"].split(",") if "ids" in call.params else ["1", "2"]
        changed = "2026-02-01T10:00:00+09:00" if "ids" not in call.params else "2026-02-02T10:00:00+09:00"
        gone = {"2"} if "F110" in names else set()
        found = [person(int(one), changed) | {name: f"{one}.{name}" for name in names[1:]} for one in asked]
        return rows(*(raw for raw in found if raw["id"] not in gone))

    calls, sender = api(always=answer)

    page = calls.page("Deals", many)

    assert ids_of(page.records) == ["1"]  # the other was deleted between the calls
    assert {name: page.records[0][name] for name in many} == {name: f"1.{name}" for name in many}
    assert page.records[0]["Modified_Time"] == "2026-02-01T10:00:00+09:00"  # the older: it will be read again
    assert len(sender.calls) == 3


def test_all_pages_follow_their_tokens() -> None:
    calls, sender = api(
        rows(person(1), more_records=True, next_page_token="a"),
        rows(person(2), more_records=True, next_page_token="b"),
        rows(person(3)),
    )

    assert [ids_of(page.records) for page in calls.pages("Contacts", ["Email"])] == [["1"], ["2"], ["3"]]
    assert [call.params.get("page_token") for call in sender.calls] == [None, "a", "b"]


def test_the_same_token_twice_is_an_error() -> None:
    calls, _ = api(always=lambda call: rows(person(1), more_records=True, next_page_token="a"))

    with pytest.raises(CrmUnreachable, match="twice"):
        list(calls.pages("Contacts", ["Email"]))


@pytest.mark.parametrize("code", ["EXPIRED_VALUE", "TOKEN_BOUND_DATA_MISMATCH", "PAGINATION_LIMIT_EXCEEDED"])
def test_a_list_that_broke_off_begins_again_where_it_was_and_gives_nothing_twice(code: str) -> None:
    changed = person(1, "2026-02-01T10:00:05+09:00")
    calls, sender = api(
        rows(
            person(1, "2026-02-01T10:00:00+09:00"),
            person(2, "2026-02-01T10:00:04+09:00"),
            person(3, "2026-02-01T10:00:04+09:00"),
            more_records=True,
            next_page_token="old",
        ),
        CrmRejected("list Contacts", "no", code=code),
        rows(person(3, "2026-02-01T10:00:04+09:00"), person(4, "2026-02-01T10:00:04+09:00"), changed),
    )

    pages = list(calls.pages("Contacts", ["Email"], since=at("2026-01-01T00:00:00+00:00")))

    assert [ids_of(page.records) for page in pages] == [["1", "2", "3"], ["4", "1"]]
    assert pages[1].records[1] == changed
    assert [call.headers["If-Modified-Since"] for call in sender.calls] == [
        "2026-01-01T00:00:00+00:00",
        "2026-01-01T00:00:00+00:00",
        "2026-02-01T01:00:03+00:00",  # a second less than the last one seen: 4 changed in that very second
    ]
    assert "page_token" not in sender.calls[2].params


def test_a_list_that_leads_nowhere_is_gone_on_with_from_the_last_time_seen() -> None:
    calls, sender = api(
        rows(person(1, "2026-02-01T10:00:00+09:00"), more_records=True),
        rows(person(1, "2026-02-01T10:00:00+09:00"), person(2, "2026-02-01T10:00:09+09:00")),
    )

    assert [ids_of(page.records) for page in calls.pages("Notes", ["Note_Title"])] == [["1"], ["2"]]
    assert "If-Modified-Since" not in sender.calls[0].headers
    assert sender.calls[1].headers == {"If-Modified-Since": "2026-02-01T00:59:59+00:00"}


def test_beginning_again_without_anything_new_ends_with_an_error() -> None:
    calls, sender = api(always=lambda call: rows(person(1), more_records=True))

    with pytest.raises(CrmUnreachable, match="one second"):
        list(calls.pages("Notes", ["Note_Title"]))

    assert len(sender.calls) == 2


def test_other_errors_of_a_list_are_what_they_are() -> None:
    calls, _ = api(CrmRejected("list X", "no", code="INVALID_MODULE", trouble="module_missing"))

    with pytest.raises(CrmRejected) as error:
        list(calls.pages("Contacts", ["Email"]))

    assert error.value.trouble == "module_missing"


@pytest.mark.parametrize("module", ["", "Contacts/actions", "Contacts?x=1", "../users", "Kontakté", "Contacts\n"])
def test_what_is_no_module_name_gets_into_no_path(module: str) -> None:
    calls, sender = api()

    with pytest.raises(CrmRejected) as error:
        calls.page(module, ["Email"])

    assert error.value.trouble == "module_missing"
    assert not sender.calls


def test_records_are_read_a_hundred_at_a_time_in_the_order_asked_for() -> None:
    wanted = [str(number) for number in range(300, 50, -1)]
    calls, sender = api(always=lambda call: rows(*(person(int(one)) for one in sorted(call.params["ids"].split(",")))))

    found = calls.records("Contacts", [*wanted, "300", "our own", ""], ["Email"])

    assert ids_of(found) == wanted
    assert [len(call.params["ids"].split(",")) for call in sender.calls] == [100, 100, 50]
    assert {call.params["fields"] for call in sender.calls} == {"Modified_Time,Email"}
    assert not any(call.heavy for call in sender.calls)


def test_an_id_that_makes_zoho_refuse_the_call_is_left_out_alone() -> None:
    def answer(call: Call) -> Answer:
        ids = call.params["ids"].split(",")
        if "7" in ids:
            raise CrmRejected("read", "the id given seems to be invalid", code="INVALID_DATA")
        return rows(*(person(int(one)) for one in ids))

    calls, _ = api(always=answer)

    assert ids_of(calls.records("Contacts", [str(one) for one in range(1, 11)], ["Email"])) == [
        *"12345689",
        "10",
    ]


def test_a_field_that_zoho_refuses_is_not_looked_for_among_the_ids() -> None:
    calls, sender = api(CrmRejected("read", "no", "Emali", code="INVALID_DATA"))

    with pytest.raises(CrmRejected):
        calls.records("Contacts", ["1", "2"], ["Emali"])

    assert len(sender.calls) == 1


def test_deletions_come_page_by_page_each_once() -> None:
    def deletion(number: int) -> dict[str, str]:
        return {"id": str(number), "deleted_time": "2026-02-02T08:00:00+09:00", "type": "recycle"}

    calls, sender = api(
        rows(deletion(1), deletion(2), more_records=True),
        rows(deletion(2), deletion(3)),
    )

    found = list(calls.deleted("Contacts", at("2026-02-01T00:00:00+00:00")))

    assert [(one.id, one.kind) for one in found] == [("1", "recycle"), ("2", "recycle"), ("3", "recycle")]
    assert found[0].deleted_at == at("2026-02-01T23:00:00+00:00")
    assert [call.params["page"] for call in sender.calls] == ["1", "2"]
    assert sender.calls[0].path == "/crm/v8/Contacts/deleted"
    assert sender.calls[0].params["type"] == "all"
    assert sender.calls[0].headers == {"If-Modified-Since": "2026-02-01T00:00:00+00:00"}


def test_deletions_that_go_round_in_circles_end_with_an_error() -> None:
    deletion = {"id": "1", "deleted_time": "2026-02-02T08:00:00+09:00"}
    calls, sender = api(always=lambda call: rows(deletion, more_records=True))

    with pytest.raises(CrmUnreachable, match="again"):
        list(calls.deleted("Contacts", at("2026-02-01T00:00:00+00:00")))

    assert len(sender.calls) == 2


def test_numbers_as_ids_become_texts_and_records_without_one_an_error() -> None:
    calls, _ = api(rows({"id": 4876876000000100001}), rows({"Email": "x"}))

    assert ids_of(calls.page("Contacts", ["Email"]).records) == ["4876876000000100001"]
    with pytest.raises(CrmUnreachable):
        calls.page("Contacts", ["Email"])
