"""A person's timeline over the API: what is described is answered; a wrong question is told by its field."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator
from limits.storage import MemoryStorage
from werkzeug.test import TestResponse

from motenashi.channels.api.openapi import SCHEMAS as COMMON
from motenashi.channels.api.openapi_timeline import PATHS, SCHEMAS
from motenashi.channels.api.settings import ApiSettings
from motenashi.channels.api.timeline_door import build_timeline_api
from motenashi.database import Database
from motenashi.identity.roles import Role
from motenashi.pages.guard import calling, require_api_key
from tests.insights.timeline.story_world import StoryWorld
from tests.pages.conftest import House, build_house, house

__all__ = ["build_house", "house"]  # fixtures

TOLD = PATHS["/api/people/{person_id}/timeline"]["get"]


@pytest.fixture
def world(sqlite_database: Database) -> StoryWorld:
    world = StoryWorld(sqlite_database)
    world.deal(30)
    for ago in (20, 19, 18):
        world.mail(ago)
    world.seen(10, "survey", count=3)
    world.seen(9, "web", pages=4, duration_s=90)
    world.call(2)
    world.lead(40)
    return world


class Caller:
    """A program with a key. Every answer is held against the description before the test sees it."""

    def __init__(self, house: House, *scopes: str) -> None:
        self.client = house.client()
        self.headers = {"Authorization": f"Bearer {house.api_keys.create_api_key('crm', scopes, now=house.now)}"}

    def get(self, question: str = "", person: str = "c1") -> TestResponse:
        answer = self.client.get(f"/api/people/{person}/timeline{question}", headers=self.headers)
        content = TOLD["responses"][str(answer.status_code)]["content"]
        if answer.is_json:
            schema = content["application/json"]["schema"] | {"components": {"schemas": COMMON | SCHEMAS}}
            Draft202012Validator(schema).validate(answer.json)
        else:
            assert answer.mimetype in content
        return answer

    def rows(self, question: str) -> list[Any]:
        answer = self.get(question)
        assert answer.status_code == 200, answer.text
        rows: list[Any] = answer.json["rows"]
        return rows


@pytest.fixture
def door(house: House, world: StoryWorld) -> House:
    api = build_timeline_api(
        ApiSettings(), world.reader, require_scope=require_api_key, caller=calling, rate_storage=MemoryStorage()
    )
    house.csrf.exempt(api)
    house.app.register_blueprint(api)
    return house


@pytest.fixture
def caller(door: House) -> Caller:
    return Caller(door, "timeline")


def test_the_description_is_a_schema() -> None:
    for schema in SCHEMAS.values():
        Draft202012Validator.check_schema(schema)
    assert not set(SCHEMAS) & set(COMMON)


def test_the_whole_timeline_with_its_summary(caller: Caller, world: StoryWorld) -> None:
    world.rhythms.recompute(world.now)
    answer = caller.get().json

    assert answer["person"] == {"kind": "contact", "id": "c1"}
    assert answer["total"] == len(answer["rows"]) == 7
    newest, visit, *_, stage = answer["rows"]
    assert (newest["touch"]["side"], newest["touch"]["user"]) == ("follow_up", "Aya Endo")
    assert (visit["touch"]["channel"], visit["touch"]["pages"], visit["touch"]["duration_s"]) == ("visit", 4, 90)
    assert (stage["milestone"]["to_value"], stage["gap_s"]) == ("Qualification", None)
    assert answer["summary"]["channels"][0] == {"channel": "email", "follow_ups": 3, "answered": 1, "signals": 0}
    assert answer["rhythm"]["computed_at"] == "2026-05-20T03:00:00Z"
    assert answer["users"] == {"o1": "Aya Endo"}


def test_views_filters_and_pages(caller: Caller) -> None:
    signals = caller.rows("?view=signals")
    assert [len(row["folded"]) for row in signals] == [0, 0, 2]
    assert len(caller.get("?view=signals").json["unanswered"]) == 1
    assert [row["touch"]["channel"] for row in caller.rows("?channel=call&channel=survey") if row["touch"]] == [
        "call", "survey",
    ]  # fmt: skip
    assert caller.rows("?channel=call,survey") == caller.rows("?channel=call&channel=survey")
    assert len(caller.rows("?period=last_7")) == 1
    assert len(caller.rows("?period=day&day=2026-05-10")) == 1
    assert len(caller.rows("?period=range&to=2026-05-02")) == 4
    assert len(caller.rows("?user=o1&user=o9")) == 7
    assert caller.rows("?most=2&skip=1") == caller.rows("")[1:3]
    assert caller.get("?rhythm=own").json["rhythm"]["kind"] == "own"


def test_a_lead_and_who_is_looked_up_first(caller: Caller) -> None:
    assert caller.get(person="l1").json["person"]["kind"] == "lead"
    assert caller.get("?kind=contact", person="l1").status_code == 404
    assert caller.get("?kind=lead", person="l1").json["rows"][0]["milestone"]["field"] == "leads.status"


def test_a_file_for_a_spreadsheet(caller: Caller) -> None:
    answer = caller.get("?format=csv&channel=call")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="timeline-contact-c1.csv"'
    assert answer.get_data().startswith(b"\xef\xbb\xbfat,what,channel")
    assert len(answer.text.splitlines()) == 3


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ("kind=cat", "kind"),
        ("view=everything", "view"),
        ("channel=fax", "channel"),
        ("channel=call,fax", "channel"),
        ("user=" + "x" * 256, "user"),
        ("user=a%00b", "user"),
        ("period=often", "period"),
        ("period=day", "day"),
        ("period=day&day=tomorrow", "day"),
        ("day=20260511", "day"),
        ("period=range", "from"),
        ("period=range&from=2026-02-30", "from"),
        ("period=range&from=2026-05-02&to=2026-05-01", "from"),
        ("to=1", "to"),
        ("rhythm=fast", "rhythm"),
        ("most=0", "most"),
        ("most=1001", "most"),
        ("most=many", "most"),
        ("skip=-1", "skip"),
        ("skip=99999999999999999999", "skip"),
        ("format=xml", "format"),
        ("colour=red", "colour"),
    ],
)
def test_a_question_that_can_not_be_read_is_told_by_its_field(caller: Caller, question: str, field: str) -> None:
    answer = caller.get(f"?{question}")

    assert (answer.status_code, answer.json["error"]["field"]) == (400, field)


@pytest.mark.parametrize("person", ["nobody", "a%00b", "x" * 300, "%0A"])
def test_nobody_of_that_id(caller: Caller, person: str) -> None:
    assert caller.get(person=person).status_code == 404


def test_only_keys_with_the_scope_and_staff_who_may_see_records(door: House) -> None:
    assert Caller(door, "advice").get().status_code == 403
    assert door.client().get("/api/people/c1/timeline").status_code == 401
    assert door.staff(Role.REPRESENTATIVE).get("/api/people/c1/timeline").status_code == 200
    assert door.staff(Role.DESIGNER).get("/api/people/c1/timeline").status_code == 403


def test_a_store_that_is_away_is_said_to_be(caller: Caller, sqlite_database: Database) -> None:
    with sqlite_database.write() as connection:
        connection.exec_driver_sql("DROP TABLE crm_touchpoints")

    answer = caller.get()
    assert (answer.status_code, answer.json["error"]["code"]) == (503, "crm_away")
