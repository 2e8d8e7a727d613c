"""What is closed to strangers, what opens it, and that forgetting to guard a page opens nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Blueprint

from motenashi.identity.roles import Role
from motenashi.pages.guard import CLOSED, local_path, require, require_api_key


@pytest.mark.parametrize("rest", ["", "/", "/nowhere", "/a/b?c=d"])
def test_a_page_behind_a_staff_prefix_asks_for_a_login_even_when_there_is_none(house: Any, rest: str) -> None:
    rooms = sorted(CLOSED - {"api"})
    answers = [house.client().get(f"/{room}{rest}") for room in rooms]

    known = {
        "records",
        "mail",
        "console",
        "today",
        "advice",
        "voice",
        "settings",
        "flows",
        "staff",
        "dev",
        "alerts",
        "bulk",
        "crm",
        "lists",
    }
    assert known == set(rooms)
    assert {answer.status_code for answer in answers} == {302}
    assert all(answer.headers["Location"].startswith("/login?next=") for answer in answers)


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/suggestions", "//api/suggestions"])
def test_the_api_asks_for_a_key_in_json(house: Any, path: str) -> None:
    answer = house.client().get("/", environ_overrides={"PATH_INFO": path})

    assert answer.status_code == 401
    assert answer.json["error"]["code"] == "key_needed"
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "head"])
def test_no_method_slips_through(house: Any, method: str) -> None:
    assert getattr(house.client(), method)("/flows").status_code == 302
    assert getattr(house.client(), method)("/api/x").status_code == 401


def test_a_page_that_forgot_its_guard_is_closed_all_the_same(house: Any) -> None:
    door = Blueprint("careless", __name__)
    door.add_url_rule("/records/1", view_func=lambda: "customer data")
    house.app.register_blueprint(door)

    assert "customer data" not in house.client().get("/records/1").text
    assert house.staff(Role.REPRESENTATIVE).get("/records/1").text == "customer data"


@pytest.mark.parametrize("path", ["/", "/login", "/mailbox", "/flowsheet", "/widget/x", "/static/staff.css"])
def test_what_only_looks_like_a_staff_page_asks_for_no_login(house: Any, path: str) -> None:
    assert house.client().get(path, buffered=True).status_code in (200, 404)


def test_a_role_opens_its_own_page_and_no_other(house: Any) -> None:
    door = Blueprint("studio", __name__)
    door.add_url_rule("/settings/studio", view_func=require(Role.DESIGNER)(lambda: "studio"))
    house.app.register_blueprint(door)

    assert house.staff(Role.DESIGNER).get("/settings/studio").text == "studio"
    assert house.staff(Role.ADMINISTRATOR).get("/settings/studio").text == "studio"
    assert house.staff(Role.OPERATOR).get("/settings/studio").status_code == 403


@pytest.fixture
def api(house: Any) -> Any:
    door = Blueprint("suggestions", __name__)
    read, write = require_api_key("suggestions.read"), require_api_key("suggestions.write")
    door.add_url_rule("/api/read", "read", read(lambda: "advice"))
    door.add_url_rule("/api/write", "write", write(lambda: "noted"), methods=["POST"])
    house.app.register_blueprint(door)
    house.csrf.exempt(door)
    return house


def test_a_key_opens_the_doors_of_its_scopes(api: Any) -> None:
    key = api.api_keys.create_api_key("CRM", ["suggestions.read"])
    client = api.client()

    assert client.get("/api/read", headers={"Authorization": f"Bearer {key}"}).text == "advice"
    assert client.get("/api/read", headers={"X-API-Key": key}).text == "advice"
    refused = client.post("/api/write", headers={"X-API-Key": key})
    assert (refused.status_code, refused.json["error"]["code"]) == (403, "scope_missing")


@pytest.mark.parametrize("header", ["Bearer x", "Bearer ", "Basic abc", "Bearer mtn_00000000_" + "A" * 43])
def test_a_wrong_key_is_refused(api: Any, header: str) -> None:
    assert api.client().get("/api/read", headers={"Authorization": header}).status_code == 401


def test_a_revoked_key_is_refused(api: Any) -> None:
    key = api.api_keys.create_api_key("CRM", ["*"])
    api.api_keys.revoke(key[4:12], now=api.now)

    assert api.client().get("/api/read", headers={"X-API-Key": key}).status_code == 401


def test_staff_may_read_the_api_in_their_browser_but_not_write_by_cookie_alone(api: Any) -> None:
    client = api.staff()

    assert client.get("/api/read").text == "advice"
    assert client.post("/api/write").status_code == 401


def test_in_production_the_development_rooms_do_not_exist(house: Any, build_house: Callable[..., Any]) -> None:
    client = build_house(production=True).client()

    assert client.get("/dev/outbox").status_code == 404
    assert client.get("/dev").status_code == 404
    assert house.client().get("/dev/outbox").status_code == 302


def test_what_stands_behind_the_door_is_kept_by_no_cache(house: Any) -> None:
    assert house.staff().get("/staff").headers["Cache-Control"] == "no-store"


def test_a_login_that_ended_is_no_login(house: Any) -> None:
    client = house.staff()
    house.now += timedelta(hours=13)

    assert client.get("/staff").status_code == 302


@pytest.mark.parametrize("path", ["/flows", "/flows/contact?step=menu#x", "/dev/outbox/1", "/注文"])
def test_a_local_path_stays_as_it_is(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "flows",
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        " //evil.example",
        "javascript:alert(1)",
        "/\u2028x",
    ],
)
def test_what_leads_away_from_us_is_no_local_path(path: str) -> None:
    assert local_path(path) == ""
