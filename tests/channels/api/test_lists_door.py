"""Records by a filter over the API: what is described is answered; every mistake in a filter is told at once."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest
from jsonschema import Draft202012Validator
from limits.storage import MemoryStorage
from sqlalchemy import insert
from werkzeug.test import TestResponse

from crm_client.embedded import tables as crm
from motenashi.channels.api.lists_door import build_lists_api
from motenashi.channels.api.openapi import SCHEMAS as COMMON
from motenashi.channels.api.openapi_lists import PATHS, SCHEMAS
from motenashi.channels.api.settings import ApiSettings
from motenashi.database import Database
from motenashi.filters.desk import FilterDesk
from motenashi.filters.filter import FilterTooSlow
from motenashi.identity.roles import Role
from motenashi.pages.guard import calling, require_api_key
from tests.filters.small_world import make_tables
from tests.pages.conftest import House, build_house, house

__all__ = ["build_house", "house"]  # fixtures

AT = datetime(2026, 5, 1, 3, 0, tzinfo=UTC)


@pytest.fixture
def desk(sqlite_database: Database) -> FilterDesk:
    make_tables(sqlite_database)
    with sqlite_database.write() as connection:
        for number, title in enumerate(("Buyer", "Buyer", "CTO")):
            row = {"id": f"c{number}", "last_name": "田中", "title": title, "created_at": AT}
            connection.execute(insert(crm.crm_contacts), [row])
    return FilterDesk(sqlite_database, clock=lambda: AT)


class Caller:
    """A program with a key. Every answer is held against the description before the test sees it."""

    def __init__(self, house: House, *scopes: str) -> None:
        self.client = house.client()
        self.headers = {"Authorization": f"Bearer {house.api_keys.create_api_key('crm', scopes, now=house.now)}"}

    def get(self, path: str) -> TestResponse:
        answer = self.client.get(f"/api/{path}", headers=self.headers)
        told = PATHS[f"/api/{path}".partition("?")[0]]["get"]["responses"][str(answer.status_code)]
        schema = told["content"]["application/json"]["schema"] | {"components": {"schemas": COMMON | SCHEMAS}}
        Draft202012Validator(schema).validate(answer.json)
        return answer

    def asked(self, written: Any, more: str = "") -> Any:
        answer = self.get(f"contacts?filter={quote(json.dumps(written))}{more}")
        assert answer.status_code == 200, answer.text
        return answer.json


@pytest.fixture
def door(house: House, desk: FilterDesk) -> House:
    api = build_lists_api(
        ApiSettings(), desk, require_scope=require_api_key, caller=calling, rate_storage=MemoryStorage()
    )
    house.csrf.exempt(api)
    house.app.register_blueprint(api)
    return house


@pytest.fixture
def caller(door: House) -> Caller:
    return Caller(door, "records")


def test_the_description_is_a_schema() -> None:
    for schema in SCHEMAS.values():
        Draft202012Validator.check_schema(schema)
    assert not set(SCHEMAS) & set(COMMON)


def test_records_of_a_filter_with_its_meaning(caller: Caller) -> None:
    answer = caller.asked({"if": {"title": "buyer"}})

    assert answer["total"] == 2
    assert [record["id"] for record in answer["records"]] == ["c1", "c0"]
    assert answer["records"][0]["fields"]["created_at"] == "2026-05-01T03:00:00Z"
    assert answer["meaning"] == {"en": "Contacts: title is “buyer”", "ja": "連絡先：役職が「buyer」"}


def test_pages_sorting_and_chosen_fields(caller: Caller) -> None:
    first = caller.get("contacts?sort=-title&most=2&fields=title,account.name").json
    rest = caller.get(f"contacts?sort=-title&most=2&fields=title&count=false&after={first['next']}").json

    assert [record["fields"] for record in first["records"]] == [
        {"title": "CTO", "account.name": ""},
        {"title": "Buyer", "account.name": ""},
    ]
    assert [record["id"] for record in rest["records"]] == ["c0"]
    assert (rest["total"], rest["next"]) == (None, "")


def test_a_backslash_is_a_letter_like_others(caller: Caller) -> None:
    assert caller.asked({"if": {"title": r"a\u0000"}})["total"] == 0


def test_every_mistake_is_told(caller: Caller) -> None:
    written = {"if": [{"titel": "a"}, {"responses": {"some": {"tone": "bad"}}}]}
    answer = caller.get(f"contacts?filter={quote(json.dumps(written))}")

    assert answer.status_code == 400
    assert answer.json["error"]["code"] == "bad_filter"
    assert [(one["condition"], one["place"]) for one in answer.json["problems"]] == [
        (1, "condition 1"),
        (1, "condition 2, responses, condition 1"),
    ]
    assert answer.json["problems"][0]["hint"] == "Did you mean 'title'?"


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ("most=0", "most"),
        ("most=501", "most"),
        ("most=١", "most"),
        ("count=maybe", "count"),
        ("filters={}", "filters"),
        ("fields=" + ",".join(f"f{number}" for number in range(61)), "fields"),
        ("filter=%7B", "filter"),
        ("filter=" + quote(r'{"title": "a\u0000"}'), "filter"),
        ("filter=" + quote(r'{"title": {"in": ["\ud800"]}}'), "filter"),
        ("sort=nothing", "filter"),
        ("after=nothing", "filter"),
        ("fields=responses", "filter"),
    ],
)
def test_a_wrong_question_is_told_by_its_field(caller: Caller, question: str, field: str) -> None:
    answer = caller.get(f"contacts?{question}")

    assert (answer.status_code, answer.json["error"]["field"]) == (400, field)


@pytest.mark.parametrize("module", ["leads", "contacts", "accounts", "deals"])
def test_what_can_be_asked(caller: Caller, module: str) -> None:
    fields = {field["name"]: field for field in caller.get(f"{module}/fields").json["fields"]}

    assert fields["owner.name"]["label"]["ja"]
    assert fields["responses"]["type"] == "rows"
    assert "keyword.tone" in {field["name"] for field in fields["responses"]["fields"]}


def test_only_for_keys_with_the_scope_and_staff_who_may_see(door: House) -> None:
    assert Caller(door, "advice").get("contacts").status_code == 403
    assert door.client().get("/api/contacts").status_code == 401
    assert door.staff(Role.REPRESENTATIVE).get("/api/contacts").status_code == 200
    assert door.staff(Role.DESIGNER).get("/api/contacts").status_code == 403


def test_a_filter_that_takes_too_long_is_told(
    caller: Caller, desk: FilterDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*_: Any, **__: Any) -> None:
        raise FilterTooSlow("the database did not answer within 10 seconds")

    monkeypatch.setattr(desk, "page", slow)
    answer = caller.get("deals")

    assert (answer.status_code, answer.json["error"]["code"]) == (422, "too_slow")
