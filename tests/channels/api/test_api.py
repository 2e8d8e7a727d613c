"""The API over the real desk: what is described is what is answered, keys open what they say, nothing is done twice."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from werkzeug.test import TestResponse

from app import create_app
from crm_client.errors import CrmUnreachable
from motenashi.channels.api.openapi import openapi
from motenashi.channels.api.settings import ApiSettings
from motenashi.database import Database
from motenashi.identity.roles import Role
from motenashi.settings import load_settings
from motenashi.storage.open_database import open_database
from motenashi.suggestions.best_time.best_times import TimeOverride
from tests.advice_desk.desk_world import AYA, DAY, HOUR, NOW
from tests.migrated import migrate
from tests.pages.advice.real_desk import RealDesk, build_real_desk
from tests.pages.conftest import House, build_house, house

__all__ = ["build_house", "house"]  # fixtures

SPEC = openapi("1")
CONFIG = Path(__file__).parents[3] / "config.yaml"


@pytest.fixture
def desk(house: House, sqlite_database: Database) -> RealDesk:
    return build_real_desk(house, sqlite_database)


class Tool:
    """A program with a key. Every answer is held against the description before the test sees it."""

    def __init__(self, desk: RealDesk, *scopes: str) -> None:
        self.client = desk.house.client()
        self.headers = desk.key(*scopes)

    def get(self, path: str) -> TestResponse:
        return self._described("get", path, self.client.get(path, headers=self.headers))

    def post(self, path: str, body: Any = None) -> TestResponse:
        return self._described("post", path, self.client.post(path, headers=self.headers, json=body))

    def _described(self, method: str, path: str, answer: TestResponse) -> TestResponse:
        told = described(path)[method]["responses"].get(str(answer.status_code))
        assert told is not None, f"{method} {path} answered {answer.status_code}, which nobody described: {answer.text}"
        validate(told["content"]["application/json"]["schema"], answer.json)
        return answer


def described(path: str) -> Any:
    plain = path.partition("?")[0]
    for pattern, doors in SPEC["paths"].items():
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", pattern), plain):
            return doors
    raise AssertionError(f"{plain} is not described")


def validate(schema: Any, answer: Any) -> None:
    Draft202012Validator({**schema, "components": SPEC["components"]}).validate(answer)


@pytest.fixture
def tool(desk: RealDesk) -> Tool:
    return Tool(desk, "advice", "advice.write")


def test_every_door_is_described_and_nothing_else(sqlite_url: str, tmp_path: Path) -> None:
    migrate(open_database(sqlite_url))
    app = create_app(replace(load_settings(CONFIG), database_url=sqlite_url, data_folder=str(tmp_path)))
    doors = {
        (method.lower(), re.sub(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>", r"{\1}", rule.rule))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in rule.methods or ()
        if method in ("GET", "POST")
    }
    folders, modules = ("deals", "contacts", "leads"), ("deals", "contacts", "leads", "accounts")
    doors = {
        (method, rule.replace("{folder}", name).replace("{module}", name))
        for method, rule in doors
        for name in (folders if "{folder}" in rule else modules if "{module}" in rule else ("",))
    }
    told = {(method, path) for path, methods in SPEC["paths"].items() for method in methods}

    assert doors == told


def test_the_description_is_a_schema_and_is_served(tool: Tool) -> None:
    for schema in SPEC["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    assert tool.get("/api/openapi.json").json == SPEC


def test_a_deals_suggestion_is_told_with_its_reasons(desk: RealDesk, tool: Tool) -> None:
    one = desk.world.kept()
    answer = tool.get("/api/deals/d1/suggestions").json

    assert answer["state"] == "ready"
    (told,) = answer["suggestions"]
    assert told["id"] == one.id
    assert told["title"] == {"en": "Call about the price", "ja": "価格の件で電話する"}
    assert told["effect"]["taken"] == 19
    assert told["windows"][0]["start"] == "2026-11-17T02:00:00Z"
    assert told["reasons"][0]["weight"] == 0.7


def test_what_nobody_thought_about_yet_is_being_computed(tool: Tool) -> None:
    answer = tool.get("/api/leads/l1/suggestions").json

    assert (answer["state"], answer["suggestions"]) == ("computing", [])


def test_switched_off_is_said(desk: RealDesk, tool: Tool) -> None:
    desk.world.switches.turn("next_best_action", False, by=AYA, now=NOW)

    assert tool.get("/api/contacts/c1/suggestions").json["state"] == "switched_off"


@pytest.mark.parametrize("path", ["/api/deals/nobody/suggestions", "/api/people/nobody/best-times"])
def test_what_the_crm_does_not_have_is_not_found(tool: Tool, path: str) -> None:
    answer = tool.get(path)

    assert answer.status_code == 404
    assert answer.json["error"]["code"] == "not_found"


def test_best_times_of_a_person(desk: RealDesk, tool: Tool) -> None:
    desk.know_best_times()
    desk.world.desk.override_time("contact", "c1", weekdays=(1,), from_hour=9, to_hour=11, by=AYA, now=NOW)
    desk.world.desk.remind("contact", "c1", at=NOW + DAY, by=AYA, now=NOW)
    answer = tool.get("/api/people/c1/best-times").json

    assert answer["person"]["kind"] == "contact"
    assert answer["channels"]["call"]["slots"][0] == {
        "weekday": 0, "hour": 11, "stars": 4.5, "p": 0.5, "low": 0.4, "high": 0.6
    }  # fmt: skip
    assert answer["channels"]["email"] is None
    assert answer["override"]["by"] == AYA
    assert answer["reminder_at"] == "2026-11-18T01:00:00Z"
    assert tool.get("/api/people/c1/best-times?kind=lead").status_code == 404
    assert tool.get("/api/people/l1/best-times").json["person"]["kind"] == "lead"
    assert tool.get("/api/people/l1/best-times?kind=cat").json["error"]["field"] == "kind"


def test_accepting_makes_the_call_once(desk: RealDesk, tool: Tool) -> None:
    one = desk.world.kept()
    path = f"/api/suggestions/{one.id}/accept"
    body = {"subject": "Price", "by": AYA}
    first, second = tool.post(path, body), tool.post(path, body)

    assert first.status_code == second.status_code == 200
    assert first.json["made"] == second.json["made"]
    (call,) = desk.world.crm.activities_of(deal_id="d1")
    assert (call.subject, call.id) == ("Price", first.json["made"]["id"])


def test_turning_down_twice_gives_the_same_answer(desk: RealDesk, tool: Tool) -> None:
    one = desk.world.kept()
    path = f"/api/suggestions/{one.id}/dismiss"

    assert tool.post(path, {"reason": "wrong_time", "by": AYA}).json["suggestion"]["state"] == "dismissed"
    assert tool.post(path, {"reason": "wrong_time", "by": AYA}).status_code == 200
    assert tool.post(path, {"reason": "wrong_time"}).json["error"]["code"] == "gone"  # somebody else
    assert tool.post(f"/api/suggestions/{one.id}/accept").status_code == 409


def test_putting_off(desk: RealDesk, tool: Tool) -> None:
    one = desk.world.kept()
    path = f"/api/suggestions/{one.id}/snooze"
    until = (NOW + 3 * HOUR).isoformat()

    assert tool.post(path, {"until": until}).json["suggestion"]["snoozed_until"] == "2026-11-17T04:00:00Z"
    assert tool.post(path, {"until": until}).status_code == 200
    assert tool.post(path, {"until": (NOW - HOUR).isoformat()}).json["error"]["code"] == "not_possible"


@pytest.mark.parametrize(
    ("door", "body", "field"),
    [
        ("accept", {"start": "tomorrow"}, "start"),
        ("accept", {"start": "2026-11-18T10:00:00"}, "start"),  # whose ten o'clock?
        ("accept", {"send": "yes"}, "send"),
        ("accept", {"subject": 7}, "subject"),
        ("accept", {"text": "x" * 20_001}, "text"),
        ("accept", {"colour": "red"}, "colour"),
        ("accept", {"by": "x" * 256}, "by"),
        ("accept", [1], ""),
        ("dismiss", {}, "reason"),
        ("dismiss", {"reason": "bored"}, "reason"),
        ("snooze", {}, "until"),
        ("snooze", {"until": None}, "until"),
    ],
)
def test_a_body_that_can_not_be_read_is_told_and_nothing_happens(
    desk: RealDesk, tool: Tool, door: str, body: Any, field: str
) -> None:
    one = desk.world.kept()
    answer = tool.post(f"/api/suggestions/{one.id}/{door}", body)

    assert answer.status_code == 400
    assert answer.json["error"].get("field", "") == field
    assert desk.world.store.find(one.id) == one


def test_a_body_that_is_no_json(desk: RealDesk, tool: Tool) -> None:
    one = desk.world.kept()
    path = f"/api/suggestions/{one.id}/accept"
    for data in (b"{", b"\xff", b"[" * 100_000):
        answer = tool.client.post(path, headers=tool.headers, data=data)
        assert (answer.status_code, answer.json["error"]["code"]) == (400, "bad_request")
    assert tool.client.post(path, headers=tool.headers, data=b"x" * 200_000).status_code == 413


@pytest.mark.parametrize("number", ["77", "99999999999999999999999"])
def test_a_suggestion_that_nobody_knows(tool: Tool, number: str) -> None:
    for door, body in (
        ("accept", {}),
        ("dismiss", {"reason": "other"}),
        ("snooze", {"until": (NOW + DAY).isoformat()}),
    ):
        assert tool.post(f"/api/suggestions/{number}/{door}", body).status_code == 404


def test_keys_open_what_they_say(desk: RealDesk) -> None:
    one = desk.world.kept()
    reader, stranger = Tool(desk, "advice"), Tool(desk, "plugs")

    assert reader.get("/api/deals/d1/suggestions").status_code == 200
    assert reader.post(f"/api/suggestions/{one.id}/accept").status_code == 403
    assert stranger.get("/api/deals/d1/suggestions").status_code == 403
    assert desk.house.client().get("/api/deals/d1/suggestions").status_code == 401


def test_staff_may_read_and_not_write_by_their_cookie_alone(desk: RealDesk) -> None:
    one = desk.world.kept()
    client = desk.aya()

    assert client.get("/api/deals/d1/suggestions").status_code == 200
    assert client.post(f"/api/suggestions/{one.id}/accept", json={}).status_code == 401


@pytest.mark.parametrize("role", [Role.DESIGNER, Role.OPERATOR])
@pytest.mark.parametrize("path", ["deals/d1/suggestions", "people/c1/best-times"])
def test_staff_to_whom_records_are_closed_read_nothing_of_them_here(desk: RealDesk, role: Role, path: str) -> None:
    desk.world.kept()
    answer = desk.house.staff(role).get(f"/api/{path}")

    assert (answer.status_code, answer.json["error"]["code"]) == (403, "role_missing")


def test_too_many_questions_are_asked_to_wait(house: House, sqlite_database: Database) -> None:
    desk = build_real_desk(house, sqlite_database, settings=ApiSettings(requests_per_key="2/hour"))
    tool = Tool(desk, "advice")
    answers = [tool.get("/api/deals/d1/suggestions") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[2].headers["Retry-After"]) > 0


def test_a_crm_that_is_away_is_said_to_be(desk: RealDesk, tool: Tool, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(deal_id: str) -> None:
        raise CrmUnreachable("deal", "no answer")

    monkeypatch.setattr(desk.world.desk._crm, "deal", away)
    answer = tool.get("/api/deals/d1/suggestions")

    assert answer.status_code == 503
    assert answer.json["error"]["code"] == "crm_away"
    assert answer.headers["Retry-After"]


def test_a_link_for_the_crms_page_shows_that_record_only(desk: RealDesk, tool: Tool) -> None:
    desk.world.kept()
    answer = tool.post("/api/embed-links", {"kind": "deal", "id": "d1", "email": AYA}).json

    assert answer["expires_at"] == "2026-11-17T03:00:00Z"
    assert answer["url"].startswith("https://motenashi.example.com/embed/deals/d1?token=")
    path = answer["url"].removeprefix("https://motenashi.example.com")
    assert "Call about the price" in desk.house.client().get(f"{path}&lang=en").text
    assert tool.post("/api/embed-links", {"kind": "deal", "id": "nobody", "email": AYA}).status_code == 404
    assert tool.post("/api/embed-links", {"kind": "deal", "id": "d1"}).json["error"]["field"] == "email"


def test_every_shape_of_a_suggestion_fits_the_description(desk: RealDesk, tool: Tool) -> None:
    shapes: list[Callable[..., Any]] = [
        lambda one: replace(one, effect=None, draft=None, alternatives=()),
        lambda one: replace(one, action="none", windows=one.windows, effect=None),
        lambda one: replace(one, snoozed_until=NOW + DAY, urgency="urgent"),
    ]
    for number, shape in enumerate(shapes):
        deal_id = f"shape{number}"
        desk.world.save_deal(deal_id, "c1", "o-aya")
        one = desk.world.kept()
        desk.world.kept(shape(replace(one, about=replace(one.about, deal_id=deal_id))), key=f"shape{number}")
        assert tool.get(f"/api/deals/{deal_id}/suggestions").json["state"] == "ready"


def test_an_override_of_a_lead_is_told(desk: RealDesk, tool: Tool) -> None:
    desk.world.desk.override_time("lead", "l1", weekdays=(0, 6), from_hour=0, to_hour=24, by=AYA, now=NOW)
    told = tool.get("/api/people/l1/best-times?kind=lead").json["override"]

    assert TimeOverride((0, 6), 0, 24, AYA, NOW).weekdays == tuple(told["weekdays"])


@pytest.mark.parametrize(
    "path", ["/api/deals/a%00b/suggestions", "/api/people/%0A/best-times", f"/api/deals/{'x' * 300}/suggestions"]
)
def test_an_id_that_no_database_can_hold_is_not_found(tool: Tool, path: str) -> None:
    assert tool.get(path).status_code == 404


def test_letters_that_no_database_can_hold_are_left_out(desk: RealDesk, tool: Tool) -> None:
    one = desk.world.kept()
    answer = tool.client.post(
        f"/api/suggestions/{one.id}/accept", headers=tool.headers, data=b'{"subject": "a\\u0000b", "text": "c\\ud800d"}'
    )

    assert answer.status_code == 200
    (call,) = desk.world.crm.activities_of(deal_id="d1")
    assert (call.subject, call.note) == ("ab", "c\ufffdd")
