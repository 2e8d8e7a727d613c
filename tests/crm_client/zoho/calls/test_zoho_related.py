"""Related lists: of one record page by page, of many five a call, and one by one where that is not offered."""

from __future__ import annotations

from typing import Any

import pytest

from crm_client.errors import CrmRefused, CrmRejected, CrmUnreachable
from crm_client.zoho.api.shapes import Answer, Call
from tests.crm_client.zoho.calls.recording import NOTHING, api, ids_of, person, rows


def part(*records: dict[str, Any], status: int = 200, code: str = "SUCCESS", **info: Any) -> dict[str, Any]:
    body = {"data": list(records), "info": {"more_records": False, **info}} if status == 200 else {}
    return {"code": code, "status": "success", "details": {"response": {"status_code": status, "body": body}}}


def together(*parts: dict[str, Any], status: int = 200) -> Answer:
    return Answer(status, {"__composite_requests": list(parts)}, {})


def test_a_related_list_is_read_to_its_end() -> None:
    calls, sender = api(rows(person(1), more_records=True, next_page_token="t"), rows(person(2)))

    assert ids_of(list(calls.related("Deals", "9", "Products", ["Product_Name", "id"]))) == ["1", "2"]
    assert [(call.path, dict(call.params)) for call in sender.calls] == [
        ("/crm/v8/Deals/9/Products", {"fields": "Product_Name", "per_page": "200"}),
        ("/crm/v8/Deals/9/Products", {"fields": "Product_Name", "per_page": "200", "page_token": "t"}),
    ]


def test_without_tokens_pages_are_numbered() -> None:
    calls, sender = api(rows(person(1), more_records=True), rows(person(2), more_records=True), rows(person(3)))

    assert ids_of(list(calls.related("Deals", "9", "Products", ["Product_Name"]))) == ["1", "2", "3"]
    assert [call.params.get("page") for call in sender.calls] == [None, "2", "3"]


def test_the_same_token_twice_is_an_error() -> None:
    calls, _ = api(always=lambda call: rows(person(1), more_records=True, next_page_token="t"))

    with pytest.raises(CrmUnreachable, match="twice"):
        list(calls.related("Deals", "9", "Products", ["Product_Name"]))


def test_fields_are_always_named() -> None:
    calls, sender = api(NOTHING)

    assert list(calls.related("Deals", "9", "Products", [])) == []
    assert sender.calls[0].params["fields"] == "id"
    with pytest.raises(CrmRejected):
        list(calls.related("Deals", "9", "Products", [f"F{one}" for one in range(51)]))


def test_many_lists_come_five_a_call() -> None:
    def answer(call: Call) -> Answer:
        ids = [one["uri"].split("/")[4] for one in call.body["__composite_requests"]]
        return together(*(part(person(int(one) * 10)) if int(one) % 2 else part(status=204) for one in ids))

    calls, sender = api(always=answer)
    deals = [str(one) for one in range(1, 12)]

    found = calls.related_of_many("Deals", [*deals[:10], "1"], "Products", ["Product_Name"])

    assert {one: ids_of(products) for one, products in found.items()} == {
        one: [str(int(one) * 10)] if int(one) % 2 else [] for one in deals[:10]
    }
    assert [len(call.body["__composite_requests"]) for call in sender.calls] == [5, 5]
    first = sender.calls[0]
    assert (first.method, first.path, first.credits, first.heavy) == ("POST", "/crm/v8/__composite_requests", 5, True)
    assert first.body["__composite_requests"][0] == {
        "sub_request_id": "part_1",
        "method": "GET",
        "uri": "/crm/v8/Deals/1/Products",
        "params": {"fields": "Product_Name", "per_page": "200"},
        "headers": {},
    }
    assert (first.body["rollback_on_fail"], first.body["parallel_execution"]) == (False, True)


@pytest.mark.parametrize(
    "bad",
    [part(status=503), part(code="REQUEST_TIMEOUT"), part(person(1), more_records=True), {}],
    ids=["status", "code", "more", "empty"],
)
def test_a_part_that_failed_or_goes_on_is_asked_for_alone(bad: dict[str, Any]) -> None:
    calls, sender = api(together(bad, part(person(20)), status=207), rows(person(10), person(11)))

    found = calls.related_of_many("Deals", ["1", "2"], "Products", ["Product_Name"])

    assert {one: ids_of(products) for one, products in found.items()} == {"1": ["10", "11"], "2": ["20"]}
    assert sender.calls[1].path == "/crm/v8/Deals/1/Products"


@pytest.mark.parametrize("code", ["FEATURE_NOT_SUPPORTED", "NOT_SUPPORTED", "OAUTH_SCOPE_MISMATCH"])
def test_where_composite_is_not_offered_it_is_tried_once_and_never_again(code: str) -> None:
    calls, sender = api(CrmRefused("ask", "no", code=code), rows(person(10)), NOTHING, rows(person(30)), NOTHING)

    first = calls.related_of_many("Deals", ["1", "2"], "Products", ["Product_Name"])
    second = calls.related_of_many("Deals", ["3", "4"], "Products", ["Product_Name"])

    assert (ids_of(first["1"]), first["2"], ids_of(second["3"]), second["4"]) == (["10"], (), ["30"], ())
    assert [call.method for call in sender.calls] == ["POST", "GET", "GET", "GET", "GET"]


def test_trouble_with_composite_is_no_empty_list() -> None:
    calls, _ = api(CrmUnreachable("ask", "away"))

    with pytest.raises(CrmUnreachable):
        calls.related_of_many("Deals", ["1", "2"], "Products", ["Product_Name"])


def test_a_record_that_is_gone_has_nothing_related_but_a_wrong_list_is_an_error() -> None:
    def answer(call: Call) -> Answer:
        if call.path == "/crm/v8/Deals":
            return rows(person(1)) if call.params["ids"] == "1" else NOTHING
        raise CrmRejected("ask", "no", code="INVALID_DATA")

    calls, _ = api(always=answer)

    assert calls.related_of_many("Deals", ["2"], "Products", ["Product_Name"]) == {"2": ()}
    with pytest.raises(CrmRejected):
        calls.related_of_many("Deals", ["1"], "Prodcts", ["Product_Name"])
