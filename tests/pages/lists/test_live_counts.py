"""What the builder's script is answered: counts, troubles by condition, values."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from motenashi.database import Database
from motenashi.filters.filter import FilterTooSlow
from motenashi.identity.roles import Role
from tests.pages.conftest import House, form_token
from tests.pages.lists.list_world import UNHAPPY, ListWorld, build_list_world


@pytest.fixture
def world(house: House, sqlite_database: Database) -> ListWorld:
    return build_list_world(house, sqlite_database)


def counts(client: FlaskClient, *conditions: Any, q: str = "", module: str = "contacts") -> Any:
    token = form_token(client, "/staff/password")
    body = {"filter": {"if": list(conditions)} if conditions else {}, "q": q}
    answer = client.post(f"/lists/{module}/counts", json=body, headers={"X-CSRFToken": token})
    assert answer.status_code == 200, answer.text
    return answer.json


def test_each_condition_is_counted_alone_and_all_together(world: ListWorld) -> None:
    told = counts(world.house.staff(), {"language": "en"}, {"title": "Buyer"})

    assert told["whole"] == 1
    assert told["said"] == "1 contact"
    assert told["counts"] == [{"number": 1, "count": 2}, {"number": 2, "count": 1}]
    assert "Buyer" in told["words"]


def test_the_search_box_counts_for_the_whole_and_not_as_a_condition(world: ListWorld) -> None:
    told = counts(world.house.staff(), {"language": "en"}, q="tom")

    assert told["whole"] == 1
    assert told["counts"] == [{"number": 1, "count": 2}]
    assert "tom" not in told["words"].lower()


def test_no_condition_is_everybody(world: ListWorld) -> None:
    assert counts(world.house.staff())["whole"] == 3


def test_troubles_stand_beside_their_condition(world: ListWorld) -> None:
    told = counts(world.house.staff(), UNHAPPY, {"responses": {"some": {"tones": "negative"}}})

    assert told["whole"] is None
    assert [problem["number"] for problem in told["problems"]] == [2]
    assert "“tones”" in told["problems"][0]["text"]


def test_a_slow_count_is_told(world: ListWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(_: object) -> None:
        raise FilterTooSlow

    monkeypatch.setattr(world.desk, "parts", slow)
    told = counts(world.house.staff())

    assert told["whole"] is None
    assert told["said"] == "Counting takes too long. Narrow the filter down."


@pytest.mark.parametrize("body", ["", "[]", '{"filter": 3}', "{}", '{"filter": []}'])
def test_what_is_no_question_is_refused(world: ListWorld, body: str) -> None:
    client = world.house.staff()
    headers = {"X-CSRFToken": form_token(client, "/staff/password")}
    answer = client.post("/lists/contacts/counts", data=body, headers=headers, content_type="application/json")

    assert answer.status_code == 400


def test_other_sites_and_other_roles_count_nothing(world: ListWorld) -> None:
    assert world.house.staff().post("/lists/contacts/counts", json={"filter": {}}).status_code == 400
    designer = world.house.staff(Role.DESIGNER)
    headers = {"X-CSRFToken": form_token(designer, "/staff/password")}
    assert designer.post("/lists/contacts/counts", json={"filter": {}}, headers=headers).status_code == 403


def test_values_that_occur_are_offered(world: ListWorld) -> None:
    client = world.house.staff()

    def values(**asked: str) -> list[str]:
        answer = client.get("/lists/contacts/values", query_string=asked)
        return [value["value"] for value in answer.json["values"]]

    assert values(field="responses.keyword", typed="pri") == ["price"]
    assert values(field="account.industry") == ["Food", "Retail"]
    assert values(field="no such field") == []
    assert values(field="name\0", typed="\0" * 9) == []
    assert values() == []
