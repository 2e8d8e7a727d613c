"""What an answer means, exchange by exchange: bare, wrapped, empty, a web page."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crm_client.errors import CrmBusy, CrmConflict, CrmError, CrmRefused, CrmRejected, CrmUnreachable
from crm_client.zoho.api.answers import Reading, Verdict, read
from crm_client.zoho.api.exchange import Response
from crm_client.zoho.api.shapes import Call
from crm_client.zoho.troubles import WHAT_TO_DO

LIST = Call("GET", "/crm/v8/Contacts", "read contacts")
INSERT_ONE = Call("POST", "/crm/v8/Leads", "insert", body={"data": [{}]}, repeatable=False, entries="data")
INSERT_TWO = Call("POST", "/crm/v8/Leads", "insert", body={"data": [{}, {}]}, repeatable=False, entries="data")


def reading(status: int, body: Any, call: Call = LIST) -> Reading:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return read(call, Response(status, {}, content))


def said(code: str, **details: Any) -> dict[str, Any]:
    return {"code": code, "details": details, "message": "mori@kita.example is wrong", "status": "error"}


@pytest.mark.parametrize("status", [204, 304])
def test_nothing_there_is_an_answer(status: int) -> None:
    found = reading(status, b"")

    assert found.verdict is Verdict.GOOD
    assert found.answer is not None and found.answer.body == {}


@pytest.mark.parametrize("body", [b"", b"  ", b"{}"])
def test_success_with_nothing_in_it_is_none(body: bytes) -> None:
    found = reading(200, body)

    assert (found.verdict, found.answer) == (Verdict.HOLLOW, None)
    assert isinstance(found.error, CrmUnreachable) and found.error.trouble == "empty_success"


@pytest.mark.parametrize(
    "code", ["INVALID_TOKEN", "INVALID_OAUTHTOKEN", "AUTHENTICATION_FAILURE", "AUTHENTICATION_FAILED"]
)
@pytest.mark.parametrize("wrapped", [False, True])
def test_a_dead_token_has_four_names(code: str, wrapped: bool) -> None:
    body = {"data": [said(code)]} if wrapped else said(code)

    assert reading(401, body).verdict is Verdict.NO_TOKEN
    assert reading(401, body, INSERT_ONE).verdict is Verdict.NO_TOKEN


@pytest.mark.parametrize(
    ("status", "code", "details", "error", "trouble", "field"),
    [
        (401, "OAUTH_SCOPE_MISMATCH", {}, CrmRefused, "missing_scope", ""),
        (403, "OAUTH_SCOPE_MISMATCH", {}, CrmRefused, "missing_scope", ""),
        (400, "INVALID_HOST", {}, CrmRefused, "wrong_data_centre", ""),
        (403, "NO_PERMISSION", {}, CrmRefused, "no_permission", ""),
        (403, "SOMETHING_NEW", {}, CrmRefused, "no_permission", ""),
        (400, "FEATURE_NOT_SUPPORTED", {}, CrmRefused, "feature_missing", ""),
        (400, "INVALID_MODULE", {"resource_path_index": 0}, CrmRejected, "module_missing", ""),
        (400, "MANDATORY_NOT_FOUND", {"api_name": "Last_Name"}, CrmRejected, "mandatory_missing", "Last_Name"),
        (400, "INVALID_DATA", {"json_path": "$.data[0].Phone"}, CrmRejected, "value_rejected", "Phone"),
        (400, "INVALID_QUERY", {"column_name": "Old_Name"}, CrmRejected, "field_missing", "Old_Name"),
        (400, "EXPIRED_VALUE", {"param_name": "page_token"}, CrmRejected, "", "page_token"),
        (400, "a sentence, not a word", {}, CrmRejected, "", ""),
        (404, "INVALID_URL_PATTERN", {}, CrmRejected, "", ""),
        (412, "ALREADY_MODIFIED", {}, CrmConflict, "", ""),
        (400, "RECORD_LOCKED", {}, CrmConflict, "record_locked", ""),
        (202, "NO_PERMISSION", {}, CrmRefused, "no_permission", ""),  # with success, as older versions did
    ],
)
@pytest.mark.parametrize("wrapped", [False, True], ids=["bare", "wrapped"])
def test_each_word_of_zoho_is_an_error_of_ours(
    status: int, code: str, details: dict[str, Any], error: type[CrmError], trouble: str, field: str, wrapped: bool
) -> None:
    body = {"watch": [said(code, **details)]} if wrapped else said(code, **details)

    found = reading(status, body)

    assert found.verdict is Verdict.WRONG
    assert type(found.error) is error
    assert found.error.trouble == trouble and (not trouble or trouble in WHAT_TO_DO)
    assert getattr(found.error, "field", field) == field
    assert found.error.code == (code if code.isupper() else "")
    assert "mori" not in str(found.error)


@pytest.mark.parametrize(
    ("status", "body"),
    [(429, said("TOO_MANY_REQUESTS")), (429, b"<html>slow down</html>"), (400, said("RATE_LIMIT_EXCEEDED"))],
)
def test_too_many_calls(status: int, body: Any) -> None:
    found = reading(status, body, INSERT_ONE)

    assert found.verdict is Verdict.BUSY
    assert isinstance(found.error, CrmBusy)


@pytest.mark.parametrize(
    ("status", "body", "trouble"),
    [
        (500, said("INTERNAL_ERROR"), "outage"),
        (502, b"<html>Bad Gateway</html>", "outage"),
        (503, {"data": [said("SERVICE_UNAVAILABLE")]}, "outage"),
        (200, b"<html>Please log in</html>", "not_json"),
        (200, b"[1, 2]", "not_json"),
        (404, b"<html>Not found</html>", "not_json"),
        (302, b"", "not_json"),
    ],
)
def test_what_is_no_answer_of_the_api_is_no_answer(status: int, body: Any, trouble: str) -> None:
    found = reading(status, body)

    assert (found.verdict, found.answer) == (Verdict.SERVER, None)
    assert isinstance(found.error, CrmUnreachable) and found.error.trouble == trouble


@pytest.mark.parametrize("status", [200, 201, 202, 207, 400])
def test_entries_of_a_write_are_for_who_asked_to_judge(status: int) -> None:
    body = {"data": [{"code": "SUCCESS", "status": "success", "details": {"id": "1"}}, said("MANDATORY_NOT_FOUND")]}

    found = reading(status, body, INSERT_TWO)

    assert found.answer is not None and found.answer.body == body


def test_an_error_about_the_only_record_sent_is_its_entry_also_when_it_comes_bare() -> None:
    body = said("DUPLICATE_DATA", api_name="Email", duplicate_record={"id": "61"})

    one = reading(400, body, INSERT_ONE)

    assert one.answer is not None and one.answer.body == {"data": [body]}
    assert isinstance(reading(400, body, INSERT_TWO).error, CrmConflict)
    assert isinstance(reading(400, said("INVALID_MODULE"), INSERT_ONE).error, CrmRejected)


def test_a_record_whose_fields_are_called_like_parts_of_an_error_is_a_record() -> None:
    assert reading(200, {"data": [{"id": "1", "code": "X", "status": "open"}]}).verdict is Verdict.GOOD


def test_a_web_page_is_no_file() -> None:
    call = Call("GET", "/crm/bulk/v8/read/1/result", "get rows", binary=True)

    page = read(call, Response(200, {"content-type": "text/html; charset=utf-8"}, file="/nowhere"))
    file = read(call, Response(200, {"content-type": "application/zip"}, file="/nowhere"))

    assert page.verdict is Verdict.SERVER
    assert file.answer is not None and file.answer.content == "/nowhere"


def test_an_answer_nested_without_end_is_none_of_zohos() -> None:
    found = reading(200, b'{"data":' + b"[" * 100_000)

    assert (found.verdict, found.answer) == (Verdict.SERVER, None)
    assert isinstance(found.error, CrmUnreachable) and found.error.trouble == "not_json"
